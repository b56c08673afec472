#pragma once

/// RoutingDice: random patterns and events of few keys and few values, so that they meet often, and
/// events that are full of lists, so that the choice of elements matters.

#include "base/random.hpp"

#include <string>
#include <string_view>

namespace kontor::testing {

enum class Draw : unsigned char {
    all,
    as_the_engine ///< nothing on which event-ruler is known to part from the definition
};

class RoutingDice {
public:
    explicit RoutingDice(Random random, Draw draw = Draw::all) : random_(random), draw_(draw) {}

    std::string pattern();
    std::string event();

private:
    template <std::size_t N>
    std::string_view one_of(std::string_view const (&all)[N]) {
        return all[random_.below(N)];
    }

    std::string key();
    std::string text();
    std::string text_list();
    std::string number();
    bool is_rare(std::uint64_t out_of);
    std::string alternative();
    std::string nested_but();
    std::string numeric();
    std::string field();
    std::string pattern_object(int depth);
    std::string choice(int depth);
    std::string scalar();
    std::string value(int depth);
    std::string event_object(int depth);

    Random random_;
    Draw draw_;
    bool is_dotted_{false}; ///< this one is full of keys with dots
};

} // namespace kontor::testing
