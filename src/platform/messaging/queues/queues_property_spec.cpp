#include "platform/messaging/queues/naive_queue.hpp"
#include "platform/messaging/queues/queue_world.hpp"

#include <rapidcheck/gtest.h>

namespace kontor::queues {
namespace {

/// The real queue and the naive one, side by side, under the same random calls.
class SideBySide {
public:
    explicit SideBySide(bool is_fifo)
        : name_(is_fifo ? "work.fifo" : "work"), naive_{is_fifo, Duration::seconds(600), 3} {
        auto change = dead_letters_in(is_fifo ? "dead.fifo" : "dead", 3);
        change.retention = naive_.retention;
        world.create(is_fifo ? "dead.fifo" : "dead");
        world.create(name_, change);
    }

    void step() {
        naive_.advance(world.now);
        switch (
            *rc::gen::weightedElement<int>({{10, 0}, {10, 1}, {8, 2}, {4, 3}, {3, 4}, {6, 5}})) {
        case 0: return send();
        case 1: return receive();
        case 2: return settle();
        case 3: return extend();
        case 4: return set_flow();
        default: world.pass(Duration::seconds(*rc::gen::elementOf(std::vector{1, 7, 30, 200})));
        }
    }
    void compare() {
        naive_.advance(world.now);
        auto const depth = world.depth(name_);
        RC_ASSERT(ports::is_conserved(depth));
        RC_ASSERT(depth.expired == naive_.expired);
        RC_ASSERT(depth.settled == naive_.settled);
        RC_ASSERT(depth.in_flight + depth.waiting + depth.delayed + depth.dead ==
                  naive_.messages.size() + naive_.dead.size());
        RC_ASSERT(world.queues.is_whole());
    }
    std::string const& name() const { return name_; }

    QueueWorld world{};

private:
    void send() {
        // Few bodies on a FIFO queue, so that there are repetitions; none twice on a standard one.
        auto const body = naive_.is_fifo ? "m" + std::to_string(*rc::gen::inRange(0, 40))
                                         : "m" + std::to_string(++sent_);
        auto const group = naive_.is_fifo ? "g" + std::to_string(*rc::gen::inRange(0, 4)) : "";
        auto const delay = naive_.is_fifo ? Duration() : Duration::seconds(*rc::gen::inRange(0, 3));
        if (naive_.find(body) != nullptr && naive_.is_fifo &&
            world.now >= naive_.seen[body] + Duration::seconds(300))
            return; // the naive queue tells messages by their bodies
        ports::OutgoingMessage message{.body = body, .group_id = group};
        if (naive_.is_fifo)
            message.deduplication_id = body;
        else
            message.delay = delay;
        bool const is_new = naive_.send(body, group, delay, world.now);
        auto const answer = world.send(name_, message);
        RC_ASSERT(answer.has_value());
        RC_ASSERT(answer->is_duplicate == !is_new);
        bodies_[answer->sequence.value()] = body;
    }

    void set_flow() {
        naive_.is_paused = *rc::gen::inRange(0, 4) == 0; // most of the time it is open
        world.set_flow(name_, naive_.is_paused ? ports::QueueFlow::paused : ports::QueueFlow::open);
    }

    void receive() {
        auto const up_to = *rc::gen::inRange<std::size_t>(1, 6);
        auto const visibility = Duration::seconds(*rc::gen::elementOf(std::vector{5, 20, 60}));
        auto const facts = world.facts.all.size();
        auto const bodies = world.receive(name_, up_to, visibility);
        for (auto at = facts; at < world.facts.all.size(); ++at)
            if (auto const* const moved =
                    std::get_if<queue::MessagesMoved>(&world.facts.all[at].second))
                for (auto const number : moved->sequences)
                    RC_ASSERT(naive_.give_up(bodies_[number], world.now));
        RC_ASSERT(bodies.size() <= up_to);
        RC_ASSERT(bodies.empty() || !naive_.is_paused);
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            auto* const message = naive_.find(bodies[i]);
            RC_ASSERT(message != nullptr);
            RC_ASSERT(may_come_now(*message, bodies, i));
        }
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            auto& message = *naive_.find(bodies[i]);
            message.is_taken = true;
            message.visible_at = world.now + visibility;
            RC_ASSERT(++message.receives == static_cast<int>(world.received[i].receive_count));
            receipts_[bodies[i]] = world.received[i].receipt;
        }
        // What it did not fill, nobody could fill.
        if (bodies.size() < up_to)
            RC_ASSERT(std::ranges::none_of(naive_.messages, [&](auto const& message) {
                return naive_.may_be_taken(message, world.now) &&
                       message.receives < naive_.receives_max;
            }));
    }

    bool may_come_now(NaiveMessage const& message, Bodies const& bodies, std::size_t index) {
        if (!naive_.is_fifo) {
            // The oldest that may be taken, but for those before it in this receive.
            for (auto const& other : naive_.messages) {
                if (&other == &message)
                    return naive_.may_be_taken(message, world.now);
                auto const end = bodies.begin() + static_cast<std::ptrdiff_t>(index);
                if (naive_.may_be_taken(other, world.now) &&
                    std::find(bodies.begin(), end, other.body) == end)
                    return false;
            }
            return false;
        }
        // All before it in its group come in the same receive, before it.
        for (auto const& other : naive_.messages) {
            if (&other == &message)
                return !message.is_taken;
            auto const end = bodies.begin() + static_cast<std::ptrdiff_t>(index);
            if (other.group == message.group &&
                (other.is_taken || std::find(bodies.begin(), end, other.body) == end))
                return false;
        }
        return false;
    }

    std::optional<std::string> some_body() {
        if (receipts_.empty())
            return std::nullopt;
        auto at = receipts_.begin();
        std::advance(at, *rc::gen::inRange<std::size_t>(0, receipts_.size()));
        return at->first;
    }

    void settle() {
        auto const body = some_body();
        if (!body)
            return;
        auto const receipt = receipts_[*body];
        auto* const message = naive_.find(*body);
        auto const settled = world.settle(name_, receipt);
        receipts_.erase(*body);
        if (message == nullptr || message->receives == 0) {
            RC_ASSERT(settled.value() == ports::Settled::before);
        } else if (naive_.is_fifo && !message->is_taken) {
            RC_ASSERT(!settled.has_value());
        } else {
            RC_ASSERT(settled.value() == ports::Settled::now);
            naive_.settle(*body);
        }
    }

    void extend() {
        auto const body = some_body();
        if (!body)
            return;
        auto* const message = naive_.find(*body);
        auto const time = Duration::seconds(*rc::gen::elementOf(std::vector{0, 10, 100}));
        auto const extended = world.extend(name_, receipts_[*body], time);
        bool const is_taken = message != nullptr && message->is_taken;
        RC_ASSERT(extended.has_value() == is_taken);
        if (is_taken) {
            message->visible_at = world.now + time;
            message->is_taken = time > Duration();
        }
    }

    std::string name_;
    NaiveQueue naive_;
    int sent_{0};
    std::map<std::uint64_t, std::string> bodies_;          ///< by number
    std::map<std::string, ports::ReceiptHandle> receipts_; ///< the latest of each body
};

constexpr int steps = 60;

RC_GTEST_PROP(QueuesProperty, a_standard_queue_does_what_the_naive_one_does, ()) {
    SideBySide both(false);
    for (int i = 0; i < steps; ++i) {
        both.step();
        both.compare();
    }
}

RC_GTEST_PROP(QueuesProperty, a_fifo_queue_does_what_the_naive_one_does, ()) {
    SideBySide both(true);
    for (int i = 0; i < steps; ++i) {
        both.step();
        both.compare();
    }
}

/// Folds all facts anew; what was in flight waits again.
RC_GTEST_PROP(QueuesProperty, the_facts_folded_anew_give_the_same_queues, (bool is_fifo)) {
    SideBySide both(is_fifo);
    for (int i = 0; i < steps; ++i)
        both.step();
    QueueWorld again;
    again.now = both.world.now;
    for (auto const& [queue, fact] : both.world.facts.all)
        again.queues.apply(queue, fact, {});
    RC_ASSERT(again.queues.is_whole());
    for (auto const& name : {both.name(), std::string(is_fifo ? "dead.fifo" : "dead")}) {
        RC_ASSERT(again.queues.find(ports::QueueName(name))->paused_at ==
                  both.world.queues.find(ports::QueueName(name))->paused_at);
        auto const was = both.world.depth(name);
        auto const is = again.depth(name);
        RC_ASSERT(is.in_flight == 0U);
        RC_ASSERT(is.waiting == was.waiting + was.in_flight);
        RC_ASSERT(is.delayed == was.delayed);
        RC_ASSERT(is.settled == was.settled);
        RC_ASSERT(is.dead == was.dead);
        RC_ASSERT(is.expired == was.expired);
        RC_ASSERT(is.receives == was.receives);
    }
}

} // namespace
} // namespace kontor::queues
