#include "programs/kontor/doctor.hpp"

#include "programs/kontor/notices.hpp"
#include "programs/kontor/read_models_check.hpp"

#include <fmt/core.h>

namespace kontor::programs {
namespace {

/// Clocks of machines differ; a fact from further ahead than this was written under another one.
constexpr auto clock_leeway = Duration::minutes(5);

Finding finding_of(Trouble const& trouble) {
    auto const& failure = trouble.failure;
    auto const evidence =
        failure.where.empty() ? failure.what : fmt::format("{} ({})", failure.what, failure.where);
    if (trouble.problem->name == "no_shop")
        return {Severity::good, "log", evidence};
    if (trouble.problem->name == "unavailable") // somebody has it open
        return {Severity::notice, "log", "not looked at: " + evidence,
                std::string(trouble.what_to_do())};
    return {Severity::error, "log", evidence, std::string(trouble.what_to_do())};
}

Finding check_log(OpenLog const& log) {
    auto const& report = log.report();
    auto const evidence =
        fmt::format("{} facts; the indexes of {} sealed segments and every frame of the open one "
                    "check",
                    report.last.value(), report.segments - 1);
    if (!report.cut)
        return {Severity::good, "log", evidence};
    return {Severity::notice, "log",
            fmt::format("{}; a frame that a crash left torn was put aside as {}", evidence,
                        report.cut->kept_as),
            "nothing acknowledged was lost; the file may be removed"};
}

Finding check_last_write(OpenLog const& log, Instant now) {
    auto const last = log.report().last_written_at;
    if (last <= now + clock_leeway)
        return {Severity::good, "last write", fmt::format("at {}", to_string(last))};
    return {Severity::error, "last write",
            fmt::format("at {}, and the clock says {}", to_string(last), to_string(now)),
            "set the clock of this machine: new facts would bear old times"};
}

/// All in one: which are behind or do not belong to this log.
Finding check_projections(OpenLog const& log) {
    std::string behind;
    std::string foreign;
    std::size_t current = 0;
    for (auto const& status : models_beside(log)) {
        if (!status.is_built)
            continue;
        bool const is_ours =
            status.checkpoint.lineage == log.report().lineage && !status.is_beyond_the_log();
        bool const is_current = is_ours && status.checkpoint.position == status.log_end;
        current += is_current;
        if (!is_current)
            (is_ours ? behind : foreign) += fmt::format(" {}", status.name);
    }
    if (!foreign.empty())
        return {Severity::notice, "projections", "these followed another log:" + foreign,
                "kontor projection rebuild"};
    if (!behind.empty())
        return {Severity::notice, "projections", "these are behind the log:" + behind,
                "kontor projection rebuild"};
    return {Severity::good, "projections",
            current == 0 ? "none is built"
                         : fmt::format("{} stand at the end of the log", current)};
}

Finding check_room(OpenLog const& log) {
    auto const room = log.room();
    auto const severity = room == ports::Room::ample    ? Severity::good
                          : room == ports::Room::scarce ? Severity::notice
                                                        : Severity::error;
    return {severity, "room", room_sentence(room, log.disk_state()),
            std::string(room_remedy(room))};
}

} // namespace

std::vector<Finding> examine_shop(Program& program) {
    auto const log = OpenLog::open(program.settings, LogUse::look);
    if (!log) {
        auto const may_begin = check_may_begin(program.settings.text("data.directory"), 0);
        bool const is_unfit = log.error().problem->name == "no_shop" && !may_begin;
        return {finding_of(is_unfit ? may_begin.error() : log.error())};
    }
    std::vector<Finding> findings{check_log(**log), check_last_write(**log, program.clock.now()),
                                  check_projections(**log), check_room(**log)};
    if (auto const closed = (*log)->close(); !closed)
        findings.push_back(finding_of(closed.error()));
    return findings;
}

} // namespace kontor::programs
