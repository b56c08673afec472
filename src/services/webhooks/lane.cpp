#include "services/webhooks/lane.hpp"

#include "base/assert.hpp"
#include "platform/webhooks/retry_plan.hpp"

#include <algorithm>

namespace kontor::services::hooks {

using webhooks::Verdict;

void Lane::see(webhook::Event const& event) {
    state_ = webhook::Decider::evolve(std::move(state_), event);
    if (standing() == nullptr || !standing()->settings.enabled)
        disabling_.reset(); // the log says so
    if (std::holds_alternative<webhook::Added>(event))
        kept_read_ = read_.value();
}

void Lane::take_up(webhook_book::PageKept const& page, std::uint32_t book, std::uint64_t number) {
    book_ = page.is_last ? book + 1 : book;
    pages_ = page.is_last ? 0 : number;
    read_ = ports::Position(page.through);
    kept_read_ = page.through;
    waiting_.clear();
    for (auto const& each : page.waiting)
        waiting_.emplace(each.position, Delivery{each.tries, each.due, {}});
}

bool Lane::is_open() const {
    auto const* const now = standing();
    return now != nullptr && now->settings.enabled && !disabling_;
}

bool Lane::may_read() const {
    return is_open() && waiting_.size() < waiting_max;
}

void Lane::pass(ports::Position fact, bool is_wanted, Instant now) {
    KONTOR_ASSERT(fact > read_, "{} is behind {}", fact.value(), read_.value());
    if (is_wanted)
        want(fact.value(), now);
    read_ = fact;
}

void Lane::want(std::uint64_t position, Instant now) {
    KONTOR_ASSERT(may_read(), "{} deliveries wait", waiting_.size());
    auto const [place, is_new] = waiting_.try_emplace(position, Delivery{0, now, {}});
    if (!is_new)
        place->second.due = std::min(place->second.due, now);
}

std::optional<std::uint64_t> Lane::due(Instant now) const {
    if (!is_open() || now < paused_until_ || under_way_ >= in_flight_max ||
        tries_.size() + under_way_ >= tries_unkept_max)
        return std::nullopt;
    std::pair<std::uint64_t const, Delivery> const* first = nullptr;
    for (auto const& each : waiting_)
        if (!each.second.began && each.second.due <= now &&
            (first == nullptr || each.second.due < first->second.due))
            first = &each;
    return first == nullptr ? std::nullopt : std::optional(first->first);
}

void Lane::begin(std::uint64_t position, Instant now) {
    auto& delivery = waiting_.at(position);
    KONTOR_ASSERT(!delivery.began && under_way_ < in_flight_max, "{} calls are under way",
                  under_way_);
    delivery.began = now;
    ++under_way_;
}

/// Says what comes next, and leaves the delivery as it waits for that.
Outcome Lane::outcome_of(std::uint64_t position, Delivery& delivery, Answer const& answer,
                         Instant now) {
    auto const verdict = webhooks::verdict_of(answer.status);
    if (verdict == Verdict::delivered)
        return Outcome::delivered;
    auto const wait = webhooks::wait_after(delivery.tries);
    if (verdict == Verdict::gone || !wait) {
        auto const why = verdict == Verdict::gone ? webhook::Why::gone : webhook::Why::exhausted;
        if (is_open())
            disabling_ = webhook::Disable{why, position};
        return verdict == Verdict::gone ? Outcome::gone : Outcome::exhausted;
    }
    delivery.due = now + *wait;
    if (verdict == Verdict::throttled || answer.pause) {
        paused_until_ = std::max(paused_until_, now + answer.pause.value_or(*wait));
        delivery.due = std::max(delivery.due, paused_until_);
    }
    return Outcome::failed;
}

Outcome Lane::settle(std::uint64_t position, Answer answer, Instant now) {
    auto const found = waiting_.find(position);
    KONTOR_ASSERT(found != waiting_.end() && found->second.began, "{} is not under way", position);
    auto& delivery = found->second;
    auto const at = *std::exchange(delivery.began, std::nullopt);
    --under_way_;
    ++delivery.tries;
    auto const outcome = outcome_of(position, delivery, answer, now);
    tries_.push_back({position, delivery.tries, at, outcome, answer.status, answer.took,
                      std::move(answer.text)});
    if (outcome != Outcome::failed)
        waiting_.erase(found);
    return outcome;
}

void Lane::drop(std::uint64_t position, std::string why, Instant now) {
    auto const found = waiting_.find(position);
    KONTOR_ASSERT(found != waiting_.end() && found->second.began, "{} is not under way", position);
    --under_way_;
    tries_.push_back(
        {position, found->second.tries + 1, now, Outcome::dropped, 0, Duration(), std::move(why)});
    waiting_.erase(found);
}

bool Lane::wants_page(Instant now) const {
    if (std::holds_alternative<webhook::Removed>(state_))
        return under_way_ == 0 && pages_ > 0;
    if (disabling_ || tries_.size() >= tries_of_page)
        return true;
    return (!tries_.empty() && now >= kept_at_ + pages_apart) ||
           read_.value() - kept_read_ >= read_unkept_max;
}

std::optional<PageOfLane> Lane::page(Instant now) {
    if (is_page_on_its_way_ || has_closed_ || !wants_page(now))
        return std::nullopt;
    bool const ends = standing() == nullptr;
    PageOfLane made{book_, pages_ + 1, {read_.value(), {}, tries_, ends}, disabling_};
    for (auto const& [position, delivery] : waiting_)
        made.page.waiting.push_back({position, delivery.tries, delivery.due});
    is_page_on_its_way_ = true;
    ends_on_its_way_ = ends;
    tries_on_their_way_ = tries_.size();
    read_on_its_way_ = read_.value();
    return made;
}

void Lane::page_is_kept(Instant now) {
    KONTOR_ASSERT(is_page_on_its_way_, "a page that nobody sent is kept");
    is_page_on_its_way_ = false;
    tries_.erase(tries_.begin(), tries_.begin() + static_cast<std::ptrdiff_t>(tries_on_their_way_));
    kept_read_ = read_on_its_way_;
    kept_at_ = now;
    has_closed_ = ends_on_its_way_;
    if (++pages_ >= webhook_book::pages_max) {
        ++book_;
        pages_ = 1; // the same page begins the next book
    }
}

void Lane::page_is_not_kept() {
    is_page_on_its_way_ = false;
}

bool Lane::has_ended() const {
    return std::holds_alternative<webhook::Removed>(state_) && under_way_ == 0 &&
           !is_page_on_its_way_ && (has_closed_ || pages_ == 0);
}

} // namespace kontor::services::hooks
