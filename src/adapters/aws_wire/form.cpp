#include "adapters/aws_wire/form.hpp"

#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace kontor::aws_wire {
namespace {

int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    auto const lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Empty: a `%` without two digits.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size() || digit_of(text[i + 1]) < 0 || digit_of(text[i + 2]) < 0)
            return std::nullopt;
        out += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
        i += 2;
    }
    return out;
}

WireError malformed(std::string says) {
    return wire_error("MalformedInput", std::move(says));
}

/// Of a flattened list or map of SQS: what it is called in the form and in JSON.
struct Flattened {
    std::string_view form;
    std::string_view json;
    std::string_view key{};   ///< of a map; of a list empty
    std::string_view value{}; ///< of a map
};
constexpr std::array<Flattened, 13> flattened_by_sqs{{
    {"Attribute", "Attributes", "Name", "Value"},
    {"MessageAttribute", "MessageAttributes", "Name", "Value"},
    {"MessageSystemAttribute", "MessageSystemAttributes", "Name", "Value"},
    {"Tag", "Tags", "Key", "Value"},
    {"AttributeName", "AttributeNames"},
    {"MessageAttributeName", "MessageAttributeNames"},
    {"MessageSystemAttributeName", "MessageSystemAttributeNames"},
    {"TagKey", "TagKeys"},
    {"AWSAccountId", "AWSAccountIds"},
    {"ActionName", "Actions"},
    {"SendMessageBatchRequestEntry", "Entries"},
    {"DeleteMessageBatchRequestEntry", "Entries"},
    {"ChangeMessageVisibilityBatchRequestEntry", "Entries"},
}};

/// A number from 1 on; zero: none.
std::uint32_t index_of(std::string_view text) {
    std::uint32_t index = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    return error == std::errc{} && end == text.data() + text.size() ? index : 0;
}

/// Puts a value where its path leads. False: a text stands there already.
bool put(Value& root, std::string_view path, std::string const& text) {
    auto* at = &root;
    while (true) {
        auto const dot = path.find('.');
        auto const step = path.substr(0, dot);
        if (at->kind() != ValueKind::object)
            return false;
        auto* next = at->find(step);
        bool const is_last = dot == path.npos;
        if (next == nullptr) {
            at->set(step, is_last ? Value::text(text) : Value::object());
            next = &at->members().back().value;
        } else if (is_last) {
            return false; // it stands twice
        }
        if (is_last)
            return true;
        path.remove_prefix(dot + 1);
        at = next;
    }
}

/// Whether all members are numbered; no members are no numbers.
bool is_numbered(Value const& value) {
    return value.kind() == ValueKind::object && !value.members().empty() &&
           std::ranges::all_of(value.members(),
                               [](Member const& member) { return index_of(member.name) > 0; });
}

Value fold(Value&& value, Service service);

Value as_list(Value&& numbered, Service service) {
    auto members = std::move(numbered.members());
    std::ranges::stable_sort(members, {}, [](Member const& each) { return index_of(each.name); });
    auto list = Value::list();
    for (auto& member : members)
        list.add(fold(std::move(member.value), service));
    return list;
}

/// The entries of a map, each an object with a key and a value. Empty: not all of them are.
std::optional<Value> as_map(Value const& numbered, std::string_view key, std::string_view value,
                            Service service) {
    auto map = Value::map();
    for (auto const& entry : numbered.members()) {
        auto const* const name = entry.value.find(key);
        auto const* const content = entry.value.find(value);
        if (name == nullptr || name->kind() != ValueKind::text || content == nullptr)
            return std::nullopt;
        map.set(name->text(), fold(Value(*content), service));
    }
    return map;
}

/// A member of an object of SNS: its lists are `member.N`, its maps `entry.N`.
Value fold_nested(Value&& value, Service service) {
    if (value.kind() != ValueKind::object || value.members().size() != 1 ||
        !is_numbered(value.members().front().value))
        return fold(std::move(value), service);
    auto& only = value.members().front();
    if (only.name == "member")
        return as_list(std::move(only.value), service);
    if (only.name == "entry") {
        for (auto const& [key, content] : {std::pair{"key", "value"}, std::pair{"Name", "Value"}})
            if (auto map = as_map(only.value, key, content, service))
                return std::move(*map);
    }
    return fold(std::move(value), service);
}

Value fold(Value&& value, Service service) {
    if (value.kind() != ValueKind::object)
        return std::move(value);
    auto object = Value::object();
    for (auto& [name, content] : value.members()) {
        auto const* const form = std::ranges::find(flattened_by_sqs, name, &Flattened::form);
        bool const is_flattened =
            service == Service::sqs && form != flattened_by_sqs.end() && is_numbered(content);
        if (!is_flattened) {
            object.set(name, fold_nested(std::move(content), service));
        } else if (form->key.empty()) {
            object.set(form->json, as_list(std::move(content), service));
        } else if (auto map = as_map(content, form->key, form->value, service)) {
            object.set(form->json, std::move(*map));
        }
    }
    return object;
}

} // namespace

Result<std::vector<Field>, WireError> read_form(std::string_view text) {
    std::vector<Field> fields;
    while (!text.empty()) {
        auto const part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        if (part.empty())
            continue;
        if (fields.size() == form_fields_max)
            return unexpected(malformed(fmt::format("More than {} fields.", form_fields_max)));
        auto const equals = std::min(part.find('='), part.size());
        auto name = decoded(part.substr(0, equals));
        auto value = decoded(part.substr(std::min(equals + 1, part.size())));
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) {
            auto error =
                wire_error("MalformedQueryString", "The query string contains a syntax error.");
            error.status = 404; // as AWS's list of shared errors has it
            return unexpected(std::move(error));
        }
        fields.push_back({std::move(*name), std::move(*value)});
    }
    return fields;
}

std::string_view field_named(std::vector<Field> const& fields, std::string_view name) {
    auto const found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

Result<Value, WireError> fold_form(std::vector<Field> const& fields, Service service) {
    auto root = Value::object();
    for (auto const& [name, value] : fields) {
        auto const dots = static_cast<std::size_t>(std::ranges::count(name, '.'));
        if (dots > form_depth_max)
            return unexpected(malformed(fmt::format("{} is nested too deeply.", name)));
        if (!put(root, name, value))
            return unexpected(malformed(fmt::format("{} contradicts another parameter.", name)));
    }
    return fold(std::move(root), service);
}

} // namespace kontor::aws_wire
