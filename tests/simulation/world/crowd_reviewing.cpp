/// How analytics finds an order suspicious, and what support does about it: it lets the parcel go,
/// or cancels the order, in hours or only after the alarm.

#include "tests/simulation/world/crowd.hpp"

namespace kontor::simulation {
namespace {

using OnOrder = services::On<services::Orders>;
using OnParcel = services::On<services::Fulfilments>;

} // namespace

void Crowd::suspect(OrderId order) {
    if (!risk_dice_.chance(1, 8))
        return;
    auto const after = Duration::minutes(risk_dice_.between(0, 600));
    at(clock_.now() + after, [this, order, score = risk_dice_.between(60, 100)] {
        ask(order, ActorKind::service,
            services::AdvanceCheckout{order,
                                      checkout::RiskFlagged{static_cast<std::uint32_t>(score)}});
    });
}

void Crowd::review(FulfilmentId parcel, OrderId order) {
    chaos_.reached("order.in_review");
    auto const after = Duration::minutes(risk_dice_.between(1, 72 * 60));
    bool const is_fraud = risk_dice_.chance(1, 4);
    at(clock_.now() + after, [this, parcel, order, is_fraud] {
        if (is_fraud)
            ask(order, ActorKind::operator_,
                services::Compound{
                    {OnOrder{order, order::Cancel{"it looks like fraud", ActorKind::operator_}}}});
        else
            ask(order, ActorKind::operator_,
                services::Compound{
                    {OnParcel{parcel, fulfilment::Resume{fulfilment::HoldReason::in_review}}}});
    });
}

} // namespace kontor::simulation
