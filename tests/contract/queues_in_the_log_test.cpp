#include "tests/contract/over_a_store.hpp"

#include "adapters/embedded/event_store.hpp"
#include "adapters/memory/disk.hpp"

namespace kontor::contract {
namespace {

/// The log on a simulated disk that loses its power.
class OverTheLog final : public OverAStore {
public:
    OverTheLog() {
        open_store();
        open();
    }
    ~OverTheLog() override { store_.reset(); }

private:
    ports::EventStore& store() override { return *store_; }
    bool keeps_checkpoints() const override { return true; }
    void write_log() override { store_->writer().do_work({1'000}).value(); }
    void lose_what_is_not_durable() override {
        store_.reset();
        disk_.cut_power();
        disk_.restore_power();
        open_store();
    }
    void open_store() {
        journal::Limits limits;
        limits.segment_bytes = 4U << 20;
        limits.spares = 0;
        limits.free_bytes_min = 0;
        store_ =
            embedded::EventStore::open(disk_, clock_, faults_, {limits, {}, Id128(1, 2)}).value();
    }

    memory::Disk disk_{7};
    NoFaults faults_;
    std::unique_ptr<embedded::EventStore> store_;
};

[[maybe_unused]] bool const over_the_log =
    queue_contract("journaled over the log", [] { return std::make_unique<OverTheLog>(); });

} // namespace
} // namespace kontor::contract
