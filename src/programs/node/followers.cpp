#include "programs/node/followers.hpp"

#include <algorithm>
#include <utility>

namespace kontor::programs {
namespace {

/// How often somebody looks where the followers are.
constexpr Duration look_every = Duration::milliseconds(50);

/// Rows may wait for a moment, orders may not: nobody gets more than so much of a round.
constexpr std::size_t round_items_max = 4096;

} // namespace

void Followers::add(Agent& agent, std::function<Standing()> standing) {
    members_.push_back({agent, std::move(standing), clock_.monotonic()});
}

Result<WorkDone> Followers::do_work(WorkBudget budget) {
    WorkBudget const round{std::min(budget.items_max, round_items_max)};
    std::size_t items = 0;
    for (auto& member : members_) {
        KONTOR_TRY(auto const done, member.agent.do_work(round));
        items += done.items;
    }
    if (auto const now = clock_.monotonic(); now - looked_at_ >= look_every) {
        looked_at_ = now;
        look();
    }
    return WorkDone{items};
}

void Followers::look() {
    auto const end = store_.durable().position;
    std::vector<FollowerLag> lags;
    for (auto& member : members_) {
        if (!member.standing)
            continue;
        auto const stands = member.standing();
        auto const events =
            end > stands.position ? end.value() - stands.position.value() : std::uint64_t{0};
        if (events == 0)
            member.was_at_end = looked_at_;
        lags.push_back({std::string(member.agent.name()), events, looked_at_ - member.was_at_end,
                        stands.pace});
    }
    std::lock_guard const guard(mutex_);
    lags_ = std::move(lags);
}

std::vector<FollowerLag> Followers::lags() const {
    std::lock_guard const guard(mutex_);
    return lags_;
}

} // namespace kontor::programs
