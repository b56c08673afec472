#include "services/gateway/bus_calls.hpp"

namespace kontor::services::gateway {

Trouble trouble_of(ports::MessagingRefusal const& refusal, BusProblems const& problems) {
    using ports::MessagingFault;
    switch (refusal.fault) {
    case MessagingFault::not_found: return trouble(problems.unknown, refusal.what);
    case MessagingFault::already_exists: return trouble(problems.exists, refusal.what);
    case MessagingFault::illegal_status: return trouble(problems.ended, refusal.what);
    case MessagingFault::access_denied: return trouble(problems.owned, refusal.what);
    case MessagingFault::invalid:
    case MessagingFault::invalid_pattern:
    case MessagingFault::unsupported: return trouble(problems.refused, refusal.what);
    case MessagingFault::limit_exceeded: return trouble(problems.too_many, refusal.what);
    case MessagingFault::concurrent_modification:
    case MessagingFault::throttled:
    case MessagingFault::unavailable: return retry(trouble("unavailable", refusal.what));
    }
    KONTOR_UNREACHABLE();
}

Result<ports::PageWish, Trouble> names_asked(Parts const& parts, Asked const& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    ports::PageWish wish;
    wish.prefix = asked.parameter("prefix").value_or("");
    wish.after = page.after.value_or("");
    wish.limit = std::min(page.limit, ports::page_items_max);
    return wish;
}

} // namespace kontor::services::gateway
