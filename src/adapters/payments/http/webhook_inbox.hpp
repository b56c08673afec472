#pragma once

/// WebhookInbox: what a provider has reported and is not durable yet. The shop's door puts reports
/// in, whoever collects takes them out, and a receipt marks them durable, for the door to answer.
///
/// Invariants: 1. A report is collected once for each time its sender came, until it is durable.
///             2. Its number is the same each time.
///             3. At most `pending_max` are not durable. At the limit the oldest that was collected
///                makes room, for its sender comes again; when none was, the door is told `full`.
///             4. Of what is durable the newest `durable_max` are remembered. An older one that
///                comes again is recorded again, and the payment's state notices.
/// Thread: any.

#include "ports/payment_provider.hpp"
#include "ports/provider_webhooks.hpp"

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace kontor::payments {

class WebhookInbox final : public ports::ProviderWebhooks {
public:
    static constexpr std::size_t pending_max = 4'096;
    static constexpr std::size_t durable_max = 65'536;

    Result<void> take(std::string_view id, std::string_view body) override;
    bool is_durable(std::string_view id) override;

    /// Called when something has become durable, on the thread of the receipt.
    void wake_with(std::function<void()> wake);

    /// Appends at most `up_to` reports, and says how many.
    std::size_t collect(std::size_t up_to, std::vector<ports::ProviderAnswer>& answers);
    void receipt(std::span<std::uint64_t const> deliveries);

private:
    struct Pending {
        std::string id;
        ports::ProviderAnswer report;
        bool is_queued{true};
    };
    /// Requires: the mutex is held.
    bool make_room();

    std::mutex mutex_;
    std::map<std::uint64_t, Pending> pending_;                  ///< by number; the oldest first
    std::map<std::string, std::uint64_t, std::less<>> numbers_; ///< of pending ids
    std::deque<std::uint64_t> queue_;                           ///< numbers to collect
    std::set<std::string, std::less<>> durable_;                ///< ids
    std::deque<std::string> oldest_durable_;
    std::function<void()> wake_;
    std::uint64_t last_number_{0};
};

} // namespace kontor::payments
