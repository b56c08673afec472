#pragma once

/// A table of rules as a test: every command in every situation, each cell the name of what
/// happens.
///
///   Table<stock::Decider> table{{"nothing", nothing}, {"on the shelf", shelf}};
///   table.row("issue", stock::Issue{...}, {"unknown_location", "Issued"});
///
/// A cell is the names of the facts ("Reserved, RanLow"), "=" for none, or the name of a rejection.
/// Each row also carries out what it decides, and then asks for the same once more: a command
/// repeated on its own outcome gives no facts or a rejection, unless the row says
/// `Repeat::counts_again`. Thread: one test at a time.

#include "tests/support/given.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace kontor::testing {

/// The names of the facts without their namespace, "=" for none, or the name of the rejection.
template <class D>
std::string outcome_of(DecisionOf<typename D::Event, typename D::Rejection> const& decision) {
    if (!decision)
        return name_of_rejection(decision.error());
    std::string names;
    for (auto const& event : *decision) {
        auto const name =
            std::visit([](auto const& fact) { return type_name(typeid(fact)); }, event);
        names += (names.empty() ? "" : ", ") + name.substr(name.rfind(':') + 1);
    }
    return names.empty() ? "=" : names;
}

enum class Repeat { changes_nothing, counts_again };

template <class D>
class Table {
public:
    struct Situation {
        std::string_view name;
        typename D::State state;
    };

    Table(std::initializer_list<Situation> situations, Instant now = usual_now)
        : situations_(situations), context_{.now = now, .command_id = CommandId(Id128(1, 1))} {}

    void row(std::string_view wish, typename D::Command const& command,
             std::initializer_list<std::string_view> cells, Repeat repeat = Repeat::changes_nothing,
             std::source_location place = std::source_location::current()) const {
        ASSERT_EQ(cells.size(), situations_.size()) << wish << ", line " << place.line();
        auto cell = cells.begin();
        for (auto const& [name, state] : situations_)
            check(wish, name, state, command, *cell++, repeat, place);
    }

private:
    void check(std::string_view wish, std::string_view name, typename D::State const& state,
               typename D::Command const& command, std::string_view wanted, Repeat repeat,
               std::source_location place) const {
        auto const decision = D::decide(state, command, context_);
        EXPECT_EQ(outcome_of<D>(decision), wanted)
            << wish << " when " << name << ", line " << place.line();
        if (!decision || repeat == Repeat::counts_again)
            return;
        auto const again = D::decide(fold<D>(state, *decision), command, context_);
        EXPECT_TRUE(!again || again->empty())
            << wish << " when " << name << ", asked again: " << outcome_of<D>(again) << ", line "
            << place.line();
    }

    std::vector<Situation> situations_;
    Context context_;
};

} // namespace kontor::testing
