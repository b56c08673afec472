#include "programs/sandbox/webhook_sender.hpp"

#include "adapters/payments/http/wire.hpp"

namespace kontor::programs {

Result<std::unique_ptr<WebhookSender>> WebhookSender::open(WebhookTarget target, Clock& clock) {
    KONTOR_TRY(auto wire, curl::HttpCalls::open(clock, at_once_max));
    return std::unique_ptr<WebhookSender>(
        new WebhookSender(std::move(target), clock, std::move(wire)));
}

void WebhookSender::send(ports::ProviderAnswer const& report) {
    if (waiting_.size() >= waiting_max) {
        ++left_out_;
        return;
    }
    waiting_.push_back({report.delivery, payments::report_text(report)});
}

curl::HttpCall WebhookSender::signed_call(Waiting const& waiting) const {
    auto const id = target_.id_prefix + std::to_string(waiting.delivery);
    auto const timestamp = std::to_string(clock_.now().unix_microseconds() / 1'000'000);
    auto const signature = webhooks::signature_of({id, timestamp, waiting.body}, target_.secrets);
    return {"POST",
            target_.url,
            {{"Content-Type", "application/json"},
             {"webhook-id", id},
             {"webhook-timestamp", timestamp},
             {"webhook-signature", signature}},
            waiting.body,
            within};
}

void WebhookSender::collect(std::vector<std::uint64_t>& taken) {
    while (!waiting_.empty() && wire_->has_room()) {
        sent_.emplace(++tickets_, waiting_.front().delivery);
        wire_->start(tickets_, signed_call(waiting_.front()));
        waiting_.pop_front();
    }
    ended_.clear();
    wire_->collect(ended_);
    for (auto const& [ticket, answer] : ended_) {
        bool const is_taken = answer && answer->status >= 200 && answer->status < 300;
        if (is_taken)
            taken.push_back(sent_.at(ticket));
        else
            ++refused_;
        sent_.erase(ticket);
    }
}

} // namespace kontor::programs
