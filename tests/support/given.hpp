#pragma once

/// The words in which the rules of the shop are tested, for any decider:
///
///   given<order::Decider>(placed, confirmed)
///       .at(noon)
///       .when(order::Cancel{"changed my mind", ActorKind::customer})
///       .then(order::Cancelled{...});
///
/// `then` names the facts, `then_nothing` says that none follow, `then_rejected` names the no. A
/// rejection that is a struct is compared by its member `code` when a code is given. Failures point
/// at the line of `when`. Thread: one test at a time.

#include "base/names.hpp"
#include "base/shapes.hpp"
#include "domain/values/context.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <cstdlib>
#include <cxxabi.h>
#include <source_location>
#include <string>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

namespace kontor::testing {

/// The moment at which commands are decided unless `at` says otherwise: 2026-01-01T00:00:00Z.
inline constexpr Instant usual_now = Instant::from_unix_microseconds(1'767'225'600'000'000);

/// "kontor::order::Placed".
inline std::string type_name(std::type_info const& type) {
    int status = 0;
    char* const readable = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
    std::string name = status == 0 ? readable : type.name();
    std::free(readable);
    return name;
}

template <class Event>
std::string names_of(Events<Event> const& events) {
    std::string names;
    for (auto const& event : events)
        names += (names.empty() ? "" : ", ") +
                 std::visit([](auto const& fact) { return type_name(typeid(fact)); }, event);
    return names.empty() ? "nothing" : names;
}

template <class Rejection>
std::string name_of_rejection(Rejection const& rejection) {
    if constexpr (DescribedEnum<Rejection>)
        return std::string(enumerator_name(rejection));
    else if constexpr (requires { rejection.code; })
        return name_of_rejection(rejection.code);
    else
        return "a rejection";
}

template <class D>
class Then {
public:
    using Event = typename D::Event;
    using Decision = DecisionOf<Event, typename D::Rejection>;

    Then(typename D::State before, Decision decision, std::source_location place)
        : before_(std::move(before)), decision_(std::move(decision)), place_(place) {}

    template <class... Facts>
        requires(sizeof...(Facts) > 0 && (std::constructible_from<Event, Facts const&> && ...))
    Then const& then(Facts const&... facts) const {
        Events<Event> wanted;
        (wanted.push_back(Event(facts)), ...);
        if (!decision_)
            fail("rejected with " + name_of_rejection(decision_.error()) + ", wanted " +
                 names_of(wanted));
        else if (names_of(*decision_) != names_of(wanted))
            fail("decided " + names_of(*decision_) + ", wanted " + names_of(wanted));
        else if (*decision_ != wanted)
            fail("the fields differ: " + ::testing::PrintToString(fields_differing(wanted)) +
                 " of " + names_of(wanted));
        return *this;
    }

    Then const& then_nothing() const {
        if (!decision_)
            fail("rejected with " + name_of_rejection(decision_.error()) + ", wanted nothing");
        else if (!decision_->empty())
            fail("decided " + names_of(*decision_) + ", wanted nothing");
        return *this;
    }

    template <class Code>
    Then const& then_rejected(Code const& wanted) const {
        if (decision_)
            fail("decided " + names_of(*decision_) + ", wanted " + name_of_rejection(wanted));
        else if (!is(decision_.error(), wanted))
            fail("rejected with " + name_of_rejection(decision_.error()) + ", wanted " +
                 name_of_rejection(wanted) + " (or with other particulars)");
        return *this;
    }

    /// For what the words above cannot say.
    Decision const& decision() const { return decision_; }
    /// The one fact that must have been decided.
    template <class Fact>
    Fact fact() const {
        if (decision_)
            for (auto const& event : *decision_)
                if (auto const* const found = std::get_if<Fact>(&event))
                    return *found;
        fail("no " + type_name(typeid(Fact)) + " was decided");
        return Fact{};
    }
    /// The state after what was decided, which is the state before it when nothing was.
    typename D::State state() const { return decision_ ? fold<D>(before_, *decision_) : before_; }

private:
    template <class Code>
    static bool is(typename D::Rejection const& rejection, Code const& wanted) {
        if constexpr (std::equality_comparable_with<typename D::Rejection, Code>)
            return rejection == wanted;
        else
            return rejection.code == wanted;
    }
    std::vector<std::string> fields_differing(Events<Event> const& wanted) const {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < wanted.size(); ++i)
            std::visit(
                [&]<class Fact>(Fact const& fact) {
                    auto const& decided = std::get<Fact>((*decision_)[i]);
                    boost::mp11::mp_for_each<described_fields<Fact>>([&](auto field) {
                        if (!(decided.*field.pointer == fact.*field.pointer))
                            names.emplace_back(field.name);
                    });
                },
                wanted[i]);
        return names;
    }
    void fail(std::string const& why) const {
        ADD_FAILURE_AT(place_.file_name(), static_cast<int>(place_.line())) << why;
    }

    typename D::State before_;
    Decision decision_;
    std::source_location place_;
};

template <class D>
class Given {
public:
    explicit Given(typename D::State state) : state_(std::move(state)) {}

    /// When the next command is decided.
    Given& at(Instant now) {
        context_.now = now;
        return *this;
    }
    /// Under which id the next command is decided.
    Given& under(CommandId id) {
        context_.command_id = id;
        return *this;
    }

    Then<D> when(typename D::Command const& command,
                 std::source_location place = std::source_location::current()) const {
        return Then<D>(state_, D::decide(state_, command, context_), place);
    }

    typename D::State const& state() const { return state_; }

private:
    typename D::State state_;
    Context context_{.now = usual_now, .command_id = CommandId(Id128(1, 1))};
};

/// What has happened so far; nothing when no fact is named.
template <class D, class... Facts>
Given<D> given(Facts const&... facts) {
    auto state = D::initial();
    ((state = D::evolve(std::move(state), typename D::Event(facts))), ...);
    return Given<D>(std::move(state));
}

/// The same for a list of facts.
template <class D>
Given<D> given(std::vector<typename D::Event> const& events) {
    return Given<D>(fold<D>(D::initial(), events));
}

} // namespace kontor::testing
