#pragma once

/// How topics and subscriptions refuse, in AWS's words.

#include "ports/messaging_words.hpp"

#include <fmt/format.h>

namespace kontor::topics {

inline auto refuse(ports::MessagingFault fault, std::string what) {
    return unexpected(ports::MessagingRefusal{fault, std::move(what)});
}

inline auto refuse_parameter(std::string_view reason) {
    return refuse(ports::MessagingFault::invalid, fmt::format("Invalid parameter: {}", reason));
}

inline auto refuse_owned(std::string_view name) {
    return refuse(ports::MessagingFault::access_denied,
                  fmt::format("{} belongs to the topology: change it there.", name));
}

} // namespace kontor::topics
