#pragma once

/// DeskAgent: the desk with its inbox. Each client has two bounded rings of its own, one for
/// requests and one for answers, so that threads never share more than a ring. In the simulator the
/// same agent is called by hand.
///
/// Invariants: 1. A client's requests are taken in the sequence it submitted them.
///             2. Every request with a ticket is answered once, unless the desk stops first.

#include "base/agent.hpp"
#include "base/spsc_ring.hpp"
#include "platform/commands/desk.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace kontor::commands {

/// One who asks the desk: a session, a process runner, an import.   Thread: one.
template <ShopShape Shop>
class DeskClient {
public:
    using DeskRequest = typename Desk<Shop>::DeskRequest;
    using BoxedDeskRequest = typename Desk<Shop>::BoxedDeskRequest;
    using DeskAnswer = typename Desk<Shop>::DeskAnswer;

    DeskClient() : requests_(inbox_max), answers_(inbox_max) {}

    /// False: the inbox is full, and the request is untouched. A ticket is below 2^56.
    bool try_submit(DeskRequest&& request) {
        return requests_.has_room() &&
               requests_.try_push(std::make_unique<DeskRequest>(std::move(request)));
    }
    /// Submits what waits, the longest waiting first, until the inbox is full. A request is boxed
    /// once, when it begins to wait.
    void submit_waiting(std::deque<BoxedDeskRequest>& waiting) {
        while (!waiting.empty() && requests_.try_push(std::move(waiting.front())))
            waiting.pop_front();
    }
    std::optional<DeskAnswer> try_answer() { return answers_.try_pop(); }

    /// `wake` is called by the desk's thread whenever it has brought answers, so that nobody has to
    /// look for them again and again.   Thread: the owner's, before the desk runs.
    void wake_with(std::function<void()> wake) { wake_ = std::move(wake); }

private:
    template <ShopShape S>
    friend class DeskAgent;

    SpscRing<BoxedDeskRequest> requests_;
    SpscRing<DeskAnswer> answers_;
    std::function<void()> wake_{};
};

template <ShopShape Shop>
class DeskAgent final : public Agent {
public:
    explicit DeskAgent(ports::EventStore& store, Shop shop = {},
                       std::size_t state_limit = states_max)
        : desk_(store, std::move(shop), state_limit) {}

    /// Before the agent runs.   Thread: the owner's.
    DeskClient<Shop>& add_client() {
        KONTOR_ASSERT(clients_.size() < clients_max, "{} clients at the desk", clients_.size());
        clients_.push_back(std::make_unique<Seat>());
        return clients_.back()->client;
    }

    /// Requests that wait, as they were a moment ago.   Thread: any, once all clients are there.
    std::size_t inbox_depth() const {
        std::size_t waiting = 0;
        for (auto const& seat : clients_)
            waiting += seat->client.requests_.size_approx();
        return waiting;
    }

    std::string_view name() const override { return "desk"; }

    Result<WorkDone> do_work(WorkBudget budget) override {
        auto items = deliver_answers();
        KONTOR_TRY(auto const taken, take_requests(budget.items_max));
        items += taken;
        if (auto const flushed = desk_.flush();
            !flushed && flushed.error().kind != FailureKind::full)
            return unexpected(flushed.error());
        return WorkDone{items};
    }

    Desk<Shop>& desk() { return desk_; }

private:
    using BoxedDeskRequest = typename Desk<Shop>::BoxedDeskRequest;
    using DeskAnswer = typename Desk<Shop>::DeskAnswer;

    static constexpr std::size_t clients_max = 255;
    static constexpr int client_shift = 56;
    static constexpr std::uint64_t ticket_mask = (std::uint64_t{1} << client_shift) - 1;

    struct Seat {
        DeskClient<Shop> client;
        BoxedDeskRequest held{}; ///< taken from the ring when the desk could take no more
        std::deque<DeskAnswer> undelivered{};
    };

    /// Round robin over the clients, one request each, so that a busy one starves nobody.
    Result<std::size_t> take_requests(std::size_t items_max) {
        std::size_t taken = 0;
        for (bool any = true; any && taken < items_max;) {
            any = false;
            for (std::size_t i = 0; i < clients_.size(); ++i) {
                KONTOR_TRY(auto const took, take_one(i));
                taken += took ? 1 : 0;
                any = any || took;
            }
        }
        return taken;
    }

    Result<bool> take_one(std::size_t index) {
        auto& seat = *clients_[index];
        if (!seat.held)
            seat.held = seat.client.requests_.try_pop().value_or(nullptr);
        if (!seat.held || seat.undelivered.size() >= inbox_max)
            return false;
        if (desk_.is_behind())
            return false;
        auto request = std::exchange(seat.held, nullptr);
        if (request->ticket != 0)
            request->ticket |= static_cast<std::uint64_t>(index) << client_shift;
        KONTOR_TRY(desk_.take(std::move(request)));
        return true;
    }

    std::size_t deliver_answers() {
        answers_.clear();
        desk_.collect(answers_);
        for (auto& answer : answers_) {
            auto& seat = *clients_[answer.ticket >> client_shift];
            answer.ticket &= ticket_mask;
            seat.undelivered.push_back(std::move(answer));
        }
        for (auto& seat : clients_)
            deliver_to(*seat);
        return answers_.size();
    }

    static void deliver_to(Seat& seat) {
        bool has_brought = false;
        while (!seat.undelivered.empty() &&
               seat.client.answers_.try_push(std::move(seat.undelivered.front()))) {
            seat.undelivered.pop_front();
            has_brought = true;
        }
        if (has_brought && seat.client.wake_)
            seat.client.wake_();
    }

    Desk<Shop> desk_;
    std::vector<std::unique_ptr<Seat>> clients_;
    std::vector<DeskAnswer> answers_;
};

} // namespace kontor::commands
