#include "tests/mutants/planted.hpp"

#include <algorithm>

namespace kontor {
namespace {

std::string_view& chosen() {
    static std::string_view name;
    return name;
}

} // namespace

bool choose_planted(std::string_view name) {
    auto const bugs = planted_bugs();
    auto const found = std::ranges::find(bugs, name);
    if (found == bugs.end())
        return false;
    chosen() = *found;
    return true;
}

bool planted(std::string_view name) {
    return chosen() == name;
}

} // namespace kontor
