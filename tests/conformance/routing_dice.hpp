#pragma once

/// RoutingDice: random patterns and events of few keys and few values, so that they meet often, and
/// events that are full of lists, so that the choice of elements matters.

#include "base/random.hpp"

#include <string>
#include <string_view>

namespace kontor::testing {

class RoutingDice {
public:
    explicit RoutingDice(Random random) : random_(random) {}

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
    bool is_dotted_{false}; ///< this one is full of keys with dots
};

} // namespace kontor::testing
