#pragma once

/// The digests that AWS's wires are built of.   Thread: any.

#include "platform/digests/digests.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

using digests::as_text;
using digests::equal_in_constant_time;
using digests::hex;
using digests::hmac_sha256;
using digests::sha256;
using digests::Sha256;

/// In lower case, as SQS shows it. It guards against accidents, never against people.
/// Source: RFC 1321.
std::string md5_hex(std::string_view text);

} // namespace kontor::aws_wire
