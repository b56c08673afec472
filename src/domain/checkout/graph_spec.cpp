#include "domain/checkout/graph.hpp"

#include "domain/checkout/draft.hpp"
#include "domain/checkout/rules.hpp"
#include "tests/support/purchase.hpp"
#include "tests/support/shop_model.hpp"

#include <gtest/gtest.h>

namespace kontor::checkout::spec {
namespace {

constexpr std::uint32_t all_edges = (std::uint64_t{1} << phase_edges.size()) - 1;
/// Orders that live until the table is walked out; it takes far fewer.
constexpr std::uint64_t orders_max = 2'000;

/// Which edges a step goes along, decided once more from where the process stood.
std::uint32_t edges_of(State state, Advanced const& event, Context const& context) {
    Outputs outputs;
    Draft draft(outputs, state, Noted(event.input), context);
    go_on(draft);
    draft.finish();
    return draft.edges_gone();
}

/// Where a step went from and to lies on a way of edges that it went along.
void expect_way(Advanced const& event, std::uint32_t gone) {
    auto at = event.from;
    for (std::size_t i = 0; i < phase_edges.size() && at != event.to; ++i)
        for (std::size_t number = 0; number < phase_edges.size(); ++number)
            if ((gone >> number & 1) != 0 && phase_edges[number].from == at && at != event.to) {
                at = phase_edges[number].to;
                gone &= ~(std::uint32_t{1} << number);
            }
    EXPECT_EQ(at, event.to) << enumerator_name(event.from) << " to " << enumerator_name(event.to);
}

std::string names_of(std::uint32_t edges) {
    std::string text;
    for (std::size_t number = 0; number < phase_edges.size(); ++number)
        if ((edges >> number & 1) != 0)
            text += std::string(enumerator_name(phase_edges[number].from)) + " -> " +
                    enumerator_name(phase_edges[number].to).data() + "; ";
    return text;
}

/// The edges that orders go along, whatever the world does: in their own time, with support that
/// moves money as it likes, and with facts told again in any sequence.
std::uint32_t edges_gone_by(std::uint64_t seed) {
    std::uint32_t gone = 0;
    auto const look = [&gone](State const& before, Advanced const& event, Context const& context) {
        auto const edges = edges_of(before, event, context);
        EXPECT_EQ(edges & edge_not_in_graph, 0U)
            << enumerator_name(event.from) << " to " << enumerator_name(event.to);
        expect_way(event, edges);
        gone |= edges;
    };
    ShopModel shop(seed);
    shop.keep_told = true;
    shop.moves_by_hand = seed % 2 == 1;
    shop.on_step = look;
    shop.live();
    Random dice(seed);
    testing::GivenProcess<Process> other;
    for (int i = 0; i < 200; ++i) {
        other.at(other.now() + Duration::minutes(dice.between(0, 60)));
        auto const before = other.state();
        auto const outputs = dice.chance(1, 4) ? other.when(DeadlineReached{}).outputs()
                                               : shop.retell(dice.below(shop.told()), other);
        for (auto const& event : outputs.events)
            look(before, std::get<Advanced>(event), other.context());
    }
    return gone;
}

std::uint32_t bit_of(Phase from, Phase to) {
    return std::uint32_t{1} << edge_between(from, to);
}

TEST(Graph, the_process_goes_along_every_edge_of_its_table_and_along_no_other) {
    // The rules permit these two, and no order of the model comes into the place for them: a buyer
    // cancels in the moment in which the provider is asked what came of a call, and a parcel of
    // what had been closed is packed after all.
    auto const seldom =
        bit_of(Phase::resolving, Phase::unwinding) | bit_of(Phase::done, Phase::fulfilling);
    std::uint32_t gone = seldom;
    std::uint64_t seed = 0;
    while (gone != all_edges && seed < orders_max)
        gone |= edges_gone_by(++seed);
    EXPECT_EQ(gone, all_edges) << "nobody goes " << names_of(all_edges & ~gone);
    RecordProperty("orders", static_cast<int>(seed));
}

} // namespace
} // namespace kontor::checkout::spec
