#pragma once

/// Who asked for what, when: what a decider may know of the world, and what the facts of one
/// command share.

#include "domain/values/ids.hpp"
#include "domain/values/names.hpp"
#include "domain/values/stream_id.hpp"

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <string>

namespace kontor {

/// Stored as its number: only ever added to.
enum class ActorKind : std::uint8_t {
    customer = 1,
    operator_ = 2,
    service = 3,
    process = 4,
    import = 5
};
BOOST_DESCRIBE_ENUM(ActorKind, customer, operator_, service, process, import)

/// Who is behind a command. The id is a short name of an operator, service or process; customers
/// are named by the facts.
struct Actor {
    ActorKind kind{ActorKind::service};
    InlineText<31> id{};
    friend bool operator==(Actor const&, Actor const&) = default;
};
BOOST_DESCRIBE_STRUCT(Actor, (), (kind, id))
static_assert(describes_every_field<Actor>());

/// What `decide` gets beside state and command.
struct Context {
    Instant now;
    CommandId command_id;
    Id128 correlation_id{}; ///< the order, else the first command
    Id128 causation_id{};   ///< the event or command that brought this command about
    friend bool operator==(Context const&, Context const&) = default;
};

/// A fact as it was recorded, with what `apply` and projections need to know of it.
template <class Event>
struct Recorded {
    Event event;
    std::uint64_t position;
    std::uint64_t version;
    Instant occurred_at;
    Context context;
    Actor actor;
    StreamId stream{};
};

} // namespace kontor
