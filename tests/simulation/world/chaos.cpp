#include "tests/simulation/world/chaos.hpp"

#include "adapters/embedded/journal/faults.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::simulation {
namespace {

struct Kind {
    std::string_view name;
    std::int64_t often; ///< a drawn rate lies between once in `often` …
    std::int64_t rare;  ///< … and once in `rare` chances
    std::uint64_t most; ///< times in one run
};

constexpr std::uint64_t no_limit = UINT64_MAX;

constexpr std::array<Kind, ills> kinds{{
    {"kill", 15, 300, 20},
    {"power_cut", 15, 300, 20},
    {"death_in_call", 15, 300, 20},
    {"death_at_start", 2, 4, 6},
    {"frame_early", 1, 10, no_limit},
    {"append_full", 5, 200, no_limit},
    {"forget_live", 5, 200, no_limit},
    {"answer_lost", 3, 30, no_limit},
    {"call_lost", 3, 30, no_limit},
    {"answer_late", 3, 30, no_limit},
    {"answer_twice", 3, 30, no_limit},
    {"provider_full", 5, 50, no_limit},
    {"starved_agent", 50, 800, 20},
    {"clock_leap", 60, 800, 20},
    {"clock_stop", 60, 800, 10},
    {"rival_writer", 20, 300, 60},
    {"odd_cards", 1, 6, no_limit},
    {"click_again", 2, 10, no_limit},
    {"small_desk", 1, 1, no_limit},
    {"provider_away", 20, 200, 40},
    {"view_remade", 40, 400, 20},
    {"lazy_worker", 1, 12, no_limit},
}};

} // namespace

std::string_view name_of(Ill ill) {
    return kinds[static_cast<std::size_t>(ill)].name;
}

Chaos::Chaos(Random const& seed, std::vector<unsigned> const& off, bool calm) {
    auto swarm = seed.fork("swarm");
    for (std::size_t i = 0; i < ills; ++i) {
        drawn_[i].dice = seed.fork(kinds[i].name);
        auto const rate = static_cast<std::uint64_t>(swarm.between(kinds[i].often, kinds[i].rare));
        bool const is_drawn = swarm.chance(1, 2);
        bool const is_off = calm || std::ranges::find(off, i) != off.end();
        drawn_[i].rate = is_drawn && !is_off ? rate : 0;
    }
}

bool Chaos::strikes(Ill ill) {
    auto& drawn = drawn_[index(ill)];
    if (!has(ill) || drawn.struck == kinds[index(ill)].most || !drawn.dice.chance(1, drawn.rate))
        return false;
    ++drawn.struck;
    ++marks_[name_of(ill)];
    return true;
}

bool Chaos::at(Fault const& fault) {
    if (fault.name == journal::frame_early.name)
        return strikes(Ill::frame_early);
    if (fault.name == journal::append_full.name)
        return strikes(Ill::append_full);
    return fault.name == journal::forget_live.name && strikes(Ill::forget_live);
}

std::uint64_t Chaos::struck() const {
    std::uint64_t all = 0;
    for (auto const& drawn : drawn_)
        all += drawn.struck;
    return all;
}

std::string Chaos::to_string() const {
    std::string text;
    for (std::size_t i = 0; i < ills; ++i)
        if (drawn_[i].rate != 0)
            text +=
                fmt::format("{}{} 1/{}", text.empty() ? "" : ", ", kinds[i].name, drawn_[i].rate);
    return text.empty() ? "nothing" : text;
}

} // namespace kontor::simulation
