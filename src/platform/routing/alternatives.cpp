#include "platform/routing/alternatives.hpp"

#include "platform/routing/wildcard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace kontor::routing {
namespace {

using Reading = Result<Alternative, PatternError>;
using Texts = Result<std::vector<std::string>, PatternError>;

auto refuse(PatternFault fault, JsonTree const& at, std::string what, std::string pointer = {}) {
    return unexpected(PatternError{fault, std::move(what), std::move(pointer), at.offset});
}

auto refuse_operand(JsonTree const& at, std::string_view op, std::string_view wanted) {
    return refuse(PatternFault::wrong_operand, at, fmt::format("`{}` takes {}", op, wanted));
}

/// The inner operator and its operand; nothing if the object does not have exactly one key.
struct Inner {
    std::string_view op;
    JsonTree const* operand;
};

std::optional<Inner> only_member(JsonTree const& tree) {
    if (tree.type != JsonType::object || tree.items.size() != 1)
        return std::nullopt;
    return Inner{tree.keys.front(), &tree.items.front()};
}

Reading read_exactly(JsonTree const& operand) {
    if (operand.type != JsonType::text)
        return refuse_operand(operand, "exactly", "a string");
    return Alternative{Test::exactly, {operand.text}};
}

Reading read_ignoring_case(JsonTree const& operand) {
    if (operand.type != JsonType::text)
        return refuse_operand(operand, "equals-ignore-case", "a string");
    return Alternative{Test::equals_ignoring_case, {operand.text}};
}

/// A prefix or suffix: a string, or {"equals-ignore-case": a string}.
Reading read_end(JsonTree const& operand, std::string_view op, Test plain, Test ignoring_case) {
    if (operand.type == JsonType::text)
        return Alternative{plain, {operand.text}};
    auto const inner = only_member(operand);
    if (inner && inner->op == "equals-ignore-case" && inner->operand->type == JsonType::text)
        return Alternative{ignoring_case, {inner->operand->text}};
    return refuse_operand(operand, op, "a string, or an object with equals-ignore-case alone");
}

Reading read_prefix(JsonTree const& operand) {
    return read_end(operand, "prefix", Test::prefix, Test::prefix_ignoring_case);
}

Reading read_suffix(JsonTree const& operand) {
    return read_end(operand, "suffix", Test::suffix, Test::suffix_ignoring_case);
}

Reading read_wildcard(JsonTree const& operand) {
    if (operand.type != JsonType::text)
        return refuse_operand(operand, "wildcard", "a string");
    if (auto const fault = wildcard_fault(operand.text); !fault.empty())
        return refuse(PatternFault::wrong_wildcard, operand, std::string(fault));
    return Alternative{Test::wildcard, {operand.text}};
}

Texts read_texts(JsonTree const& operand, std::string_view op) {
    std::vector<std::string> texts;
    if (operand.type == JsonType::text)
        return std::vector{operand.text};
    if (operand.type != JsonType::list || operand.items.empty())
        return refuse_operand(operand, op, "a string or a list of at least one");
    for (auto const& item : operand.items) {
        if (item.type != JsonType::text)
            return refuse_operand(item, op, "strings alone");
        texts.push_back(item.text);
    }
    return texts;
}

struct ButOperator {
    std::string_view op;
    Test test;
};

constexpr ButOperator but_operators[] = {{"prefix", Test::anything_but_prefix},
                                         {"suffix", Test::anything_but_suffix},
                                         {"equals-ignore-case", Test::anything_but_ignoring_case},
                                         {"wildcard", Test::anything_but_wildcard}};

Reading read_nested_but(JsonTree const& operand) {
    auto const inner = only_member(operand);
    if (!inner)
        return refuse(PatternFault::operator_keys, operand,
                      "`anything-but` takes an object with one operator");
    auto const known = std::find_if(std::begin(but_operators), std::end(but_operators),
                                    [&](auto const& each) { return each.op == inner->op; });
    if (known == std::end(but_operators))
        return refuse(PatternFault::unknown_operator, operand,
                      fmt::format("`anything-but` knows no `{}`", inner->op));
    KONTOR_TRY(auto texts, read_texts(*inner->operand, inner->op));
    bool const is_end =
        known->test == Test::anything_but_prefix || known->test == Test::anything_but_suffix;
    for (auto const& text : texts) {
        if (is_end && text.empty())
            return refuse_operand(*inner->operand, inner->op, "no empty string in anything-but");
        if (known->test != Test::anything_but_wildcard)
            continue;
        if (auto const fault = wildcard_fault(text); !fault.empty())
            return refuse(PatternFault::wrong_wildcard, *inner->operand, std::string(fault));
    }
    return Alternative{known->test, std::move(texts)};
}

Result<Literal, PatternError> read_comparable(JsonTree const& tree, std::string_view op) {
    if (tree.type != JsonType::number)
        return refuse_operand(tree, op, "a number here");
    auto literal = Literal::of(tree.text);
    if (!literal.value)
        return refuse(PatternFault::wrong_number, tree,
                      fmt::format("{} cannot be told from its neighbours", tree.text));
    return literal;
}

Reading read_but(JsonTree const& operand) {
    if (operand.type == JsonType::object)
        return read_nested_but(operand);
    auto const& first =
        operand.type == JsonType::list && !operand.items.empty() ? operand.items.front() : operand;
    if (first.type == JsonType::text) {
        KONTOR_TRY(auto texts, read_texts(operand, "anything-but"));
        return Alternative{Test::anything_but_texts, std::move(texts)};
    }
    Alternative alternative{Test::anything_but_numbers};
    if (first.type != JsonType::number)
        return refuse_operand(first, "anything-but",
                              "a string, a number, a list of either, or an object");
    auto const count = operand.type == JsonType::list ? operand.items.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        auto const& item = operand.type == JsonType::list ? operand.items[i] : operand;
        KONTOR_TRY(auto literal, read_comparable(item, "anything-but"));
        alternative.numbers.push_back(std::move(literal));
    }
    return alternative;
}

/// Adds the bound that one comparison sets.   Requires: a sign that is known.
void set_bound(Range& range, std::string_view sign, double value) {
    bool const includes = sign.ends_with('=');
    if (sign == "=" || sign.starts_with('>')) {
        range.low = value;
        range.includes_low = includes;
    }
    if (sign == "=" || sign.starts_with('<')) {
        range.high = value;
        range.includes_high = includes;
    }
}

constexpr std::array<std::string_view, 5> comparisons = {"=", "<", "<=", ">", ">="};

Reading read_numeric(JsonTree const& operand) {
    constexpr std::string_view wanted =
        "a comparison and a number, or a lower bound and an upper bound, in this sequence";
    auto const count = operand.items.size();
    if (operand.type != JsonType::list || (count != 2 && count != 4))
        return refuse_operand(operand, "numeric", wanted);
    Alternative alternative{Test::numeric};
    for (std::size_t i = 0; i < count; i += 2) {
        auto const& sign = operand.items[i];
        bool const is_known =
            sign.type == JsonType::text &&
            std::find(comparisons.begin(), comparisons.end(), sign.text) != comparisons.end();
        if (!is_known)
            return refuse_operand(sign, "numeric", "one of = < <= > >= here");
        if (count == 4 && !sign.text.starts_with(i == 0 ? '>' : '<'))
            return refuse_operand(sign, "numeric", wanted);
        KONTOR_TRY(auto const literal, read_comparable(operand.items[i + 1], "numeric"));
        set_bound(alternative.range, sign.text, *literal.value);
    }
    if (count == 4 && alternative.range.low >= alternative.range.high)
        return refuse(PatternFault::wrong_range, operand,
                      "the upper bound is not above the lower bound");
    return alternative;
}

Reading read_exists(JsonTree const& operand) {
    if (operand.type == JsonType::true_)
        return Alternative{Test::exists};
    if (operand.type == JsonType::false_)
        return Alternative{Test::absent};
    return refuse_operand(operand, "exists", "true or false");
}

Reading read_network(JsonTree const& operand) {
    if (operand.type != JsonType::text)
        return refuse_operand(operand, "cidr", "a string");
    auto const network = parse_network(operand.text);
    if (!network)
        return refuse(PatternFault::wrong_network, operand,
                      fmt::format("`{}` is no block of addresses", operand.text));
    Alternative alternative{Test::network, {operand.text}};
    alternative.network = *network;
    return alternative;
}

struct Operator {
    std::string_view name;
    Reading (*read)(JsonTree const& operand);
};

constexpr Operator operators[] = {
    {"exactly", read_exactly},   {"prefix", read_prefix},
    {"suffix", read_suffix},     {"equals-ignore-case", read_ignoring_case},
    {"wildcard", read_wildcard}, {"anything-but", read_but},
    {"numeric", read_numeric},   {"exists", read_exists},
    {"cidr", read_network}};

constexpr std::string_view reserved_words[] = {"regex",
                                               "not-wildcard",
                                               "not-equals-ignore-case",
                                               "date-after",
                                               "date-on-or-after",
                                               "date-before",
                                               "date-on-or-before",
                                               "in-date-range",
                                               "ip-address-in-range",
                                               "ip-address-not-in-range"};

Reading read_operator(JsonTree const& entry) {
    auto const only = only_member(entry);
    if (!only)
        return refuse(PatternFault::operator_keys, entry,
                      fmt::format("this object has {} keys", entry.items.size()));
    for (auto const& known : operators) {
        if (known.name != only->op)
            continue;
        auto reading = known.read(*only->operand);
        if (reading)
            return reading;
        auto error = std::move(reading).error();
        error.pointer = fmt::format("/{}{}", known.name, error.pointer);
        return unexpected(std::move(error));
    }
    return refuse(PatternFault::unknown_operator, entry,
                  fmt::format("there is no operator `{}`", only->op));
}

} // namespace

bool is_reserved(std::string_view word) {
    auto const is_operator = [&](Operator const& each) { return each.name == word; };
    return std::any_of(std::begin(operators), std::end(operators), is_operator) ||
           std::find(std::begin(reserved_words), std::end(reserved_words), word) !=
               std::end(reserved_words) ||
           std::find(comparisons.begin(), comparisons.end(), word) != comparisons.end();
}

Result<Alternative, PatternError> read_alternative(JsonTree const& entry) {
    switch (entry.type) {
    case JsonType::null_: return Alternative{Test::null_};
    case JsonType::true_: return Alternative{Test::true_};
    case JsonType::false_: return Alternative{Test::false_};
    case JsonType::number: return Alternative{Test::number, {}, {Literal::of(entry.text)}};
    case JsonType::text: return Alternative{Test::text, {entry.text}};
    case JsonType::list:
        return refuse(PatternFault::list_in_list, entry, "a list stands in a list");
    case JsonType::object: return read_operator(entry);
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::routing
