#include "programs/kontor/notices.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/read_models_check.hpp"
#include "programs/kontor/remote_views.hpp"

#include "adapters/embedded/journal/verify.hpp"
#include "base/names.hpp"
#include "codec/event_types.hpp"
#include "codec/stored_json.hpp"

#include <fmt/core.h>

#include <memory>
#include <unordered_map>

namespace kontor::programs {
namespace {

/// What the start had to put right: a frame that a crash left torn, indexes that were missing or
/// damaged.
void add_repairs(boost::json::object& out, embedded::OpenReport const& report) {
    out["indexes_rebuilt"] = report.indexes_rebuilt;
    if (!report.made_anew.empty()) {
        boost::json::array names;
        for (auto const& each : report.made_anew)
            names.emplace_back(each);
        out["made_anew"] = std::move(names);
    }
    if (report.cut)
        out["cut"] = {{"position", report.cut->position.value()},
                      {"place", report.cut->place},
                      {"bytes", report.cut->bytes},
                      {"kept_as", report.cut->kept_as}};
}

Outcome describe(Program& program) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return show_remote(program, *remote, "/v1/ops/store");
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    auto const& report = log->report();
    boost::json::object out{{"directory", log->directory()},
                            {"last_position", report.last.value()},
                            {"segments", report.segments},
                            {"lineage", report.lineage.to_string()},
                            {"last_written_at", to_string(report.last_written_at)},
                            {"closed_in_order", report.was_closed},
                            {"file_system", log->disk_state().file_system},
                            {"durability", word_of(log->disk_state().durability)},
                            {"free_bytes", log->disk_state().bytes_free}};
    KONTOR_TRY(auto const measured, log->measure());
    out["segments_dense"] = measured.dense;
    out["segments_cold"] = measured.cold;
    out["log_bytes"] = measured.bytes;
    out["room"] = enumerator_name(log->room());
    if (auto const remedy = room_remedy(log->room()); !remedy.empty())
        out["what_to_do"] = remedy;
    add_repairs(out, report);
    program.output.object(out);
    KONTOR_TRY(log->close());
    return ExitCode::ok;
}

/// Squeezes all of the log but the segment that is being written.
Outcome compact(Program& program) {
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    auto const squeeze = [&] {
        Progress progress(program.clock, program.progress, "compact", "segments", 0);
        return log->compact([&](std::size_t number, std::size_t) { progress.reached(number); });
    };
    KONTOR_TRY(auto const done, squeeze());
    KONTOR_TRY(auto const measured, log->measure());
    program.output.object({{"directory", log->directory()},
                           {"segments", log->report().segments},
                           {"segments_squeezed", done.segments},
                           {"bytes_before", done.bytes_before},
                           {"bytes_after", done.bytes_after},
                           {"log_bytes", measured.bytes}});
    if (log->report().segments == 1)
        program.output.say("The log is in its first segment: there is nothing to squeeze yet.");
    KONTOR_TRY(log->close());
    return ExitCode::ok;
}

/// Holds what the log says against itself: positions and versions without a gap, every fact
/// readable.
class LogCheck {
public:
    Result<void> see(ports::RecordedEvent const& event) {
        if (event.position.value() != ++position_)
            return damaged(event, "a position before it is missing");
        auto& version = versions_[event.stream];
        if (event.version.value() != ++version)
            return damaged(event, "a version of its stream is missing before it");
        auto const fact =
            codec::stored_to_json(event.type, event.payload, codec::PersonalFields::withheld);
        return fact ? Result<void>() : damaged(event, fact.error().what);
    }

    std::uint64_t events() const { return position_; }
    std::size_t streams() const { return versions_.size(); }

private:
    static Result<void> damaged(ports::RecordedEvent const& event, std::string_view why) {
        return unexpected(Failure{
            FailureKind::corrupt, fmt::format("the log is damaged: {}", why),
            fmt::format("position {}, {}", event.position.value(), event.stream.to_string())});
    }

    std::uint64_t position_{0};
    std::unordered_map<StreamId, std::uint64_t> versions_;
};

/// Nobody may write while the log is read. Where no lock was ever made, nobody has it open.
/// Errors: unavailable.
Result<std::unique_ptr<ports::File>, Trouble> hold_as_it_is(ports::Disk& disk,
                                                            std::string const& directory) {
    auto held = disk.open("lock", ports::FileUse::lock_as_it_is);
    if (!held && held.error().kind == FailureKind::not_found)
        return std::unique_ptr<ports::File>{};
    return explaining(directory, std::move(held));
}

/// Reads every byte of the log and of what is made of it, and changes none.
/// Errors: not_found, corrupt (with position, file and offset), unsupported, unavailable.
Result<journal::VerifyReport, Trouble> read_everything(Program& program, LogCheck& check) {
    auto const& shop = program.settings.text("data.directory");
    KONTOR_TRY(allow_enough_files());
    KONTOR_TRY(auto const place, existing_journal(shop));
    KONTOR_TRY(auto const disk, explaining(shop, embedded::Disk::open(place)));
    KONTOR_TRY(auto const lock, hold_as_it_is(*disk, shop));
    Progress progress(program.clock, program.progress, "verify", "segments", 0);
    journal::VerifyOptions options;
    options.looks_at_derived = true;
    options.on_segment = [&](std::size_t number, std::size_t) { progress.reached(number); };
    options.on_event = [&](ports::RecordedEvent const& event) { return check.see(event); };
    auto found = journal::verify(*disk, options);
    if (!found && found.error().kind == FailureKind::corrupt)
        return unexpected(Trouble("corrupt", found.error(),
                                  "Keep the directory as it is and restore a backup: kontor store "
                                  "restore BACKUP --data ANOTHER."));
    KONTOR_TRY(auto report, explaining(shop, std::move(found)));
    if (auto const model = rows_beyond(shop, report.lineage, report.last))
        return unexpected(log_is_cut(shop, report.last, *model));
    return report;
}

/// The place, what, and what to do, of each.
void show(Output const& output, std::vector<journal::Damage> const& damages) {
    std::vector<boost::json::object> rows;
    for (auto const& [place, what, remedy] : damages)
        rows.push_back({{"place", place}, {"what", what}, {"remedy", remedy}});
    output.rows({{"place", "place"}, {"what was seen", "what"}, {"what to do", "remedy"}}, rows);
}

Outcome verify(Program& program) {
    LogCheck check;
    KONTOR_TRY(auto const report, read_everything(program, check));
    if (!report.damages.empty()) {
        auto const& [place, what, remedy] = report.damages.front();
        show(program.output, report.damages);
        return unexpected(Trouble(
            "derived_damaged",
            {FailureKind::corrupt,
             fmt::format("the log is good, and beside it {}",
                         report.damages.size() == 1
                             ? what
                             : fmt::format("{} things do not check", report.damages.size())),
             place},
            remedy));
    }
    program.output.object({{"events", check.events()},
                           {"streams", check.streams()},
                           {"segments", report.segments},
                           {"frames", report.frames},
                           {"closed_in_order", report.was_closed},
                           {"torn_bytes", report.torn_bytes},
                           {"good", true}});
    if (report.torn_bytes > 0)
        program.output.say("The torn bytes stand behind the last frame: nobody was told that they "
                           "were kept. The next start puts them aside.");
    return ExitCode::ok;
}

} // namespace

void add_store_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& store = *app.add_subcommand("store", "Looks after the shop's log");
    store.require_subcommand(1);
    auto const run = [](auto command) {
        return [command](Program& program) { return program.output.ended(command(program)); };
    };
    add_command(store, chosen, {"info", "Says what is there", "  kontor store info"},
                run(describe));
    add_command(
        store, chosen,
        {"verify",
         "Proves that no byte of the log has changed, nor of what is made of it; changes nothing",
         "  kontor store verify --data ./books"},
        run(verify));
    add_command(store, chosen,
                {"compact", "Squeezes and compresses the log, all but its open segment",
                 "  kontor store compact --json"},
                run(compact));
    add_backup_commands(store, chosen);
}

} // namespace kontor::programs
