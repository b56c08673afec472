#pragma once

/// Desk<Shop>: the single writer. It takes requests, lets the aggregates decide, and appends the
/// facts of many commands in one batch, ahead of the disk: answers leave when their append is
/// durable. States live on shelves; a command that another writer overtook is decided again.
/// Thread: one; `take` and `collect` are called by the same thread.
/// Source: LMAX's business logic processor (M. Fowler, 2011); DOMAIN section 1, compound commands.
///
/// Invariants: 1. Facts and outcome record of a command are accepted together or not at all; its
/// follow-ups are carried
///                out once it is accepted.
///             2. No answer leaves before `EventStore::durable` covers its append.
///             3. A request with a remembered outcome is answered from it and decides nothing.
///             4. No failure vanishes. Damage stops the desk, whoever asked. Else who waits is
///                told; a request that nobody waits for is carried out once it passes, and until
///                then nothing is taken, so that none overtakes it.
///             5. What is quarantined is not decided; whoever waits is told.
///             6. A message that asked for a command ends in its commit, or not at all.
///             7. A trial leaves no trace, and is answered like any other request.

#include "base/transient.hpp"
#include "platform/commands/turn.hpp"
#include "ports/hand.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <deque>
#include <iterator>
#include <limits>
#include <ranges>

namespace kontor::commands {

/// What services bring: the aggregates, the work that can be asked, and how it is performed.
template <class S>
concept ShopShape = requires(S const& shop, Turn<S>& turn, typename S::Work const& work,
                             typename S::Refusal const& refusal) {
    { shop.perform(turn, work) } -> std::same_as<Result<void, typename S::Refusal>>;
    { shop.problem(refusal) } -> std::same_as<std::uint16_t>;
};

/// How the desk has fared since it was opened.
struct DeskCounters {
    std::uint64_t commands{0};
    std::uint64_t refusals{0};
    std::uint64_t replays{0};
    std::uint64_t conflicts{0};
    std::uint64_t appends{0};
    std::uint64_t failures{0};      ///< of commands that the world kept from being decided
    std::uint64_t messages_left{0}; ///< whose command was accepted and that could not end with it
    std::uint64_t quarantined{0};   ///< requests that were not decided
};

template <ShopShape Shop>
class Desk {
public:
    using Work = typename Shop::Work;
    using Refusal = typename Shop::Refusal;
    using DeskRequest = Request<Work>;
    using BoxedDeskRequest = BoxedRequest<Work>;
    using DeskAnswer = Answer<Refusal>;

    explicit Desk(ports::EventStore& store, Shop shop = {}, std::size_t state_limit = states_max)
        : store_(store), shop_(std::move(shop)), turn_(store, shop_, state_limit) {}
    Desk(Desk const&) = delete; // the turn knows where the shop is
    Desk& operator=(Desk const&) = delete;

    /// Who ends the messages that requests come from; before the first of them, and it outlives the
    /// desk.
    void settle_by(ports::Settling& settling) { settling_ = &settling; }

    /// Where it names what it decides, so that a command that ends the process is not decided at
    /// each start; before the first request, and it outlives the desk.
    void name_in(ports::Hand& hand) { hand_ = &hand; }

    /// Carries out a request into the open batch.
    /// Requires: !is_behind().
    /// Errors: what `flush` says, but not `full`.
    /// Retry: with the same request id, always safe.
    Result<void> take(DeskRequest request) {
        return take(std::make_unique<DeskRequest>(std::move(request)));
    }
    Result<void> take(BoxedDeskRequest request) {
        KONTOR_ASSERT(!is_behind(), "the desk is behind the disk and takes no more");
        auto done = carry_out({std::move(request), 0});
        if (done && batch_is_large())
            done = flush();
        if (!done && done.error().kind == FailureKind::full)
            return {};
        return done;
    }

    /// The disk is behind: answers or commits wait at their limit, or what follows from commands
    /// waits for room or for a failure to pass. Let some time pass, `flush` and `collect`.
    bool is_behind() const {
        return !later_.empty() || unanswered_.size() + open_.size() >= unanswered_max ||
               batch_is_large();
    }

    /// Appends the open batch, carries out what follows from its commands, appends that, until
    /// nothing follows or what follows fails for now: the next call tries it again.
    /// Errors: full (the disk is behind; nothing is lost, call again); broken, corrupt, and what
    ///         will not pass by itself: the desk stops.
    Result<void> flush() {
        is_stuck_ = false;
        if (batch_.empty())
            turn_.unpin();
        while (!batch_.empty() || (!later_.empty() && !is_stuck_)) {
            KONTOR_TRY(append_batch());
            while (!later_.empty() && !is_stuck_ && !batch_is_large()) {
                auto next = std::move(later_.front());
                later_.pop_front();
                KONTOR_TRY(carry_out(std::move(next)));
            }
        }
        return {};
    }

    /// The answers that became durable, in the sequence of their requests.
    /// Shape: appended to `answers`, which the caller owns; at most `unanswered_max`.
    void collect(std::vector<DeskAnswer>& answers) {
        auto const durable = store_.durable();
        while (!unanswered_.empty() && unanswered_.front().append <= durable.append) {
            if (unanswered_.front().answer.ticket != 0)
                answers.push_back(std::move(unanswered_.front().answer));
            unanswered_.pop_front();
        }
    }

    /// Something accepted waits to become durable. When nothing does and the store is `full` all
    /// the same, it has no room, and waiting alone brings none.
    bool awaits_disk() const { return !unanswered_.empty(); }
    bool is_idle() const { return batch_.empty() && later_.empty() && unanswered_.empty(); }
    DeskCounters const& counters() const { return counters_; }

    /// The state as the desk sees it now, decided but perhaps not yet durable: for checks of the
    /// same thread.
    template <Folded A>
    StateOf<A> const& state(KeyOf<A> const& key) {
        return turn_.template state<A>(key);
    }

private:
    struct Attempt {
        BoxedDeskRequest request;
        int number;
    };
    /// A commit of the open batch, with what it takes to answer it, follow it up or decide it
    /// again.
    struct Open {
        Attempt attempt;
        std::optional<Refusal> refusal;
        std::size_t follow_ups;       ///< so many of those kept for the batch are its
        ports::StreamVersion version; ///< of the stream that the answer shows
    };
    struct Unanswered {
        ports::AppendNumber append;
        DeskAnswer answer;
    };

    Result<void> carry_out(Attempt attempt) {
        auto const& request = *attempt.request;
        KONTOR_ASSERT(!request.message || request.fingerprint,
                      "what a message asks for is remembered, for it may come again");
        if (waits_for_the_batch(request))
            if (auto const appended = append_batch(); !appended) {
                later_.push_front(std::move(attempt));
                return appended;
            }
        if (request.fingerprint) {
            auto const remembered = store_.find_outcome(request.id);
            if (!remembered)
                return fail(std::move(attempt), remembered.error());
            if (*remembered) {
                replay(request, **remembered);
                return {};
            }
            if (request.is_repetition) { // no failure to count: somebody only asked
                answer(request, Failure{FailureKind::not_found, "nothing is remembered"});
                return {};
            }
        }
        if (request.ticket != 0 && begins_something(request.work) &&
            store_.room() >= ports::Room::last)
            return fail(std::move(attempt),
                        {FailureKind::full,
                         "there is room only for what is open already: free some space"});
        if (request.expected) {
            auto const current = version_of(request.expected->stream);
            if (!current)
                return fail(std::move(attempt), current.error());
            if (*current != request.expected->version) {
                answer(request, VersionDiffers{*current});
                return {};
            }
        }
        if (hand_ != nullptr && !hand_->take(request.id.value())) {
            ++counters_.quarantined;
            answer(request, Quarantined{});
            return {};
        }
        Result<void> decided = decide(std::move(attempt));
        if (hand_ != nullptr)
            hand_->let_go();
        return decided;
    }

    /// The same key twice in one batch: the first must be appended before it is remembered. And
    /// what a queue decided of one message must be in the log before it decides more. A trial may
    /// leave states to be folded anew, so the log must have all that was decided.
    bool waits_for_the_batch(DeskRequest const& request) const {
        return (request.fingerprint && open_keys_.contains(request.id)) ||
               (request.message && ends_message_) || request.is_trial;
    }

    Result<void> decide(Attempt attempt) {
        auto const& request = *attempt.request;
        turn_.begin(request);
        ++counters_.commands;
        auto const performed = shop_.perform(turn_, request.work);
        bool const is_decided = performed && !turn_.failure();
        if (is_decided && request.is_trial) {
            show_trial(request);
            return {};
        }
        auto const prepared = is_decided ? prepare_facts() : Result<void>();
        if (!prepared) {
            turn_.abandon();
            return fail(std::move(attempt), prepared.error());
        }
        if (turn_.failure()) {
            turn_.abandon();
            return fail(std::move(attempt), *turn_.failure());
        }
        if (!performed) {
            refuse(std::move(attempt), performed.error());
            return {};
        }
        return accept(std::move(attempt));
    }

    void show_trial(DeskRequest const& request) {
        auto facts = std::make_shared<std::vector<TriedFact>>();
        turn_.for_each_fact([&]<class A>(KeyOf<A> const& key, EventOf<A> const& event, auto) {
            auto& fact = facts->emplace_back(TriedFact{A::stream(key)});
            fact.type = A::encode(event, fact.payload);
        });
        auto const follow_ups = turn_.follow_ups().size();
        turn_.abandon();
        answer(request, Tried{std::move(facts), follow_ups});
    }

    /// A shop may need something before facts can be stored: keys, to seal what is personal.
    /// Errors: what the shop says.
    Result<void> prepare_facts() {
        if constexpr (requires { shop_.prepare(turn_); })
            return shop_.prepare(turn_);
        else
            return {};
    }

    /// Where a stream stands with all that was decided so far, the open batch included.
    /// Errors: unavailable, corrupt.
    Result<ports::StreamVersion> version_of(StreamId const& stream) {
        for (auto commit = batch_.commits().size(); commit-- > 0;)
            if (auto const version = version_after(commit, stream))
                return *version;
        return store_.head(stream);
    }

    /// Where a commit of the open batch leaves a stream; empty: it does not touch it.
    std::optional<ports::StreamVersion> version_after(std::size_t commit, StreamId const& stream) {
        auto const streams = batch_.streams(commit);
        auto const found = std::ranges::find(streams, stream, &ports::Batch::Stream::id);
        if (found == streams.end())
            return std::nullopt;
        auto const index = static_cast<std::uint32_t>(found - streams.begin());
        auto const facts =
            std::ranges::count(batch_.events(commit), index, &ports::Batch::Event::stream);
        return ports::StreamVersion(found->expected.version().value() +
                                    static_cast<std::uint64_t>(facts));
    }

    /// A shop that does not say it begins nothing.
    static bool begins_something(Work const& work) {
        if constexpr (requires { Shop::begins_something(work); })
            return Shop::begins_something(work);
        else
            return false;
    }

    Result<void> fail(Attempt attempt, Failure const& failure) {
        bool const is_waited_for = attempt.request->ticket != 0;
        if (is_damage(failure.kind) || (!is_waited_for && !is_transient(failure.kind)))
            return unexpected(failure);
        ++counters_.failures;
        if (is_waited_for)
            answer(*attempt.request, failure);
        else
            try_later(std::move(attempt));
        return {};
    }

    /// Before whatever else waits, so that the sequence stays.
    void try_later(Attempt attempt) {
        is_stuck_ = true;
        later_.push_front({std::move(attempt.request), 0});
    }

    Result<void> accept(Attempt attempt) {
        auto const& request = *attempt.request;
        auto version = Result<ports::StreamVersion>(ports::StreamVersion());
        bool const writes_shown = request.shown && turn_.writes_to(request.shown->stream);
        if (request.shown && !writes_shown)
            version = version_of(request.shown->stream);
        if (!version) {
            turn_.abandon();
            return fail(std::move(attempt), version.error());
        }
        if (!turn_.changes_something() && !request.fingerprint && turn_.follow_ups().empty()) {
            answer(request, Accepted{store_.durable().position, *version});
            return {};
        }
        begin_commit(request);
        turn_.complete(batch_);
        if (writes_shown)
            version = version_after(batch_.commits().size() - 1, request.shown->stream).value();
        if (request.fingerprint)
            remember(request, {.status = request.shown ? request.shown->status : std::uint16_t{0},
                               .version = *version});
        if (request.message)
            end_message(*request.message);
        auto& follow_ups = turn_.follow_ups();
        open_.push_back({std::move(attempt), std::nullopt, follow_ups.size(), *version});
        std::ranges::move(follow_ups, std::back_inserter(follow_ups_));
        follow_ups.clear();
        return {};
    }

    /// One that does not end comes again, and finds what its request is remembered by.
    void end_message(ports::TakenMessage const& message) {
        KONTOR_ASSERT(settling_ != nullptr, "a request came from a queue, and nobody settles");
        ends_message_ = true;
        if (!settling_->settle_in(batch_, message))
            ++counters_.messages_left;
    }

    void refuse(Attempt attempt, Refusal const& refusal) {
        ++counters_.refusals;
        turn_.abandon();
        auto const& request = *attempt.request;
        // A message that is refused stays, and whoever sends it again has it decided anew.
        if (!request.fingerprint || request.message || request.is_trial) {
            answer(request, refusal);
            return;
        }
        begin_commit(request);
        remember(request, {.problem = shop_.problem(refusal),
                           .version = ports::StreamVersion(particulars_of(refusal))});
        open_.push_back({std::move(attempt), refusal, 0, {}});
    }

    void replay(DeskRequest const& request, ports::OutcomeRecord const& record) {
        ++counters_.replays;
        if (record.fingerprint == *request.fingerprint)
            answer(request, Replayed{record});
        else
            answer(request, KeyReused{});
    }

    Result<void> append_batch() {
        if (batch_.empty())
            return {};
        KONTOR_TRY(auto const appended, store_.append(batch_));
        ++counters_.appends;
        if (std::exchange(ends_message_, false))
            settling_->appended(batch_, appended);
        seen_append_ = appended.append;
        for (auto each = unanswered_.rbegin();
             each != unanswered_.rend() && each->append == to_come; ++each)
            each->append = seen_append_;
        auto follow_ups = follow_ups_.begin();
        for (std::size_t i = 0; i < open_.size(); ++i) {
            auto const of_this =
                std::ranges::subrange(follow_ups, follow_ups + open_[i].follow_ups);
            follow_ups = of_this.end();
            settle(open_[i], appended.outcomes[i], batch_.streams(i), of_this);
        }
        turn_.unpin();
        open_.clear();
        follow_ups_.clear();
        open_keys_.clear();
        batch_.clear();
        return {};
    }

    void settle(Open& open, ports::CommitOutcome const& outcome,
                std::span<ports::Batch::Stream const> streams,
                std::span<BoxedDeskRequest> follow_ups) {
        if (!outcome.accepted) {
            for (auto const& stream : streams)
                turn_.drop(stream.id);
            decide_again(std::move(open.attempt));
            return;
        }
        for (auto& follow_up : follow_ups)
            later_.push_back({std::move(follow_up), 0});
        if (open.refusal)
            answer(*open.attempt.request, *std::move(open.refusal));
        else
            answer(*open.attempt.request, Accepted{outcome.last, open.version});
    }

    void decide_again(Attempt attempt) {
        ++counters_.conflicts;
        if (++attempt.number < redecide_attempts_max)
            later_.push_back(std::move(attempt));
        else if (attempt.request->ticket == 0)
            try_later(std::move(attempt));
        else
            answer(*attempt.request,
                   Failure{FailureKind::conflict, "another writer was first each time; try again"});
    }

    /// Every answer waits for the last append it has seen the effects of, its own or an earlier
    /// one.
    template <class Content>
    void answer(DeskRequest const& request, Content&& content) {
        if (request.ticket == 0)
            return;
        unanswered_.push_back({seen_append_, {request.ticket, std::forward<Content>(content)}});
    }

    struct ToRemember {
        std::uint16_t problem{0};
        std::uint16_t status{0};
        ports::StreamVersion version{};
    };

    void remember(DeskRequest const& request, ToRemember const& what) {
        batch_.set_outcome({*request.fingerprint, what.problem, what.status,
                            request.shown ? request.shown->stream : StreamId(), what.version});
        open_keys_.insert(request.id);
    }

    /// A shop whose refusals are their problem and nothing more need not say it.
    std::uint64_t particulars_of(Refusal const& refusal) const {
        if constexpr (requires { shop_.particulars(refusal); })
            return shop_.particulars(refusal);
        else
            return 0;
    }

    bool batch_is_large() const {
        return batch_.bytes() >= ports::Batch::bytes_max / 2 ||
               open_.size() >= commits_in_batch_max;
    }

    void begin_commit(DeskRequest const& request) {
        seen_append_ = to_come;
        batch_.begin_commit(
            {request.id, request.correlation_id, request.causation_id, request.now, request.actor});
    }

    ports::EventStore& store_;
    Shop shop_;
    Turn<Shop> turn_;
    ports::Batch batch_;
    std::vector<Open> open_;
    std::vector<BoxedDeskRequest> follow_ups_; ///< of the open batch, in its sequence
    boost::unordered_flat_set<CommandId, std::hash<CommandId>> open_keys_;
    std::deque<Attempt> later_;
    ports::Settling* settling_{nullptr};
    ports::Hand* hand_{nullptr};
    bool ends_message_{false}; ///< a commit of the open batch does
    bool is_stuck_{false};     ///< the front of `later_` has failed and waits for the next `flush`
    std::deque<Unanswered> unanswered_;
    /// Of the open batch: others append on this thread too, so no number is known before its own.
    static constexpr ports::AppendNumber to_come{std::numeric_limits<std::uint64_t>::max()};
    ports::AppendNumber seen_append_; ///< of the open batch, or the last one's where none is open
    DeskCounters counters_;
};

} // namespace kontor::commands
