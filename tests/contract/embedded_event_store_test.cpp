#include "tests/contract/event_store_contract.hpp"
#include "tests/support/hand_clock.hpp"

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/event_store.hpp"
#include "adapters/faulty/event_store.hpp"
#include "adapters/memory/disk.hpp"
#include "adapters/memory/event_store.hpp"

#include <cstdlib>
#include <filesystem>

namespace kontor::contract {
namespace {

/// Segments of a few frames and next to no memory, so that everything goes through the disk soon.
journal::Limits cramped() {
    journal::Limits limits;
    limits.segment_bytes = 64U << 10;
    limits.frame_bytes_max = 16U << 10;
    limits.window_bytes = 16U << 10;
    limits.chunk_bytes = 16U << 10;
    limits.live_streams_max = 2;
    limits.unindexed_max = 1;
    limits.spares = 1;
    limits.checkpoint_after = 1;
    limits.free_bytes_min = 0;
    return limits;
}

/// And all that is sealed becomes dense and cold as soon as it may, and its file serves again.
journal::Limits squeezed() {
    auto limits = cramped();
    limits.spares = 2;
    limits.padding_percent_max = 0;
    limits.cold_after = Duration::seconds(1);
    return limits;
}

journal::Limits roomy() {
    journal::Limits limits;
    limits.segment_bytes = 4U << 20;
    limits.spares = 0;
    limits.free_bytes_min = 0;
    return limits;
}

class EmbeddedStore final : public StoreUnderTest {
public:
    EmbeddedStore(std::unique_ptr<ports::Disk> disk, journal::Limits limits, std::string path)
        : disk_(std::move(disk)), limits_(limits), path_(std::move(path)) {
        reopen();
    }
    ~EmbeddedStore() override {
        store_.reset();
        disk_.reset();
        if (!path_.empty())
            std::filesystem::remove_all(path_);
    }

    ports::EventStore& store() override { return *store_; }
    void settle() override {
        store_->writer().do_work({1'000}).value();
        store_->upkeep().do_work({1'000}).value();
    }
    void pass(Duration time) override { clock_.pass(time); }
    bool reopen() override {
        store_.reset();
        store_ =
            embedded::EventStore::open(*disk_, clock_, faults_,
                                       {limits_, {{EventType(11), "test.one.v1"}}, Id128(1, 2)})
                .value();
        return true;
    }

private:
    testing::HandClock clock_;
    NoFaults faults_;
    std::unique_ptr<ports::Disk> disk_;
    journal::Limits limits_;
    std::string path_;
    std::unique_ptr<embedded::EventStore> store_;
};

std::unique_ptr<StoreUnderTest> on_real_disk(journal::Limits limits) {
    auto path = (std::filesystem::temp_directory_path() / "kontor-contract-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr)
        return nullptr;
    return std::make_unique<EmbeddedStore>(embedded::Disk::open(path).value(), limits, path);
}

std::unique_ptr<StoreUnderTest> on_simulated_disk(journal::Limits limits) {
    return std::make_unique<EmbeddedStore>(std::make_unique<memory::Disk>(), limits, "");
}

class FaultyStore final : public StoreUnderTest {
public:
    ports::EventStore& store() override { return faulty_; }
    void pass(Duration time) override { clock_.pass(time); }

private:
    testing::HandClock clock_;
    memory::EventStore memory_{clock_};
    faulty::EventStore faulty_{memory_, {}, 1};
};

[[maybe_unused]] bool const registered[] = {
    event_store_contract("embedded", [] { return on_simulated_disk(roomy()); }),
    event_store_contract("embedded_cramped", [] { return on_simulated_disk(cramped()); }),
    event_store_contract("embedded_squeezed", [] { return on_simulated_disk(squeezed()); }),
    event_store_contract("embedded_squeezed_on_disk", [] { return on_real_disk(squeezed()); }),
    event_store_contract("embedded_on_disk", [] { return on_real_disk(roomy()); }),
    event_store_contract("embedded_cramped_on_disk", [] { return on_real_disk(cramped()); }),
    event_store_contract("faulty_without_faults", [] { return std::make_unique<FaultyStore>(); }),
};

} // namespace
} // namespace kontor::contract
