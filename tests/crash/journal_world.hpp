#pragma once

/// A journal on a simulated disk, what was accepted and what was acknowledged, and the one question
/// that every crash test asks: is what stands there now a history that could have been?

#include "tests/contract/event_store_words.hpp"
#include "tests/support/hand_clock.hpp"

#include "adapters/embedded/event_store.hpp"
#include "adapters/embedded/journal/verify.hpp"
#include "adapters/memory/disk.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

namespace kontor::crash {

using contract::Seen;

/// For what would tell how far it is.
inline void in_silence(std::size_t, std::size_t) {}

inline journal::Limits small_limits() {
    journal::Limits limits;
    limits.segment_bytes = 48U << 10;
    limits.frame_bytes_max = 16U << 10;
    limits.window_bytes = 32U << 10;
    limits.chunk_bytes = 16U << 10;
    limits.live_streams_max = 8;
    limits.unindexed_max = 1;
    limits.spares = 1;
    limits.checkpoint_after = 64U << 10;
    limits.reserves = 1;
    limits.padding_percent_max = 100;
    limits.free_bytes_scarce = 0;
    limits.free_bytes_min = 0;
    return limits;
}

/// As small, and what is sealed is soon dense, then cold, and its file used again.
inline journal::Limits squeezing_limits() {
    auto limits = small_limits();
    limits.padding_percent_max = 10;
    limits.spares = 2; // with one, a new file is made before the old one comes back
    limits.cold_after = Duration::seconds(5);
    return limits;
}

class World {
public:
    explicit World(ports::Disk& disk, std::uint64_t seed = 1) : disk_(disk), random_(seed) {}
    World(ports::Disk& disk, std::uint64_t seed, Faults& faults)
        : disk_(disk), random_(seed), faults_(&faults) {}

    /// Opens the journal; what it says no with is kept in `refused`.
    bool open() {
        store_.reset();
        auto opened = embedded::EventStore::open(
            disk_, clock_, *faults_, {limits, {{EventType(11), "test.one.v1"}}, Id128(1, 2)});
        if (!opened) {
            refused = opened.error();
            return false;
        }
        refused.reset();
        store_ = *std::move(opened);
        return true;
    }
    void drop() { store_.reset(); }
    embedded::EventStore& store() { return *store_; }
    testing::HandClock& clock() { return clock_; }

    /// Appends a batch of 1 to 3 commits to some of eight streams. False: the journal said no.
    bool append() {
        ports::Batch batch;
        std::vector<std::vector<contract::Written>> commits;
        auto const count = 1 + random_.below(3);
        for (std::uint64_t n = 0; n < count; ++n) {
            auto& events = commits.emplace_back();
            for (auto more = random_.below(4); more > 0; --more)
                events.push_back({contract::stock(std::string(1, char('A' + random_.below(8)))),
                                  std::string(random_.below(900), char('a' + random_.below(26))),
                                  random_.chance(1, 2)});
            contract::add_commit(batch, next_command_ + n, events);
            if (random_.chance(1, 2))
                batch.set_outcome(
                    contract::outcome(static_cast<std::uint16_t>(200 + (next_command_ + n) % 300)));
        }
        auto const appended = store_->append(batch);
        if (!appended) {
            refused = appended.error();
            return false;
        }
        for (std::size_t commit = 0; commit < commits.size(); ++commit) {
            std::uint32_t index = 0;
            for (auto const& event : commits[commit])
                accepted.push_back({accepted.size() + 1, event.stream.to_string(),
                                    ++versions_[event.stream.to_string()],
                                    static_cast<std::uint16_t>(10 + event.payload.size()), index++,
                                    contract::header_of(next_command_ + commit), event.payload});
            for (auto const& stream : batch.streams(commit))
                marks_.push_back({accepted.size(), stream.id.to_string(), stream.is_at_rest});
            if (batch.commits()[commit].outcome)
                outcomes[next_command_ + commit] = {*batch.commits()[commit].outcome,
                                                    accepted.size()};
        }
        next_command_ += count;
        return true;
    }
    bool write() { return took(store_->writer().do_work({1})); }
    bool keep_up() { return took(store_->upkeep().do_work({1})); }
    bool close() {
        auto const closed = store_->close();
        if (!closed)
            refused = closed.error();
        acked = std::max(acked, store_->durable().position.value());
        return closed.has_value();
    }

    /// The whole log in pages, or why it cannot be read.
    Result<std::vector<Seen>> read_all() {
        std::vector<Seen> all;
        for (;;) {
            KONTOR_TRY(auto const page,
                       store_->read_log(ports::Position(all.size()), ports::Limit(7)));
            if (page.empty())
                return all;
            for (auto& event : contract::seen(page))
                all.push_back(std::move(event));
        }
    }

    /// What is read must be a beginning of what was accepted, all that was acknowledged in it; log,
    /// streams, heads and outcomes must tell the same. `may_be_corrupt`: a read may also say so.
    void expect_a_true_history(bool may_be_corrupt = false) {
        auto const log = read_all();
        if (!log) {
            EXPECT_TRUE(may_be_corrupt) << to_string(log.error());
            EXPECT_EQ(log.error().kind, FailureKind::corrupt) << to_string(log.error());
            EXPECT_NE(log.error().where, "");
            return;
        }
        ASSERT_LE(log->size(), accepted.size());
        ASSERT_GE(log->size(), acked);
        for (std::size_t n = 0; n < log->size(); ++n)
            ASSERT_EQ((*log)[n], accepted[n]) << "at position " << n + 1;
        expect_streams_as(*log, may_be_corrupt);
        expect_open_as(*log);
        for (auto const& [number, outcome] : outcomes) {
            auto const found = store_->find_outcome(contract::command(number));
            if (!found) {
                EXPECT_TRUE(may_be_corrupt) << to_string(found.error());
                continue;
            }
            if (found->has_value())
                ASSERT_EQ(**found, outcome.record);
            else
                ASSERT_GE(outcome.position + 1, acked) << "an acknowledged outcome is lost";
        }
    }

    /// Forgets what did not survive, so that work can go on.
    void go_on() {
        auto const log = read_all().value();
        accepted = log;
        acked = log.size();
        std::erase_if(marks_, [&](Mark const& mark) { return mark.position > log.size(); });
        versions_.clear();
        for (auto const& event : log)
            ++versions_[event.stream];
        std::erase_if(outcomes, [&](auto const& entry) {
            return !store_->find_outcome(contract::command(entry.first)).value();
        });
    }

    /// Those of the next opening.
    journal::Limits limits{small_limits()};
    /// How often `work` lets upkeep have a turn.
    int keeps_up_every{7};
    void squeeze() {
        limits = squeezing_limits();
        keeps_up_every = 2;
    }

    struct Remembered {
        ports::OutcomeRecord record;
        std::uint64_t position; ///< of the last event before or in its commit
    };
    std::vector<Seen> accepted;
    std::map<std::uint64_t, Remembered> outcomes;
    std::uint64_t acked{0};
    std::optional<Failure> refused;

    /// What a commit said of a stream that it wrote to.
    struct Mark {
        std::uint64_t position; ///< of the commit's last event
        std::string stream;
        bool is_at_rest;
    };
    std::vector<Mark> const& marks() const { return marks_; }
    /// How far the checkpoint goes that a follower would begin with.
    std::uint64_t open_up_to() {
        return store_->read_open(ports::Position(0), ports::Position(0), ports::Limit(1))
            .value()
            .up_to.value();
    }
    std::uint64_t checkpoints_seen{0};

private:
    void expect_open_as(std::vector<Seen> const& log) {
        auto first = store_->read_open(ports::Position(0), ports::Position(0), ports::Limit(9));
        if (!first && first.error().kind == FailureKind::conflict) // it was damaged: without it
            first = store_->read_open(ports::Position(0), ports::Position(0), ports::Limit(9));
        ASSERT_TRUE(first) << to_string(first.error());
        auto const up_to = first->up_to;
        if (up_to.value() == 0)
            return;
        ++checkpoints_seen;
        ASSERT_LE(up_to.value(), log.size());
        std::map<std::string, bool> at_rest;
        for (auto const& mark : marks_)
            if (mark.position <= up_to.value())
                at_rest[mark.stream] = mark.is_at_rest;
        std::set<std::string> open_commands;
        for (std::size_t n = 0; n < up_to.value(); ++n)
            if (!at_rest[log[n].stream])
                open_commands.insert(log[n].header.command_id.to_string());
        std::vector<Seen> expected;
        for (std::size_t n = 0; n < up_to.value(); ++n)
            if (open_commands.contains(log[n].header.command_id.to_string()))
                expected.push_back(log[n]);
        std::vector<Seen> open;
        for (auto page = contract::seen(first->page); !page.empty();) {
            open.insert(open.end(), page.begin(), page.end());
            auto const next =
                store_->read_open(up_to, ports::Position(open.back().position), ports::Limit(9));
            ASSERT_TRUE(next) << to_string(next.error());
            page = contract::seen(next->page);
        }
        ASSERT_EQ(open, expected) << "up to " << up_to.value();
    }

    bool took(Result<WorkDone> const& done) {
        acked = std::max(acked, store_->durable().position.value());
        if (!done)
            refused = done.error();
        return done.has_value();
    }
    void expect_streams_as(std::vector<Seen> const& log, bool may_be_corrupt) {
        std::map<std::string, std::vector<Seen>> streams;
        for (auto const& event : log)
            streams[event.stream].push_back(event);
        for (char letter = 'A'; letter < 'A' + 9; ++letter) {
            auto const stream = contract::stock(std::string(1, letter));
            auto const& expected = streams[stream.to_string()];
            auto const page =
                store_->read_stream(stream, ports::StreamVersion(1), ports::Limit(10'000));
            auto const head = store_->head(stream);
            if (!page || !head) {
                EXPECT_TRUE(may_be_corrupt) << to_string((page ? head.error() : page.error()));
                continue;
            }
            ASSERT_EQ(contract::seen(*page), expected) << stream.to_string();
            ASSERT_EQ(head->value(), expected.size()) << stream.to_string();
        }
    }

    ports::Disk& disk_;
    Random random_;
    testing::HandClock clock_;
    NoFaults no_faults_;
    Faults* faults_{&no_faults_};
    std::unique_ptr<embedded::EventStore> store_;
    std::map<std::string, std::uint64_t> versions_;
    std::vector<Mark> marks_;
    std::uint64_t next_command_{1};
};

/// Some work through several segments: appends, writes, upkeep, an idle second, a clean stop.
/// False: it ended early.
inline bool work(World& world, int rounds, bool close = true) {
    for (int n = 0; n < rounds; ++n) {
        if (!world.append() || (n % 3 != 0 && !world.write()) ||
            (n % world.keeps_up_every == 0 && !world.keep_up()))
            return false;
        if (n % 11 == 0) {
            world.clock().pass(Duration::seconds(2));
            if (!world.write() || !world.write())
                return false;
        }
    }
    return !close || world.close();
}

} // namespace kontor::crash
