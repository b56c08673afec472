#pragma once

/// Who has a port of this machine, for people who want it: read from /proc, so only what this user
/// may see.

#include <cstdint>
#include <string>

namespace kontor::programs {

/// "nginx (process 812)"; empty: nobody, or nobody that we may see.
std::string holder_of_port(std::uint16_t port);

} // namespace kontor::programs
