#include "platform/messaging/topics/filter_policy.hpp"

#include "platform/messaging/topics/limits.hpp"
#include "platform/routing/json_tree.hpp"
#include "platform/routing/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace kontor::topics {
namespace {

using routing::JsonTree;
using routing::JsonType;
using routing::Pattern;

auto refuse(std::string_view reason) {
    return unexpected(
        ports::MessagingRefusal{ports::MessagingFault::invalid,
                                fmt::format("Invalid parameter: FilterPolicy: {}", reason)});
}

bool is_allowed(std::optional<routing::Decimal> const& decimal, double value) {
    return std::abs(value) <= filter_number_max && decimal &&
           decimal->exponent >= -filter_decimals_max;
}

bool has_allowed_numbers(routing::Alternative const& alternative) {
    auto const is_allowed_bound = [](double bound) {
        return std::isinf(bound) || is_allowed(routing::decimal_of(bound), bound);
    };
    return is_allowed_bound(alternative.range.low) && is_allowed_bound(alternative.range.high) &&
           std::all_of(
               alternative.numbers.begin(), alternative.numbers.end(), [](auto const& each) {
                   return each.value && is_allowed(routing::decimal_of(each.text), *each.value);
               });
}

std::size_t depth_of(std::string_view path) {
    return 1 + static_cast<std::size_t>(std::count(path.begin(), path.end(), '.'));
}

/// How much an alternative counts: each value of a list in it is one.
std::size_t width_of(routing::Alternative const& alternative) {
    return std::max<std::size_t>(1, alternative.texts.size() + alternative.numbers.size());
}

/// Over all conjuncts; stops where it is too much already.
std::size_t combinations_of(Pattern const& pattern, FilterScope scope) {
    std::size_t total = 0;
    for (auto const& conjunct : pattern.conjuncts) {
        std::size_t product = 1;
        for (auto const index : conjunct) {
            auto const& field = pattern.fields[index];
            std::size_t width = 0;
            for (auto const& each : field.alternatives)
                width += width_of(each);
            product *= width * (scope == FilterScope::body ? depth_of(field.path) : 1);
            if (product > filter_combinations_max)
                return product;
        }
        total += product;
    }
    return total;
}

Result<void, ports::MessagingRefusal> check_fields(Pattern const& pattern, FilterScope scope) {
    for (auto const& field : pattern.fields)
        for (auto const& each : field.alternatives) {
            if (each.test == routing::Test::exactly)
                return refuse("Unrecognized match type exactly");
            if (!has_allowed_numbers(each))
                return refuse("Value of a number is from -10^9 to 10^9 and has at most 5 decimals");
        }
    if (combinations_of(pattern, scope) > filter_combinations_max)
        return refuse("Filter policy is too complex");
    return {};
}

} // namespace

bool is_for_all(std::string_view policy) {
    auto const tree = routing::read_json(policy, 1);
    return policy.empty() || (tree && tree->type == JsonType::object && tree->items.empty());
}

Result<void, ports::MessagingRefusal> check_filter_policy(std::string_view policy,
                                                          FilterScope scope) {
    if (is_for_all(policy))
        return {};
    if (policy.size() > filter_bytes_max)
        return refuse(
            fmt::format("it has {} bytes of at most {}", policy.size(), filter_bytes_max));
    auto const tree = routing::read_json(policy, routing::pattern_depth_max + 4);
    if (!tree)
        return refuse(fmt::format("failed to parse JSON: {}", tree.error().what));
    if (tree->type != JsonType::object)
        return refuse("Filter policy must be an object");
    if (tree->items.size() > filter_keys_max)
        return refuse("Filter policy can not have more than 5 keys");
    auto const is_nested = [&](JsonTree const& value) { return value.type == JsonType::object; };
    if (scope == FilterScope::attributes &&
        std::any_of(tree->items.begin(), tree->items.end(), is_nested))
        return refuse(
            "Filter policy scope MessageAttributes does not support nested filter policy");
    auto const pattern = routing::compile(policy, routing::pattern_characters_ceiling);
    if (!pattern)
        return refuse(routing::to_string(pattern.error()));
    return check_fields(*pattern, scope);
}

bool is_number(std::string_view text) {
    auto const tree = routing::read_json(text, 1);
    return tree && tree->type == JsonType::number;
}

bool is_array_of_scalars(std::string_view text) {
    auto const tree = routing::read_json(text, 1);
    return tree && tree->type == JsonType::list;
}

std::string attributes_as_json(ports::MessageAttributes const& attributes) {
    std::string out = "{";
    for (auto const& each : attributes) {
        if (each.type.starts_with("Binary"))
            continue;
        out += out.size() > 1 ? ",\"" : "\"";
        routing::append_json_characters(out, each.name);
        out += "\":";
        if (!each.type.starts_with("String") || each.type == "String.Array") {
            out += each.value;
            continue;
        }
        out += '"';
        routing::append_json_characters(out, each.value);
        out += '"';
    }
    return out + "}";
}

} // namespace kontor::topics
