#include "bench/queued_services.hpp"

#include "bench/stores.hpp"
#include "platform/messaging/hosting/declared_queues.hpp"
#include "services/workers/warehouse_news.hpp"
#include "topology/shop.hpp"

namespace kontor::bench {

Result<void> EagerMailer::start(std::span<ports::MailCall const> calls) {
    for (auto const& call : calls)
        taken_.push_back({call.id, ports::MailVerdict::accepted, {}});
    return {};
}

Result<std::size_t> EagerMailer::collect(std::size_t up_to,
                                         std::vector<ports::MailAnswer>& answers) {
    auto const count = std::min(up_to, taken_.size());
    auto const end = taken_.begin() + static_cast<std::ptrdiff_t>(count);
    answers.insert(answers.end(), taken_.begin(), end);
    taken_.erase(taken_.begin(), end);
    return count;
}

QueuedServices::QueuedServices(ports::EventStore& store, Clock& clock,
                               services::ShopDeskAgent& desk)
    : store_(store), queues_(store, clock, secrets_),
      router_(store, queues_, clock, topology::shop, {}),
      warehouse_({queues_.queue(), queues_.progress(), clock, desk.add_client()},
                 services::warehouse_job(store, {})),
      notification_({queues_.queue(), store, mailer_, clock, nullptr, Random(1)}) {
    must(queues_.recover());
    auto const made = hosting::declare_queues(queues_.admin(), topology::shop);
    KONTOR_ASSERT(made.has_value(), "{}", ports::what_of(made.error()));
    must(router_.recover());
    desk.desk().settle_by(queues_);
}

Result<WorkDone> QueuedServices::do_work(WorkBudget budget) {
    KONTOR_TRY(auto const routed, router_.do_work(budget));
    KONTOR_TRY(auto const booked, warehouse_.do_work(budget));
    KONTOR_TRY(auto const told, notification_.do_work(budget));
    auto const items = routed.items + booked.items + told.items;
    was_idle_ = items == 0 && notification_.figures().in_hand == 0;
    return WorkDone{items};
}

std::uint64_t QueuedServices::letters() const {
    std::uint64_t sum = 0;
    for (auto const count : notification_.figures().outcomes)
        sum += count;
    return sum;
}

} // namespace kontor::bench
