#pragma once

/// SafeSender: webhooks over libcurl, within the reach of calls for others.
/// Thread: one.

#include "adapters/curl/http_calls.hpp"
#include "ports/webhook_sender.hpp"

#include <memory>

namespace kontor::curl {

struct SafeSenderOptions {
    reach::Reach reach{reach::Reach::open_only};
    std::size_t at_once_max{1};
    Duration within{Duration::seconds(20)}; ///< until the last byte of an answer
};

class SafeSender final : public ports::WebhookSender {
public:
    /// So much of an answer is read.
    static constexpr std::size_t answer_bytes_max = 1'024;

    /// The clock outlives the sender.   Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<SafeSender>> open(Clock& clock, SafeSenderOptions options);

    std::size_t at_once_max() const override { return options_.at_once_max; }
    void start(ports::WebhookCall call) override;
    void collect(std::vector<ports::WebhookEnded>& ended) override;

private:
    SafeSender(SafeSenderOptions options, std::unique_ptr<HttpCalls> calls)
        : options_(options), calls_(std::move(calls)) {}

    SafeSenderOptions options_;
    std::unique_ptr<HttpCalls> calls_;
    std::vector<HttpCalls::Ended> ended_;
};

} // namespace kontor::curl
