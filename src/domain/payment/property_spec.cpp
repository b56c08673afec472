// The law of money, over random histories, checked by three sums of facts alone.

#include "domain/payment/payment.hpp"

#include "base/overloaded.hpp"
#include "tests/support/draw.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace kontor::payment {
namespace {

using testing::between;
using testing::one_of;

Money some_money() {
    auto const minor = *between<std::int64_t>(-1, 12);
    return Money::of(minor, *between(0, 20) == 0 ? Currency::eur() : Currency::gbp());
}
Instant some_instant() {
    return Instant::from_unix_microseconds(*between<std::int64_t>(0, 10));
}
Source some_source() {
    return *rc::gen::element(Source::answer, Source::webhook, Source::book, Source::book);
}
Id128 some_id() {
    return Id128(1, *between<std::uint64_t>(1, 5));
}

Command random_outcome() {
    switch (*between(0, 24)) {
    case 0:
        return RecordAuthorised{.order_id = OrderId(),
                                .amount = Money::of(*between<std::int64_t>(0, 60), Currency::gbp()),
                                .provider = {},
                                .reference = {},
                                .capture_before = some_instant(),
                                .source = some_source()};
    case 1: return RecordDeclined{OrderId(), 1, {}, false, some_source()};
    case 2: return RecordActionRequired{OrderId(), Personal<std::string>(), some_instant()};
    case 3: {
        auto const operation = *rc::gen::element(OperationKind::authorise, OperationKind::capture,
                                                 OperationKind::void_, OperationKind::refund);
        return RecordUnknown{operation, some_id(), some_money(), UnknownCause::timed_out};
    }
    case 4: return RecordVoided{};
    case 5: return RecordAuthorisationExpired{};
    case 6: return RecordCaptureFailed{CaptureId(some_id()), {}};
    case 7: return RecordRefundFailed{RefundId(some_id()), {}};
    case 8: return RecordDisputed{DisputeId(some_id()), some_money(), some_instant()};
    case 9: {
        auto const outcome = *rc::gen::element(DisputeOutcome::won, DisputeOutcome::lost);
        return RecordDisputeClosed{DisputeId(some_id()), outcome};
    }
    case 10:
    case 11:
    case 12:
    case 13:
    case 14: return Refund{RefundId(some_id()), some_money()};
    case 15: return RecordRefunded{RefundId(some_id()), some_money(), {}, some_source()};
    default: return RecordCaptured{CaptureId(some_id()), some_money(), *between(0, 12) == 0, {}};
    }
}

// Often the outcome of a refund that somebody asked for, in its own amount.
Command random_command(State const& state) {
    auto const* const granted = std::get_if<Granted>(&state);
    if (granted == nullptr || granted->refunds.empty() || *between(0, 2) == 0)
        return random_outcome();
    auto const& refund = granted->refunds[*between<std::size_t>(0, granted->refunds.size())];
    if (*between(0, 2) == 0)
        return RecordRefunded{refund.id, refund.amount, {}, some_source()};
    return RecordRefundFailed{refund.id, {}};
}

/// The three sums of a payment, from its facts alone, and what is on its way.
struct Sums {
    std::int64_t authorised{0};
    std::int64_t captured{0};
    std::int64_t refunded{0};
    std::map<RefundId, std::int64_t> pending{};
    std::set<CaptureId> captures{};
    std::set<RefundId> settled{};

    void add(Event const& event) {
        std::visit(overloaded{[&](Authorised const& e) { authorised += e.amount.minor(); },
                              [&](Captured const& e) {
                                  RC_ASSERT(captures.insert(e.capture_id).second);
                                  RC_ASSERT(e.amount.minor() > 0);
                                  captured += e.amount.minor();
                              },
                              [&](RefundPending const& e) {
                                  RC_ASSERT(e.amount.minor() > 0);
                                  pending[e.refund_id] = e.amount.minor();
                              },
                              [&](Refunded const& e) {
                                  RC_ASSERT(settled.insert(e.refund_id).second);
                                  pending.erase(e.refund_id);
                                  refunded += e.amount.minor();
                              },
                              [&](RefundFailed const& e) { pending.erase(e.refund_id); },
                              [](auto const&) {}},
                   event);
    }
    std::int64_t on_its_way() const {
        std::int64_t sum = 0;
        for (auto const& [id, amount] : pending)
            sum += amount;
        return sum;
    }
};

// One random history; `see` is told every decision that was taken.
template <class See>
void live(See see) {
    State state = Decider::initial();
    auto const wishes = *between(0, 400);
    for (int wish = 0; wish < wishes; ++wish) {
        Context const context{.now = some_instant(), .command_id = {}};
        auto const command = random_command(state);
        auto const decision = Decider::decide(state, command, context);
        auto before = state;
        if (decision)
            state = fold<Decider>(std::move(state), *decision);
        see(before, command, context, decision, state);
    }
}

RC_GTEST_PROP(PaymentProperty, authorised_is_never_less_than_captured_nor_that_than_refunded, ()) {
    Sums sums;
    live([&](State const&, Command const&, Context const&, Decision const& decision,
             State const& state) {
        if (!decision)
            return;
        for (auto const& event : *decision)
            sums.add(event);
        RC_ASSERT(sums.authorised >= sums.captured);
        RC_ASSERT(sums.captured >= sums.refunded + sums.on_its_way());
        RC_ASSERT(sums.refunded >= 0);
        if (auto const* const granted = std::get_if<Granted>(&state)) {
            RC_ASSERT(granted->captured.minor() == sums.captured);
            RC_ASSERT(granted->refunded.minor() == sums.refunded);
            RC_ASSERT(granted->pending.minor() == sums.on_its_way());
        }
    });
}

RC_GTEST_PROP(PaymentProperty, nothing_is_captured_after_the_rest_was_given_up, ()) {
    bool ended = false;
    live([&](State const&, Command const&, Context const&, Decision const& decision, State const&) {
        if (!decision)
            return;
        for (auto const& event : *decision) {
            auto const* const captured = std::get_if<Captured>(&event);
            RC_ASSERT((captured == nullptr || !ended));
            ended = ended || (captured != nullptr && captured->last) ||
                    std::holds_alternative<Voided>(event) ||
                    std::holds_alternative<AuthorisationExpired>(event);
        }
    });
}

RC_GTEST_PROP(PaymentProperty, a_command_repeated_on_its_own_outcome_changes_nothing, ()) {
    live([](State const&, Command const& command, Context const& context, Decision const& decision,
            State const& state) {
        if (!decision)
            return;
        auto const again = Decider::decide(state, command, context);
        RC_ASSERT((!again || again->empty()));
    });
}

RC_GTEST_PROP(PaymentProperty, what_the_provider_may_be_asked_can_be_recorded, ()) {
    live([](State const& before, Command const& command, Context const& context,
            Decision const& decision, State const&) {
        auto const* const capture = std::get_if<RecordCaptured>(&command);
        if (capture == nullptr)
            return;
        auto const permitted =
            permits(before, {OperationKind::capture, capture->capture_id.value(), capture->amount},
                    context);
        RC_ASSERT((!permitted || (decision && decision->size() == 1)));
    });
}

} // namespace
} // namespace kontor::payment
