#include "services/gateway/settled.hpp"

#include "base/overloaded.hpp"
#include "services/shop/aggregates.hpp"

namespace kontor::services::gateway {
namespace {

using By = std::optional<SettledBy>;

/// What is looked at of a stream at once.
constexpr ports::Limit settling_page(64);

/// Whether a fact ends what `placed`, `payment_offered` and `edit_opened` begin.
bool settles(order::Event const& fact) {
    return !std::holds_alternative<order::Placed>(fact) &&
           !std::holds_alternative<order::PaymentOffered>(fact) &&
           !std::holds_alternative<order::AddressChanged>(fact) &&
           !std::holds_alternative<order::EditOpened>(fact);
}

/// Whether somebody must do something about an attempt to be paid before it goes on.
bool awaits_buyer(payment::Event const& fact) {
    return std::holds_alternative<payment::Declined>(fact) ||
           std::holds_alternative<payment::ActionRequired>(fact);
}

/// Whether a fact is the provider's yes or no, and not a step on the way to it.
bool is_outcome(payment::Event const& fact) {
    return !std::holds_alternative<payment::OutcomeUnknown>(fact) &&
           !std::holds_alternative<payment::RefundPending>(fact) &&
           !std::holds_alternative<payment::Disputed>(fact) &&
           !std::holds_alternative<payment::DisputeClosed>(fact);
}

bool ends_refund(payment::Event const& fact, RefundId id) {
    auto const* const done = std::get_if<payment::Refunded>(&fact);
    auto const* const failed = std::get_if<payment::RefundFailed>(&fact);
    return (done != nullptr && done->refund_id == id) ||
           (failed != nullptr && failed->refund_id == id);
}

/// The first durable fact of a stream, from a version on, of which this is true.
template <class Aggregate, class Is>
Result<By> first_fact(Parts& parts, StreamId const& stream, ports::StreamVersion from, Is&& is) {
    auto const durable = parts.log.durable().position;
    for (;;) {
        KONTOR_TRY(auto const page, parts.log.read_stream(stream, from, settling_page));
        for (auto const& event : page.events) {
            if (event.position > durable)
                return By();
            KONTOR_TRY(auto const fact, Aggregate::decode(event.type, event.payload));
            if (is(fact))
                return By(SettledBy{stream, event.version, event.position});
        }
        if (page.events.size() < settling_page.value())
            return By();
        from = ports::StreamVersion(page.events.back().version.value() + 1);
    }
}

constexpr ports::StreamVersion first_version(1);

ports::StreamVersion version_behind(ports::StreamVersion version) {
    return ports::StreamVersion(version.value() + 1);
}

/// The fact of the order that the write brought about.   Errors: unavailable, corrupt.
Result<order::Event> fact_written(Parts& parts, Seen const& seen) {
    KONTOR_TRY(auto const page, parts.log.read_stream(seen.stream, seen.version, ports::Limit(1)));
    if (page.empty())
        return unexpected(
            Failure{FailureKind::corrupt, "what was written is gone", seen.stream.to_string()});
    auto const& event = page.events.front();
    return Orders::decode(event.type, event.payload);
}

Result<By> order_settled_by(Parts& parts, Seen const& seen) {
    return first_fact<Orders>(parts, seen.stream, version_behind(seen.version),
                              [](order::Event const& fact) { return settles(fact); });
}

/// The order goes on, or the buyer must: whichever came first.
Result<By> paid_or_not(Parts& parts, Seen const& seen, std::uint32_t attempt) {
    KONTOR_TRY(auto const by_order, order_settled_by(parts, seen));
    if (by_order)
        return by_order;
    auto const payment = checkout::payment_id(OrderId(seen.stream.id()), attempt);
    return first_fact<Payments>(parts, StreamId::payment(payment), first_version, awaits_buyer);
}

} // namespace

Result<bool> is_settling(Parts& parts, Seen const& seen) {
    if (seen.status != 201 && seen.status != 202)
        return false;
    if (seen.stream.category() != StreamCategory::order)
        return seen.stream.category() == StreamCategory::payment;
    KONTOR_TRY(auto const fact, fact_written(parts, seen));
    return !settles(fact) || std::holds_alternative<order::RefundGranted>(fact);
}

Result<By> settled_by(Parts& parts, Seen const& seen) {
    if (seen.stream.category() == StreamCategory::payment)
        return first_fact<Payments>(parts, seen.stream, version_behind(seen.version), is_outcome);
    KONTOR_TRY(auto const fact, fact_written(parts, seen));
    return std::visit(
        overloaded{
            [&](order::Placed const&) { return paid_or_not(parts, seen, 1); },
            [&](order::PaymentOffered const& it) { return paid_or_not(parts, seen, it.attempt); },
            [&](order::RefundGranted const& it) {
                return first_fact<Payments>(parts, StreamId::payment(it.payment_id), first_version,
                                            [&](payment::Event const& fact_of_payment) {
                                                return ends_refund(fact_of_payment, it.refund_id);
                                            });
            },
            [&](auto const&) { return order_settled_by(parts, seen); },
        },
        fact);
}

Result<ports::Position> position_of(ports::EventStore& log, StreamId const& stream,
                                    ports::StreamVersion version) {
    KONTOR_TRY(auto const page, log.read_stream(stream, version, ports::Limit(1)));
    if (page.empty() || page.events.front().version != version)
        return unexpected(Failure{FailureKind::corrupt, "a remembered fact is gone",
                                  stream.to_string() + " " + std::to_string(version.value())});
    return page.events.front().position;
}

} // namespace kontor::services::gateway
