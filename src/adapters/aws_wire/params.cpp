#include "adapters/aws_wire/params.hpp"

#include <fmt/format.h>

#include <charconv>

namespace kontor::aws_wire {

WireError missing_parameter(std::string_view name) {
    auto error = wire_error("MissingParameter",
                            fmt::format("The request must contain the parameter {}.", name));
    return error;
}

WireError invalid_value(std::string_view value, std::string_view name, std::string_view reason) {
    return wire_error(
        "InvalidParameterValue",
        fmt::format("Value {} for parameter {} is invalid. Reason: {}", value, name, reason));
}

WireError Params::ill_typed(std::string_view name, std::string_view wanted) const {
    if (protocol_ == Protocol::query)
        return wire_error("MalformedInput", fmt::format("{} must be {}.", name, wanted));
    return wire_error("SerializationException", fmt::format("{} must be {}.", name, wanted));
}

bool Params::has(std::string_view name) const {
    auto const* const value = root_->find(name);
    return value != nullptr && !value->is_nothing();
}

Wired<std::optional<std::string>> Params::text(std::string_view name) const {
    if (!has(name))
        return std::optional<std::string>();
    auto const& value = *root_->find(name);
    if (value.kind() != ValueKind::text)
        return unexpected(ill_typed(name, "a string"));
    return std::optional(value.text());
}

Wired<std::string> Params::needed_text(std::string_view name) const {
    KONTOR_TRY(auto value, text(name));
    if (!value || value->empty())
        return unexpected(missing_parameter(name));
    return std::move(*value);
}

Wired<std::optional<std::int64_t>> Params::number(std::string_view name, NumberRange range) const {
    if (!has(name))
        return std::optional<std::int64_t>();
    auto const& value = *root_->find(name);
    std::int64_t number = 0;
    if (value.kind() == ValueKind::integer) {
        number = value.integer();
    } else if (value.kind() == ValueKind::text && protocol_ == Protocol::query) {
        auto const& digits = value.text();
        auto const [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty())
            return unexpected(invalid_value(digits, name, "Must be a whole number."));
    } else {
        return unexpected(ill_typed(name, "a whole number"));
    }
    if (number < range.least || number > range.most)
        return unexpected(invalid_value(
            std::to_string(number), name,
            fmt::format("Must be between {} and {}, if provided.", range.least, range.most)));
    return std::optional(number);
}

Wired<std::optional<bool>> Params::boolean(std::string_view name) const {
    if (!has(name))
        return std::optional<bool>();
    auto const& value = *root_->find(name);
    if (value.kind() == ValueKind::boolean)
        return std::optional(value.boolean());
    bool const is_word = value.kind() == ValueKind::text && protocol_ == Protocol::query &&
                         (value.text() == "true" || value.text() == "false");
    if (!is_word)
        return unexpected(ill_typed(name, "true or false"));
    return std::optional(value.text() == "true");
}

Value const* Params::find_many(std::string_view name) const {
    auto const* const value = has(name) ? root_->find(name) : nullptr;
    bool const is_empty = value != nullptr && protocol_ == Protocol::query &&
                          value->kind() == ValueKind::text && value->text().empty();
    return is_empty ? nullptr : value;
}

Wired<std::vector<std::string>> Params::texts(std::string_view name) const {
    std::vector<std::string> found;
    auto const* const many = find_many(name);
    if (many == nullptr)
        return found;
    auto const& value = *many;
    if (value.kind() != ValueKind::list)
        return unexpected(ill_typed(name, "a list of strings"));
    for (auto const& item : value.members()) {
        if (item.value.kind() != ValueKind::text)
            return unexpected(ill_typed(name, "a list of strings"));
        found.push_back(item.value.text());
    }
    return found;
}

Wired<std::map<std::string, std::string>> Params::named_texts(std::string_view name) const {
    std::map<std::string, std::string> found;
    auto const* const many = find_many(name);
    if (many == nullptr)
        return found;
    auto const& value = *many;
    if (value.kind() != ValueKind::object && value.kind() != ValueKind::map)
        return unexpected(ill_typed(name, "a map of strings"));
    for (auto const& [key, content] : value.members()) {
        if (content.kind() != ValueKind::text)
            return unexpected(ill_typed(name, "a map of strings"));
        found[key] = content.text();
    }
    return found;
}

Wired<std::vector<std::pair<std::string, Params>>> Params::objects(std::string_view name) const {
    std::vector<std::pair<std::string, Params>> found;
    auto const* const many = find_many(name);
    if (many == nullptr)
        return found;
    auto const& value = *many;
    bool const is_many = value.kind() == ValueKind::list || value.kind() == ValueKind::object ||
                         value.kind() == ValueKind::map;
    if (!is_many)
        return unexpected(ill_typed(name, "a list or map of structures"));
    for (auto const& [key, content] : value.members()) {
        if (content.kind() != ValueKind::object)
            return unexpected(ill_typed(name, "a list or map of structures"));
        found.emplace_back(key, Params(content, protocol_));
    }
    return found;
}

Wired<std::optional<Params>> Params::object(std::string_view name) const {
    if (!has(name))
        return std::optional<Params>();
    auto const& value = *root_->find(name);
    if (value.kind() != ValueKind::object && value.kind() != ValueKind::map)
        return unexpected(ill_typed(name, "a structure"));
    return std::optional(Params(value, protocol_));
}

Wired<std::optional<Instant>> Params::instant(std::string_view name) const {
    if (!has(name))
        return std::optional<Instant>();
    auto const& value = *root_->find(name);
    bool const is_whole = value.kind() == ValueKind::integer;
    if (!is_whole && value.kind() != ValueKind::fraction)
        return unexpected(ill_typed(name, "a time in seconds since 1970"));
    auto const seconds = is_whole ? static_cast<double>(value.integer()) : value.fraction();
    constexpr double seconds_most = 253'402'300'799; // the end of the year 9999
    constexpr double microseconds = 1'000'000;
    if (!(seconds >= 0 && seconds <= seconds_most))
        return unexpected(ill_typed(name, "a time between 1970 and 9999"));
    return std::optional(
        Instant::from_unix_microseconds(static_cast<std::int64_t>(seconds * microseconds)));
}

} // namespace kontor::aws_wire
