#include "adapters/aws_wire/json_form.hpp"

#include "adapters/aws_wire/limits.hpp"
#include "codec/json_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <iterator>

namespace kontor::aws_wire {
namespace {

namespace dom = simdjson::dom;

/// How deep a value may stand is the parser's own limit, so this recursion is bounded.
Value value_of(dom::element element) {
    switch (element.type()) {
    case dom::element_type::NULL_VALUE: return {};
    case dom::element_type::BOOL: return Value::boolean(bool(element));
    case dom::element_type::INT64: return Value::integer(std::int64_t(element));
    case dom::element_type::UINT64: // beyond 2^63: no parameter is so large
    case dom::element_type::DOUBLE: return Value::fraction(double(element));
    case dom::element_type::STRING: return Value::text(std::string(std::string_view(element)));
    case dom::element_type::ARRAY: {
        auto list = Value::list();
        for (auto const item : dom::array(element))
            list.add(value_of(item));
        return list;
    }
    case dom::element_type::OBJECT: {
        auto object = Value::object();
        for (auto const [name, member] : dom::object(element))
            object.set(name, value_of(member));
        return object;
    }
    }
    KONTOR_UNREACHABLE();
}

Failure no_json(std::string what) {
    return {FailureKind::invalid, std::move(what)};
}

/// Seconds with fractions, as times are written; whole ones without.
void append_fraction(std::string& out, double value) {
    fmt::format_to(std::back_inserter(out), "{}", value);
}

} // namespace

Result<Value> read_json(std::string_view text) {
    if (text.empty())
        return Value::object();
    try {
        dom::parser parser(request_bytes_max);
        if (parser.allocate(text.size(), json_depth_max) != simdjson::SUCCESS)
            return unexpected(no_json("the body is too large"));
        simdjson::padded_string const padded(text);
        auto root = parser.parse(padded);
        if (root.error() != simdjson::SUCCESS)
            return unexpected(no_json(simdjson::error_message(root.error())));
        if (!root.is_object())
            return unexpected(no_json("the body must be an object"));
        return value_of(root.value());
    } catch (simdjson::simdjson_error const& error) {
        return unexpected(no_json(error.what()));
    }
}

void append_json(std::string& out, Value const& value) {
    switch (value.kind()) {
    case ValueKind::nothing: out += "null"; return;
    case ValueKind::boolean: out += value.boolean() ? "true" : "false"; return;
    case ValueKind::integer: codec::append_number(out, value.integer()); return;
    case ValueKind::fraction: append_fraction(out, value.fraction()); return;
    case ValueKind::text: codec::append_json_text(out, value.text()); return;
    case ValueKind::list:
    case ValueKind::object:
    case ValueKind::map: break;
    }
    bool const is_list = value.kind() == ValueKind::list;
    out += is_list ? '[' : '{';
    bool is_first = true;
    for (auto const& member : value.members()) {
        if (!is_first)
            out += ',';
        is_first = false;
        if (!is_list) {
            codec::append_json_text(out, member.name);
            out += ':';
        }
        append_json(out, member.value);
    }
    out += is_list ? ']' : '}';
}

std::string to_json(Value const& value) {
    std::string text;
    append_json(text, value);
    return text;
}

} // namespace kontor::aws_wire
