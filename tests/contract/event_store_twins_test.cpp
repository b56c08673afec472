/// The embedded store answers like the one in memory, whatever is asked in whatever sequence, over
/// reopening, kills and power cuts.

#include "tests/contract/event_store_words.hpp"
#include "tests/support/hand_clock.hpp"

#include "adapters/embedded/event_store.hpp"
#include "adapters/embedded/journal/faults.hpp"
#include "adapters/memory/disk.hpp"
#include "adapters/memory/event_store.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::contract {
namespace {

using ports::ExpectedVersion;
using ports::Limit;
using ports::Position;
using ports::StreamVersion;

/// Forces the rare as a seed says.
class Dice final : public Faults {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    bool at(Fault const& fault) override {
        return fault.name != journal::append_full.name && random_.chance(1, 8);
    }
    void reached(Mark const&) override {}

private:
    Random random_;
};

class Twins {
public:
    explicit Twins(std::uint64_t seed) : random_(seed), dice_(seed), disk_(seed) {
        limits_.segment_bytes = 48U << 10;
        limits_.frame_bytes_max = 8U << 10;
        limits_.window_bytes = 16U << 10;
        limits_.chunk_bytes = 8U << 10;
        limits_.live_streams_max = 4;
        limits_.unindexed_max = 1;
        limits_.checkpoint_after = 64U << 10;
        limits_.padding_percent_max = seed % 2 == 0 ? 100 : 10;
        limits_.cold_after = Duration::seconds(seed % 3 == 0 ? 0 : 3'600);
        limits_.free_bytes_min = 0;
        open();
    }

    void step() {
        switch (random_.below(12)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4: append(); break;
        case 5:
        case 6: settle(); break;
        case 7:
            compare_log();
            compare_open();
            break;
        case 8: compare_stream(); break;
        case 9: compare_outcome(); break;
        case 10: RC_ASSERT(embedded_->upkeep().do_work({1}).has_value()); break;
        case 11: reopen(); break;
        }
    }
    void settle() { RC_ASSERT(embedded_->writer().do_work({1 + random_.below(4)}).has_value()); }

    void compare_log() {
        while (embedded_->durable().position != memory_.durable().position)
            settle();
        auto const after = Position(random_.below(memory_.durable().position.value() + 2));
        auto const limit = 1 + random_.below(20);
        auto const mine = memory_.read_log(after, Limit(limit)).value();
        auto const other = embedded_->read_log(after, Limit(limit)).value();
        auto const theirs = seen(other);
        auto const expected = seen(mine);
        RC_ASSERT(theirs.size() <= expected.size());
        RC_ASSERT(theirs.empty() == expected.empty());
        RC_ASSERT(std::equal(theirs.begin(), theirs.end(), expected.begin()));
    }

private:
    StreamId a_stream() {
        auto const number = random_.below(9);
        if (number < 5)
            return stock(std::string(1, static_cast<char>('A' + number)));
        return StreamId::order(OrderId(Id128((1'000 + number) << 16, number)));
    }

    void append() {
        ports::Batch batch;
        for (auto commits = random_.below(4); commits > 0; --commits) {
            std::vector<Written> events;
            for (auto count = random_.below(5); count > 0; --count)
                events.push_back(
                    {a_stream(), std::string(random_.below(500), 'p'), random_.chance(1, 3)});
            auto const expected = random_.chance(1, 3)
                                      ? ExpectedVersion::exactly(StreamVersion(random_.below(6)))
                                      : ExpectedVersion::any();
            add_commit(batch, ++next_command_, events, expected);
            if (random_.chance(1, 3))
                batch.set_outcome(outcome(static_cast<std::uint16_t>(next_command_ % 500)));
        }
        auto const mine = memory_.append(batch).value();
        std::vector<ports::CommitOutcome> const expected(mine.outcomes.begin(),
                                                         mine.outcomes.end());
        auto const theirs = embedded_->append(batch).value();
        RC_ASSERT(std::equal(expected.begin(), expected.end(), theirs.outcomes.begin(),
                             theirs.outcomes.end()));
    }

    void compare_open() {
        auto const after = Position(random_.below(memory_.durable().position.value() + 2));
        Limit const limit(1 + random_.below(20));
        auto const open = embedded_->read_open(Position(0), after, limit).value();
        if (open.up_to.value() == 0)
            return;
        auto const mine = memory_.read_open(open.up_to, after, limit).value();
        RC_ASSERT(seen(mine.page) == seen(open.page));
    }

    void compare_stream() {
        auto const stream = a_stream();
        auto const from = StreamVersion(random_.below(30));
        auto const limit = Limit(1 + random_.below(25));
        auto const mine = memory_.read_stream(stream, from, limit).value();
        auto const theirs = embedded_->read_stream(stream, from, limit).value();
        RC_ASSERT(seen(mine) == seen(theirs));
        RC_ASSERT(memory_.head(stream).value() == embedded_->head(stream).value());
    }

    void compare_outcome() {
        auto const id = command(1 + random_.below(next_command_ + 1));
        RC_ASSERT(memory_.find_outcome(id).value() == embedded_->find_outcome(id).value());
    }

    /// All that was accepted is made durable before, so that both know the same afterwards.
    void reopen() {
        while (embedded_->durable().position != memory_.durable().position)
            settle();
        while (embedded_->writer().do_work({1}).value().items > 0) {
        }
        auto const how = random_.below(3);
        if (how == 0)
            RC_ASSERT(embedded_->close().has_value());
        embedded_.reset();
        if (how == 1)
            disk_.cut_power();
        disk_.restore_power();
        open();
    }

    void open() {
        auto opened = embedded::EventStore::open(disk_, clock_, dice_, {limits_, {}, Id128(1, 2)});
        RC_ASSERT(opened.has_value());
        embedded_ = *std::move(opened);
    }

    Random random_;
    Dice dice_;
    testing::HandClock clock_;
    memory::Disk disk_;
    memory::EventStore memory_{clock_};
    journal::Limits limits_;
    std::unique_ptr<embedded::EventStore> embedded_;
    std::uint64_t next_command_{0};
};

RC_GTEST_PROP(EventStoreTwins, answer_alike_over_reopening_kills_and_power_cuts,
              (std::uint64_t seed)) {
    Twins twins(seed);
    for (int n = 0; n < 150; ++n)
        twins.step();
    twins.compare_log();
}

} // namespace
} // namespace kontor::contract
