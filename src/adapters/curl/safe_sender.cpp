#include "adapters/curl/safe_sender.hpp"

namespace kontor::curl {

Result<std::unique_ptr<SafeSender>> SafeSender::open(Clock& clock, SafeSenderOptions options) {
    KONTOR_TRY(auto calls, HttpCalls::open(clock, options.at_once_max));
    return std::unique_ptr<SafeSender>(new SafeSender(options, std::move(calls)));
}

void SafeSender::start(ports::WebhookCall call) {
    calls_->start(call.ticket, {.method = "POST",
                                .url = std::move(call.url),
                                .headers = std::move(call.headers),
                                .body = std::move(call.body),
                                .within = options_.within,
                                .reach = options_.reach,
                                .answer_bytes_max = answer_bytes_max});
}

void SafeSender::collect(std::vector<ports::WebhookEnded>& ended) {
    ended_.clear();
    calls_->collect(ended_);
    for (auto& each : ended_) {
        if (!each.answer) {
            ended.push_back({each.ticket, unexpected(std::move(each.answer).error())});
            continue;
        }
        ports::WebhookAnswer answer{each.answer->status,
                                    std::string(each.answer->header("retry-after")),
                                    std::move(each.answer->body)};
        ended.push_back({each.ticket, std::move(answer)});
    }
}

} // namespace kontor::curl
