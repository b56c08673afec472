#pragma once

/// What may be asked of the audit record: to take note of what an operator does.

#include "domain/audit/events.hpp"

namespace kontor::audit {

struct TakeNote {
    std::string verb;
    std::string object;
    std::string reason;
    std::optional<std::string> before{};
    std::optional<std::string> after{};
    friend bool operator==(TakeNote const&, TakeNote const&) = default;
};

using Command = std::variant<TakeNote>;

} // namespace kontor::audit
