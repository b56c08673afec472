#pragma once

/// The words in which tests speak to a store: small commits of known bytes, and pages as values
/// that compare.

#include "ports/event_store.hpp"

#include <string>
#include <vector>

namespace kontor::contract {

inline StreamId stock(std::string_view sku) {
    return StreamId::stock(Location::parse("main").value(), Sku::parse(sku).value());
}

inline CommandId command(std::uint64_t number) {
    return CommandId(Id128(std::uint64_t{1} << 20, number));
}

struct Written {
    StreamId stream;
    std::string payload;
    bool is_at_rest{false}; ///< the stream, with this commit
};

/// A commit of its own words: header fields follow from the command's number.
inline ports::CommitHeader header_of(std::uint64_t number) {
    return {command(number), Id128(1, number), Id128(2, number),
            Instant::from_unix_microseconds(static_cast<std::int64_t>(1'000 + number)),
            Actor{ActorKind::operator_, InlineText<31>("ada")}};
}

/// Adds a commit that expects `expected` of every stream it writes.
inline void add_commit(ports::Batch& batch, std::uint64_t number,
                       std::vector<Written> const& events,
                       ports::ExpectedVersion expected = ports::ExpectedVersion::any()) {
    batch.begin_commit(header_of(number));
    std::vector<StreamId> named;
    for (auto const& event : events) {
        std::uint32_t index = 0;
        while (index < named.size() && named[index] != event.stream)
            ++index;
        if (index == named.size()) {
            named.push_back(event.stream);
            batch.add_stream(event.stream, expected);
        }
        batch.buffer().insert(batch.buffer().end(), event.payload.begin(), event.payload.end());
        batch.add_event(index, EventType(static_cast<std::uint16_t>(10 + event.payload.size())));
        if (event.is_at_rest)
            batch.set_at_rest(index);
    }
}

inline ports::Batch commit_of(std::uint64_t number, std::vector<Written> const& events,
                              ports::ExpectedVersion expected = ports::ExpectedVersion::any()) {
    ports::Batch batch;
    add_commit(batch, number, events, expected);
    return batch;
}

inline ports::OutcomeRecord outcome(std::uint16_t status) {
    ports::OutcomeRecord record{};
    record.fingerprint.fill(static_cast<std::uint8_t>(status));
    record.status = status;
    record.problem = static_cast<std::uint16_t>(status + 1);
    record.stream = stock("OUTCOME");
    record.version = ports::StreamVersion(3);
    return record;
}

/// An event as a value that owns its bytes, with everything that a reader may see of it.
struct Seen {
    std::uint64_t position;
    std::string stream;
    std::uint64_t version;
    std::uint16_t type;
    std::uint32_t index_in_command;
    ports::CommitHeader header;
    std::string payload;
    friend bool operator==(Seen const&, Seen const&) = default;
};

inline std::vector<Seen> seen(ports::EventPage const& page) {
    std::vector<Seen> all;
    for (auto const& event : page.events)
        all.push_back({event.position.value(), event.stream.to_string(), event.version.value(),
                       event.type.value(), event.index_in_command, page.commit_of(event).header,
                       std::string(event.payload.begin(), event.payload.end())});
    return all;
}

inline std::vector<std::string> payloads(ports::EventPage const& page) {
    std::vector<std::string> all;
    for (auto const& event : page.events)
        all.emplace_back(event.payload.begin(), event.payload.end());
    return all;
}

} // namespace kontor::contract
