#include "services/gateway/shedding.hpp"

#include "base/assert.hpp"
#include "platform/commands/limits.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using resilience::Urgency;

/// A path under one of these, or this itself.
template <std::size_t N>
bool lies_under(std::string_view path, std::array<std::string_view, N> const& places) {
    return std::ranges::any_of(places, [&](std::string_view place) {
        return path.starts_with(place) &&
               (path.size() == place.size() || path[place.size()] == '/');
    });
}

constexpr std::array<std::string_view, 3> analytics{"/v1/events", "/v1/ledger", "/v1/sheets"};
constexpr std::array<std::string_view, 7> shop_windows{
    "/v1/products", "/v1/shipping-methods", "/v1/payment-methods",
    "/v1/coupons",  "/v1/inventory",        "/v1/customers",
    "/docs"};

bool is_long_list(std::string_view path) {
    return path.ends_with("/timeline") || path.ends_with("/movements") || path.ends_with("/export");
}

bool is_probe(std::string_view path) {
    return path == "/readyz" || path == "/healthz";
}

/// How much of the backlog counts for this request: it comes from new orders, and whoever operates
/// the shop or asks whether it lives must get through whatever comes.
std::uint64_t weight_of(Request const& request, Urgency urgency, std::uint64_t backlog) {
    constexpr std::array<std::string_view, 2> sales{"/v1/orders", "/v1/orders/batch"};
    constexpr std::array<std::string_view, 1> operations{"/v1/ops"};
    if (is_probe(request.path) || lies_under(request.path, operations))
        return 0;
    bool const is_new_order = std::ranges::find(sales, request.path) != sales.end();
    return urgency == Urgency::checkout && !is_new_order ? backlog / 2 : backlog;
}

} // namespace

Urgency urgency_of(Method method, std::string_view path) {
    if (lies_under(path, analytics) || is_long_list(path))
        return Urgency::analytics;
    // A probe that is refused would take the server out of the balancer's hands.
    if (!is_safe(method) || is_probe(path))
        return Urgency::checkout;
    return lies_under(path, shop_windows) ? Urgency::browse : Urgency::status;
}

void Shedder::take_back(std::uint64_t ticket) {
    auto const found = std::ranges::lower_bound(at_desk_, ticket, {}, &HandedIn::ticket);
    KONTOR_ASSERT(found != at_desk_.end() && found->ticket == ticket && !found->is_answered,
                  "ticket {} is not at the desk", ticket);
    found->is_answered = true;
    while (!at_desk_.empty() && at_desk_.front().is_answered)
        at_desk_.pop_front();
    --waiting_;
}

std::optional<Urgency> Shedder::shed(Request const& request, Duration now,
                                     std::uint64_t backlog) const {
    auto const urgency = urgency_of(request.method, request.path);
    auto const oldest = at_desk_.empty() ? request.arrived : at_desk_.front().since;
    resilience::Load const load{.waiting = waiting_,
                                .waiting_max = commands::inbox_max,
                                .age = now - std::min(oldest, request.arrived),
                                .backlog = weight_of(request, urgency, backlog)};
    return resilience::is_shed(urgency, load) ? std::optional(urgency) : std::nullopt;
}

} // namespace kontor::services::gateway
