#include "services/checkout/checkout_runner.hpp"

#include "codec/event_types.hpp"
#include "platform/processes/what_is_open.hpp"
#include "services/shop/order_of.hpp"

#include <algorithm>
#include <functional>

namespace kontor::services {
namespace {

bool takes_back(checkout::Step step) {
    return step == checkout::Step::release || step == checkout::Step::void_ ||
           step == checkout::Step::refund || step == checkout::Step::cancel_parcel;
}

} // namespace

CheckoutRunner::CheckoutRunner(ports::EventStore& store, Clock& clock,
                               ports::PaymentProvider& provider, payment::Provider provider_name,
                               ShopClient& client)
    : store_(store), clock_(clock), client_(client), calls_(provider, provider_name, clock) {}

Result<void> CheckoutRunner::recover() {
    is_folding_ = true;
    auto const forget = [this] {
        live_.clear();
        open_refunds_.clear();
        orders_seen_ = 0;
    };
    auto const see = std::bind_front(&CheckoutRunner::take_up, this);
    KONTOR_TRY(position_, processes::catch_up(store_, ports::Limit(page_events_max), forget, see));
    is_folding_ = false;
    KONTOR_TRY(forget_half_seen());
    deadlines_from_ = clock_.now() + deadlines_rest_at_start;
    for (auto const& [order, live] : live_) {
        rest_.insert(order);
        note_deadline(order, live);
        ask_again_.push_back(order);
    }
    std::ranges::sort(ask_again_);
    boost::unordered::erase_if(open_refunds_,
                               [&](auto const& entry) { return !live_.contains(entry.first); });
    return {};
}

/// A process that was at rest may have been seen in part, in a commit that an open one shares.
Result<void> CheckoutRunner::forget_half_seen() {
    for (auto entry = live_.begin(); entry != live_.end();) {
        KONTOR_TRY(auto const head, store_.head(StreamId::checkout(entry->first)));
        auto const seen = entry++;
        if (head.value() != seen->second.version)
            live_.erase(seen);
    }
    return {};
}

std::optional<Instant> CheckoutRunner::next_deadline() {
    auto const deadline = deadlines_.next();
    auto const next_try = calls_.next_try();
    return deadline && next_try ? std::min(*deadline, *next_try) : deadline ? deadline : next_try;
}

/// The id of an order has the time of its placing in it.
CheckoutRunner::OpenFigures CheckoutRunner::open_figures(Instant late) const {
    OpenFigures figures;
    for (auto const& [order, live] : live_) {
        auto const placed = order.value().time();
        if (!figures.oldest || placed < *figures.oldest)
            figures.oldest = placed;
        auto const due = checkout::next_deadline(live.state);
        figures.overdue += due && *due < late ? 1 : 0;
    }
    return figures;
}

Result<WorkDone> CheckoutRunner::do_work(WorkBudget budget) {
    take_answers();
    client_.submit_waiting(waiting_);
    KONTOR_TRY(auto items, follow(std::min(budget.items_max, page_events_max)));
    items += reach_deadlines(budget.items_max);
    KONTOR_TRY(calls_.start());
    KONTOR_TRY(auto const recorded, record_outcomes());
    client_.submit_waiting(waiting_);
    return WorkDone{items + recorded};
}

Result<std::size_t> CheckoutRunner::follow(std::size_t events_max) {
    if (waiting_.size() >= waiting_requests_max || calls_.is_full())
        return std::size_t{0};
    // What an order asked for before goes out before what it asks for next.
    auto const asked = ask_for_unanswered();
    if (!ask_again_.empty())
        return asked;
    KONTOR_TRY(auto const events,
               processes::follow(store_, position_, ports::Limit(events_max),
                                 std::bind_front(&CheckoutRunner::take_up, this)));
    return asked + events;
}

std::size_t CheckoutRunner::ask_for_unanswered() {
    std::size_t asked = 0;
    while (!ask_again_.empty() && waiting_.size() < waiting_requests_max && !calls_.is_full()) {
        auto const found = live_.find(ask_again_.front());
        if (found != live_.end()) {
            ask_again(found->first, found->second);
            found->second.unanswered = {};
            forget_ended(found->first, found->second);
        }
        ask_again_.pop_front();
        ++asked;
    }
    return asked;
}

Result<void> CheckoutRunner::take_up(ports::EventPage const& page,
                                     ports::RecordedEvent const& event) {
    auto const& header = page.commit_of(event).header;
    if (header.actor.kind != ActorKind::import)
        KONTOR_TRY(see(event, header.command_id, OrderId(header.correlation_id)));
    if (is_folding_)
        forget_answered(header);
    return {};
}

Result<void> CheckoutRunner::see(ports::RecordedEvent const& event, CommandId command,
                                 OrderId order) {
    switch (event.stream.category()) {
    case StreamCategory::order: return see_order(event, command);
    case StreamCategory::checkout: return see_step(event, command);
    case StreamCategory::payment: return see_payment(event, order);
    case StreamCategory::reservation:
    case StreamCategory::fulfilment:
    case StreamCategory::stock:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::customer:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return {};
    }
    KONTOR_UNREACHABLE();
}

Result<void> CheckoutRunner::see_order(ports::RecordedEvent const& event, CommandId command) {
    bool const is_placed = codec::holds<order::Placed>(event.type);
    if (!is_placed && !codec::holds<order::PaymentOffered>(event.type))
        return {};
    orders_seen_ += is_placed ? 1 : 0;
    return note_offer(live_[OrderId(event.stream.id())], event,
                      event_id(command, event.index_in_command));
}

/// The offers to pay are in these facts alone; the process knows only their number.
Result<void> CheckoutRunner::note_offer(Live& live, ports::RecordedEvent const& event, EventId id) {
    if (!codec::holds<order::Placed>(event.type) &&
        !codec::holds<order::PaymentOffered>(event.type))
        return {};
    KONTOR_TRY(auto&& fact, codec::decode<order::Event>(event.type, event.payload));
    KONTOR_TRY(sealing::open_fact(opener_, fact, id));
    if (auto const* const placed = std::get_if<order::Placed>(&fact);
        placed != nullptr && placed->payment && live.offers.empty())
        live.offers.push_back(*placed->payment);
    if (auto const* const offered = std::get_if<order::PaymentOffered>(&fact))
        live.offers.push_back({offered->method, offered->token});
    return {};
}

/// Of an order that was forgotten here. They stand at its beginning, before it was confirmed.
Result<void> CheckoutRunner::find_offers(OrderId order, Live& live) {
    KONTOR_TRY(auto const page, store_.read_stream(StreamId::order(order), ports::StreamVersion(1),
                                                   ports::Limit(page_events_max)));
    live.offers.clear();
    for (auto const& event : page.events)
        KONTOR_TRY(note_offer(live, event, page.id_of(event)));
    return {};
}

Result<void> CheckoutRunner::see_step(ports::RecordedEvent const& event, CommandId command) {
    OrderId const order(event.stream.id());
    auto& live = live_[order];
    if (live.version + 1 != event.version.value()) {
        // It had ended and was forgotten here; a late fact has opened it again.
        KONTOR_TRY(auto folded,
                   commands::fold_stream<Checkouts>(
                       store_, order, ports::StreamVersion(event.version.value() - 1)));
        live.state = std::move(folded.first);
        KONTOR_TRY(find_offers(order, live));
    }
    KONTOR_TRY(auto const& fact, codec::decode<checkout::Event>(event.type, event.payload));
    checkout::Process::apply(live.state, fact);
    live.version = event.version.value();
    auto const& step = std::get<checkout::Advanced>(fact).commands;
    if (is_folding_) {
        remember_step(live, command, event.index_in_command, step);
    } else {
        for (auto const& sent : step)
            compensations_ += takes_back(sent.step) ? 1 : 0;
        ask_provider(order, live, step);
        note_deadline(order, live);
    }
    forget_ended(order, live);
    return {};
}

/// What the step asked for becomes commands of their own, behind it in the log: if the log ends
/// before them, they are lost.
void CheckoutRunner::remember_step(Live& live, CommandId command, std::uint32_t index,
                                   std::vector<checkout::Sent> const& step) {
    std::erase_if(live.unanswered, [&](Unanswered const& asked) {
        auto const subject = asked.sent.subject.value_or(Id128());
        bool const is_asked_of_world = is_for_the_world(asked.sent.step);
        return !checkout::awaits_answer(live.state, asked.sent.step, subject)
                    .value_or(!is_asked_of_world);
    });
    for (std::size_t i = 0; i < step.size(); ++i)
        live.unanswered.push_back({checkout_step_id(command, index, i), command, step[i],
                                   checkout::command_of(live.state, step[i])});
}

/// The log answers a command by its facts, or by the step that took its refusal.
void CheckoutRunner::forget_answered(ports::CommitHeader const& header) {
    OrderId const order(header.correlation_id);
    auto const found = live_.find(order);
    if (found == live_.end())
        return;
    std::erase_if(found->second.unanswered, [&](Unanswered const& asked) {
        return !is_for_the_world(asked.sent.step) &&
               (asked.id == header.command_id || asked.id.value() == header.causation_id);
    });
    forget_ended(order, found->second);
}

void CheckoutRunner::forget_ended(OrderId order, Live const& live) {
    if (!checkout::is_terminal(live.state) || !live.unanswered.empty())
        return;
    deadlines_.clear(order);
    calls_.forget(order);
    live_.erase(order);
}

/// A refund is asked of the provider once the payment says that it is owed.
Result<void> CheckoutRunner::see_payment(ports::RecordedEvent const& event, OrderId order) {
    bool const is_owed = codec::holds<payment::RefundPending>(event.type);
    bool const is_settled = codec::holds<payment::Refunded>(event.type) ||
                            codec::holds<payment::RefundFailed>(event.type);
    if (!is_owed && !(is_folding_ && is_settled))
        return {};
    KONTOR_TRY(auto const fact, codec::decode<payment::Event>(event.type, event.payload));
    PaymentId const payment(event.stream.id());
    order = order_of(fact, order);
    if (is_folding_)
        note_refund(order, payment, fact);
    else
        calls_.refund(order, payment, std::get<payment::RefundPending>(fact));
    return {};
}

void CheckoutRunner::note_refund(OrderId order, PaymentId payment, payment::Event const& fact) {
    auto const settle = [&](RefundId id) {
        if (auto const found = open_refunds_.find(order); found != open_refunds_.end())
            std::erase_if(found->second,
                          [&](OpenRefund const& open) { return open.pending.refund_id == id; });
    };
    if (auto const* const pending = std::get_if<payment::RefundPending>(&fact))
        open_refunds_[order].push_back({payment, *pending});
    if (auto const* const refunded = std::get_if<payment::Refunded>(&fact))
        settle(refunded->refund_id);
    if (auto const* const failed = std::get_if<payment::RefundFailed>(&fact))
        settle(failed->refund_id);
}

void CheckoutRunner::ask_provider(OrderId order, Live const& live,
                                  std::vector<checkout::Sent> const& step) {
    for (auto const& sent : step)
        if (is_for_the_world(sent.step))
            calls_.ask(order, checkout::command_of(live.state, sent), live.offers);
}

void CheckoutRunner::ask_again(OrderId order, Live const& live) {
    for (auto const& [id, cause, sent, command] : live.unanswered) {
        if (is_for_the_world(sent.step))
            calls_.ask(order, command, live.offers);
        else
            submit(id, order, cause.value(),
                   CheckoutStep{order, sent.step, sent.subject.value_or(Id128()), command},
                   fingerprint_of(command));
    }
    auto const refunds = open_refunds_.find(order);
    if (refunds == open_refunds_.end())
        return;
    for (auto const& [payment, pending] : refunds->second)
        calls_.refund(order, payment, pending);
    open_refunds_.erase(refunds);
}

void CheckoutRunner::note_deadline(OrderId order, Live const& live) {
    if (auto const next = checkout::next_deadline(live.state))
        deadlines_.set(order, rest_.contains(order) ? std::max(*next, deadlines_from_) : *next);
    else
        deadlines_.clear(order);
}

void CheckoutRunner::submit(CommandId id, OrderId order, Id128 cause, Work work,
                            std::optional<commands::Fingerprint> fingerprint) {
    waiting_.push_back(std::make_unique<ShopRequest>(id, order.value(), cause, clock_.now(),
                                                     checkout_actor, std::move(work), fingerprint));
}

std::size_t CheckoutRunner::reach_deadlines(std::size_t count_max) {
    std::size_t reached = 0;
    auto const now = clock_.now();
    if (now >= deadlines_from_)
        rest_ = {};
    while (reached < count_max && waiting_.size() < waiting_requests_max) {
        auto const order = deadlines_.take_reached(now);
        if (!order)
            break;
        // The clock may stand while several are reached; each finds the process a step further.
        auto const live = live_.find(*order);
        auto const version = live == live_.end() ? 0 : live->second.version;
        auto const id = derive_id<CommandId>(*order, "deadline", version);
        submit(id, *order, order->value(), AdvanceCheckout{*order, checkout::DeadlineReached{}});
        ++reached;
    }
    return reached;
}

Result<std::size_t> CheckoutRunner::record_outcomes() {
    if (waiting_.size() >= waiting_requests_max)
        return std::size_t{0};
    outcomes_.clear();
    KONTOR_TRY(
        calls_.collect(outcomes_, [this](PaymentId payment) { return order_of_payment(payment); }));
    for (auto& outcome : outcomes_) {
        // What is recorded twice is noticed by the payment's state; the id only has to be new.
        auto const moment = static_cast<std::uint64_t>(clock_.now().unix_microseconds()) * 4096 +
                            ++outcomes_seen_ % 4096;
        auto const id = derive_id<CommandId>(outcome.payment_id, "outcome", moment);
        submit(id, outcome.order_id, outcome.payment_id.value(),
               compound(On<Payments>{outcome.payment_id, std::move(outcome.record)}));
        // A webhook is receipted by the desk's answer.
        waiting_.back()->ticket = outcome.delivery;
    }
    return outcomes_.size();
}

/// Its first facts say it.
Result<std::optional<OrderId>> CheckoutRunner::order_of_payment(PaymentId payment) {
    KONTOR_TRY(auto const page, store_.read_stream(StreamId::payment(payment),
                                                   ports::StreamVersion(1), ports::Limit(16)));
    for (auto const& event : page.events) {
        KONTOR_TRY(auto const fact, codec::decode<payment::Event>(event.type, event.payload));
        if (auto const order = order_of(fact, OrderId()); order != OrderId())
            return std::optional(order);
    }
    return std::optional<OrderId>();
}

/// What was answered is durable, or nothing had to change. After a failure the webhook comes again.
void CheckoutRunner::take_answers() {
    while (auto const answer = client_.try_answer())
        if (!std::holds_alternative<Failure>(answer->content))
            calls_.receipt(answer->ticket);
}

} // namespace kontor::services
