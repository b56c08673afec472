#pragma once

/// Queues whose facts are kept in some store: what every such world under test has alike.

#include "tests/contract/queue_contract.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include "platform/messaging/hosting/queue_journal.hpp"

#include <gtest/gtest.h>

namespace kontor::contract {

class OverAStore : public QueuesUnderTest {
public:
    ports::Queue& queue() override { return queues_->queue(); }
    ports::QueueAdmin& admin() override { return queues_->admin(); }
    ports::MoveTasks& moves() override { return queues_->moves(); }
    ports::DeadLetters& letters() override { return queues_->letters(); }
    ports::QueueProgress& progress() override { return queues_->progress(); }
    void pass(Duration time) override { clock_.pass(time); }
    Instant now() override { return clock_.now(); }
    void work() override {
        constexpr int turns_max = 10'000;
        for (int turn = 0; turn < turns_max; ++turn) {
            auto const done = queues_->do_work({100});
            ASSERT_TRUE(done) << to_string(done.error());
            write_log();
            if (checkpoints_ != nullptr) {
                ASSERT_TRUE(checkpoints_->do_work({7}));
            }
            if (done->items == 0 && queues_->is_idle())
                return;
        }
        FAIL() << "there is no end to the work";
    }
    bool is_whole() override { return queues_->is_whole(); }
    bool survives() const override { return true; }
    void crash() override {
        queues_.reset();
        lose_what_is_not_durable();
        open();
    }

protected:
    void open() {
        queues_ = std::make_unique<hosting::JournaledQueues>(store(), clock_, secrets_);
        if (keeps_checkpoints())
            checkpoints_ = std::make_unique<hosting::QueueCheckpoints>(
                store(), Id128(1, 2),
                hosting::QueueCheckpoints::Keep{[this] { return file_; },
                                                [this](std::span<std::uint8_t const> bytes) {
                                                    file_.assign(bytes.begin(), bytes.end());
                                                    return Result<void>();
                                                }},
                1);
        auto const recovered = queues_->recover(checkpoints_.get());
        ASSERT_TRUE(recovered) << to_string(recovered.error());
        if (checkpoints_ != nullptr) {
            ASSERT_FALSE(checkpoints_->was_refused());
        }
    }
    /// Whether it starts from a checkpoint, which is made anew whenever something happened.
    virtual bool keeps_checkpoints() const { return false; }
    virtual ports::EventStore& store() = 0;
    virtual void write_log() {}
    virtual void lose_what_is_not_durable() {}

    testing::HandClock clock_;
    testing::SecretDice secrets_;

private:
    std::vector<std::uint8_t> file_;
    std::unique_ptr<hosting::QueueCheckpoints> checkpoints_;
    std::unique_ptr<hosting::JournaledQueues> queues_;
};

} // namespace kontor::contract
