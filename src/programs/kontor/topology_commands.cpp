#include "programs/kontor/operate_commands.hpp"
#include "topology/shop.hpp"

#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include <map>
#include <memory>

namespace kontor::programs {
namespace {

using boost::json::object;

/// Of a file that is compared.
constexpr std::size_t topology_bytes_max = 1U << 20;

object queues_of(topology::Topology const& all) {
    object queues;
    for (auto const& each : all.queues) {
        object queue{{"kind", each.kind == topology::QueueKind::fifo ? "fifo" : "standard"},
                     {"visibility_seconds", each.visibility_seconds},
                     {"retention_seconds", each.retention_seconds}};
        if (!each.dead_letters.empty()) {
            queue["dead_letters"] = each.dead_letters;
            queue["receives_max"] = each.receives_max;
        }
        if (!each.group.empty()) {
            queue["group"] = each.group;
            queue["deduplication_id"] = each.deduplication_id;
        }
        queue["fed_by"] = each.fed_by;
        queue["read_by"] = each.read_by;
        queues[each.name] = std::move(queue);
    }
    return queues;
}

object target_of(topology::Target const& target) {
    object shown{{"kind", target.kind == topology::TargetKind::queue ? "queue" : "topic"},
                 {"tries_max", target.tries_max},
                 {"age_seconds", target.age_seconds},
                 {"dead_letters", target.dead_letters}};
    if (target.input_template.empty())
        return shown;
    object paths;
    for (auto const& each : target.variables)
        paths[each.name] = each.path;
    shown["template"] = target.input_template;
    shown["paths"] = std::move(paths);
    return shown;
}

object rules_of(topology::Topology const& all) {
    object rules;
    for (auto const& each : all.rules) {
        object targets;
        for (auto const& target : each.targets)
            targets[target.name] = target_of(target);
        rules[each.name] = object{{"pattern", each.pattern}, {"targets", std::move(targets)}};
    }
    return rules;
}

object topics_of(topology::Topology const& all) {
    object topics;
    for (auto const& each : all.topics)
        topics[each.name] = object{{"signature_version", each.signature_version},
                                   {"message_bytes_max", each.message_bytes_max},
                                   {"subscriptions", object()}};
    for (auto const& each : all.subscriptions)
        topics[each.topic].as_object()["subscriptions"].as_object()[each.queue] =
            object{{"filter", each.filter},
                   {"scope", each.scope == topology::FilterScope::body ? "body" : "attributes"},
                   {"raw", each.is_raw},
                   {"dead_letters", each.dead_letters}};
    return topics;
}

object tables_of(topology::Topology const& all) {
    auto const attribute = [](topology::Attribute const& each) {
        return each.name.empty() ? std::string() : fmt::format("{} {}", each.name, each.type);
    };
    object tables;
    for (auto const& each : all.tables)
        tables[each.name] = object{{"partition_key", attribute(each.partition_key)},
                                   {"sort_key", attribute(each.sort_key)},
                                   {"expires", each.expires},
                                   {"stream", each.has_stream},
                                   {"recovery", each.has_recovery},
                                   {"protected", each.is_protected}};
    return tables;
}

object streams_of(topology::Topology const& all) {
    object streams;
    for (auto const& each : all.streams)
        streams[each.name] = object{{"partitions", each.partitions},
                                    {"key", each.key},
                                    {"retention_days", each.retention_days},
                                    {"compacted", each.retention_days == 0},
                                    {"only_on_aws", each.is_on_aws_only}};
    return streams;
}

object alarms_of(topology::Topology const& all) {
    object alarms;
    for (auto const& each : all.alarms)
        alarms[each.name] =
            object{{"of", each.of},
                   {"metric", each.metric},
                   {"above", each.above},
                   {"periods", fmt::format("{} of {} min", each.periods_wrong, each.periods)},
                   {"severity", each.severity == topology::Severity::page ? "page" : "ticket"},
                   {"missing", each.is_missing_breaching ? "breaching" : "fine"}};
    return alarms;
}

object json_of(topology::Topology const& all) {
    return {{"bus", all.bus},
            {"archive", all.archive},
            {"archive_days_on_aws", all.archive_days_on_aws},
            {"queues", queues_of(all)},
            {"rules", rules_of(all)},
            {"topics", topics_of(all)},
            {"tables", tables_of(all)},
            {"streams", streams_of(all)},
            {"alarms", alarms_of(all)},
            {"alarm_topic", all.alarm_topic}};
}

/// Each thing that is neither object nor empty, by its path.
void flatten(boost::json::value const& value, std::string const& path,
             std::map<std::string, std::string>& into) {
    if (!value.is_object()) {
        into.emplace(path, readable(value));
        return;
    }
    for (auto const& [key, below] : value.as_object())
        flatten(below, path.empty() ? std::string(key) : path + " " + std::string(key), into);
}

ExitCode show(Program& program) {
    auto const all = json_of(topology::shop);
    if (program.output.options().format == Format::json) {
        program.output.object(all);
        return ExitCode::ok;
    }
    std::vector<object> rows;
    std::map<std::string, std::string> lines;
    for (auto const& [kind, things] : all) {
        if (!things.is_object()) {
            rows.push_back({{"kind", kind}, {"name", readable(things)}, {"what", ""}});
            continue;
        }
        for (auto const& [name, thing] : things.as_object()) {
            lines.clear();
            flatten(thing, "", lines);
            std::string what;
            for (auto const& [path, text] : lines)
                if (!text.empty() && !path.ends_with("template") && path != "pattern")
                    what += fmt::format("{}{} {}", what.empty() ? "" : ", ", path, text);
            rows.push_back({{"kind", kind}, {"name", name}, {"what", what}});
        }
    }
    program.output.rows({{"kind", "kind"}, {"name", "name"}, {"what it is", "what"}}, rows);
    return ExitCode::ok;
}

Result<boost::json::value, Trouble> read_topology(std::string const& path) {
    KONTOR_TRY(auto const file, open_file(path));
    std::string text(topology_bytes_max + 1, ' ');
    std::size_t length = 0;
    for (std::size_t read = 1; read > 0 && length < text.size(); length += read) {
        KONTOR_TRY(read, file->read(std::span(text).subspan(length)));
    }
    if (length > topology_bytes_max)
        return unexpected(Trouble({FailureKind::invalid, "a topology has at most 1 MiB", path}));
    text.resize(length);
    boost::json::error_code error;
    auto value = boost::json::parse(text, error);
    if (error || !value.is_object())
        return unexpected(
            Trouble({FailureKind::invalid,
                     "this is no topology as `kontor topology show --json` prints it", path}));
    return value;
}

/// What the program has and what the file has, where they part.
Outcome diff(Program& program, std::string const& path) {
    KONTOR_TRY(auto const value, read_topology(path));
    std::map<std::string, std::string> here;
    std::map<std::string, std::string> there;
    flatten(json_of(topology::shop), "", here);
    flatten(value, "", there);
    std::map<std::string, object> rows;
    for (auto const& [name, text] : here)
        rows[name] = {{"what", name}, {"here", text}, {"there", nullptr}};
    for (auto const& [name, text] : there) {
        auto& row = rows[name];
        if (row.empty())
            row = {{"what", name}, {"here", nullptr}};
        row["there"] = text;
    }
    std::vector<object> different;
    for (auto const& [name, row] : rows)
        if (row.at("here") != row.at("there"))
            different.push_back(row);
    if (different.empty()) {
        program.output.say("They are the same.");
        return ExitCode::ok;
    }
    program.output.rows({{"what", "what"}, {"this program", "here"}, {"the file", "there"}},
                        different);
    return ExitCode::check_failed;
}

} // namespace

void add_topology_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "topology", "Shows what messages flow through, and compares it");
    add_command(noun, chosen,
                {"show", "Lists bus, rules, queues, topics, tables, streams and alarms",
                 "  kontor topology show\n  kontor topology show --json > topology.json"},
                [](Program& program) { return show(program); });
    auto const path = std::make_shared<std::string>();
    add_command(noun, chosen,
                {"diff", "Says where a topology in a file parts from this program's",
                 "  kontor topology diff topology.json"},
                diff, path)
        .add_option("file", *path, "what `kontor topology show --json` printed")
        ->required();
}

} // namespace kontor::programs
