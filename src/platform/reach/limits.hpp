#pragma once

/// Limits of URLs that others give us. What is longer is refused.

#include <cstddef>

namespace kontor::reach {

inline constexpr std::size_t url_bytes_max = 2'048;
/// Of a name.   Source: RFC 1035 section 2.3.4.
inline constexpr std::size_t host_bytes_max = 253;
inline constexpr std::size_t label_bytes_max = 63;

static_assert(host_bytes_max < url_bytes_max);

} // namespace kontor::reach
