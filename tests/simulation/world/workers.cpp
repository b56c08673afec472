#include "tests/simulation/world/workers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::simulation {
namespace {

ports::SenderId const worker("worker");

/// The shop's own inventory takes what is in `inventory-updates`.
constexpr std::array<std::string_view, 4> queues_of_work{
    "order-processing.fifo", "payment-processing.fifo", "notifications", "analytics"};
constexpr std::array<std::string_view, 2> queues_of_dead{"dead-letter", "dead-letter.fifo"};

bool is_fifo(ports::QueueName const& queue) {
    return queue.view().ends_with(".fifo");
}

/// What stopped a call, where it was not the queue's no: too much waits, or the process is dying.
std::optional<Failure> failure_in(ports::QueueFault const& fault) {
    auto const* const failure = std::get_if<Failure>(&fault);
    return failure != nullptr && failure->kind != FailureKind::full ? std::optional(*failure)
                                                                    : std::nullopt;
}

/// The reference in an event of a delivery; empty: it is none.
std::string reference_in(std::string const& body) {
    constexpr std::string_view begins = R"("reference":")";
    auto const at = body.find(begins);
    if (at == std::string::npos)
        return {};
    auto const from = at + begins.size();
    return body.substr(from, body.find('"', from) - from);
}

} // namespace

Workers::Workers(Random const& seed, Clock& clock, Chaos& chaos, WorkersJudges judges,
                 Duration load)
    : dice_(seed.fork("workers")), clock_(clock), chaos_(chaos), judges_(judges) {
    plan_sends(load);
}

void Workers::plan_sends(Duration load) {
    auto const parcels = static_cast<std::uint64_t>(dice_.between(3, 30));
    for (std::uint64_t number = 0; number < parcels; ++number) {
        ports::QueueName const queue(queues_of_work[dice_.below(queues_of_work.size())]);
        Parcel parcel{queue, {}};
        parcel.message.body = fmt::format(R"({{"work":{}}})", number);
        if (is_fifo(queue)) {
            parcel.message.group_id = fmt::format("group-{}", dice_.below(3));
            parcel.message.deduplication_id = fmt::format("work-{}", number);
        } else if (dice_.chance(1, 4)) {
            parcel.message.delay = Duration::seconds(dice_.between(1, 900));
        }
        parcels_.push_back(std::move(parcel));
        later(Duration(), load, [this, number] { send(number); });
    }
    for (auto deliveries = dice_.between(0, 30); deliveries > 0; --deliveries)
        later(Duration(), load, [this, units = dice_.between(1, 9)] { deliver(units); });
}

void Workers::at(Instant when, std::function<void()> act) {
    agenda_.emplace(when, std::move(act));
}

void Workers::later(Duration least, Duration most, std::function<void()> act) {
    at(clock_.now() +
           Duration::microseconds(dice_.between(least.in_microseconds(), most.in_microseconds())),
       std::move(act));
}

void Workers::come_in(hosting::JournaledQueues& queues, router::Wiring& wiring) {
    queues_ = &queues;
    wiring_ = &wiring;
    for (auto const& promise : promises_)
        unsent_.push_back(promise.parcel);
    promises_.clear();
    deliveries_.clear();
    judges_.receivers.new_life();
    for (auto const number : std::exchange(unsent_, {}))
        later(Duration(), Duration::seconds(20), [this, number] { send(number); });
}

/// What was not taken is sent again, and so is at times what was.
void Workers::send(std::uint64_t number) {
    auto const& parcel = parcels_[number];
    auto const sent = queues_->queue().send(parcel.queue, worker, std::span(&parcel.message, 1));
    if (!sent || !sent->entries.front())
        return later(Duration::seconds(1), Duration::seconds(5), [this, number] { send(number); });
    auto const& answer = *sent->entries.front();
    if (answer.is_duplicate)
        chaos_.reached("message.sent_twice");
    promises_.push_back({sent->mark, number, answer.id});
    if (chaos_.strikes(Ill::click_again))
        later(Duration(), Duration::minutes(8), [this, number] { send(number); });
}

/// One that is not answered may be there or not; another one is another delivery.
void Workers::deliver(std::int64_t units) {
    auto const reference = fmt::format("delivery-{}", ++deliveries_put_);
    ports::EventEntry entry;
    entry.source = "partner.warehouse";
    entry.detail_type = "stock.delivered";
    entry.detail = fmt::format(
        R"({{"reference":"{}","location":"main","items":[{{"sku":"SKU-0","quantity":{}}}]}})",
        reference, units);
    entry.bus = "ecommerce-platform";
    judges_.deliveries.put(reference, units);
    auto const put = wiring_->put_events(std::span(&entry, 1), ports::EventOrigin::outside);
    if (!put || !put->front())
        return later(Duration::seconds(1), Duration::seconds(5), [this, units] { deliver(units); });
    judges_.relay.accepted(*put->front());
    judges_.deliveries.accepted(reference);
    if (chaos_.strikes(Ill::click_again))
        later(Duration(), Duration::minutes(8),
              [this, id = *put->front(), detail = entry.detail] { send_copy(id, detail); });
}

/// Somebody sends an event once more by hand, straight into the queue.
void Workers::send_copy(std::string const& event, std::string const& detail) {
    ports::OutgoingMessage copy;
    copy.body =
        fmt::format(R"({{"id":"{}","detail-type":"stock.delivered","detail":{}}})", event, detail);
    auto const sent =
        queues_->queue().send(ports::QueueName("inventory-updates"), worker, std::span(&copy, 1));
    if (sent && sent->entries.front())
        chaos_.reached("delivery.sent_twice");
}

/// What became durable since.
std::size_t Workers::hear() {
    auto const durable = queues_->progress().durable();
    judges_.receivers.durable(durable);
    std::size_t opened = 0;
    for (; !deliveries_.empty() && deliveries_.front().mark <= durable; ++opened) {
        auto const delivery = std::move(deliveries_.front());
        deliveries_.pop_front();
        open(delivery);
    }
    return opened + std::erase_if(promises_, [&](Promise const& promise) {
               if (promise.mark > durable)
                   return false;
               judges_.receivers.accepted(promise.id, parcels_[promise.parcel].message.body);
               return true;
           });
}

Result<WorkDone> Workers::do_work() {
    auto done = hear();
    while (!agenda_.empty() && agenda_.begin()->first <= clock_.now()) {
        auto const act = std::move(agenda_.begin()->second);
        agenda_.erase(agenda_.begin());
        act();
        ++done;
    }
    ask_again_at_.reset();
    for (auto const name : queues_of_work) {
        KONTOR_TRY(auto const received, receive(ports::QueueName(name)));
        done += received;
    }
    for (auto const name : queues_of_dead) {
        KONTOR_TRY(auto const cleared, clear(ports::QueueName(name)));
        done += cleared;
    }
    return WorkDone{done};
}

Result<std::size_t> Workers::receive(ports::QueueName const& queue) {
    ports::ReceiveRequest const request{static_cast<std::size_t>(dice_.between(1, 10)),
                                        Duration::seconds(dice_.between(5, 90)),
                                        {}};
    auto const now = clock_.now();
    auto received = queues_->queue().receive(queue, request);
    if (!received) {
        if (auto failure = failure_in(received.error()))
            return unexpected(std::move(*failure));
        return std::size_t{0};
    }
    if (auto const again = received->ask_again_at)
        ask_again_at_ = std::min(ask_again_at_.value_or(*again), *again);
    auto const count = received->messages.size();
    if (count > 0)
        deliveries_.push_back(
            {received->mark, queue, std::move(received->messages), now, now + *request.visibility});
    return count;
}

void Workers::open(Delivery const& delivery) {
    for (auto const& message : delivery.messages) {
        if (message.receive_count > 1)
            chaos_.reached("message.received_again");
        judges_.receivers.received(delivery.queue, message, delivery.at, delivery.until);
    }
    for (auto const& message : delivery.messages) {
        if (message.dead_letter_source == ports::QueueName("inventory-updates"))
            judges_.deliveries.taken_out(reference_in(message.body));
        deal_with(delivery.queue, message, delivery.until);
    }
}

/// As it should be, or not.
void Workers::deal_with(ports::QueueName const& queue, ports::ReceivedMessage const& message,
                        Instant until) {
    ports::Settlement wish{message.receipt};
    bool const is_dead_letter = queue.view().starts_with("dead-letter");
    if (chaos_.strikes(Ill::lazy_worker)) {
        auto const mood = chaos_.dice(Ill::lazy_worker).below(4);
        if (mood == 0)
            return; // forgotten
        if (mood == 1) {
            chaos_.reached("receipt.late");
            auto const late = until + Duration::seconds(dice_.between(0, 60));
            return at(late, [this, queue, id = message.id, wish] { end(queue, id, wish); });
        }
        if (mood == 2 && !is_dead_letter)
            wish = {message.receipt, ports::Ending::dead, fmt::format("no-{}", ++refusals_)};
        if (mood == 3)
            return extend(queue, message);
    }
    if (dice_.chance(1, 2))
        return end(queue, message.id, wish);
    later(Duration(), Duration::seconds(4),
          [this, queue, id = message.id, wish] { end(queue, id, wish); });
}

void Workers::extend(ports::QueueName const& queue, ports::ReceivedMessage const& message) {
    ports::Extension const wish{message.receipt, Duration::seconds(dice_.between(0, 600))};
    auto const answer = queues_->queue().extend(queue, std::span(&wish, 1));
    if (answer && answer->entries.front())
        judges_.receivers.extended(message.id, wish.receipt, answer->entries.front()->until);
}

void Workers::end(ports::QueueName const& queue, ports::MessageId id, ports::Settlement wish) {
    auto const answer = queues_->queue().settle(queue, std::span(&wish, 1));
    if (!answer || !answer->entries.front())
        return; // it comes again
    judges_.receivers.ended(id, wish, *answer->entries.front(), answer->mark);
}

/// Twice is once: the second wish is refused while the first is under way. What waits behind
/// something that is in flight does not move, so nobody tries again at once.
bool Workers::brings_back(ports::QueueName const& queue) {
    auto& last = brought_back_at_[queue];
    if (std::exchange(last, clock_.now()) == clock_.now())
        return false;
    auto const started = queues_->moves().start_move({queue, {}, 0});
    if (started && chaos_.strikes(Ill::click_again))
        static_cast<void>(queues_->moves().start_move({queue, {}, 0}));
    if (started)
        chaos_.reached("message.brought_back");
    return started.has_value();
}

Result<std::size_t> Workers::clear(ports::QueueName const& queue) {
    auto const depth = queues_->queue().depth(queue);
    bool const has_any = depth && depth->waiting > 0;
    if (has_any && dice_.chance(1, 2) && brings_back(queue))
        return std::size_t{1};
    return receive(queue);
}

bool Workers::is_moving() const {
    return std::ranges::any_of(queues_of_dead, [this](std::string_view name) {
        auto const tasks = queues_->moves().list_moves(ports::QueueName(name), ports::Limit(1));
        return tasks && !tasks->empty() && tasks->front().status == ports::MoveTaskStatus::running;
    });
}

std::optional<Instant> Workers::next_due() const {
    auto next = ask_again_at_;
    auto const take = [&](Instant due) { next = std::min(next.value_or(due), due); };
    if (!agenda_.empty())
        take(agenda_.begin()->first);
    if (is_moving())
        take(clock_.now() + Duration::seconds(1));
    return next;
}

} // namespace kontor::simulation
