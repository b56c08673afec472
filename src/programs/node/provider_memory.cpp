#include "programs/node/provider_memory.hpp"

#include "base/overloaded.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/payment/events.hpp"
#include "platform/processes/what_is_open.hpp"

#include <set>

namespace kontor::programs {
namespace {

constexpr ports::Limit page_size{4096};

/// Empty: nothing that a provider's book would know.
std::optional<ports::ProviderOutcome> outcome_of(payment::Event const& fact) {
    using Outcome = std::optional<ports::ProviderOutcome>;
    return std::visit(
        overloaded{
            [](payment::Authorised const& held) -> Outcome {
                return ports::MoneyAuthorised{held.amount, std::string(held.reference.view()),
                                              held.capture_before};
            },
            [](payment::Declined const& no) -> Outcome {
                return ports::CardDeclined{std::string(no.code.view()), no.may_retry};
            },
            [](payment::ActionRequired const& act) -> Outcome {
                return ports::BuyerMustAct{{}, act.until};
            },
            [](payment::Captured const& taken) -> Outcome {
                return ports::MoneyCaptured{taken.capture_id, taken.amount, taken.last};
            },
            [](payment::Voided const& given_up) -> Outcome {
                return ports::AuthorisationVoided{given_up.amount};
            },
            [](payment::AuthorisationExpired const& ended) -> Outcome {
                return ports::AuthorisationLapsed{ended.amount};
            },
            [](payment::Refunded const& given) -> Outcome {
                return ports::MoneyRefunded{given.refund_id, given.amount,
                                            std::string(given.reference.view())};
            },
            [](payment::Disputed const& opened) -> Outcome {
                return ports::DisputeOpened{opened.dispute_id, opened.amount, opened.answer_by};
            },
            [](payment::DisputeClosed const& closed) -> Outcome {
                return ports::DisputeEnded{closed.dispute_id, ports::DisputeEnd::won};
            },
            [](auto const&) -> Outcome { return std::nullopt; },
        },
        fact);
}

bool is_ours(ports::EventPage const& page, ports::RecordedEvent const& event) {
    return event.stream.category() == StreamCategory::payment &&
           page.commit_of(event).header.actor.kind != ActorKind::import;
}

/// In the sequence of the payment's facts.   Errors: unavailable, corrupt.
Result<std::vector<ports::ProviderOutcome>> outcomes_of(ports::EventStore& store,
                                                        PaymentId payment) {
    std::vector<ports::ProviderOutcome> outcomes;
    for (std::uint64_t version = 1;;) {
        KONTOR_TRY(auto const page, store.read_stream(StreamId::payment(payment),
                                                      ports::StreamVersion(version), page_size));
        if (page.empty())
            return outcomes;
        for (auto const& event : page.events) {
            version = event.version.value() + 1;
            if (!is_ours(page, event))
                continue;
            KONTOR_TRY(auto const fact, codec::decode<payment::Event>(event.type, event.payload));
            if (auto outcome = outcome_of(fact))
                outcomes.push_back(*std::move(outcome));
        }
    }
}

} // namespace

Result<void> remember_payments(ports::EventStore& store, payments::Sandbox& provider) {
    std::set<PaymentId> open;
    auto const see = [&](ports::EventPage const& page, ports::RecordedEvent const& event) {
        if (is_ours(page, event))
            open.insert(PaymentId(event.stream.id()));
        return Result<void>();
    };
    KONTOR_TRY(processes::catch_up(store, page_size, [&] { open.clear(); }, see));
    for (auto const payment : open) {
        KONTOR_TRY(auto const outcomes, outcomes_of(store, payment));
        for (auto const& outcome : outcomes)
            provider.remember(payment, outcome);
    }
    provider.ask_memory([&store](PaymentId payment) { return outcomes_of(store, payment); });
    return {};
}

} // namespace kontor::programs
