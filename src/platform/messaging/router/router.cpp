#include "platform/messaging/router/router.hpp"

#include "codec/events.hpp"
#include "domain/process/events.hpp"
#include "platform/messaging/queues/checks.hpp"
#include "platform/messaging/router/repetitions.hpp"
#include "platform/messaging/router/web_queues.hpp"

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
      office_(options_.place, Random(options_.seed), options_.signing), history_(store, stage_),
      archives_(options_.place, history_,
                {[this](std::string_view bus) { return office_.rules().has_bus(bus); },
                 [this](std::string_view arn) { return office_.rules().has_rule_arn(arn); }}),
      course_({}, options_.letters_of_commit), replays_(parts_of_replays()) {}

Replays::Parts Router::parts_of_replays() {
    return {store_,
            clock_,
            stage_,
            mutex_,
            office_,
            archives_,
            [this](hosting::Companion const& fact, std::span<Letter> letters) {
                return !meets_a_backlog(letters) && keep(fact, letters);
            },
            options_.letters_of_commit,
            options_.quiet_events};
}

Result<void> Router::recover() {
    office_.adopt(topology_, clock_.now());
    archives_.adopt(topology_, clock_.now());
    archives_.set_since(topology_.archive, 0); // the log is older than this process
    KONTOR_TRY(skipped_, restore_wiring(store_, office_, archives_));
    KONTOR_TRY(restore_taken(queues_.letters(), office_.topics(), clock_.now()));
    if (office_.topics().has_fifo_topics())
        if (auto const made = make_queue_of_repetitions(queues_.admin()); !made)
            return unexpected(Failure{FailureKind::full, "no queue can be made for FIFO topics: " +
                                                             ports::what_of(made.error())});
    KONTOR_TRY(auto const kept, kept_position(store_));
    auto const begun = kept ? Done{ports::Position(kept->through), kept->after.value_or("")}
                            : Done{store_.durable().position};
    course_ = Course(begun, options_.letters_of_commit);
    if (!kept && !keep_done(begun, {}))
        return unexpected(Failure{FailureKind::full, "the log takes no position"});
    // It stands before whatever is decided from now on: who begins at an end must know which.
    KONTOR_TRY(queues_.do_work({1}));
    return {};
}

/// What happens goes before what happened.
Result<WorkDone> Router::do_work(WorkBudget budget) {
    KONTOR_TRY(auto const facts, follow(budget.items_max));
    KONTOR_TRY(auto const again, replays_.do_work(budget));
    return WorkDone{facts + again.items};
}

Result<std::size_t> Router::follow(std::size_t facts_max) {
    if (course_.has_letters() && !send())
        return std::size_t{0};
    ports::Limit const limit(std::clamp<std::size_t>(facts_max, 1, page_events_max));
    KONTOR_TRY(auto const page, store_.read_log(course_.position(), limit));
    std::size_t seen = 0;
    for (auto const& event : page.events) {
        KONTOR_TRY(take_up(page, event));
        ++seen;
        if (course_.is_enough() && !send())
            return seen;
    }
    auto const quiet = course_.position().value() - course_.kept().through.value();
    if (course_.has_letters())
        send(); // or the next call does
    else if (quiet >= options_.quiet_events)
        course_.keep_position(
            [this](Done const& done, std::span<Letter> none) { return keep_done(done, none); });
    return seen;
}

Result<void> Router::take_up(ports::EventPage const& page, ports::RecordedEvent const& event) {
    KONTOR_TRY(auto const shown, shown_of(stage_, page, event));
    refused_ += shown.refused.empty() ? 0 : 1;
    std::vector<Letter> letters;
    if (shown.event) {
        std::lock_guard const guard(mutex_);
        letters = office_.sort(*shown.event, clock_.now());
    }
    course_.pass(event.position, std::move(letters));
    return {};
}

bool Router::send() {
    return course_.send([this](Done const& done, std::span<Letter> letters) {
        is_held_up_ = meets_a_backlog(letters);
        return !is_held_up_ && keep_done(done, letters);
    });
}

bool Router::keep_done(Done const& done, std::span<Letter> letters) {
    return keep(companion(done), letters);
}

bool Router::keep(hosting::Companion const& fact, std::span<Letter> letters) {
    std::lock_guard const guard(mutex_); // before that of the queues
    return hand_in(std::span(&fact, 1), letters).has_value();
}

Result<ports::QueueMark, ports::QueueFault>
Router::hand_in(std::span<hosting::Companion const> facts, std::span<Letter> letters) {
    std::size_t bytes = 0;
    for (auto& letter : letters) {
        if (letter.leaves_house && has_backlog(letter.queue, web_waiting_max))
            letter = office_.instead_of(std::move(letter), "too much waits for the endpoint");
        bytes += queues::size_of(letter.message);
    }
    return queues_.send_with(facts, bytes, [&](hosting::SendOne const& send_one) {
        for (auto& letter : letters)
            hand_in_one(send_one, std::move(letter));
    });
}

/// What a queue refuses becomes a dead letter in the same commit; a dead letter that is refused is
/// lost, and counted.
void Router::hand_in_one(hosting::SendOne const& send_one, Letter letter) {
    if (letter.queue.view().empty())
        return; // lost, and counted
    // What a dead letter says of its death may be what makes it too long: the message counts more.
    auto const send = [&](Letter& each) {
        auto answer = send_one(each.queue, each.sender, each.message);
        if (!answer && !ports::value_of(each.message.attributes, "ERROR_CODE").empty()) {
            each.message.attributes.clear();
            answer = send_one(each.queue, each.sender, each.message);
        }
        sent_ += answer ? 1 : 0;
        return answer;
    };
    auto const answer = send(letter);
    if (answer)
        return;
    auto dead = office_.dead_letter_of(std::move(letter), answer.error());
    if (!dead)
        return;
    if (auto const taken = send(*dead); !taken)
        static_cast<void>(office_.dead_letter_of(*std::move(dead), taken.error()));
}

bool Router::meets_a_backlog(std::span<Letter const> letters) {
    std::set<std::string_view> asked;
    return std::ranges::any_of(letters, [&](Letter const& each) {
        auto const& queue = each.queue;
        if (!asked.insert(queue.view()).second || queue.view() == ports::repetitions_queue)
            return false; // that one empties itself, and topics bound it
        return has_backlog(queue, options_.backlog);
    });
}

bool Router::has_backlog(ports::QueueName const& queue, std::uint64_t messages_max) {
    auto const depth = queues_.queue().depth(queue);
    return depth && depth->waiting + depth->delayed + depth->in_flight >= messages_max;
}

hosting::Companion Router::companion(Done const& done) {
    hosting::Companion made{position_stream(), {}, {}};
    process::Followed const fact{
        done.through.value(), {}, done.after.empty() ? std::nullopt : std::optional(done.after)};
    made.type = codec::encode(process::Event(fact), made.payload);
    return made;
}

} // namespace kontor::router
