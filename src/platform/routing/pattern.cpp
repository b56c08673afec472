#include "platform/routing/pattern.hpp"

#include "platform/routing/alternatives.hpp"
#include "platform/routing/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::routing {
namespace {

/// Objects, a list, and in it an operator in an operator with a list.
constexpr std::size_t brackets_max = pattern_depth_max + 4;

/// A conjunct that is still growing: the field of each path, which a later one overrides.
using Growing = std::vector<std::uint32_t>;

/// Whether any key at or below an object is a word of the language. Lists are not looked into: what
/// stands there are operators.
bool has_reserved_key(JsonTree const& tree) {
    for (std::size_t i = 0; i < tree.keys.size(); ++i)
        if (is_reserved(tree.keys[i]) ||
            (tree.items[i].type == JsonType::object && has_reserved_key(tree.items[i])))
            return true;
    return false;
}

/// Whether `$or` with this value means either-or, or is a field of that name.
bool is_choice(JsonTree const& value) {
    return value.type == JsonType::list && value.items.size() >= 2 &&
           std::all_of(value.items.begin(), value.items.end(), [](JsonTree const& branch) {
               return branch.type == JsonType::object && !branch.items.empty() &&
                      !has_reserved_key(branch);
           });
}

class Compiler {
public:
    bool compile_root(JsonTree const& root) {
        if (root.type != JsonType::object)
            return refuse(PatternFault::not_an_object, root, "a pattern is an object");
        if (!read_object(root, {}, conjuncts_))
            return false;
        for (auto& conjunct : conjuncts_)
            std::sort(conjunct.begin(), conjunct.end(), [&](auto a, auto b) {
                return utf16_less(pattern_.fields[a].path, pattern_.fields[b].path);
            });
        pattern_.conjuncts = std::move(conjuncts_);
        return true;
    }

    Pattern pattern() && { return std::move(pattern_); }
    PatternError error() && { return std::move(error_); }

private:
    /// Where the reader is: the keys that lead there, as a path and as a pointer.
    struct Place {
        std::string path{};
        std::string pointer{};
        std::size_t level{0};

        Place below(std::string_view key) const {
            auto const dots = static_cast<std::size_t>(std::count(key.begin(), key.end(), '.'));
            return {level == 0 ? std::string(key) : path + "." + std::string(key),
                    pointer + pointer_token(key), level + 1 + dots};
        }
    };

    bool refuse(PatternFault fault, JsonTree const& at, std::string what,
                std::string pointer = {}) {
        error_ = {fault, std::move(what), std::move(pointer), at.offset};
        return false;
    }

    bool read_object(JsonTree const& object, Place const& place, std::vector<Growing>& conjuncts) {
        if (object.items.empty())
            return refuse(PatternFault::empty_object, object, "an object is empty", place.pointer);
        if (place.level >= pattern_depth_max)
            return refuse(PatternFault::too_deep, object, "it is nested too deeply", place.pointer);
        for (std::size_t i = 0; i < object.items.size(); ++i) {
            auto const& key = object.keys[i];
            auto const& value = object.items[i];
            bool const ok = key == "$or" && is_choice(value)
                                ? read_choice(value, place, conjuncts)
                                : read_member(value, place.below(key), conjuncts);
            if (!ok)
                return false;
        }
        return true;
    }

    bool read_member(JsonTree const& value, Place const& place, std::vector<Growing>& conjuncts) {
        if (value.type == JsonType::object)
            return read_object(value, place, conjuncts);
        if (value.type != JsonType::list)
            return refuse(PatternFault::not_a_list, value,
                          fmt::format("`{}` has no list of what it may be", place.path),
                          place.pointer);
        if (value.items.empty())
            return refuse(PatternFault::empty_list, value, "a list is empty", place.pointer);
        if (place.level > pattern_depth_max)
            return refuse(PatternFault::too_deep, value, "its path has too many keys",
                          place.pointer);
        Field field{place.path, value.offset, place.pointer};
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            auto alternative = read_alternative(value.items[i]);
            if (!alternative) {
                error_ = std::move(alternative).error();
                error_.pointer = fmt::format("{}/{}{}", place.pointer, i, error_.pointer);
                return false;
            }
            field.alternatives.push_back(*std::move(alternative));
        }
        return add_field(value, std::move(field), conjuncts);
    }

    bool add_field(JsonTree const& at, Field field, std::vector<Growing>& conjuncts) {
        auto const added = static_cast<std::uint32_t>(pattern_.fields.size());
        for (auto& conjunct : conjuncts) {
            auto const same = std::find_if(conjunct.begin(), conjunct.end(), [&](auto each) {
                return pattern_.fields[each].path == field.path;
            });
            if (same != conjunct.end())
                *same = added;
            else if (conjunct.size() == fields_of_conjunct_max)
                return refuse(PatternFault::too_many_fields, at,
                              fmt::format("more than {} fields", fields_of_conjunct_max),
                              field.pointer);
            else
                conjunct.push_back(added);
        }
        pattern_.fields.push_back(std::move(field));
        return true;
    }

    /// Each branch continues each conjunct so far. `place` is where the choice stands: it adds no
    /// level to the paths.
    bool read_choice(JsonTree const& choice, Place const& place, std::vector<Growing>& conjuncts) {
        std::vector<Growing> all;
        for (std::size_t i = 0; i < choice.items.size(); ++i) {
            auto branch = conjuncts;
            Place at = place;
            at.pointer += fmt::format("/$or/{}", i);
            if (!read_object(choice.items[i], at, branch))
                return false;
            all.insert(all.end(), std::make_move_iterator(branch.begin()),
                       std::make_move_iterator(branch.end()));
            if (all.size() > conjuncts_max)
                return refuse(PatternFault::too_many_conjuncts, choice,
                              fmt::format("`$or` makes more than {} combinations", conjuncts_max),
                              place.pointer + "/$or");
        }
        conjuncts = std::move(all);
        return true;
    }

    Pattern pattern_;
    std::vector<Growing> conjuncts_{1};
    PatternError error_;
};

} // namespace

bool Field::may_be_absent() const {
    return std::ranges::any_of(alternatives,
                               [](auto const& each) { return each.test == Test::absent; });
}

std::string_view name(PatternFault fault) {
    switch (fault) {
    case PatternFault::too_long: return "too_long";
    case PatternFault::not_json: return "not_json";
    case PatternFault::too_deep: return "too_deep";
    case PatternFault::not_an_object: return "not_an_object";
    case PatternFault::empty_object: return "empty_object";
    case PatternFault::empty_list: return "empty_list";
    case PatternFault::not_a_list: return "not_a_list";
    case PatternFault::list_in_list: return "list_in_list";
    case PatternFault::operator_keys: return "operator_keys";
    case PatternFault::unknown_operator: return "unknown_operator";
    case PatternFault::wrong_operand: return "wrong_operand";
    case PatternFault::wrong_wildcard: return "wrong_wildcard";
    case PatternFault::wrong_number: return "wrong_number";
    case PatternFault::wrong_range: return "wrong_range";
    case PatternFault::wrong_network: return "wrong_network";
    case PatternFault::too_many_conjuncts: return "too_many_conjuncts";
    case PatternFault::too_many_fields: return "too_many_fields";
    }
    KONTOR_UNREACHABLE();
}

std::string_view remedy(PatternFault fault) {
    switch (fault) {
    case PatternFault::too_long: return "Split it into several rules.";
    case PatternFault::not_json: return "Write one JSON object and nothing after it.";
    case PatternFault::too_deep: return "Use fewer objects inside each other.";
    case PatternFault::not_an_object: return "Begin with {.";
    case PatternFault::empty_object: return "Name a field in it, or leave it out.";
    case PatternFault::empty_list: return "List at least one value, or leave the field out.";
    case PatternFault::not_a_list: return "Put the value in a list: [value].";
    case PatternFault::list_in_list:
        return "List values and operators; a list in an event is looked into by itself.";
    case PatternFault::operator_keys:
        return "Give each operator an object of its own: [{\"prefix\":\"a\"},{\"suffix\":\"b\"}].";
    case PatternFault::unknown_operator:
        return "Use exactly, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, "
               "exists or cidr; in anything-but prefix, suffix, equals-ignore-case or wildcard.";
    case PatternFault::wrong_operand: return "Give the operator what it takes.";
    case PatternFault::wrong_wildcard: return "Write * alone, and \\\\* or \\\\\\\\ in JSON.";
    case PatternFault::wrong_number: return "Use at most 15 digits.";
    case PatternFault::wrong_range: return "Put the smaller number first: [\">=\",1,\"<\",5].";
    case PatternFault::wrong_network:
        return "Write an address, a slash, and 0 to 31 bits for version 4 or 0 to 127 for version "
               "6: 10.0.0.0/8, 2001:db8::/32. A single address is written as a plain string.";
    case PatternFault::too_many_conjuncts: return "Split it into several rules.";
    case PatternFault::too_many_fields: return "Split it into several rules.";
    }
    KONTOR_UNREACHABLE();
}

std::string to_string(PatternError const& error) {
    return fmt::format("the pattern at {} (offset {}): {}. {}",
                       error.pointer.empty() ? "its root" : error.pointer, error.offset, error.what,
                       remedy(error.fault));
}

Result<Pattern, PatternError> compile(std::string_view text, std::size_t characters_max) {
    auto const length = count_characters(text);
    if (length > std::min(characters_max, pattern_characters_ceiling))
        return unexpected(
            PatternError{PatternFault::too_long, fmt::format("it has {} characters of at most {}",
                                                             length, characters_max)});
    auto const tree = read_json(text, brackets_max);
    if (!tree) {
        auto const fault =
            tree.error().is_too_deep ? PatternFault::too_deep : PatternFault::not_json;
        return unexpected(PatternError{fault, tree.error().what, {}, tree.error().offset});
    }
    Compiler compiler;
    if (!compiler.compile_root(*tree))
        return unexpected(std::move(compiler).error());
    return std::move(compiler).pattern();
}

} // namespace kontor::routing
