#include "programs/kontor/projection_remote.hpp"

#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/remote_views.hpp"

#include <fmt/core.h>

#include <chrono>
#include <thread>

namespace kontor::programs {
namespace {

constexpr char const* projections_address = "/v1/ops/projections";
constexpr auto job_look_every = std::chrono::milliseconds(50);
constexpr int looks_until_begun = 20; ///< whoever saw no job by then came when it was over
constexpr auto at_the_right = Column::Align::right;

std::string place_of(std::string const& name) {
    return fmt::format("{}/{}", projections_address, encoded(name));
}

/// The one that is named, or all that the shop has.
Result<std::vector<std::string>, Trouble> names_of(Remote& remote, std::string const& name) {
    if (!name.empty())
        return std::vector<std::string>{name};
    KONTOR_TRY(auto const rows, remote.rows(projections_address));
    std::vector<std::string> names;
    for (auto const& row : rows)
        names.push_back(text_in(row, "name"));
    return names;
}

/// Begins a job of one and looks until it is over; empty: somebody pressed Ctrl-C, and the server
/// goes on.
Result<std::optional<boost::json::object>, Trouble>
finished(Program& program, Remote& remote, std::string const& name, std::string_view job) {
    auto const begun = remote.send({"POST", fmt::format("{}/{}", place_of(name), job)});
    if (!begun)
        return unexpected(begun.error());
    bool has_begun = false;
    for (int looks = 0;; ++looks) {
        KONTOR_TRY(auto const now, remote.get(place_of(name)));
        auto const* const row = now.if_object();
        bool const is_at_work = row != nullptr && row->contains("job");
        has_begun = has_begun || is_at_work || looks == looks_until_begun;
        if (has_begun && !is_at_work)
            return std::optional(row == nullptr ? boost::json::object() : *row);
        if (was_interrupted()) {
            program.output.notice(fmt::format(
                "The server goes on with it: `kontor projection show {}` says how far it is.",
                name));
            return std::optional<boost::json::object>();
        }
        std::this_thread::sleep_for(job_look_every);
    }
}

/// Whether the rows were what the log adds up to; null: it was not compared.
boost::json::value agreement(boost::json::object const& row) {
    auto const* const agrees = row.if_contains("last_comparison_agrees");
    return agrees == nullptr ? boost::json::value() : *agrees;
}

struct Done {
    std::vector<boost::json::object> rows{};
    std::string wrong{}; ///< the first whose rows were not right
    bool is_whole{true}; ///< nobody pressed Ctrl-C
};

Result<Done, Trouble> do_all(Program& program, Remote& remote, std::string const& name,
                             std::string_view job, char const* verdict) {
    watch_for_interrupts();
    KONTOR_TRY(auto const names, names_of(remote, name));
    Done done;
    for (auto const& each : names) {
        KONTOR_TRY(auto row, finished(program, remote, each, job));
        if (!row) {
            done.is_whole = false;
            break;
        }
        auto const agrees = agreement(*row);
        if (done.wrong.empty() && agrees.is_bool() && !agrees.get_bool())
            done.wrong = each;
        (*row)[verdict] = agrees;
        done.rows.push_back(*std::move(row));
    }
    return done;
}

} // namespace

Outcome list_projections_there(Program& program, Remote& remote) {
    KONTOR_TRY(auto const rows, remote.rows(projections_address));
    program.output.rows({{"projection", "name"},
                         {"state", "state"},
                         {"position", "position", at_the_right},
                         {"lag", "lag", at_the_right},
                         {"digest", "digest"}},
                        rows);
    return ExitCode::ok;
}

Outcome show_projection_there(Program& program, Remote& remote, std::string const& name) {
    return show_remote(program, remote, place_of(name));
}

Outcome rebuild_projections_there(Program& program, Remote& remote, std::string const& name) {
    KONTOR_TRY(auto const done, do_all(program, remote, name, "rebuild", "was_right"));
    program.output.rows({{"projection", "name"},
                         {"state", "state"},
                         {"position", "position", at_the_right},
                         {"digest", "digest"},
                         {"was right before", "was_right"}},
                        done.rows);
    return done.is_whole ? ExitCode::ok : ExitCode::interrupted;
}

Outcome verify_projections_there(Program& program, Remote& remote, std::string const& name) {
    KONTOR_TRY(auto const done, do_all(program, remote, name, "verify", "good"));
    program.output.rows(
        {{"projection", "name"}, {"position", "position", at_the_right}, {"good", "good"}},
        done.rows);
    if (!done.wrong.empty())
        return unexpected(
            Trouble("projection_differs",
                    {FailureKind::corrupt,
                     fmt::format("the rows of {} are not what the log adds up to", done.wrong),
                     remote.url() + place_of(done.wrong)},
                    fmt::format("`kontor projection rebuild {}` folds them anew.", done.wrong)));
    return done.is_whole ? ExitCode::ok : ExitCode::interrupted;
}

} // namespace kontor::programs
