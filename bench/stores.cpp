#include "bench/stores.hpp"

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/event_store.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"

#include <filesystem>
#include <thread>

namespace kontor::bench {
namespace {

class EmbeddedStore final : public BenchStore {
public:
    explicit EmbeddedStore(std::string const& directory) {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directories(directory);
        disk_ = embedded::Disk::open(directory + "/journal").value();
        store_ = embedded::EventStore::open(*disk_, clock_, faults_, {}).value();
        auto const stop = [](Failure const& failure) {
            KONTOR_ASSERT(false, "{}", to_string(failure));
        };
        writer_ = std::make_unique<Runner>(store_->writer(), IdleStrategy{}, stop);
        upkeep_ = std::make_unique<Runner>(store_->upkeep(), IdleStrategy{1}, stop);
    }
    ports::EventStore& store() override { return *store_; }

private:
    SystemClock clock_;
    NoFaults faults_;
    std::unique_ptr<embedded::Disk> disk_;
    std::unique_ptr<embedded::EventStore> store_;
    std::unique_ptr<Runner> writer_;
    std::unique_ptr<Runner> upkeep_;
};

} // namespace

void BenchStore::wait_a_little() {
    std::this_thread::yield();
}

std::unique_ptr<BenchStore> open_fresh_store(std::string const& directory) {
    return std::make_unique<EmbeddedStore>(directory);
}

} // namespace kontor::bench
