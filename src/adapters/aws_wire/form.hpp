#pragma once

/// The query protocol's requests: a form whose names are paths, folded into the same tree that a
/// JSON request would be.
///
///   Attribute.1.Name=a&Attribute.1.Value=b          SQS: {"Attributes":{"a":"b"}}
///   AttributeName.1=All                             SQS: {"AttributeNames":["All"]}
///   Attributes.entry.1.key=a&….value=b              SNS: {"Attributes":{"a":"b"}}
///   Tags.member.1.Key=a&Tags.member.1.Value=b       SNS: {"Tags":[{"Key":"a","Value":"b"}]}
///
/// Everything in it is a text.   Thread: any.
/// Source: Smithy, "AWS query protocol"; the models of botocore 1.26 (SQS) and 1.43 (SNS).

#include "adapters/aws_wire/value.hpp"
#include "adapters/aws_wire/wire_error.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::aws_wire {

struct Field {
    std::string name{};
    std::string value{};
    friend bool operator==(Field const&, Field const&) = default;
};

/// Fields in their sequence, decoded: `+` is a space.
/// Errors: MalformedQueryString (a `%` without two digits, no UTF-8), MalformedInput (more than
///         form_fields_max).
/// Source: WHATWG URL, "application/x-www-form-urlencoded parsing".
Result<std::vector<Field>, WireError> read_form(std::string_view text);

/// The value of the first field of that name; empty when there is none.
std::string_view field_named(std::vector<Field> const& fields, std::string_view name);

/// Errors: MalformedInput (deeper than form_depth_max, or a name that is a text and a list).
Result<Value, WireError> fold_form(std::vector<Field> const& fields, Service service);

} // namespace kontor::aws_wire
