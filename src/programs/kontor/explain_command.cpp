#include "programs/kontor/program.hpp"

#include "platform/problems/problems.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

boost::json::object row_of(problems::Problem const& problem) {
    return {{"code", problems::code_text(problem)},
            {"name", problem.name},
            {"title", problem.title},
            {"status", problem.status},
            {"retryable", problem.retryable},
            {"cause", problem.cause},
            {"remedy", problem.remedy}};
}

ExitCode explain(Program& program, std::string const& wanted) {
    if (wanted.empty()) {
        std::vector<boost::json::object> rows;
        for (auto const& problem : problems::all_problems())
            rows.push_back(row_of(problem));
        program.output.rows({{"code", "code"}, {"name", "name"}, {"what it means", "title"}}, rows);
        return ExitCode::ok;
    }
    if (auto const* const problem = problems::find_problem_spelled(wanted)) {
        program.output.object(row_of(*problem));
        return ExitCode::ok;
    }
    std::vector<std::string> names;
    for (auto const& problem : problems::all_problems())
        names.emplace_back(problem.name);
    auto const meant = nearest(wanted, names);
    return program.output.fail(
        Trouble("unknown_problem",
                {FailureKind::not_found, fmt::format("there is no problem `{}`", wanted), wanted},
                meant ? fmt::format("Did you mean `kontor explain {}`?", *meant) : ""));
}

} // namespace

void add_explain_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const wanted = std::make_shared<std::string>();
    add_command(app, chosen,
                {"explain", "Says what a problem means and what to do about it",
                 "  kontor explain E3005\n  kontor explain price_changed\n  kontor explain"},
                [wanted](Program& program) { return explain(program, *wanted); })
        .add_option("problem", *wanted, "a code or a name; without one, all are listed");
}

} // namespace kontor::programs
