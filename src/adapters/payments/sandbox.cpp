#include "adapters/payments/sandbox.hpp"

#include <algorithm>

namespace kontor::payments {

using ports::ProviderAnswer;
using ports::ProviderCall;
using ports::ProviderKey;
using ports::ProviderOutcome;

Sandbox::Sandbox(Clock& clock, Random dice, SandboxOptions options)
    : clock_(clock), dice_(dice), options_(options) {}

Result<void> Sandbox::start(std::span<ProviderCall const> calls) {
    if (calls_in_flight_ + calls.size() > ports::provider_calls_max)
        return unexpected(Failure{FailureKind::full, "too many calls wait for the provider"});
    for (auto const& call : calls)
        KONTOR_TRY(recall(call));
    for (auto const& call : calls) {
        if (auto const* const wanted = std::get_if<ports::AuthoriseCall>(&call.call))
            authorise(call, *wanted);
        else if (auto const* const taken = std::get_if<ports::CaptureCall>(&call.call))
            capture(call, *taken);
        else if (auto const* const given = std::get_if<ports::RefundCall>(&call.call))
            refund(call, *given);
        else if (auto const* const sought = std::get_if<ports::FindCall>(&call.call))
            find(call, *sought);
        else
            release(call);
    }
    return {};
}

Result<std::size_t> Sandbox::collect(std::size_t up_to, std::vector<ProviderAnswer>& answers) {
    auto const now = clock_.now();
    std::size_t collected = 0;
    while (collected < up_to && !planned_.empty() && planned_.top().at <= now) {
        auto planned = planned_.top();
        planned_.pop();
        calls_in_flight_ -= planned.is_call_answer ? 1 : 0;
        if (planned.happening != Happening::none) {
            auto outcome = happen(planned);
            if (!outcome)
                continue;
            planned.answer.outcome = *std::move(outcome);
        }
        if (planned.answer.source == ports::OutcomeSource::webhook && !deliver(planned.answer))
            continue;
        answers.push_back(std::move(planned.answer));
        ++collected;
    }
    return collected;
}

bool Sandbox::deliver(ProviderAnswer& report) {
    if (report.delivery == 0) {
        report.delivery = ++deliveries_;
        unreceipted_.emplace(report.delivery, options_.webhook_again_after);
    }
    auto const pause = unreceipted_.find(report.delivery);
    if (pause == unreceipted_.end())
        return false;
    planned_.push({clock_.now() + pause->second, ++sequence_, Happening::none, {}, report});
    pause->second = std::min(pause->second + pause->second, ports::webhook_again_max);
    return true;
}

Result<void> Sandbox::receipt(std::span<std::uint64_t const> deliveries) {
    for (auto const delivery : deliveries)
        unreceipted_.erase(delivery);
    return {};
}

std::optional<Instant> Sandbox::next_due() const {
    return planned_.empty() ? std::nullopt : std::optional(planned_.top().at);
}

std::vector<BookEntry> Sandbox::book() const {
    std::vector<BookEntry> entries;
    entries.reserve(accounts_.size());
    for (auto const& [id, account] : accounts_) {
        auto const is_held = account.standing == Standing::held && !account.is_released;
        auto const held = is_held ? account.authorised - account.captured : 0;
        entries.push_back({id, money(account, account.authorised), money(account, account.captured),
                           money(account, account.refunded), money(account, held),
                           static_cast<std::uint32_t>(account.captures.size()),
                           static_cast<std::uint32_t>(account.refunds.size())});
    }
    std::ranges::sort(entries, {}, &BookEntry::payment_id);
    return entries;
}

Duration Sandbox::latency() {
    return Duration::microseconds(dice_.between(options_.answer_min.in_microseconds(),
                                                options_.answer_max.in_microseconds()));
}

void Sandbox::answer(ProviderCall const& call, ProviderOutcome outcome, Duration after) {
    ++calls_in_flight_;
    planned_.push({clock_.now() + after,
                   ++sequence_,
                   Happening::none,
                   {},
                   {call.key, call.payment_id, ports::OutcomeSource::answer, std::move(outcome)},
                   true});
}

void Sandbox::webhook(PaymentId id, ProviderKey key, ProviderOutcome outcome, Duration after) {
    planned_.push({clock_.now() + after,
                   ++sequence_,
                   Happening::none,
                   {},
                   {key, id, ports::OutcomeSource::webhook, std::move(outcome)}});
}

void Sandbox::plan(Happening happening, PaymentId id, Instant at, Id128 subject) {
    planned_.push({at,
                   ++sequence_,
                   happening,
                   subject,
                   {{}, id, ports::OutcomeSource::webhook, ports::NothingFound{}}});
}

std::optional<ProviderOutcome> Sandbox::happen(Planned const& planned) {
    auto const id = planned.answer.payment_id;
    auto& account = accounts_.at(id);
    switch (planned.happening) {
    case Happening::none: return std::nullopt;
    case Happening::buyer_acts: return buyer_acts(id, account);
    case Happening::authorisation_ends:
        if (account.standing != Standing::held || account.is_released)
            return std::nullopt;
        account.standing = Standing::lapsed;
        return ports::AuthorisationLapsed{money(account, account.authorised - account.captured)};
    case Happening::refund_settles: return refund_settles(account, planned.subject);
    case Happening::dispute_opens: {
        account.is_disputed = true;
        auto const answer_by = clock_.now() + Duration::days(7);
        plan(Happening::dispute_ends, id, answer_by, planned.subject);
        return ports::DisputeOpened{DisputeId(planned.subject), money(account, account.captured),
                                    answer_by};
    }
    case Happening::dispute_ends:
        if (!account.is_disputed) // somebody remembered its end, too
            return std::nullopt;
        account.is_disputed = false;
        return ports::DisputeEnded{DisputeId(planned.subject), dice_.chance(1, 2)
                                                                   ? ports::DisputeEnd::won
                                                                   : ports::DisputeEnd::lost};
    }
    KONTOR_UNREACHABLE();
}

std::optional<ProviderOutcome> Sandbox::buyer_acts(PaymentId id, Account& account) {
    if (account.standing != Standing::acting)
        return std::nullopt;
    if (dice_.chance(1, 8))
        account.standing = Standing::declined;
    else
        hold(id, account, money(account, account.authorised), ports::PaymentInitiator::buyer);
    return standing_outcome(account, id);
}

std::optional<ProviderOutcome> Sandbox::refund_settles(Account& account, Id128 refund) {
    for (auto& movement : account.refunds) {
        if (movement.id != refund || !movement.pending)
            continue;
        movement.pending = false;
        account.refunding -= movement.amount;
        account.refunded += movement.amount;
        return ports::MoneyRefunded{RefundId(refund), money(account, movement.amount),
                                    "sandbox-" + refund.to_string()};
    }
    return std::nullopt;
}

} // namespace kontor::payments
