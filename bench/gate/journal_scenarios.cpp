#include "bench/gate/scenario.hpp"

#include "adapters/embedded/event_store.hpp"
#include "adapters/memory/disk.hpp"
#include "base/random.hpp"
#include "tests/support/hand_clock.hpp"

#include <vector>

namespace kontor::bench {
namespace {

constexpr std::size_t stream_count = 2'000;
constexpr std::size_t event_bytes = 300;
constexpr std::size_t commits_a_batch = 64;
constexpr std::size_t batch_count = 100;

/// A log on a disk in memory, with batches for it that are ready to be appended.
class LogInMemory {
public:
    LogInMemory() : versions_(stream_count) {
        embedded::StoreOptions options;
        options.limits.segment_bytes = 8U << 20;
        options.lineage = Id128(1, 1);
        store_ = embedded::EventStore::open(disk_, clock_, faults_, options).value();
        batches_.resize(batch_count);
        for (auto& batch : batches_)
            for (std::size_t n = 0; n < commits_a_batch; ++n)
                add_commit(batch);
    }

    embedded::EventStore& store() { return *store_; }
    void append_all() {
        for (auto const& batch : batches_)
            store_->append(batch).value();
    }
    void write_all() { store_->writer().do_work({batch_count * 2}).value(); }
    std::uint64_t disk_changes() const { return disk_.changes(); }
    static constexpr std::uint64_t events() { return batch_count * commits_a_batch; }
    bool is_all_durable() const { return store_->durable().position.value() == events(); }
    std::uint64_t version(std::size_t stream) const { return versions_[stream]; }
    static StreamId stream(std::size_t n) {
        return StreamId::of(StreamCategory::order, Id128(7, n));
    }

private:
    void add_commit(ports::Batch& batch) {
        auto const n = dice_.below(stream_count);
        batch.begin_commit({CommandId(Id128(1, ++commands_)), {}, {}, {}, {}});
        auto const index = batch.add_stream(
            stream(n), ports::ExpectedVersion::exactly(ports::StreamVersion(versions_[n]++)));
        batch.buffer().resize(batch.buffer().size() + event_bytes, 0x2a);
        batch.add_event(index, ports::EventType(1));
    }

    memory::Disk disk_;
    testing::HandClock clock_;
    NoFaults faults_;
    std::unique_ptr<embedded::EventStore> store_;
    Random dice_{11};
    std::vector<std::uint64_t> versions_;
    std::uint64_t commands_{0};
    std::vector<ports::Batch> batches_;
};

std::uint64_t append() {
    LogInMemory log;
    auto const before = log.disk_changes();
    measured([&] { log.append_all(); });
    counts().disk_writes = log.disk_changes() - before;
    log.write_all();
    return log.is_all_durable() ? log.events() : 0;
}

std::uint64_t write() {
    LogInMemory log;
    log.append_all();
    auto const before = log.disk_changes();
    measured([&] { log.write_all(); });
    counts().disk_writes = log.disk_changes() - before;
    return log.is_all_durable() ? log.events() : 0;
}

std::uint64_t read_log() {
    LogInMemory log;
    log.append_all();
    log.write_all();
    std::uint64_t seen = 0;
    measured([&] {
        for (ports::Position at{};;) {
            auto const page = log.store().read_log(at, ports::Limit(512)).value();
            if (page.empty())
                return;
            seen += page.events.size();
            at = page.events.back().position;
        }
    });
    return seen;
}

std::uint64_t read_streams() {
    LogInMemory log;
    log.append_all();
    log.write_all();
    std::uint64_t seen = 0;
    measured([&] {
        for (std::size_t n = 0; n < stream_count; ++n)
            seen += log.store()
                        .read_stream(log.stream(n), ports::StreamVersion(1), ports::Limit(256))
                        .value()
                        .events.size();
    });
    return seen;
}

} // namespace

std::map<std::string, Scenario> journal_scenarios() {
    return {{"journal_append", append},
            {"journal_write", write},
            {"journal_read_log", read_log},
            {"journal_read_stream", read_streams}};
}

} // namespace kontor::bench
