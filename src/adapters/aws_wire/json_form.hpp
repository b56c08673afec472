#pragma once

/// The JSON of AWS's protocols, read into Values and written from them.   Thread: any.
/// Source: Smithy, "AWS JSON 1.0 and 1.1 protocols".

#include "adapters/aws_wire/value.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

/// Reads an object; an empty text stands for an empty one.
/// Errors: invalid (no JSON, no UTF-8, no object, deeper than json_depth_max).
Result<Value> read_json(std::string_view text);

void append_json(std::string& out, Value const& value);
std::string to_json(Value const& value);

} // namespace kontor::aws_wire
