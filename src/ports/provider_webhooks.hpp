#pragma once

/// ProviderWebhooks: the door by which a payment provider's reports come in from outside. Whoever
/// listens shows what was signed; the provider's adapter reads it and gives it to whoever collects,
/// and its receipt says that it is durable.
///
/// Invariants: 1. A report is known by the id that its sender gave it: one that comes again under
///                the same id is the same.
///             2. What is durable is taken again without effect; what is not is collected again.

#include "base/result.hpp"

#include <string_view>

namespace kontor::ports {

class ProviderWebhooks {
public:
    virtual ~ProviderWebhooks() = default;

    /// Takes a report whose signature was checked.
    /// Errors: invalid (it is no report; `where` points into it), full (too many are not durable
    ///         yet: its sender shall come again).
    /// Thread: any.   Retry: safe.
    virtual Result<void> take(std::string_view id, std::string_view body) = 0;

    /// Whether what was taken under this id is durable, or concerns nobody.   Thread: any.
    virtual bool is_durable(std::string_view id) = 0;
};

} // namespace kontor::ports
