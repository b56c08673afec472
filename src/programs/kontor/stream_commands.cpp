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
    std::size_t limit{50};
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
Outcome show_there(Program& program, Remote& remote, StreamOptions const& options) {
    auto const stream = "/v1/ops/streams/" + encoded(options.name);
    std::vector<boost::json::object> rows;
    for (auto from = options.after + 1; rows.size() < options.limit;) {
        KONTOR_TRY(auto const page, remote.rows(fmt::format(
                                        "{}?from={}&limit={}", stream, from,
                                        std::min(options.limit - rows.size(), stream_page_max))));
        if (page.empty())
            break;
        from = page.back().at("version").to_number<std::uint64_t>() + 1;
        rows.insert(rows.end(), page.begin(), page.end());
    }
    if (rows.empty())
        return unexpected(no_such_events(options.name));
    program.output.rows(envelope_columns(), rows);
    return ExitCode::ok;
}

Outcome list_there(Program& program, Remote& remote, StreamOptions const& options) {
    KONTOR_TRY(auto const rows,
               remote.list("/v1/ops/streams?prefix=" + encoded(options.prefix), options.limit));
    program.output.rows({{"stream", "stream"}, {"began at", "began_at"}}, rows);
    return ExitCode::ok;
}

Outcome show_stream(Program& program, StreamOptions const& options) {
    KONTOR_TRY(auto const stream, stream_named(options.name));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return show_there(program, *remote, options);
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const page,
               log->store().read_stream(stream, ports::StreamVersion(options.after + 1),
                                        ports::Limit(options.limit)));
    if (page.empty())
        return unexpected(no_such_events(options.name));
    std::vector<boost::json::object> rows;
    for (auto const& event : page.events) {
        KONTOR_TRY(auto row, envelope(page, event));
        rows.push_back(std::move(row));
    }
    program.output.rows(envelope_columns(), rows);
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
    std::vector<boost::json::object> rows;
    for (auto const& [name, version] : versions) {
        if (rows.size() == options.limit)
            break;
        rows.push_back({{"stream", name}, {"version", version}});
    }
    program.output.rows({{"stream", "stream"}, {"events", "version", Column::Align::right}}, rows);
    if (rows.size() < versions.size())
        program.output.say(fmt::format("{} of {} streams; --limit shows more, --prefix fewer.",
                                       rows.size(), versions.size()));
    return ExitCode::ok;
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
    shown.add_option("--limit", options->limit, "at most so many")->check(CLI::Range(1, 1'000'000));
    auto& listed = add_command(
        stream, chosen,
        {"list", "Lists the streams", "  kontor stream list --prefix stock- --limit 20"},
        run(list_streams));
    listed.add_option("--prefix", options->prefix, "only names that begin like this");
    listed.add_option("--limit", options->limit, "at most so many")
        ->check(CLI::Range(1, 1'000'000));
    add_state_command(stream, chosen);
}

} // namespace kontor::programs
