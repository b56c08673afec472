#include "programs/kontor/list_limit.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/remote_views.hpp"

#include "base/names.hpp"
#include "codec/event_types.hpp"
#include "codec/stored_json.hpp"

#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>

namespace kontor::programs {
namespace {

constexpr std::size_t stream_page_max = 200; ///< a server shows no more at once

struct StreamOptions {
    std::string name;
    std::string prefix;
    std::uint64_t after{0};
    ListLimit limit{};
};

/// An envelope as a person or program reads it.
Result<boost::json::object> envelope(ports::EventPage const& page,
                                     ports::RecordedEvent const& event) {
    auto const& commit = page.commit_of(event);
    auto const* const row = codec::find_event_type(event.type);
    boost::json::object out;
    out["position"] = event.position.value();
    out["stream"] = event.stream.to_string();
    out["version"] = event.version.value();
    out["type"] =
        row == nullptr ? fmt::format("unknown {}", event.type.value()) : std::string(row->name);
    out["occurred_at"] = to_string(commit.header.occurred_at);
    out["id"] = event_id(commit.header.command_id, event.index_in_command).to_string();
    out["command_id"] = commit.header.command_id.to_string();
    out["actor"] = enumerator_name(commit.header.actor.kind);
    KONTOR_TRY(auto const text,
               codec::stored_to_json(event.type, event.payload, codec::PersonalFields::written));
    boost::system::error_code error;
    out["data"] = boost::json::parse(text, error);
    return out;
}

std::vector<Column> const& envelope_columns() {
    static std::vector<Column> const columns{{"position", "position", Column::Align::right},
                                             {"stream", "stream"},
                                             {"version", "version", Column::Align::right},
                                             {"type", "type"},
                                             {"occurred at", "occurred_at"},
                                             {"data", "data"}};
    return columns;
}

Trouble no_such_events(std::string const& stream) {
    return {"unknown_stream", {FailureKind::not_found, "this stream has no such events", stream}};
}

/// As the server that has the log open tells them.
Result<std::vector<boost::json::object>, Trouble>
facts_there(Remote& remote, StreamId const& stream, std::uint64_t after, std::size_t limit) {
    auto const path = "/v1/ops/streams/" + encoded(stream.to_string());
    std::vector<boost::json::object> rows;
    for (auto from = after + 1; rows.size() < limit && answer_lost() == 0;) {
        KONTOR_TRY(auto const page,
                   remote.rows(fmt::format("{}?from={}&limit={}", path, from,
                                           std::min(limit - rows.size(), stream_page_max))));
        if (page.empty())
            break;
        from = page.back().at("version").to_number<std::uint64_t>() + 1;
        rows.insert(rows.end(), page.begin(), page.end());
    }
    return rows;
}

/// From the log itself.
Result<std::vector<boost::json::object>, Trouble>
facts_here(Program& program, StreamId const& stream, std::uint64_t after, std::size_t limit) {
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    std::vector<boost::json::object> rows;
    while (rows.size() < limit) {
        KONTOR_TRY(
            auto const page,
            log->store().read_stream(stream, ports::StreamVersion(after + rows.size() + 1),
                                     ports::Limit(std::min(limit - rows.size(), stream_page_max))));
        if (page.empty())
            break;
        for (auto const& event : page.events) {
            KONTOR_TRY(auto row, envelope(page, event));
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Outcome list_there(Program& program, Remote& remote, StreamOptions const& options) {
    return show_pages(
        program, remote, "/v1/ops/streams?prefix=" + encoded(options.prefix),
        options.limit.rows(program.output), [&](std::vector<boost::json::object> const& rows) {
            program.output.rows({{"stream", "stream"}, {"began at", "began_at"}}, rows);
        });
}

Outcome show_stream(Program& program, StreamOptions const& options) {
    KONTOR_TRY(auto const stream, stream_named(options.name));
    KONTOR_TRY(auto remote, Remote::find(program));
    auto const limit = options.limit.rows(program.output);
    auto const one_more = std::max(limit, limit + 1); // to know whether there is more
    auto rows = remote ? facts_there(*remote, stream, options.after, one_more)
                       : facts_here(program, stream, options.after, one_more);
    if (!rows)
        return unexpected(rows.error());
    if (rows->empty())
        return unexpected(no_such_events(options.name));
    bool const has_more = rows->size() > limit;
    if (has_more)
        rows->pop_back();
    program.output.rows(envelope_columns(), *rows);
    if (has_more)
        say_of_more(program.output);
    return ExitCode::ok;
}

Outcome list_streams(Program& program, StreamOptions const& options) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return list_there(program, *remote, options);
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    std::map<std::string, std::uint64_t> versions;
    auto const see = [&](auto const&, ports::RecordedEvent const& event) {
        if (auto name = event.stream.to_string(); name.starts_with(options.prefix))
            versions[std::move(name)] = event.version.value();
        return Result<void>();
    };
    KONTOR_TRY(see_log(log->store(), see));
    auto const limit = options.limit.rows(program.output);
    std::vector<boost::json::object> rows;
    for (auto const& [name, version] : versions) {
        if (rows.size() == limit)
            break;
        rows.push_back({{"stream", name}, {"version", version}});
    }
    program.output.rows({{"stream", "stream"}, {"events", "version", Column::Align::right}}, rows);
    say_of_more(program.output, rows.size(), versions.size(), "streams");
    return ExitCode::ok;
}

/// The same stream with its SKU as it is kept; one without stays as it is.
StreamId in_capitals(StreamId const& stream) {
    auto const key = stream.key();
    auto const dot = key.find('.');
    if (stream.category() == StreamCategory::product) {
        auto const sku = Sku::parse(key);
        return sku ? StreamId::product(*sku) : stream;
    }
    if (stream.category() != StreamCategory::stock || dot == key.npos)
        return stream;
    auto const location = Location::parse(key.substr(0, dot));
    auto const sku = Sku::parse(key.substr(dot + 1));
    return location && sku ? StreamId::stock(*location, *sku) : stream;
}

} // namespace

Result<StreamId, Trouble> stream_named(std::string const& text) {
    auto stream = StreamId::parse(text);
    if (stream)
        return in_capitals(*stream);
    return unexpected(Trouble("malformed", {stream.error().kind, stream.error().what, text},
                              "`kontor stream list` shows the names of all streams."));
}

void add_stream_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& stream =
        *app.add_subcommand("stream", "Shows the facts of the shop as they were recorded");
    stream.require_subcommand(1);
    auto const options = std::make_shared<StreamOptions>();
    auto const run = [options](auto command) {
        return [options, command](Program& program) {
            return program.output.ended(command(program, *options));
        };
    };
    auto& shown = add_command(
        stream, chosen,
        {"show", "Shows the facts of one stream",
         "  kontor stream show stock-main.85123A\n  kontor stream show order-01… --json"},
        run(show_stream));
    shown.add_option("stream", options->name, "its name, as `stream list` gives it")->required();
    shown.add_option("--after", options->after, "begin after this version");
    options->limit.add_to(shown);
    auto& listed = add_command(
        stream, chosen,
        {"list", "Lists the streams", "  kontor stream list --prefix stock- --limit 20"},
        run(list_streams));
    listed.add_option("--prefix", options->prefix, "only names that begin like this");
    options->limit.add_to(listed);
    add_state_command(stream, chosen);
}

} // namespace kontor::programs
