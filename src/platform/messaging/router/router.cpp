#include "platform/messaging/router/router.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/process/events.hpp"
#include "platform/messaging/queues/checks.hpp"

#include <algorithm>
#include <set>

namespace kontor::router {
namespace {

StreamId position_stream() {
    return StreamId::of(StreamCategory::process, "bus");
}

/// Where the router has come to; absent: it never ran.   Errors: unavailable, corrupt.
Result<std::optional<process::Followed>> kept_position(ports::EventStore& store) {
    KONTOR_TRY(auto const head, store.head(position_stream()));
    if (head.value() == 0)
        return std::optional<process::Followed>();
    KONTOR_TRY(auto const page, store.read_stream(position_stream(), head, ports::Limit(1)));
    auto const& last = page.events.front();
    KONTOR_TRY(auto const fact, codec::decode<process::Event>(last.type, last.payload));
    return std::optional(std::get<process::Followed>(fact));
}

} // namespace

Router::Router(ports::EventStore& store, hosting::JournaledQueues& queues, Clock& clock,
               topology::Topology const& topology, RouterOptions options)
    : store_(store), queues_(queues), clock_(clock), topology_(topology),
      options_(std::move(options)), stage_{options_.place, std::string(topology.bus)},
      office_(options_.place, Random(options_.seed), options_.signing) {}

Result<void> Router::recover() {
    office_.adopt(topology_, clock_.now());
    KONTOR_TRY(skipped_, restore_wiring(store_, office_, clock_.now()));
    KONTOR_TRY(auto const kept, kept_position(store_));
    kept_ = kept ? Done{ports::Position(kept->through), kept->after.value_or("")}
                 : Done{store_.durable().position};
    position_ = kept_.through;
    begun_ = kept_;
    if (!kept && !keep(kept_, {}))
        return unexpected(Failure{FailureKind::full, "the log takes no position"});
    // It stands before whatever is decided from now on: who begins at an end must know which.
    KONTOR_TRY(queues_.do_work({1}));
    return {};
}

Result<WorkDone> Router::do_work(WorkBudget budget) {
    if (!letters_.empty() && !send())
        return WorkDone{0};
    ports::Limit const limit(std::clamp<std::size_t>(budget.items_max, 1, page_events_max));
    KONTOR_TRY(auto const page, store_.read_log(position_, limit));
    std::size_t seen = 0;
    for (auto const& event : page.events) {
        KONTOR_TRY(take_up(page, event));
        position_ = event.position;
        ++seen;
        bool const is_enough =
            letters_.size() >= options_.letters_of_commit || letters_bytes_ >= bytes_of_commit_goal;
        if (is_enough && !send())
            return WorkDone{seen};
    }
    if (!letters_.empty())
        send(); // or the next call does
    else if (position_.value() - kept_.through.value() >= options_.quiet_events)
        keep({position_}, {});
    return WorkDone{seen};
}

Result<std::optional<bus::BusEvent>> Router::event_in(ports::EventPage const& page,
                                                      ports::RecordedEvent const& event) {
    if (codec::holds<process::EventPut>(event.type)) {
        KONTOR_TRY(auto const fact, codec::decode<process::Event>(event.type, event.payload));
        return std::optional(event_of(std::get<process::EventPut>(fact)));
    }
    KONTOR_TRY(auto shown, show(stage_, event, page.commit_of(event)));
    refused_ += shown.refused.empty() ? 0 : 1;
    return std::move(shown.event);
}

Result<void> Router::take_up(ports::EventPage const& page, ports::RecordedEvent const& event) {
    KONTOR_TRY(auto const on_bus, event_in(page, event));
    if (!on_bus)
        return {};
    std::lock_guard const guard(mutex_);
    bool const was_begun = event.position.value() == begun_.through.value() + 1;
    for (auto& letter : office_.sort(*on_bus, clock_.now())) {
        if (was_begun && letter.way <= begun_.after)
            continue; // it was sent in another life, or would have been
        letters_bytes_ += queues::size_of(letter.message);
        letters_.push_back(std::move(letter));
        letters_.back().fact = event.position;
    }
    return {};
}

std::size_t Router::end_of_commit(std::size_t from) const {
    std::size_t bytes = 0;
    auto end = from;
    while (end < letters_.size() && end - from < options_.letters_of_commit &&
           bytes < bytes_of_commit_goal)
        bytes += queues::size_of(letters_[end++].message);
    return end;
}

/// What has been done when all letters before this one were sent.   Requires: there is one before.
Router::Done Router::done_before(std::size_t letter) const {
    if (letter == letters_.size())
        return {position_};
    auto const& last = letters_[letter - 1];
    auto const& next = letters_[letter];
    return {ports::Position(next.fact.value() - 1), last.fact == next.fact ? last.way : ""};
}

bool Router::send() {
    std::size_t sent = 0;
    bool goes_on = true;
    while (goes_on && sent < letters_.size()) {
        auto const end = end_of_commit(sent);
        std::span const some(letters_.data() + sent, letters_.data() + end);
        is_held_up_ = meets_a_backlog(some);
        goes_on = !is_held_up_ && keep(done_before(end), some);
        sent = goes_on ? end : sent;
    }
    letters_.erase(letters_.begin(), letters_.begin() + static_cast<std::ptrdiff_t>(sent));
    letters_bytes_ = 0;
    for (auto const& each : letters_)
        letters_bytes_ += queues::size_of(each.message);
    return goes_on;
}

bool Router::keep(Done const& done, std::span<Letter> letters) {
    auto const position = companion(done);
    std::lock_guard const guard(mutex_); // before that of the queues
    bool const is_kept = hand_in(std::span(&position, 1), letters).has_value();
    if (is_kept)
        kept_ = done;
    return is_kept;
}

Result<ports::QueueMark, ports::QueueFault>
Router::hand_in(std::span<hosting::Companion const> facts, std::span<Letter> letters) {
    std::size_t bytes = 0;
    for (auto const& letter : letters)
        bytes += queues::size_of(letter.message);
    return queues_.send_with(facts, bytes, [&](hosting::SendOne const& send_one) {
        for (auto& letter : letters)
            hand_in_one(send_one, std::move(letter));
    });
}

/// What a queue refuses becomes a dead letter in the same commit; a dead letter that is refused is
/// lost, and counted.
void Router::hand_in_one(hosting::SendOne const& send_one, Letter letter) {
    auto const answer = send_one(letter.queue, letter.sender, letter.message);
    sent_ += answer ? 1 : 0;
    if (answer)
        return;
    auto const dead = office_.dead_letter_of(std::move(letter), answer.error());
    if (!dead)
        return;
    auto const taken = send_one(dead->queue, dead->sender, dead->message);
    sent_ += taken ? 1 : 0;
    if (!taken)
        static_cast<void>(office_.dead_letter_of(*dead, taken.error()));
}

bool Router::meets_a_backlog(std::span<Letter const> letters) {
    std::set<std::string_view> asked;
    return std::ranges::any_of(letters, [&](Letter const& each) {
        auto const& queue = each.queue;
        if (!asked.insert(queue.view()).second)
            return false;
        auto const depth = queues_.queue().depth(queue);
        return depth && depth->waiting + depth->delayed + depth->in_flight >= options_.backlog;
    });
}

hosting::Companion Router::companion(Done const& done) {
    hosting::Companion made{position_stream(), {}, {}};
    process::Followed const fact{
        done.through.value(), {}, done.after.empty() ? std::nullopt : std::optional(done.after)};
    made.type = codec::encode(process::Event(fact), made.payload);
    return made;
}

} // namespace kontor::router
