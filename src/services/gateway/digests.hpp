#pragma once

/// The few digests that the gateway needs, and base 64 that may stand in an address.   Thread: any.

#include "platform/digests/digests.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kontor::services::gateway {

using Digest = digests::Sha256;
using digests::as_text;
using digests::equal_in_constant_time;
using digests::hmac_sha256;

/// Of all parts, each preceded by its length, so that no two lists of parts look alike.
Digest sha256(std::span<std::string_view const> parts);

/// Without padding.   Source: RFC 4648 section 5.
std::string base64url(std::string_view bytes);
/// Empty text: not the one spelling that base64url gives.
std::string from_base64url(std::string_view text);

} // namespace kontor::services::gateway
