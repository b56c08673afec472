#include "programs/node/provider_memory.hpp"

#include "base/overloaded.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/payment/events.hpp"

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

} // namespace

Result<void> remember_payments(ports::EventStore& store, payments::Sandbox& provider) {
    ports::Position position{};
    for (;;) {
        KONTOR_TRY(auto const page, store.read_log(position, page_size));
        if (page.empty())
            return {};
        for (auto const& event : page.events) {
            position = event.position;
            bool const is_ours = event.stream.category() == StreamCategory::payment &&
                                 page.commit_of(event).header.actor.kind != ActorKind::import;
            if (!is_ours)
                continue;
            KONTOR_TRY(auto const fact, codec::decode<payment::Event>(event.type, event.payload));
            if (auto const outcome = outcome_of(fact))
                provider.remember(PaymentId(event.stream.id()), *outcome);
        }
    }
}

} // namespace kontor::programs
