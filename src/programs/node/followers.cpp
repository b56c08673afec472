#include "programs/node/followers.hpp"

#include <algorithm>
#include <utility>

namespace kontor::programs {
namespace {

/// How often somebody looks where the followers are.
constexpr Duration look_every = Duration::milliseconds(50);

/// Rows may wait for a moment, orders may not: nobody gets more than so much of a round.
constexpr std::size_t round_items_max = 4096;

/// Ends of the log that are remembered, ten minutes of looks: who is further behind than that is
/// said to be so far behind.
constexpr std::size_t ends_max = 12'000;

} // namespace

void Followers::add(Agent& agent, std::function<Standing()> standing, Sells sells) {
    members_.push_back({agent, std::move(standing), sells});
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

/// How old the first fact behind this position is, to one look.
Duration Followers::age_behind(ports::Position position) const {
    auto const after = std::ranges::upper_bound(ends_, position, {}, &End::position);
    return after == ends_.end() ? Duration() : looked_at_ - after->at;
}

void Followers::look() {
    auto const end = store_.durable().position;
    if (ends_.empty() || ends_.back().position < end)
        ends_.push_back({end, looked_at_});
    std::vector<FollowerLag> lags;
    std::uint64_t backlog = 0;
    auto slowest = end;
    for (auto& member : members_) {
        if (!member.standing)
            continue;
        auto const stands = member.standing();
        auto const events =
            end > stands.position ? end.value() - stands.position.value() : std::uint64_t{0};
        slowest = std::min(slowest, stands.position);
        if (member.sells == Sells::yes && stands.pace == Pace::follows)
            backlog = std::max(backlog, events);
        lags.push_back(
            {std::string(member.agent.name()), events, age_behind(stands.position), stands.pace});
    }
    while (!ends_.empty() && (ends_.front().position <= slowest || ends_.size() > ends_max))
        ends_.pop_front();
    backlog_.store(backlog, std::memory_order_relaxed);
    std::lock_guard const guard(mutex_);
    lags_ = std::move(lags);
}

std::vector<FollowerLag> Followers::lags() const {
    std::lock_guard const guard(mutex_);
    return lags_;
}

} // namespace kontor::programs
