#include "codec/json_document.hpp"

#include "codec/json_fault.hpp"

#include <simdjson.h>

#include <bit>
#include <cstring>
#include <vector>

namespace kontor::codec {
namespace dom = simdjson::dom;

/// A dom::element is a reference of two words to the parser's tape. Keeping it as two words keeps
/// the parser's header out of ours.
struct JsonNode::Element {
    static_assert(sizeof(dom::element) == sizeof(JsonNode::element_));
    static_assert(std::is_trivially_copyable_v<dom::element>);

    static JsonNode node(dom::element element) {
        JsonNode node;
        node.element_ = std::bit_cast<decltype(node.element_)>(element);
        return node;
    }
    static dom::element of(JsonNode const& node) {
        return std::bit_cast<dom::element>(node.element_);
    }
};

JsonKind JsonNode::kind() const {
    switch (Element::of(*this).type()) {
    case dom::element_type::ARRAY: return JsonKind::list;
    case dom::element_type::OBJECT: return JsonKind::object;
    case dom::element_type::INT64:
    case dom::element_type::UINT64: return JsonKind::integer;
    case dom::element_type::DOUBLE: return JsonKind::fraction;
    case dom::element_type::STRING: return JsonKind::text;
    case dom::element_type::BOOL: return JsonKind::boolean;
    case dom::element_type::NULL_VALUE: return JsonKind::null;
    }
    KONTOR_UNREACHABLE();
}

bool JsonNode::boolean() const {
    return Element::of(*this).get_bool().value_unsafe();
}

std::string_view JsonNode::text() const {
    return Element::of(*this).get_string().value_unsafe();
}

std::optional<std::int64_t> JsonNode::signed_number() const {
    std::int64_t number = 0;
    if (kind() != JsonKind::integer || Element::of(*this).get_int64().get(number))
        return std::nullopt;
    return number;
}

std::optional<std::uint64_t> JsonNode::unsigned_number() const {
    std::uint64_t number = 0;
    if (kind() != JsonKind::integer || Element::of(*this).get_uint64().get(number))
        return std::nullopt;
    return number;
}

std::size_t JsonNode::size() const {
    // NOTE: the parser's own size() stops counting at 16,777,215.
    std::size_t count = 0;
    dom::array const items = Element::of(*this).get_array().value_unsafe();
    for ([[maybe_unused]] auto const item : items)
        ++count;
    return count;
}

void JsonNode::visit_items(Visit visit, void* to) const {
    dom::array const items = Element::of(*this).get_array().value_unsafe();
    for (auto const item : items)
        if (!visit(to, {}, Element::node(item)))
            return;
}

void JsonNode::visit_members(Visit visit, void* to) const {
    dom::object const members = Element::of(*this).get_object().value_unsafe();
    for (auto const member : members)
        if (!visit(to, member.key, Element::node(member.value)))
            return;
}

struct JsonDocument::Parser {
    dom::parser parser;
    std::vector<char> padded;
};

JsonDocument::JsonDocument() : parser_(std::make_unique<Parser>()) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

Result<JsonNode> JsonDocument::parse(std::string_view text) {
    auto const refuse = [text](simdjson::error_code code) {
        auto const at = json_fault_at(text);
        bool const is_number = code == simdjson::NUMBER_ERROR;
        if (is_number && !at) // it is one, but for the parser
            return unexpected(Failure{FailureKind::invalid,
                                      "a number in it is too large: it takes more than 64 bits"});
        auto what = std::string("no JSON: ") + simdjson::error_message(code);
        if (at && *at < text.size())
            what += " (what begins with byte " + std::to_string(*at + 1) + " does not fit there)";
        else if (at)
            what += " (it ends too early, after byte " + std::to_string(*at) + ")";
        return unexpected(Failure{FailureKind::invalid, std::move(what)});
    };
    auto& [parser, padded] = *parser_;
    if (parser.capacity() < text.size())
        if (auto const error = parser.allocate(text.size(), depth_max))
            return refuse(error);
    padded.assign(text.begin(), text.end());
    padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    dom::element root;
    if (auto const error = parser.parse(padded.data(), text.size(), false).get(root))
        return refuse(error);
    return JsonNode::Element::node(root);
}

} // namespace kontor::codec
