#include "programs/kontor/notices.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/program.hpp"

#include "adapters/embedded/journal/verify.hpp"
#include "base/names.hpp"
#include "codec/event_types.hpp"
#include "codec/stored_json.hpp"

#include <fmt/core.h>

#include <memory>
#include <unordered_map>

namespace kontor::programs {
namespace {

constexpr ports::Limit store_page(8192);

/// What the start had to put right: a frame that a crash left torn, indexes that were missing or
/// damaged.
void add_repairs(boost::json::object& out, embedded::OpenReport const& report) {
    out["indexes_rebuilt"] = report.indexes_rebuilt;
    if (report.cut)
        out["cut"] = {{"position", report.cut->position.value()},
                      {"place", report.cut->place},
                      {"bytes", report.cut->bytes},
                      {"kept_as", report.cut->kept_as}};
}

Outcome describe(Program& program) {
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    auto const& report = log->report();
    boost::json::object out{{"directory", log->directory()},
                            {"last_position", report.last.value()},
                            {"segments", report.segments},
                            {"lineage", report.lineage.to_string()},
                            {"last_written_at", to_string(report.last_written_at)},
                            {"closed_in_order", report.was_closed},
                            {"file_system", log->disk_state().file_system},
                            {"durability", enumerator_name(log->disk_state().durability)},
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

/// Reads every byte of the log, what stands between the frames included, while nobody has it open.
/// Errors: not_found, corrupt (with position, file and offset), unsupported, unavailable.
Result<journal::VerifyReport, Trouble> check_frames(Program& program) {
    KONTOR_TRY(auto const place, existing_journal(program.settings.text("data.directory")));
    KONTOR_TRY(auto const disk, embedded::Disk::open(place));
    KONTOR_TRY(auto const lock, disk->open("lock", ports::FileUse::lock));
    Progress progress(program.clock, program.progress, "verify frames", "segments", 0);
    auto const drawn = [&](std::size_t number, std::size_t) { progress.reached(number); };
    KONTOR_TRY(auto report, journal::verify(*disk, drawn));
    return report;
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

Outcome verify(Program& program) {
    KONTOR_TRY(auto const frames, check_frames(program));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    LogCheck check;
    {
        Progress progress(program.clock, program.progress, "verify", "events",
                          log->report().last.value());
        for (ports::Position at{};;) {
            KONTOR_TRY(auto const page, log->store().read_log(at, store_page));
            if (page.empty())
                break;
            for (auto const& event : page.events)
                KONTOR_TRY(check.see(event));
            at = page.events.back().position;
            progress.reached(at.value());
        }
    }
    if (check.events() != log->report().last.value())
        return unexpected(
            Failure{FailureKind::corrupt,
                    fmt::format("the log ends at position {} and can be read up to {}",
                                log->report().last.value(), check.events()),
                    log->directory()});
    boost::json::object out{{"events", check.events()},
                            {"streams", check.streams()},
                            {"segments", frames.segments},
                            {"frames", frames.frames},
                            {"torn_bytes", frames.torn_bytes}};
    add_repairs(out, log->report());
    out["good"] = true;
    program.output.object(out);
    if (frames.torn_bytes > 0)
        program.output.say("The torn bytes stood behind the last frame: nobody was told that they "
                           "were kept. They are put aside.");
    KONTOR_TRY(log->close());
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
    add_command(store, chosen,
                {"verify", "Proves that no byte of the log has changed",
                 "  kontor store verify --data ./books"},
                run(verify));
    add_command(store, chosen,
                {"compact", "Squeezes and compresses the log, all but its open segment",
                 "  kontor store compact --json"},
                run(compact));
    add_backup_commands(store, chosen);
}

} // namespace kontor::programs
