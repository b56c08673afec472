#pragma once

/// The graph of the order process: from which phase it goes to which, and when. Whatever decides a
/// step goes along these edges and no others (`Draft::go_to`), so the table is the process and no
/// drawing of it. A step may go along several at once; the fact that records it names its ends.
/// Source: DOMAIN section 8.

#include "domain/checkout/words.hpp"

#include <boost/mp11/list.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace kontor::checkout {

struct PhaseEdge {
    Phase from;
    Phase to;
    std::string_view when;
};

inline constexpr std::array phase_edges{
    PhaseEdge{Phase::none, Phase::reserving, "the order is placed"},
    PhaseEdge{Phase::reserving, Phase::authorising, "all goods are held, and something is due"},
    PhaseEdge{Phase::reserving, Phase::confirming, "all goods are held, and nothing is due"},
    PhaseEdge{Phase::reserving, Phase::unwinding, "goods are missing, or the buyer cancels"},
    PhaseEdge{Phase::authorising, Phase::resolving, "the provider did not say what came of a call"},
    PhaseEdge{Phase::authorising, Phase::confirming, "the money is held"},
    PhaseEdge{Phase::authorising, Phase::unwinding,
              "three offers were declined, the buyer came too late, or cancels"},
    PhaseEdge{Phase::resolving, Phase::authorising, "the call came to nothing"},
    PhaseEdge{Phase::resolving, Phase::confirming, "the call came to pass: the money is held"},
    PhaseEdge{Phase::resolving, Phase::unwinding, "nobody can say in time, or the buyer cancels"},
    PhaseEdge{Phase::confirming, Phase::reserving, "the hold ended before the order was confirmed"},
    PhaseEdge{Phase::confirming, Phase::authorising, "the money is not held after all"},
    PhaseEdge{Phase::confirming, Phase::fulfilling, "the order is confirmed"},
    PhaseEdge{Phase::confirming, Phase::unwinding, "the order was closed meanwhile"},
    PhaseEdge{Phase::fulfilling, Phase::settling, "all parcels have left, and no change is open"},
    PhaseEdge{Phase::fulfilling, Phase::done,
              "what was left is cancelled: nothing is owed or awaited"},
    PhaseEdge{Phase::fulfilling, Phase::unwinding, "the order is cancelled"},
    PhaseEdge{Phase::settling, Phase::fulfilling, "a change is opened, or units must leave again"},
    PhaseEdge{Phase::settling, Phase::done, "all has arrived, and nothing is owed or awaited"},
    PhaseEdge{Phase::settling, Phase::unwinding, "the order is cancelled: nothing has left"},
    PhaseEdge{Phase::unwinding, Phase::done, "goods, parcels and money are taken back"},
    PhaseEdge{Phase::done, Phase::settling, "a return, a dispute or a late payment"},
    PhaseEdge{Phase::done, Phase::fulfilling, "a parcel is packed after all"},
    PhaseEdge{Phase::done, Phase::unwinding, "money comes late to an order that was taken back"},
};

/// The bit of a step that went along no edge of the table.
inline constexpr std::uint32_t edge_not_in_graph = std::uint32_t{1} << 31;

/// Its number in the table; past the last one: there is none.
constexpr std::size_t edge_between(Phase from, Phase to) {
    std::size_t number = 0;
    while (number < phase_edges.size() &&
           (phase_edges[number].from != from || phase_edges[number].to != to))
        ++number;
    return number;
}

namespace graph_checks {

inline constexpr std::size_t phases =
    boost::mp11::mp_size<boost::describe::describe_enumerators<Phase>>::value;

constexpr bool every_edge_leads_elsewhere_and_stands_once() {
    for (std::size_t i = 0; i < phase_edges.size(); ++i) {
        auto const& edge = phase_edges[i];
        if (edge.from == edge.to || edge.when.empty() || edge_between(edge.from, edge.to) != i)
            return false;
    }
    return true;
}

/// Whether each phase can be come to from the first one, and can come to rest.
constexpr bool every_phase_is_on_a_way() {
    std::array<bool, phases> is_reached{};
    std::array<bool, phases> comes_to_rest{};
    is_reached[static_cast<std::size_t>(Phase::none)] = true;
    comes_to_rest[static_cast<std::size_t>(Phase::done)] = true;
    for (std::size_t round = 0; round < phases; ++round)
        for (auto const& edge : phase_edges) {
            auto const from = static_cast<std::size_t>(edge.from);
            auto const to = static_cast<std::size_t>(edge.to);
            is_reached[to] = is_reached[to] || is_reached[from];
            comes_to_rest[from] = comes_to_rest[from] || comes_to_rest[to];
        }
    for (std::size_t phase = 0; phase < phases; ++phase)
        if (!is_reached[phase] || !comes_to_rest[phase])
            return false;
    return true;
}

static_assert(every_edge_leads_elsewhere_and_stands_once(), "an edge is of no use, or twice there");
static_assert(every_phase_is_on_a_way(), "a phase cannot be come to, or never comes to rest");
static_assert(phase_edges.size() < 32, "Draft notes the edges of a step in 32 bits");

} // namespace graph_checks
} // namespace kontor::checkout
