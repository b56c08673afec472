#pragma once

/// The words in which a process manager is tested: what it was told before, what it is told now,
/// what it sends then.
///
///   GivenProcess<checkout::Process> process;
///   process.at(noon).when(OrderFact{placed}).then_sends<ReserveLines>();
///
/// `when` folds what was decided, so a story goes on; `then_nothing` says that neither fact nor
/// command followed. Thread: one test at a time.

#include "tests/support/given.hpp"

namespace kontor::testing {

template <class P, class Outputs>
class ThenProcess {
public:
    ThenProcess(Outputs outputs, std::source_location place)
        : outputs_(std::move(outputs)), place_(place) {}

    /// Exactly these commands, in this sequence.
    template <class... Commands>
    ThenProcess const& then_sends() const {
        std::string wanted;
        ((wanted += (wanted.empty() ? "" : ", ") + type_name(typeid(Commands))), ...);
        if (sent() != wanted)
            fail("sent [" + sent() + "], wanted [" + wanted + "]");
        return *this;
    }
    ThenProcess const& then_nothing() const {
        if (!outputs_.events.empty() || !outputs_.commands.empty())
            fail("went a step and sent [" + sent() + "], wanted nothing");
        return *this;
    }
    /// The first command of this kind.
    template <class Command>
    Command command() const {
        for (auto const& sent : outputs_.commands)
            if (auto const* const found = std::get_if<Command>(&sent))
                return *found;
        fail("no " + type_name(typeid(Command)) + " was sent");
        return Command{};
    }
    Outputs const& outputs() const { return outputs_; }

private:
    std::string sent() const {
        std::string names;
        for (auto const& command : outputs_.commands)
            names += (names.empty() ? "" : ", ") +
                     std::visit([](auto const& c) { return type_name(typeid(c)); }, command);
        return names;
    }
    void fail(std::string const& why) const {
        ADD_FAILURE_AT(place_.file_name(), static_cast<int>(place_.line())) << why;
    }

    Outputs outputs_;
    std::source_location place_;
};

template <class P>
class GivenProcess {
public:
    /// Under which id the next command is decided.
    GivenProcess& under(CommandId id) {
        context_.command_id = id;
        return *this;
    }
    GivenProcess& at(Instant now) {
        context_.now = now;
        return *this;
    }
    template <class Input>
    auto when(Input const& input, std::source_location place = std::source_location::current()) {
        auto outputs = P::decide(state_, input, context_);
        state_ = fold<P>(std::move(state_), outputs.events);
        return ThenProcess<P, decltype(outputs)>(std::move(outputs), place);
    }
    typename P::State const& state() const { return state_; }
    Instant now() const { return context_.now; }
    Context const& context() const { return context_; }

private:
    typename P::State state_ = P::initial();
    Context context_{.now = usual_now, .command_id = CommandId(Id128(1, 1))};
};

} // namespace kontor::testing
