#pragma once

/// What one connection makes of bytes: the requests that the shop saw, and why the rest was
/// refused.

#include "adapters/http/faults.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::testing {

struct Understood {
    std::vector<std::string> requests{}; ///< "POST /path?query body"
    std::string refusal{};               ///< the message of the problem; empty: none, it may wait

    friend bool operator==(Understood const&, Understood const&) = default;
};

/// Gives the bytes to a session in pieces of `step` and answers each request at once.
Understood give_to_session(std::string_view bytes, std::size_t step);

} // namespace kontor::testing
