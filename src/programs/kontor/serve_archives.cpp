#include "programs/kontor/serve_archives.hpp"

#include "programs/kontor/serve_files.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <thread>

namespace kontor::programs {
namespace {

/// As long as a healthy disk may take, and then some.
bool wait_for_the_disk(std::size_t turns) {
    constexpr auto turn = std::chrono::microseconds(100);
    constexpr std::size_t turns_max = 100'000;
    std::this_thread::sleep_for(turn);
    return turns < turns_max;
}

} // namespace

Random random_of_the_machine() {
    std::uint64_t seed = 0;
    std::array<std::uint8_t, sizeof seed> bytes{};
    draw_random(bytes);
    std::memcpy(&seed, bytes.data(), sizeof seed);
    return Random(seed);
}

ServedArchives::ServedArchives(router::Router& router, hosting::JournaledQueues& queues,
                               Clock& clock, std::function<void()> wake)
    : wiring_(router, queues, clock, random_of_the_machine(), wait_for_the_disk),
      wake_(std::move(wake)) {}

bool ServedArchives::take(Job job) {
    std::lock_guard const guard(mutex_);
    if (jobs_.size() >= services::gateway::archive_jobs_max)
        return false;
    jobs_.push_back(std::move(job));
    if (bell_ != nullptr)
        bell_->ring();
    return true;
}

bool ServedArchives::listen(Bell* bell) {
    std::lock_guard const guard(mutex_);
    bell_ = bell;
    return true;
}

Result<WorkDone> ServedArchives::do_work(WorkBudget budget) {
    std::size_t items = 0;
    for (; items < budget.items_max; ++items) {
        Job job;
        {
            std::lock_guard const guard(mutex_);
            if (jobs_.empty())
                break;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job({wiring_, wiring_, wiring_, wiring_, wiring_, wiring_, wiring_, wiring_.place()});
        wake_();
    }
    return WorkDone{items};
}

void ServedArchives::start(std::function<void(Failure const&)> on_failure) {
    runner_ = std::make_unique<Runner>(static_cast<Agent&>(*this), IdleStrategy{1},
                                       std::move(on_failure));
}

} // namespace kontor::programs
