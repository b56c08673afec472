#include "adapters/aws_wire/lane.hpp"

#include "adapters/aws_wire/limits.hpp"

#include <utility>

namespace kontor::aws_wire {

Lane::Lane(std::optional<BusDoors> buses, std::optional<TopicDoors> topics, ports::CloudPlace place,
           std::function<void()> wake)
    : wake_(std::move(wake)) {
    if (buses)
        events_.emplace(*buses, place);
    if (topics)
        sns_.emplace(*topics, std::move(place));
    for (std::size_t i = 0; i < lane_workers; ++i)
        workers_.emplace_back(*this);
}

bool Lane::serves(Service service) const {
    return (service == Service::events && events_.has_value()) ||
           (service == Service::sns && sns_.has_value());
}

bool Lane::take(Job job) {
    std::lock_guard const lock(mutex_);
    if (jobs_.size() >= lane_max)
        return false;
    jobs_.push_back(std::move(job));
    for (auto& each : workers_)
        if (each.bell_ != nullptr && std::exchange(each.is_idle_, false)) {
            each.bell_->ring();
            break; // the others have slept on, or look for more when they are done
        }
    return true;
}

std::vector<Lane::Done> Lane::collect() {
    std::lock_guard const lock(mutex_);
    return std::exchange(done_, {});
}

bool Lane::Worker::listen(Bell* bell) {
    std::lock_guard const lock(lane_.mutex_);
    bell_ = bell;
    return true;
}

Wired<Value> Lane::answer(Job const& job) {
    auto const& [dialect, operation, params] = job.asked;
    Call const call{operation, Params(params, dialect.protocol), job.caller};
    return dialect.service == Service::events ? events_->answer(call) : sns_->answer(call);
}

Result<WorkDone> Lane::work(Worker& worker, WorkBudget budget) {
    std::size_t items = 0;
    for (; items < budget.items_max; ++items) {
        std::optional<Job> job;
        {
            std::lock_guard const lock(mutex_);
            worker.is_idle_ = jobs_.empty();
            if (worker.is_idle_)
                break;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        auto outcome = answer(*job);
        {
            std::lock_guard const lock(mutex_);
            done_.push_back({std::move(job->writing), std::move(outcome)});
        }
        wake_();
    }
    return WorkDone{items};
}

} // namespace kontor::aws_wire
