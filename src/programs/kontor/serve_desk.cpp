#include "programs/kontor/serve_desk.hpp"

#include <algorithm>
#include <array>

namespace kontor::programs {
namespace {

/// No setting of ours is secret so far; one that is called so never leaves.
bool is_secret(std::string_view name) {
    constexpr std::array<std::string_view, 4> words{"secret", "password", "token", "pepper"};
    return std::ranges::any_of(
        words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

} // namespace

ServedDesk::ServedDesk(Settings const& settings, Sources sources) : sources_(std::move(sources)) {
    for (auto const& [name, setting] : settings.values())
        settings_.push_back(
            {name, is_secret(name) ? "(not shown)" : setting.value, setting.origin});
}

} // namespace kontor::programs
