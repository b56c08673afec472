#pragma once

/// Turn: one command being carried out: several aggregates decide, and either all their facts go
/// into the batch or none. Services write `perform(Turn&, work)` in its terms; see services/shop
/// for the commands of the shop. Thread: the desk's.
///
/// Invariants: 1. Nothing is evolved before every decision of the command is taken, so a refusal
///                leaves no trace. Processes come after: they refuse nothing.
///             2. A command names the stream of an aggregate once.
///             3. A state that cannot be read makes the whole command fail, whatever was decided.

#include "base/shapes.hpp"
#include "platform/commands/fold_stream.hpp"
#include "platform/commands/limits.hpp"
#include "platform/commands/request.hpp"
#include "platform/commands/shelf.hpp"
#include "ports/event_store.hpp"

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <tuple>

namespace kontor::commands {

template <class Shop>
class Turn {
public:
    using Work = typename Shop::Work;
    using Shelves =
        boost::mp11::mp_rename<boost::mp11::mp_transform<Shelf, typename Shop::Aggregates>,
                               std::tuple>;

    /// The shop outlives the turn.
    Turn(ports::EventStore& store, Shop const& shop, std::size_t state_limit)
        : store_(store), shop_(shop), shelves_(make_shelves(state_limit)) {}

    // What `perform` may use.

    Context const& context() const { return context_; }
    Actor const& actor() const { return actor_; }

    /// The state before this command.   Errors: none here; a state that cannot be read fails the
    /// command.
    template <Folded A>
    StateOf<A> const& state(KeyOf<A> const& key) {
        return cell<A>(key).state;
    }

    /// Lets the aggregate decide; its facts are kept until the command is complete. Shows them
    /// until the next decision.
    /// Errors: the aggregate's rejection; the caller returns it, or takes another way before
    ///         anything else is decided.
    template <Folded A>
    Result<Events<EventOf<A>> const*, typename A::Fold::Rejection>
    decide(KeyOf<A> const& key, typename A::Fold::Command const& command) {
        auto& cell = this->cell<A>(key);
        KONTOR_TRY(auto&& events, A::Fold::decide(cell.state, command, context_));
        return keep<A>(cell, std::move(events));
    }

    /// Whether this command has decided on the stream already.
    template <Folded A>
    bool has_decided(KeyOf<A> const& key) const {
        auto const& list = std::get<DecidedList<A>>(decided_);
        return std::ranges::any_of(list,
                                   [&](auto const& decided) { return decided.cell->key == key; });
    }

    /// Whether this command has new facts of a stream so far.
    bool writes_to(StreamId const& stream) const {
        bool does = false;
        for_each_decided([&]<class A>(KeyOf<A> const& key, Events<EventOf<A>> const&) {
            does = does || A::stream(key) == stream;
        });
        return does;
    }

    /// How many streams have new facts in this command so far.
    std::size_t decided_count() const { return sequence_.size(); }

    /// Shows what aggregates decided so far, as `visit.template operator()<A>(key, events)`, in the
    /// sequence of the decisions. What it shows stays where it is until the command is complete.
    template <class Visitor>
    void for_each_decided(Visitor&& visit) const {
        for (auto const& [aggregate, index] : sequence_)
            boost::mp11::mp_with_index<aggregate_count>(aggregate, [&](auto I) {
                auto const& decided = std::get<I>(decided_)[index];
                using A = typename std::decay_t<decltype(decided)>::Aggregate;
                visit.template operator()<A>(decided.cell->key, decided.events);
            });
    }

    /// Shows every fact of this command so far, under the number in the command that it will be
    /// stored with, as `visit.template operator()<A>(key, fact, index)`.
    template <class Visitor>
    void for_each_fact(Visitor&& visit) const {
        std::uint32_t index = 0;
        for_each_decided([&]<class A>(KeyOf<A> const& key, Events<EventOf<A>> const& events) {
            for (auto const& event : events)
                visit.template operator()<A>(key, event, index++);
        });
    }

    /// What a process manager answered. Its fact has joined the command and is shown until the
    /// next step; the commands that leave with it are among the outputs.
    template <class Outputs, class Event>
    struct Step {
        Event const* fact;   ///< null: the input gave nothing
        std::uint32_t index; ///< the fact's in the command
        Outputs outputs;
    };

    /// Lets a process manager take an input. Its fact joins this command, and its state goes the
    /// step at once, for the next input may come in the same command; its commands are for the
    /// caller to pass on.
    /// Requires: every decision of the command is taken.   Errors: none here; a state that cannot
    /// be read fails the command.
    template <Folded P, class Input>
    auto advance(KeyOf<P> const& key, Input const& input) {
        auto& cell = this->cell<P>(key);
        using Outputs = decltype(P::Fold::advance(cell.state, input, context_));
        Step<Outputs, EventOf<P>> step{nullptr, event_count_,
                                       failure_ ? Outputs{}
                                                : P::Fold::advance(cell.state, input, context_)};
        auto& events = step.outputs.events;
        if (events.empty())
            return step;
        KONTOR_ASSERT(events.size() == 1, "a step has {} facts", events.size());
        auto& list = std::get<DecidedList<P>>(decided_);
        if (list.empty() || list.back().cell != &cell)
            keep<P>(cell, std::move(events));
        else
            add_to(list.back(), std::move(events.front()));
        list.back().is_evolved = true;
        step.fact = &list.back().events.back();
        return step;
    }

    /// What distinguishes a follow-up from its siblings, and what it carries.
    struct FollowUp {
        std::string_view step;
        std::uint64_t index{0};
        std::optional<Fingerprint> fingerprint{}; ///< its outcome is remembered: for work whose
                                                  ///< repetition no aggregate would notice
        std::optional<Id128> correlation_id{};    ///< absent: this command's
        std::optional<Actor> actor{};             ///< likewise
    };

    /// Work to be done after this command is complete, in the same turn of the desk, as a command
    /// of its own. Its id derives from this command, `step` and `index`.
    template <class Wish>
    void follow_up(Wish&& wish, FollowUp const& as) {
        follow_ups_.push_back(std::make_unique<Request<Work>>(
            derive_id<CommandId>(context_.command_id, as.step, as.index),
            as.correlation_id.value_or(context_.correlation_id), context_.command_id.value(),
            context_.now, as.actor.value_or(actor_), std::forward<Wish>(wish), as.fingerprint));
    }

    // What the desk uses.

    void begin(Request<Work> const& request) {
        KONTOR_ASSERT(sequence_.empty(), "a command begins inside another");
        context_ = {request.now, request.id, request.correlation_id, request.causation_id};
        actor_ = request.actor;
        failure_.reset();
    }

    std::optional<Failure> const& failure() const { return failure_; }
    bool changes_something() const { return !sequence_.empty(); }

    /// Evolves the states and encodes what was decided into the open commit of `batch`; a shop may
    /// seal what is personal in between.
    void complete(ports::Batch& batch) {
        stored_ = 0;
        for (auto const& [aggregate, index] : sequence_)
            boost::mp11::mp_with_index<aggregate_count>(
                aggregate, [&](auto I) { complete_one(batch, std::get<I>(decided_)[index]); });
        forget_decisions();
    }

    /// Drops what was decided and what was to follow. A state that went a step without its fact is
    /// none that the log knows: it is folded anew.
    void abandon() {
        for (auto const& stream : evolved_streams())
            drop(stream);
        forget_decisions();
        follow_ups_.clear();
    }

    std::vector<BoxedRequest<Work>>& follow_ups() { return follow_ups_; }

    /// The open batch was appended: its states may be put away again, and finished ones are.
    void unpin() {
        std::apply([this](auto&... pinned) { (unpin_all(pinned), ...); }, pinned_);
    }

    /// Another writer was first: the states of this stream are stale.
    void drop(StreamId const& stream) {
        std::apply([&](auto&... pinned) { (drop_from(pinned, stream), ...); }, pinned_);
    }

    template <Folded A>
    Shelf<A>& shelf() {
        return std::get<Shelf<A>>(shelves_);
    }

private:
    static constexpr std::size_t aggregate_count =
        boost::mp11::mp_size<typename Shop::Aggregates>::value;

    template <class A>
    struct Decided {
        using Aggregate = A;
        Cell<A>* cell;
        Events<EventOf<A>> events;
        bool is_evolved{false};
    };
    template <class A>
    using DecidedList = std::vector<Decided<A>>;
    template <class A>
    using PinnedList = std::vector<Cell<A>*>;

    static Shelves make_shelves(std::size_t state_limit) {
        return make_tuple_of(static_cast<Shelves*>(nullptr), state_limit);
    }
    template <class... Ss>
    static std::tuple<Ss...> make_tuple_of(std::tuple<Ss...>*, std::size_t state_limit) {
        return {Ss(state_limit)...};
    }

    template <Folded A>
    Cell<A>& cell(KeyOf<A> const& key) {
        auto& shelf = std::get<Shelf<A>>(shelves_);
        if (auto* const found = shelf.find(key)) {
            pin<A>(*found);
            return *found;
        }
        auto& fresh = shelf.put(key);
        auto const open_fact = [this](auto& event, EventId id) { return open(event, id); };
        auto const folded =
            fold_stream_into<A>(fresh.state, fresh.version, key, {store_}, open_fact);
        if (!folded) {
            shelf.drop(key);
            failure_ = folded.error();
            unreadable_state<A>() = Cell<A>{key, A::Fold::initial(), {}};
            return unreadable_state<A>();
        }
        pin<A>(fresh);
        return fresh;
    }

    /// A state that is folded from the log is what it was before it was sealed.
    /// Errors: unavailable, corrupt.
    template <class Event>
    Result<void> open(Event& event, EventId id) const {
        if constexpr (requires { shop_.open(event, id); })
            return shop_.open(event, id);
        else
            return {};
    }

    template <Folded A>
    void pin(Cell<A>& cell) {
        if (std::exchange(cell.pinned, true))
            return;
        std::get<PinnedList<A>>(pinned_).push_back(&cell);
    }

    template <Folded A>
    Cell<A>& unreadable_state() {
        return std::get<Cell<A>>(unreadable_);
    }

    template <Folded A>
    Events<EventOf<A>> const* keep(Cell<A>& cell, Events<EventOf<A>>&& events) {
        static Events<EventOf<A>> const none;
        if (events.empty() || failure_)
            return &none;
        auto& list = std::get<DecidedList<A>>(decided_);
        constexpr auto aggregate = boost::mp11::mp_find<typename Shop::Aggregates, A>::value;
        for (auto const& earlier : list)
            KONTOR_ASSERT(earlier.cell != &cell, "a command names {} twice",
                          A::stream(cell.key).to_string());
        event_count_ += static_cast<std::uint32_t>(events.size());
        list.emplace_back(&cell, std::move(events));
        sequence_.emplace_back(aggregate, list.size() - 1);
        return &list.back().events;
    }

    template <class A>
    void add_to(Decided<A>& decided, EventOf<A>&& event) {
        decided.events.push_back(std::move(event));
        ++event_count_;
    }

    template <class A>
    void complete_one(ports::Batch& batch, Decided<A>& decided) {
        auto& cell = *decided.cell;
        auto const stream =
            batch.add_stream(A::stream(cell.key), ports::ExpectedVersion::exactly(cell.version));
        for (auto& event : decided.events) {
            if (!decided.is_evolved)
                evolve_in_place<typename A::Fold>(cell.state, event);
            if constexpr (requires { shop_.seal(event, stored_, EventId()); })
                shop_.seal(event, stored_, event_id(context_.command_id, stored_));
            ++stored_;
            auto const type = A::encode(event, batch.buffer());
            batch.add_event(stream, type);
        }
        cell.version = ports::StreamVersion(cell.version.value() + decided.events.size());
        if (is_at_rest<A>(cell.state))
            batch.set_at_rest(stream);
    }

    /// Nothing of it is open: by what the aggregate says, or because it has ended.
    template <Folded A>
    static bool is_at_rest(StateOf<A> const& state) {
        if constexpr (requires { A::is_at_rest(state); })
            return A::is_at_rest(state);
        else
            return A::Fold::is_terminal(state);
    }

    std::vector<StreamId> evolved_streams() const {
        std::vector<StreamId> evolved;
        auto const look = [&]<class A>(std::vector<Decided<A>> const& list) {
            for (auto const& decided : list)
                if (decided.is_evolved)
                    evolved.push_back(A::stream(decided.cell->key));
        };
        std::apply([&](auto const&... list) { (look(list), ...); }, decided_);
        return evolved;
    }

    void forget_decisions() {
        sequence_.clear();
        event_count_ = 0;
        std::apply([](auto&... list) { (list.clear(), ...); }, decided_);
    }

    template <class A>
    void unpin_all(std::vector<Cell<A>*>& pinned) {
        for (auto* const cell : pinned) {
            cell->pinned = false;
            if (A::Fold::is_terminal(cell->state))
                std::get<Shelf<A>>(shelves_).drop(KeyOf<A>(cell->key));
        }
        pinned.clear();
    }

    template <class A>
    void drop_from(std::vector<Cell<A>*>& pinned, StreamId const& stream) {
        std::erase_if(pinned, [&](Cell<A>* cell) {
            if (A::stream(cell->key) != stream)
                return false;
            auto const key = cell->key;
            std::get<Shelf<A>>(shelves_).drop(key);
            return true;
        });
    }

    template <template <class> class Each>
    using TupleOf =
        boost::mp11::mp_rename<boost::mp11::mp_transform<Each, typename Shop::Aggregates>,
                               std::tuple>;

    ports::EventStore& store_;
    Shop const& shop_;
    Shelves shelves_;
    TupleOf<DecidedList> decided_;
    TupleOf<PinnedList> pinned_;
    TupleOf<Cell> unreadable_;
    std::vector<std::pair<std::size_t, std::size_t>> sequence_;
    std::uint32_t event_count_{0}; ///< in this command so far
    std::uint32_t stored_{0};      ///< of them
    std::vector<BoxedRequest<Work>> follow_ups_;
    Context context_;
    Actor actor_;
    std::optional<Failure> failure_;
};

} // namespace kontor::commands
