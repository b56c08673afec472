#include "adapters/aws_wire/message_attributes.hpp"

#include "adapters/aws_wire/message_md5.hpp"
#include "codec/json_text.hpp"

#include <fmt/format.h>

namespace kontor::aws_wire {
namespace {

using ports::MessageAttribute;
using ports::MessageAttributes;

Unexpected<WireError> bad_attribute(std::string_view name, std::string_view why) {
    return unexpected(wire_error("InvalidParameterValue",
                                 fmt::format("The message attribute '{}' {}", name, why)));
}

Wired<MessageAttribute> read_attribute(std::string const& name, Params const& params) {
    KONTOR_TRY(auto type, params.text("DataType"));
    if (!type || type->empty())
        return bad_attribute(name, "must contain a non-empty message attribute type.");
    MessageAttribute attribute{name, *std::move(type), {}};
    KONTOR_TRY(auto text, params.text("StringValue"));
    KONTOR_TRY(auto const bytes, params.text("BinaryValue"));
    if (text.has_value() == bytes.has_value() || bytes.has_value() != is_binary(attribute))
        return bad_attribute(name, "must contain a non-empty message attribute value of its type.");
    if (text) {
        attribute.value = *std::move(text);
        return attribute;
    }
    auto const decoded = codec::parse_base64(*bytes);
    if (!decoded)
        return bad_attribute(name, "has a binary value that is no base 64.");
    attribute.value.assign(decoded->begin(), decoded->end());
    return attribute;
}

} // namespace

Wired<MessageAttributes> read_message_attributes(Params const& params, std::string_view member) {
    KONTOR_TRY(auto const each, params.objects(member));
    MessageAttributes attributes;
    for (auto const& [name, content] : each) {
        KONTOR_TRY(auto attribute, read_attribute(name, content));
        attributes.push_back(std::move(attribute));
    }
    return attributes;
}

} // namespace kontor::aws_wire
