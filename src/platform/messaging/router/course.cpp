#include "platform/messaging/router/course.hpp"

#include "platform/messaging/queues/checks.hpp"
#include "platform/messaging/router/limits.hpp"

namespace kontor::router {

void Course::pass(ports::Position fact, std::vector<Letter> letters) {
    bool const was_begun = fact.value() == begun_.through.value() + 1;
    for (auto& letter : letters) {
        if (was_begun && letter.way <= begun_.after)
            continue; // it was sent in another life, or would have been
        bytes_ += queues::size_of(letter.message);
        letters_.push_back(std::move(letter));
        letters_.back().fact = fact;
    }
    position_ = fact;
}

bool Course::is_enough() const {
    return letters_.size() >= letters_of_commit_ || bytes_ >= bytes_of_commit_goal;
}

std::size_t Course::end_of_commit(std::size_t from) const {
    std::size_t bytes = 0;
    auto end = from;
    while (end < letters_.size() && end - from < letters_of_commit_ && bytes < bytes_of_commit_goal)
        bytes += queues::size_of(letters_[end++].message);
    return end;
}

/// What has been done when all letters before this one were sent.   Requires: there is one before.
Done Course::done_before(std::size_t letter) const {
    if (letter == letters_.size())
        return {position_};
    auto const& last = letters_[letter - 1];
    auto const& next = letters_[letter];
    return {ports::Position(next.fact.value() - 1), last.fact == next.fact ? last.way : ""};
}

bool Course::send(Keep const& keep) {
    std::size_t sent = 0;
    bool goes_on = true;
    while (goes_on && sent < letters_.size()) {
        auto const end = end_of_commit(sent);
        auto const done = done_before(end);
        goes_on = keep(done, std::span(letters_.data() + sent, letters_.data() + end));
        if (goes_on)
            kept_ = done;
        sent = goes_on ? end : sent;
    }
    letters_.erase(letters_.begin(), letters_.begin() + static_cast<std::ptrdiff_t>(sent));
    bytes_ = 0;
    for (auto const& each : letters_)
        bytes_ += queues::size_of(each.message);
    return goes_on;
}

bool Course::keep_position(Keep const& keep) {
    Done const done{position_};
    if (!keep(done, {}))
        return false;
    kept_ = done;
    return true;
}

} // namespace kontor::router
