#include "platform/messaging/queues/groups.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace kontor::queues {

std::uint32_t Groups::enter(std::string_view name) {
    if (auto const found = by_name_.find(name); found != by_name_.end())
        return found->second;
    auto number = static_cast<std::uint32_t>(groups_.size());
    if (free_.empty()) {
        groups_.emplace_back();
    } else {
        number = free_.back();
        free_.pop_back();
    }
    auto& group = groups_[number];
    group.name = name;
    by_name_.emplace(group.name, number);
    return number;
}

void Groups::leave(std::uint32_t number) {
    auto& group = groups_[number];
    if (group.members != 0 || group.parked != 0 || group.is_in_turn)
        return;
    by_name_.erase(group.name);
    group = Group();
    free_.push_back(number);
}

void Groups::link(Record& record) {
    auto& group = groups_[record.group];
    // Nearly always it goes last. A number that was given before others were used goes between.
    auto before = group.tail;
    while (before > record.sequence)
        before = shelf_.find(before)->previous;
    record.previous = before;
    record.next = before == 0 ? group.head : shelf_.find(before)->next;
    (before == 0 ? group.head : shelf_.find(before)->next) = record.sequence;
    (record.next == 0 ? group.tail : shelf_.find(record.next)->previous) = record.sequence;
    record.is_fresh = true;
}

void Groups::unlink(Record& record) {
    auto& group = groups_[record.group];
    if (!record.is_fresh) {
        group.returned.erase(record.sequence);
        return;
    }
    (record.previous == 0 ? group.head : shelf_.find(record.previous)->next) = record.next;
    (record.next == 0 ? group.tail : shelf_.find(record.next)->previous) = record.previous;
    record.next = record.previous = 0;
    record.is_fresh = false;
}

void Groups::put_back(Record& record) {
    groups_[record.group].returned.insert(record.sequence);
}

bool Groups::has_something(Group& group) {
    if (kind_ == ports::QueueKind::standard)
        return group.head != 0 || !group.returned.empty();
    auto* const first = head(group);
    if (first == nullptr || group.in_flight != 0 || group.is_blocked)
        return false;
    // Of a parked group what came back waits for the rest; all else goes where the rest is.
    bool const is_held =
        group.parked != 0 && first->origin != nullptr && first->origin->was_moved_back;
    return first->state == State::waiting && !is_held;
}

void Groups::consider(std::uint32_t number) {
    auto& group = groups_[number];
    if (group.is_in_turn || !has_something(group))
        return;
    group.is_in_turn = true;
    turns_.push_back(number);
}

std::optional<std::uint32_t> Groups::turn() {
    while (!turns_.empty()) {
        auto const number = turns_.front();
        auto& group = groups_[number];
        if (has_something(group))
            return number;
        turns_.pop_front();
        group.is_in_turn = false;
        leave(number);
    }
    return std::nullopt;
}

void Groups::pass() {
    auto const number = turns_.front();
    turns_.pop_front();
    groups_[number].is_in_turn = false;
    consider(number);
    leave(number);
}

Record& Groups::oldest(Group& group) {
    auto const returned = group.returned.empty() ? 0 : *group.returned.begin();
    auto const number =
        group.head == 0 || (returned != 0 && returned < group.head) ? returned : group.head;
    auto* const found = shelf_.find(number);
    KONTOR_ASSERT(found != nullptr, "message {} waits and is gone", number);
    return *found;
}

void Groups::unblock_all() {
    for (std::uint32_t number = 0; number < groups_.size(); ++number)
        if (std::exchange(groups_[number].is_blocked, false))
            consider(number);
}

std::vector<std::pair<std::string, std::uint32_t>> Groups::parked() const {
    std::vector<std::pair<std::string, std::uint32_t>> found;
    for (auto const& group : groups_)
        if (group.parked > 0)
            found.emplace_back(group.name, group.parked);
    std::ranges::sort(found);
    return found;
}

} // namespace kontor::queues
