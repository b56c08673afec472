#pragma once

/// What goes to the desk and what comes back.

#include "base/failure.hpp"
#include "domain/values/context.hpp"
#include "ports/batch.hpp"
#include "ports/settling.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace kontor::commands {

/// Of method, path and body, where a caller brings an idempotency key.
using Fingerprint = std::array<std::uint8_t, 16>;

/// What the answer to a request will show: it is remembered with the outcome, so that the same
/// answer can be given again.
struct Shown {
    std::uint16_t status{0}; ///< as it is answered when accepted
    StreamId stream{};
};

/// What the caller has read: the request is carried out on top of this and nothing else.
struct ExpectedStream {
    StreamId stream;
    ports::StreamVersion version;
};

/// One piece of work for the desk. `Work` is the services' variant of everything that can be asked.
template <class Work>
struct Request {
    CommandId id; ///< derived from the caller's key, or from the fact that caused it: the same id
                  ///< is the same request
    Id128 correlation_id;
    Id128 causation_id;
    Instant now;
    Actor actor;
    Work work;
    std::optional<Fingerprint> fingerprint{}; ///< present: the outcome is remembered with the facts
    std::uint64_t ticket{
        0}; ///< of the caller's choice, comes back in the answer; 0: no answer wanted
    std::optional<Shown> shown{};
    std::optional<ExpectedStream> expected{};
    bool is_repetition{false}; ///< nothing is done: answered from the record, or with not_found
    /// The message that asks for it, which has a fingerprint. Where the request is accepted, the
    /// message ends in the same commit; in all other cases it stays with whoever took it, and a
    /// refusal is not remembered.
    std::shared_ptr<ports::TakenMessage const> message{};
    /// It is only decided, on what stands now: nothing is written, remembered or left behind.
    bool is_trial{false};
};

/// A request on its way: it goes through rings and lists, and only the pointer moves.
template <class Work>
using BoxedRequest = std::unique_ptr<Request<Work>>;

/// The facts are durable, or nothing had to change; what was written stands at or before
/// `position`.
struct Accepted {
    ports::Position position;
    ports::StreamVersion
        version{}; ///< of the stream that the answer shows, if the request says one
};

/// Nothing was done: the stream stands at another version than the caller has read. Not remembered.
struct VersionDiffers {
    ports::StreamVersion current;
};

/// The same request was answered before, as the record says.
struct Replayed {
    ports::OutcomeRecord record;
};

/// The id was used before for another request; nothing was done.
struct KeyReused {};

/// Nothing was done, and nothing will be until somebody releases it: the process ended several
/// times while it decided this request.
struct Quarantined {};

/// A fact that a trial would have written, as a log has it. Nothing personal in it is sealed.
struct TriedFact {
    StreamId stream;
    ports::EventType type{};
    std::vector<std::uint8_t> payload{};
};

/// What a trial came to: it would be accepted.
struct Tried {
    std::shared_ptr<std::vector<TriedFact> const> facts;
    std::size_t follow_ups; ///< so many commands would follow, with facts of their own
};

/// Shape: a Refusal is the shop's no; a Failure is the world's, and repeating the request with the
/// same id is safe.
template <class Refusal>
struct Answer {
    std::uint64_t ticket;
    std::variant<Accepted, Replayed, KeyReused, VersionDiffers, Quarantined, Tried, Refusal,
                 Failure>
        content;
};

} // namespace kontor::commands
