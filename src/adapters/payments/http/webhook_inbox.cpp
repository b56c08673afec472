#include "adapters/payments/http/webhook_inbox.hpp"

#include "adapters/payments/http/wire.hpp"

#include <algorithm>

namespace kontor::payments {

Result<void> WebhookInbox::take(std::string_view id, std::string_view body) {
    KONTOR_TRY(auto report, report_in(body));
    std::lock_guard const guard(mutex_);
    if (durable_.contains(id))
        return {};
    if (auto const known = numbers_.find(id); known != numbers_.end()) {
        if (!std::exchange(pending_.at(known->second).is_queued, true))
            queue_.push_back(known->second);
        return {};
    }
    if (pending_.size() >= pending_max && !make_room())
        return unexpected(Failure{FailureKind::full, "too many reports wait to be recorded"});
    report.delivery = ++last_number_;
    numbers_.emplace(id, report.delivery);
    queue_.push_back(report.delivery);
    pending_.emplace(report.delivery, Pending{std::string(id), std::move(report)});
    return {};
}

bool WebhookInbox::make_room() {
    auto const oldest =
        std::ranges::find_if(pending_, [](auto const& entry) { return !entry.second.is_queued; });
    if (oldest == pending_.end())
        return false;
    numbers_.erase(oldest->second.id);
    pending_.erase(oldest);
    return true;
}

bool WebhookInbox::is_durable(std::string_view id) {
    std::lock_guard const guard(mutex_);
    return durable_.contains(id);
}

void WebhookInbox::wake_with(std::function<void()> wake) {
    std::lock_guard const guard(mutex_);
    wake_ = std::move(wake);
}

std::size_t WebhookInbox::collect(std::size_t up_to, std::vector<ports::ProviderAnswer>& answers) {
    std::lock_guard const guard(mutex_);
    auto const count = std::min(up_to, queue_.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto& pending = pending_.at(queue_.front());
        pending.is_queued = false;
        answers.push_back(pending.report);
        queue_.pop_front();
    }
    return count;
}

void WebhookInbox::receipt(std::span<std::uint64_t const> deliveries) {
    std::function<void()> wake;
    {
        std::lock_guard const guard(mutex_);
        for (auto const delivery : deliveries) {
            auto const found = pending_.find(delivery);
            if (found == pending_.end())
                continue;
            if (found->second.is_queued)
                std::erase(queue_, delivery);
            numbers_.erase(found->second.id);
            durable_.insert(found->second.id);
            oldest_durable_.push_back(std::move(found->second.id));
            pending_.erase(found);
        }
        while (oldest_durable_.size() > durable_max) {
            durable_.erase(oldest_durable_.front());
            oldest_durable_.pop_front();
        }
        wake = wake_;
    }
    if (wake && !deliveries.empty())
        wake();
}

} // namespace kontor::payments
