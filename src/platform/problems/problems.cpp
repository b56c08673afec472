#include "platform/problems/problems.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace kontor::problems {
namespace {

consteval bool codes_ascend() {
    for (std::size_t i = 1; i < std::size(detail::table); ++i)
        if (detail::table[i - 1].code >= detail::table[i].code)
            return false;
    return true;
}
static_assert(codes_ascend(), "codes ascend, so that none is given twice");

consteval bool names_differ() {
    for (std::size_t i = 0; i < std::size(detail::table); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (detail::table[i].name == detail::table[j].name)
                return false;
    return true;
}
static_assert(names_differ(), "two problems have one name");

} // namespace

Problem const& problem_of(FailureKind kind) {
    auto const code = [kind]() -> std::uint16_t {
        switch (kind) {
        case FailureKind::conflict: return 5004;
        case FailureKind::full: return 5002;
        case FailureKind::unavailable: return 5001;
        case FailureKind::timed_out: return 5003;
        case FailureKind::throttled: return 2003;
        case FailureKind::not_found: return 1004;
        case FailureKind::invalid: return 1001;
        case FailureKind::unsupported: return 5007;
        case FailureKind::cancelled: return 7003;
        case FailureKind::corrupt: return 5005;
        case FailureKind::broken: return 5006;
        }
        KONTOR_UNREACHABLE();
    }();
    auto const* const problem = find_problem(code);
    KONTOR_ASSERT(problem != nullptr, "no problem has the code {}", code);
    return *problem;
}

std::string code_text(Problem const& problem) {
    return fmt::format("E{}", problem.code);
}

Problem const* find_problem_spelled(std::string_view text) {
    auto const digits = text.starts_with('E') || text.starts_with('e') ? text.substr(1) : text;
    std::uint16_t code = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
    if (error == std::errc{} && end == digits.data() + digits.size())
        return find_problem(code);
    return find_problem(text);
}

} // namespace kontor::problems
