#pragma once

/// QueuedServices: the bus and the services that take their work from its queues, as a server has
/// them, over the log of a benchmark. The queues write on the desk's thread, the rest runs where
/// the buyers do; letters are taken at once.

#include "platform/messaging/router/router.hpp"
#include "services/notification/notification_runner.hpp"
#include "services/shop/shop.hpp"
#include "services/workers/queue_worker.hpp"
#include "tests/support/secret_dice.hpp"

#include <vector>

namespace kontor::bench {

/// Takes every letter.
class EagerMailer final : public ports::Mailer {
public:
    Result<void> start(std::span<ports::MailCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::MailAnswer>& answers) override;

private:
    std::vector<ports::MailAnswer> taken_;
};

class QueuedServices {
public:
    /// Makes the queues, while nobody else writes. All outlive it.
    QueuedServices(ports::EventStore& store, Clock& clock, services::ShopDeskAgent& desk);

    /// On the desk's thread, after the desk.
    Result<WorkDone> write(WorkBudget budget) { return queues_.do_work(budget); }
    /// On the buyers' thread.
    Result<WorkDone> do_work(WorkBudget budget);
    /// Whether the last turn found nothing to do, and the bus has seen all of the log.
    bool is_at_rest() const { return was_idle_ && router_.position() == store_.durable().position; }
    /// Messages that were ended: that every service had its work.
    std::uint64_t letters() const;

private:
    ports::EventStore& store_;
    testing::SecretDice secrets_;
    hosting::JournaledQueues queues_;
    router::Router router_;
    EagerMailer mailer_;
    services::QueueWorker warehouse_;
    services::NotificationRunner notification_;
    bool was_idle_{true};
};

} // namespace kontor::bench
