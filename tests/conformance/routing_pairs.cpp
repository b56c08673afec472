/// Prints random pairs of a pattern and an event with our verdict, one a line, for an outside
/// judge: routing_pairs SEED COUNT. What the engine is known to do otherwise is not drawn.

#include "platform/routing/matching.hpp"
#include "tests/conformance/routing_dice.hpp"

#include <fmt/core.h>

#include <cstdlib>

namespace kontor::routing {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json_characters(out, text);
    return out;
}

void print_pairs(std::uint64_t seed, std::uint64_t count) {
    testing::RoutingDice dice(Random(seed), testing::Draw::as_the_engine);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto const pattern = dice.pattern();
        auto const event = dice.event();
        Rule const rules[] = {{1, pattern}};
        auto const matcher = Matcher::build(rules);
        if (!matcher && matcher.error().error.fault == PatternFault::too_many_conjuncts)
            continue; // the engine has no such limit
        bool is_match = false;
        if (matcher) {
            Matching matching(*matcher);
            matching.ask(event);
            is_match = !matching.rules().empty();
        }
        fmt::print("{{\"pattern\":\"{}\",\"event\":\"{}\",\"match\":{}}}\n", quoted(pattern),
                   quoted(event), matcher ? is_match ? "true" : "false" : "\"refused\"");
    }
}

} // namespace
} // namespace kontor::routing

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: routing_pairs SEED COUNT\n");
        return EXIT_FAILURE;
    }
    kontor::routing::print_pairs(std::strtoull(argv[1], nullptr, 10),
                                 std::strtoull(argv[2], nullptr, 10));
    return EXIT_SUCCESS;
}
