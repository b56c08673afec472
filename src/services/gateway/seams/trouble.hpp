#pragma once

/// Trouble: why a request is refused, on its way to a problem document (RFC 9457).

#include "services/gateway/seams/exchange.hpp"

#include "base/failure.hpp"
#include "base/result.hpp"
#include "platform/problems/problems.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::services::gateway {

/// A name of the registry, checked when it is compiled.
class ProblemName {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a name
    consteval ProblemName(char const* name) : row_(row_of(name)) {}
    problems::Problem const& row() const { return problems::all_problems()[row_]; }

private:
    static void there_is_no_such_problem();
    /// A number and no pointer: under a sanitizer g++ 12 does not compare pointers at compile time.
    static consteval std::size_t row_of(std::string_view name) {
        std::size_t row = 0;
        for (auto const& problem : problems::all_problems()) {
            if (problem.name == name)
                return row;
            ++row;
        }
        there_is_no_such_problem();
        return row;
    }
    std::size_t row_;
};

struct FieldError {
    std::string pointer; ///< RFC 6901, of the body; of a parameter: its name
    std::string message;
};

struct Trouble {
    problems::Problem const* problem;
    std::string detail{};
    std::uint16_t status{0}; ///< another than the problem's own; 0: that one
    std::vector<FieldError> errors{};
    std::string members{}; ///< more members of the document as JSON, each with a comma before it
    std::vector<std::pair<std::string_view, std::string>> headers{};
    std::string remedy{}; ///< another than the problem's own; empty: that one
};

inline Trouble trouble(ProblemName name, std::string detail = {}) {
    return {&name.row(), std::move(detail)};
}
/// One where something else helps than what usually does.
Trouble instead(Trouble found, std::string remedy);
/// One that passes: the caller may come back in a second.
Trouble retry(Trouble found);
inline std::uint16_t status_of(Trouble const& trouble) {
    return trouble.status != 0 ? trouble.status : trouble.problem->status;
}
/// A body that says something impossible at one place.
Trouble bad_field(std::string pointer, std::string message);
/// A parameter of the address or a header that cannot be read.
Trouble bad_parameter(std::string name, std::string message);
/// The world's no.
Trouble trouble_of(Failure const& failure);

struct ProblemPlace {
    std::string_view instance; ///< the path that was asked for
    std::string trace_id;
};
/// The document with its headers.
Reply problem_reply(Trouble const& trouble, ProblemPlace const& place);

} // namespace kontor::services::gateway
