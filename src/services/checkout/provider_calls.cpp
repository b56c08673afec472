#include "services/checkout/provider_calls.hpp"

#include "base/overloaded.hpp"
#include "base/transient.hpp"

#include <algorithm>

namespace kontor::services {
namespace {

ports::PaymentOperation operation_of(payment::OperationKind kind) {
    switch (kind) {
    case payment::OperationKind::authorise: return ports::PaymentOperation::authorise;
    case payment::OperationKind::capture: return ports::PaymentOperation::capture;
    case payment::OperationKind::void_: return ports::PaymentOperation::void_;
    case payment::OperationKind::refund: return ports::PaymentOperation::refund;
    }
    KONTOR_UNREACHABLE();
}

payment::UnknownCause cause_of(ports::UnknownCause cause) {
    switch (cause) {
    case ports::UnknownCause::timed_out: return payment::UnknownCause::timed_out;
    case ports::UnknownCause::server_error: return payment::UnknownCause::provider_error;
    case ports::UnknownCause::connection_reset: return payment::UnknownCause::connection_lost;
    }
    KONTOR_UNREACHABLE();
}

/// Text of the provider's, cut to what a fact keeps.
template <class Text>
Text cut(std::string_view text) {
    return Text(text.substr(0, Text::length_max));
}

/// The parcel that a capture pays, if it pays one.
std::optional<FulfilmentId> parcel_of(KnownPayment const& payment, CaptureId id) {
    auto const found =
        std::ranges::find(payment.parcels, id, &std::pair<CaptureId, FulfilmentId>::first);
    return found == payment.parcels.end() ? std::nullopt : std::optional(found->second);
}

using Record = std::optional<payment::Command>;

/// What an answer of the provider's says, as something to record; empty: nothing new.
class Recorder {
public:
    /// `asked` is null where nobody waits: for what the provider says by itself, or a second time.
    Recorder(payment::Provider name, KnownPayment const& payment, AskedCall const* asked,
             ports::OutcomeSource source)
        : name_(name), payment_(payment), asked_(asked), source_(source_of(asked, source)) {}

    Record operator()(ports::MoneyAuthorised const& is) const {
        return payment::RecordAuthorised{payment_.order_id,
                                         payment_.attempt,
                                         is.amount,
                                         name_,
                                         cut<payment::ProviderReference>(is.reference),
                                         is.capture_before,
                                         payment_.initiator,
                                         {},
                                         source_};
    }
    Record operator()(ports::CardDeclined const& is) const {
        return payment::RecordDeclined{payment_.order_id, payment_.attempt,
                                       cut<payment::ProviderCode>(is.code), is.may_retry, source_};
    }
    Record operator()(ports::BuyerMustAct const& is) const {
        return payment::RecordActionRequired{payment_.order_id,
                                             Personal<std::string>(is.action_url), is.until};
    }
    Record operator()(ports::MoneyCaptured const& is) const {
        return payment::RecordCaptured{is.capture_id, is.amount, is.last,
                                       parcel_of(payment_, is.capture_id)};
    }
    Record operator()(ports::CaptureRefused const& is) const {
        return payment::RecordCaptureFailed{is.capture_id, cut<payment::ProviderCode>(is.code)};
    }
    Record operator()(ports::AuthorisationVoided const&) const {
        return payment::RecordVoided{payment_.void_reason};
    }
    Record operator()(ports::AuthorisationLapsed const&) const {
        bool const answers_authorise = asked_ != nullptr && source_ != payment::Source::webhook &&
                                       asked_->operation == payment::OperationKind::authorise;
        if (answers_authorise) // it was granted and is over before we heard of it
            return payment::RecordDeclined{payment_.order_id, payment_.attempt,
                                           payment::ProviderCode("authorisation_lapsed"), true,
                                           source_};
        bool const answers_capture = asked_ != nullptr && source_ == payment::Source::answer &&
                                     asked_->operation == payment::OperationKind::capture;
        return payment::RecordAuthorisationExpired{
            answers_capture ? std::optional(CaptureId(asked_->operation_id)) : std::nullopt};
    }
    Record operator()(ports::RefundStarted const&) const { return std::nullopt; }
    Record operator()(ports::MoneyRefunded const& is) const {
        return payment::RecordRefunded{is.refund_id, is.amount,
                                       cut<payment::ProviderReference>(is.reference), source_};
    }
    Record operator()(ports::RefundRefused const& is) const {
        return payment::RecordRefundFailed{is.refund_id, cut<payment::ProviderCode>(is.code)};
    }
    Record operator()(ports::DisputeOpened const& is) const {
        return payment::RecordDisputed{is.dispute_id, is.amount, is.answer_by};
    }
    Record operator()(ports::DisputeEnded const& is) const {
        auto const won = is.end == ports::DisputeEnd::won;
        return payment::RecordDisputeClosed{is.dispute_id, won ? payment::DisputeOutcome::won
                                                               : payment::DisputeOutcome::lost};
    }
    Record operator()(ports::NothingFound const&) const {
        bool const gives_up = asked_ != nullptr &&
                              asked_->if_nothing == checkout::IfNothingFound::give_up &&
                              asked_->operation == payment::OperationKind::authorise;
        if (!gives_up)
            return std::nullopt;
        return payment::RecordDeclined{payment_.order_id, payment_.attempt,
                                       payment::ProviderCode("not_found"), false, source_};
    }
    Record operator()(ports::Unknown const& is) const {
        if (asked_ == nullptr || asked_->if_nothing)
            return std::nullopt; // a look into the book that failed says nothing new
        return payment::RecordUnknown{asked_->operation, asked_->operation_id, asked_->amount,
                                      cause_of(is.cause)};
    }

private:
    static payment::Source source_of(AskedCall const* asked, ports::OutcomeSource source) {
        if (asked != nullptr && asked->if_nothing)
            return payment::Source::book;
        return source == ports::OutcomeSource::webhook ? payment::Source::webhook
                                                       : payment::Source::answer;
    }

    payment::Provider name_;
    KnownPayment const& payment_;
    AskedCall const* asked_;
    payment::Source source_;
};

/// Where a capture or refund is one of several, its id tells it apart; authorise and void happen
/// once.
Id128 key_part(payment::OperationKind operation, Id128 operation_id) {
    bool const is_one_of_several =
        operation == payment::OperationKind::capture || operation == payment::OperationKind::refund;
    return is_one_of_several ? operation_id : Id128();
}

} // namespace

KnownPayment& ProviderCalls::known(OrderId order, PaymentId payment) {
    auto const [found, fresh] = payments_.try_emplace(payment, KnownPayment{order});
    if (fresh)
        of_order_[order].push_back(payment);
    return found->second;
}

void ProviderCalls::call(ports::ProviderKey key, PaymentId payment, AskedCall asked,
                         decltype(ports::ProviderCall::call) content) {
    if (asked_.insert_or_assign(key, std::move(asked)).second)
        payments_.at(payment).keys.push_back(key);
    waiting_.push_back({key, payment, std::move(content)});
}

void ProviderCalls::ask(OrderId order, checkout::Command const& command,
                        std::vector<order::PaymentOffer> const& offers) {
    using Kind = payment::OperationKind;
    auto const key_of = [](PaymentId payment, Kind operation, Id128 id) {
        return ports::provider_key(payment, operation_of(operation), key_part(operation, id));
    };
    std::visit(
        overloaded{
            [&](checkout::Authorise const& wish) {
                auto& payment = known(order, wish.payment_id);
                payment.attempt = static_cast<std::uint16_t>(wish.attempt);
                payment.initiator = wish.initiator;
                if (offers.empty())
                    return;
                auto const& offer =
                    offers[std::min<std::size_t>(std::max(1U, wish.offer), offers.size()) - 1];
                auto const* const token = offer.token.value();
                auto const by = wish.initiator == payment::Initiator::customer
                                    ? ports::PaymentInitiator::buyer
                                    : ports::PaymentInitiator::merchant;
                call(key_of(wish.payment_id, Kind::authorise, {}), wish.payment_id,
                     {Kind::authorise, wish.payment_id.value(), wish.amount},
                     ports::AuthoriseCall{wish.amount, offer.method, token == nullptr ? "" : *token,
                                          by});
            },
            [&](checkout::FindPayment const& wish) {
                known(order, wish.payment_id);
                auto const sought = key_of(wish.payment_id, wish.operation, wish.operation_id);
                ports::ProviderKey const own(Id128::derive(sought.value(), "find", ++finds_));
                auto const asked = asked_.find(sought);
                auto const amount = asked == asked_.end() ? Money() : asked->second.amount;
                call(own, wish.payment_id,
                     {wish.operation, wish.operation_id, amount, wish.if_nothing},
                     ports::FindCall{sought});
            },
            [&](checkout::Capture const& wish) {
                auto& payment = known(order, wish.payment_id);
                if (wish.fulfilment_id && !parcel_of(payment, wish.capture_id))
                    payment.parcels.emplace_back(wish.capture_id, *wish.fulfilment_id);
                call(key_of(wish.payment_id, Kind::capture, wish.capture_id.value()),
                     wish.payment_id, {Kind::capture, wish.capture_id.value(), wish.amount},
                     ports::CaptureCall{wish.capture_id, wish.amount, wish.last});
            },
            [&](checkout::VoidPayment const& wish) {
                known(order, wish.payment_id).void_reason = wish.reason;
                call(key_of(wish.payment_id, Kind::void_, {}), wish.payment_id,
                     {Kind::void_, wish.payment_id.value(), Money()}, ports::VoidCall{});
            },
            [](auto const&) {},
        },
        command);
}

void ProviderCalls::refund(OrderId order, PaymentId payment,
                           payment::RefundPending const& pending) {
    auto& refunds = known(order, payment).refunds;
    if (std::ranges::find(refunds, pending) == refunds.end())
        refunds.push_back(pending);
    call(ports::provider_key(payment, ports::PaymentOperation::refund, pending.refund_id.value()),
         payment, {payment::OperationKind::refund, pending.refund_id.value(), pending.amount},
         ports::RefundCall{pending.refund_id, pending.amount});
}

void ProviderCalls::refund_again(KnownPayment const& known, PaymentId payment, Id128 refund) {
    auto const found =
        std::ranges::find(known.refunds, RefundId(refund), &payment::RefundPending::refund_id);
    if (found != known.refunds.end())
        this->refund(known.order_id, payment, *found);
}

Result<void> ProviderCalls::start() {
    if (waiting_.empty() || sending_.holds(clock_.monotonic()))
        return {};
    auto const started = provider_.start(waiting_);
    if (!started)
        return rest(sending_, started.error());
    sending_.succeeded();
    waiting_.clear();
    return {};
}

Result<void> ProviderCalls::rest(Rest& rest, Failure const& failure) {
    if (!is_transient(failure.kind))
        return unexpected(failure);
    ++unreachable_;
    rest.failed(clock_.monotonic());
    return {};
}

std::optional<Instant> ProviderCalls::next_try() const {
    auto next = sending_.until();
    if (receiving_.until() && (!next || *receiving_.until() < *next))
        next = receiving_.until();
    return next ? std::optional(clock_.now() + (*next - clock_.monotonic())) : std::nullopt;
}

Result<std::optional<KnownPayment>> ProviderCalls::stranger(PaymentId payment,
                                                            WhosePayment const& whose) {
    KONTOR_TRY(auto const order, whose(payment));
    if (order)
        return std::optional(KnownPayment{*order});
    ++strangers_;
    return std::optional<KnownPayment>();
}

/// A capture under way may have been made before the authorisation ended, and only its own answer
/// says so: taken first, the end would make it a capture of nothing. The report is not receipted,
/// and comes again.
bool ProviderCalls::comes_too_early(ports::ProviderAnswer const& answer,
                                    KnownPayment const& payment) const {
    bool const is_end = answer.source == ports::OutcomeSource::webhook &&
                        std::holds_alternative<ports::AuthorisationLapsed>(answer.outcome);
    return is_end && std::ranges::any_of(payment.keys, [&](ports::ProviderKey key) {
               auto const asked = asked_.find(key);
               return asked != asked_.end() && !asked->second.if_nothing &&
                      asked->second.operation == payment::OperationKind::capture;
           });
}

Result<void> ProviderCalls::collect(std::vector<PaymentOutcome>& outcomes,
                                    WhosePayment const& whose) {
    answers_.clear();
    if (receiving_.holds(clock_.monotonic()))
        return {};
    if (auto const sent = send_receipts(); !sent)
        return rest(receiving_, sent.error());
    if (auto const collected = provider_.collect(answers_max, answers_); !collected)
        return rest(receiving_, collected.error());
    receiving_.succeeded();
    for (auto const& answer : answers_) {
        auto const known = payments_.find(answer.payment_id);
        std::optional<KnownPayment> other;
        if (known == payments_.end()) {
            KONTOR_TRY(other, stranger(answer.payment_id, whose));
            if (!other) {
                receipt(answer.delivery);
                continue;
            }
        }
        auto const& payment = other ? *other : known->second;
        if (comes_too_early(answer, payment))
            continue;
        auto const found = asked_.find(answer.key);
        auto const asked = found == asked_.end() ? std::nullopt : std::optional(found->second);
        bool const is_answered = asked.has_value() && answer.source == ports::OutcomeSource::answer;
        bool const was_sought = asked.has_value() && asked->if_nothing.has_value() &&
                                std::holds_alternative<ports::NothingFound>(answer.outcome);
        if (is_answered)
            asked_.erase(found);
        if (was_sought && asked->operation == payment::OperationKind::refund)
            refund_again(payment, answer.payment_id, asked->operation_id);
        Recorder const recorder(name_, payment, asked ? &*asked : nullptr, answer.source);
        if (auto record = std::visit(recorder, answer.outcome))
            outcomes.push_back(
                {payment.order_id, answer.payment_id, *std::move(record), answer.delivery});
        else
            receipt(answer.delivery);
    }
    return {};
}

Result<void> ProviderCalls::send_receipts() {
    if (receipts_.empty())
        return {};
    KONTOR_TRY(provider_.receipt(receipts_));
    receipts_.clear();
    return {};
}

void ProviderCalls::forget(OrderId order) {
    auto const found = of_order_.find(order);
    if (found == of_order_.end())
        return;
    for (auto const payment : found->second) {
        for (auto const key : payments_.at(payment).keys)
            asked_.erase(key);
        payments_.erase(payment);
    }
    of_order_.erase(found);
}

} // namespace kontor::services
