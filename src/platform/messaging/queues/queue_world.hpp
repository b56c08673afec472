#pragma once

/// What specs of queues need: queues whose facts are kept in a list, and short words to use them.

#include "platform/messaging/queues/queues.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace kontor::queues {

class Facts final : public Recorder {
public:
    ports::QueueMark record(Id128 queue, queue::Event const& fact) override {
        all.emplace_back(queue, fact);
        return ports::QueueMark(all.size());
    }
    template <class Fact>
    std::size_t count() const {
        std::size_t sum = 0;
        for (auto const& [queue, fact] : all)
            sum += std::holds_alternative<Fact>(fact) ? 1 : 0;
        return sum;
    }
    std::vector<std::pair<Id128, queue::Event>> all;
};

using Bodies = std::vector<std::string>;

inline ports::QueueChange
dead_letters_in(std::string_view target, std::uint32_t receives,
                ports::DeadLetterPolicy policy = ports::DeadLetterPolicy::skip) {
    ports::QueueChange change;
    change.redrive = ports::RedrivePolicy{ports::QueueName(target), receives, policy};
    return change;
}

struct QueueWorld {
    Facts facts{};
    Queues queues{facts, 7};
    Instant now{Instant::from_unix_microseconds(1'700'000'000'000'000)};
    std::uint64_t made{0};
    std::vector<ports::ReceivedMessage> received{}; ///< by the latest receive

    void pass(Duration time) { now = now + time; }

    void create(std::string_view name, ports::QueueChange const& change = {}) {
        ASSERT_TRUE(try_create(name, change)) << name;
    }
    Decided<ports::QueueMark> try_create(std::string_view name,
                                         ports::QueueChange const& change = {}) {
        ports::QueueDescription wanted{
            ports::QueueName(name), {}, ports::QueueOwner::caller, {}, now, now};
        wanted.settings.kind =
            name.ends_with(".fifo") ? ports::QueueKind::fifo : ports::QueueKind::standard;
        ++made;
        std::vector<std::uint8_t> const key(16, static_cast<std::uint8_t>(made));
        return queues.create(wanted, change, {Id128(made, made), key}, now);
    }
    Decided<ports::SentMessage> send(std::string_view name, ports::OutgoingMessage message) {
        std::vector const messages{std::move(message)};
        auto sent = queues.send(ports::QueueName(name), ports::SenderId("spec"), messages, now);
        EXPECT_TRUE(queues.is_whole());
        if (!sent)
            return unexpected(sent.error());
        return sent->entries.front();
    }
    Decided<ports::SentMessage> send(std::string_view name, std::string body) {
        return send(name, ports::OutgoingMessage{.body = std::move(body)});
    }
    /// On a FIFO queue: the body is its deduplication id as well.
    Decided<ports::SentMessage> send(std::string_view name, std::string body, std::string group) {
        bool const is_fifo = name.ends_with(".fifo");
        return send(name, ports::OutgoingMessage{.body = body,
                                                 .group_id = std::move(group),
                                                 .deduplication_id = is_fifo ? body : ""});
    }
    Bodies receive(std::string_view name, std::size_t up_to = 10,
                   std::optional<Duration> visibility = {}, std::string attempt = {}) {
        auto out =
            queues.receive(ports::QueueName(name), {up_to, visibility, std::move(attempt)}, now);
        EXPECT_TRUE(out) << (out ? "" : out.error().what);
        EXPECT_TRUE(queues.is_whole());
        received = out ? std::move(out->messages) : std::vector<ports::ReceivedMessage>();
        Bodies bodies;
        for (auto const& message : received)
            bodies.push_back(message.body);
        return bodies;
    }
    Decided<ports::Settled> settle(std::string_view name, ports::ReceiptHandle const& receipt,
                                   ports::Ending ending = ports::Ending::done,
                                   std::string cause = {}) {
        std::vector const one{ports::Settlement{receipt, ending, std::move(cause)}};
        auto settled = queues.settle(ports::QueueName(name), one, now);
        EXPECT_TRUE(queues.is_whole());
        if (!settled)
            return unexpected(settled.error());
        return settled->entries.front();
    }
    void settle_all(std::string_view name) {
        for (auto const& message : std::exchange(received, {}))
            EXPECT_EQ(settle(name, message.receipt).value(), ports::Settled::now);
    }
    Decided<ports::Extended> extend(std::string_view name, ports::ReceiptHandle const& receipt,
                                    Duration visibility) {
        std::vector const one{ports::Extension{receipt, visibility}};
        auto extended = queues.extend(ports::QueueName(name), one, now);
        EXPECT_TRUE(queues.is_whole());
        if (!extended)
            return unexpected(extended.error());
        return extended->entries.front();
    }
    void set_flow(std::string_view name, ports::QueueFlow flow) {
        EXPECT_TRUE(queues.set_flow(ports::QueueName(name), flow, now));
        EXPECT_TRUE(queues.is_whole());
    }
    ports::QueueDepth depth(std::string_view name) {
        return queues.depth(ports::QueueName(name), now).value();
    }
    /// Receives what is there and settles it, again and again.
    Bodies drain(std::string_view name) {
        Bodies all;
        for (auto bodies = receive(name); !bodies.empty(); bodies = receive(name)) {
            all.insert(all.end(), bodies.begin(), bodies.end());
            settle_all(name);
        }
        return all;
    }
};

} // namespace kontor::queues
