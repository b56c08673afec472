#include "tests/conformance/routing_dice.hpp"

#include <vector>

namespace kontor::testing {

std::string RoutingDice::key() {
    static constexpr std::string_view keys[] = {"a", "b", "f", "l", "f-", "B"};
    static constexpr std::string_view rare[] = {"a.b", "", "\\u0061", "f.l", "é", "😀"};
    static constexpr std::string_view dotted[] = {"a.b", "b.a", "f.l", "a.l", "l.f"};
    if (is_dotted_ && random_.chance(1, 3))
        return "\"" + std::string(one_of(dotted)) + "\"";
    return "\"" + std::string(is_rare(12) ? one_of(rare) : one_of(keys)) + "\"";
}

std::string RoutingDice::text() {
    static constexpr std::string_view texts[] = {"x", "y", "z", "xy", "yx", "X", "", "xyx"};
    static constexpr std::string_view rare[] = {"\\u0078", "ß",        "ẞ",         "K",
                                                "K",       "10.0.0.1", "010.0.0.1", "::1",
                                                "0:0::1",  "5",        "x\\\"y",    "é\\n"};
    return "\"" + std::string(is_rare(8) ? one_of(rare) : one_of(texts)) + "\"";
}

std::string RoutingDice::text_list() {
    std::string list = text();
    while (random_.chance(1, 2))
        list += "," + text();
    return "[" + list + "]";
}

/// Once in a while, and never if the engine must agree.
bool RoutingDice::is_rare(std::uint64_t out_of) {
    return random_.chance(1, out_of) && draw_ == Draw::all;
}

std::string RoutingDice::number() {
    static constexpr std::string_view numbers[] = {"0", "-0",   "1", "1.0", "10e-1",
                                                   "2", "-2.5", "3", "0.1"};
    static constexpr std::string_view rare[] = {"2e23", "5e-324", "1e400", "0.1000000000000000055"};
    return std::string(is_rare(4) ? one_of(rare) : one_of(numbers));
}

std::string RoutingDice::nested_but() {
    static constexpr std::string_view operators[] = {"prefix", "suffix", "equals-ignore-case"};
    if (random_.chance(1, 4))
        return R"({"anything-but":{"wildcard":["x*","*y*"]}})";
    return R"({"anything-but":{")" + std::string(one_of(operators)) + R"(":["x",")" +
           (random_.chance(1, 2) ? "Y" : "yx") + R"("]}})";
}

std::string RoutingDice::numeric() {
    static constexpr std::string_view ranges[] = {
        R"("=",1)",    R"("<",2)",       R"("<=",1)",        R"(">",0)",
        R"(">=",0.1)", R"(">",0,"<",2)", R"(">=",1,"<=",2)", R"(">",-3,"<=",0.1)"};
    return R"({"numeric":[)" + std::string(one_of(ranges)) + "]}";
}

std::string RoutingDice::alternative() {
    static constexpr std::string_view wildcards[] = {"x*",   "*y",    "*", "x*y", "*x*",
                                                     "*y*x", "x*y*x", "x", "x*x", "xy*yx"};
    static constexpr std::string_view networks[] = {"10.0.0.0/8", "0.0.0.0/0", "::/0", "::/126"};
    switch (random_.below(18)) {
    case 0:
    case 1:
    case 2: return text();
    case 3: return number();
    case 4: return random_.chance(1, 2) ? "true" : "null";
    case 5: return R"({"prefix":)" + text() + "}";
    case 6: return R"({"suffix":)" + text() + "}";
    case 7: return R"({"prefix":{"equals-ignore-case":)" + text() + "}}";
    case 8: return R"({"suffix":{"equals-ignore-case":)" + text() + "}}";
    case 9:
        // NOTE: beside a wildcard the engine then matches anything.
        if (draw_ == Draw::as_the_engine)
            return text();
        return R"({"equals-ignore-case":)" + text() + "}";
    case 10: return R"({"wildcard":")" + std::string(one_of(wildcards)) + R"("})";
    case 11: return R"({"anything-but":)" + (random_.chance(1, 2) ? text() : text_list()) + "}";
    case 12: return random_.chance(1, 2) ? R"({"anything-but":[1,2]})" : nested_but();
    case 13: return numeric();
    case 14: return R"({"exists":true})";
    case 15:
        if (draw_ == Draw::as_the_engine)
            return text();
        return R"({"cidr":")" + std::string(one_of(networks)) + R"("})";
    case 16: return R"({"exactly":)" + text() + "}";
    default: return R"({"exists":false})";
    }
}

std::string RoutingDice::field() {
    std::string list = alternative();
    while (random_.chance(1, 3))
        list += "," + alternative();
    return "[" + list + "]";
}

std::string RoutingDice::choice(int depth) {
    std::string branches = pattern_object(depth);
    do
        branches += "," + pattern_object(depth);
    while (random_.chance(1, 3));
    return R"("$or":[)" + branches + "]";
}

std::string RoutingDice::pattern_object(int depth) {
    std::string members;
    auto const count = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
        members += i > 0 ? "," : "";
        if (random_.chance(1, 12) && depth > 0)
            members += choice(depth - 1);
        else if (depth > 0 && random_.chance(2, 5))
            members += key() + ":" + pattern_object(depth - 1);
        else
            members += key() + ":" + field();
    }
    return "{" + members + "}";
}

std::string RoutingDice::pattern() {
    is_dotted_ = random_.chance(1, 20);
    return pattern_object(3);
}

std::string RoutingDice::scalar() {
    switch (random_.below(8)) {
    case 0: return number();
    case 1: return random_.chance(1, 2) ? "true" : "false";
    case 2: return "null";
    default: return text();
    }
}

std::string RoutingDice::value(int depth) {
    if (depth == 0 || random_.chance(2, 5))
        return scalar();
    if (random_.chance(1, 2))
        return event_object(depth - 1);
    std::string items;
    auto const count = random_.below(4);
    for (std::uint64_t i = 0; i < count; ++i)
        items += (i > 0 ? ", " : "") + value(depth - 1);
    return "[" + items + "]";
}

std::string RoutingDice::event_object(int depth) {
    std::vector<std::string> keys;
    std::string members;
    auto const count = random_.below(6);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto const name = key();
        bool is_there = false;
        for (auto const& each : keys)
            is_there |= each == name || (each == "\"a\"" && name == "\"\\u0061\"") ||
                        (each == "\"\\u0061\"" && name == "\"a\"");
        if (is_there)
            continue;
        members += (keys.empty() ? "" : ",") + name + ": " + value(depth);
        keys.push_back(name);
    }
    return "{" + members + "}";
}

std::string RoutingDice::event() {
    is_dotted_ = random_.chance(1, 6);
    return event_object(5);
}

} // namespace kontor::testing
