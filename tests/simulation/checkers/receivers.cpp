#include "tests/simulation/checkers/receivers.hpp"

#include <fmt/format.h>

namespace kontor::simulation {

void ReceiversChecker::new_life() {
    ++life_;
    for (auto const& [mark, id] : told_)
        messages_[id].end = End::open;
    told_.clear();
    for (auto& [id, message] : messages_)
        message.held_until = {};
}

void ReceiversChecker::accepted(ports::MessageId id, std::string const& body) {
    auto& message = messages_[id];
    if (message.receives > 0 && message.body != body)
        verdict_.fail("I8", "a message came with another content: " + id.value().to_string());
    message.body = body;
    message.must_come = true;
}

/// Its source in this life is the queue where it ended; nothing says why it was given up where it
/// was received too often.
void ReceiversChecker::must_be_a_dead_letter(Message const& known, ports::QueueName const& queue,
                                             ports::ReceivedMessage const& message) {
    if (message.dead_letter_source != known.queue)
        verdict_.fail("I9", fmt::format("a dead letter in {} says that it died in {}, not in {}",
                                        queue.view(), message.dead_letter_source.view(),
                                        known.queue.view()));
    if (known.is_dead && known.end == End::sure && message.cause != known.cause)
        verdict_.fail("I9", fmt::format("a dead letter in {} lost its cause: \"{}\", was \"{}\"",
                                        queue.view(), message.cause, known.cause));
    // One that was brought back may be parked behind another of its group before it is tried again.
    bool const may_be_parked = message.dead_letter_source.view().ends_with(".fifo");
    if (message.dead_letter_attempts == 0 && !may_be_parked)
        verdict_.fail("I9", fmt::format("a dead letter in {} was never tried", queue.view()));
}

void ReceiversChecker::received(ports::QueueName const& queue,
                                ports::ReceivedMessage const& message, Instant now, Instant until) {
    auto& known = messages_[message.id];
    auto const name = [&] {
        return fmt::format("{} in {}", message.id.value().to_string(), queue.view());
    };
    bool const is_elsewhere = known.receives > 0 && known.queue != queue;
    if (is_elsewhere)
        must_be_a_dead_letter(known, queue, message);
    else if (known.end != End::open)
        verdict_.fail("I8", name() + " came again after it was settled");
    if (!is_elsewhere && known.life == life_ && now < known.held_until)
        verdict_.fail("I8", name() + " is handed out while somebody has it");
    if (!known.body.empty() && known.body != message.body)
        verdict_.fail("I8", name() + " came with another content");
    known.body = message.body;
    came_.insert(message.body);
    known.queue = queue;
    known.receipt = message.receipt;
    known.held_until = until;
    known.life = life_;
    ++known.receives;
    if (is_elsewhere) {
        known.end = End::open;
        known.is_dead = false;
    }
}

void ReceiversChecker::extended(ports::MessageId id, ports::ReceiptHandle const& receipt,
                                Instant until) {
    auto& known = messages_[id];
    if (known.receipt == receipt)
        known.held_until = until;
    else if (known.life == life_)
        verdict_.fail("I8", "a receipt that is not the latest was extended");
}

void ReceiversChecker::ended(ports::MessageId id, ports::Settlement const& wish,
                             ports::Settled answer, ports::QueueMark mark) {
    auto& known = messages_[id];
    if (answer != ports::Settled::now)
        return;
    // That somebody received it may be forgotten with the process, and an older receipt holds.
    if (known.receipt != wish.receipt && known.life == life_)
        return verdict_.fail("I8", fmt::format("a receipt that is not the latest ended {} in {}",
                                               id.value().to_string(), known.queue.view()));
    if (known.end != End::open)
        return verdict_.fail("I8", id.value().to_string() + " was ended twice");
    known.end = End::told;
    known.is_dead = wish.ending == ports::Ending::dead;
    known.cause = wish.cause;
    told_.emplace_back(mark, id);
}

void ReceiversChecker::durable(ports::QueueMark mark) {
    std::erase_if(told_, [&](auto const& each) {
        if (each.first > mark)
            return false;
        auto& message = messages_[each.second];
        if (message.end == End::told)
            message.end = End::sure;
        return true;
    });
}

void ReceiversChecker::at_rest(std::uint64_t expired) {
    for (auto const& [id, message] : messages_) {
        bool const is_missing = message.must_come && !came_.contains(message.body);
        if (is_missing && expired == 0)
            verdict_.fail("I8", fmt::format("{} was accepted and never came: {}",
                                            id.value().to_string(), message.body));
        expired -= is_missing && expired > 0 ? 1 : 0;
    }
}

} // namespace kontor::simulation
