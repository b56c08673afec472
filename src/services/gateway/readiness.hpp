#pragma once

/// Readiness: what must be so before anybody should ask a server, as `/readyz` tells it.

#include <functional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

struct ReadyCheck {
    std::string name;
    bool is_good{true};
    std::string what{}; ///< why not
};

/// Asked anew for each answer. Empty: whoever answers is ready.
using ReadyChecks = std::function<std::vector<ReadyCheck>()>;

} // namespace kontor::services::gateway
