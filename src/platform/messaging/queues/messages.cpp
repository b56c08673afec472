#include "platform/messaging/queues/messages.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::queues {

std::uint64_t& Messages::count_of(State state) {
    switch (state) {
    case State::waiting: return counts_.waiting;
    case State::delayed: return counts_.delayed;
    case State::in_flight: return counts_.in_flight;
    case State::gone: break;
    }
    KONTOR_UNREACHABLE();
}

void Messages::advance(Instant now) {
    time_ = std::max(time_, now);
    while (!timers_.empty() && timers_.first().until <= time_)
        make_waiting(timers_.first());
    auto const is_over = [&](Record const& record) { return record.sent_at + retention_ <= time_; };
    for (auto* oldest = shelf_.first(); oldest != nullptr && is_over(*oldest);
         oldest = shelf_.first())
        remove(*oldest, Left::expired);
    while (!older_.empty() && older_.begin()->first + retention_ <= time_)
        remove(*shelf_.find(older_.begin()->second), Left::expired);
}

Record& Messages::add(std::uint64_t number, std::string_view group, Instant sent_at,
                      Instant visible_at) {
    next_ = std::max(next_, number + 1);
    auto& record = shelf_.add(number);
    record.group = groups_.enter(group);
    record.sent_at = sent_at;
    record.until = visible_at;
    record.state = visible_at <= time_ ? State::waiting : State::delayed;
    ++count_of(record.state);
    ++counts_.sent;
    ++group_of(record).members;
    if (sent_at < latest_sent_)
        older_.emplace(sent_at, number);
    latest_sent_ = std::max(latest_sent_, sent_at);
    if (record.state == State::delayed)
        timers_.add(record);
    if (kind_ == ports::QueueKind::fifo || record.state == State::waiting)
        groups_.link(record);
    groups_.consider(record.group);
    return record;
}

/// Its time, of delay or lease, is over.
void Messages::make_waiting(Record& record) {
    timers_.remove(record);
    if (record.state == State::in_flight)
        --group_of(record).in_flight;
    --count_of(record.state);
    record.state = State::waiting;
    ++counts_.waiting;
    if (kind_ == ports::QueueKind::standard)
        groups_.put_back(record);
    groups_.consider(record.group);
}

Record* Messages::next_to_hand_out() {
    auto const turn = groups_.turn();
    if (!turn)
        return nullptr;
    auto& group = groups_.at(*turn);
    return kind_ == ports::QueueKind::standard ? &groups_.oldest(group) : groups_.head(group);
}

Record* Messages::next_of_group(Record const& record) {
    auto* const next = groups_.behind(record);
    return next != nullptr && next->state == State::waiting ? next : nullptr;
}

void Messages::hand_out(Record& record, Instant until) {
    KONTOR_ASSERT(record.state == State::waiting, "message {} does not wait", record.sequence);
    if (kind_ == ports::QueueKind::standard)
        groups_.unlink(record);
    --counts_.waiting;
    ++counts_.in_flight;
    ++group_of(record).in_flight;
    record.state = State::in_flight;
    record.until = until;
    timers_.add(record);
}

void Messages::count_receive(Record& record, std::uint32_t incarnation) {
    ++counts_.receives;
    ++record.receive_count;
    record.epoch = std::uint64_t{incarnation} << 32 | record.receive_count;
    record.received_at = time_;
    record.was_extended = false;
    if (record.receive_count == 1)
        record.first_received_at = time_;
}

void Messages::set_until(Record& record, Instant until) {
    KONTOR_ASSERT(record.state == State::in_flight, "nobody has message {}", record.sequence);
    timers_.remove(record);
    record.until = until;
    timers_.add(record);
    if (until <= time_)
        make_waiting(record);
}

void Messages::hand_out_again(Record& record, Instant until) {
    if (record.state == State::waiting)
        hand_out(record, until);
    else
        set_until(record, until);
}

void Messages::remove(Record& record, Left how) {
    timers_.remove(record);
    auto const number = record.group;
    auto& group = groups_.at(number);
    if (group.head == record.sequence)
        group.is_blocked = false;
    if (kind_ == ports::QueueKind::fifo || record.state == State::waiting)
        groups_.unlink(record);
    if (record.state == State::in_flight)
        --group.in_flight;
    --group.members;
    --count_of(record.state);
    switch (how) {
    case Left::settled: ++counts_.settled; break;
    case Left::dead: ++counts_.dead; break;
    case Left::expired: ++counts_.expired; break;
    case Left::purged: ++counts_.purged; break;
    }
    if (!older_.empty())
        older_.erase({record.sent_at, record.sequence});
    if (record.origin != nullptr && record.origin->is_parked)
        unparked_.push_back({record.origin->queue, group.name});
    shelf_.remove(record);
    groups_.consider(number);
    groups_.leave(number);
}

void Messages::purge() {
    for (auto* record = shelf_.first(); record != nullptr; record = shelf_.first())
        remove(*record, Left::purged);
}

void Messages::park(std::string_view group) {
    ++groups_.at(groups_.enter(group)).parked;
    ++parked_;
}

void Messages::unpark(std::string_view name) {
    auto const number = groups_.enter(name);
    auto& group = groups_.at(number);
    if (group.parked > 0) {
        --group.parked;
        --parked_;
    }
    groups_.consider(number);
    groups_.leave(number);
}

bool Messages::is_parked(std::string_view name) {
    if (parked_ == 0)
        return false;
    auto const number = groups_.enter(name);
    bool const is = groups_.at(number).parked > 0;
    groups_.leave(number);
    return is;
}

ports::QueueDepth Messages::depth() {
    auto depth = counts_;
    if (auto const* const first = shelf_.first())
        depth.oldest_sent_at = first->sent_at;
    if (!older_.empty())
        depth.oldest_sent_at = std::min(*depth.oldest_sent_at, older_.begin()->first);
    return depth;
}

ports::QueueDepth Messages::recount() {
    auto depth = counts_;
    depth.waiting = depth.delayed = depth.in_flight = 0;
    for (auto* record = shelf_.first(); record != nullptr;
         record = shelf_.first_from(record->sequence + 1)) {
        depth.waiting += record->state == State::waiting ? 1 : 0;
        depth.delayed += record->state == State::delayed ? 1 : 0;
        depth.in_flight += record->state == State::in_flight ? 1 : 0;
        depth.oldest_sent_at =
            std::min(depth.oldest_sent_at.value_or(record->sent_at), record->sent_at);
    }
    return depth;
}

std::vector<std::pair<std::string, std::uint32_t>> Messages::parked_groups() const {
    return parked_ == 0 ? std::vector<std::pair<std::string, std::uint32_t>>() : groups_.parked();
}

void Messages::take_up(ports::QueueDepth const& past, std::uint64_t next_number) {
    counts_.sent = past.sent;
    counts_.settled = past.settled;
    counts_.dead = past.dead;
    counts_.expired = past.expired;
    counts_.purged = past.purged;
    counts_.receives = past.receives;
    next_ = std::max(next_, next_number);
}

} // namespace kontor::queues
