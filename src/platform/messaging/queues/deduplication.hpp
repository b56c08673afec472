#pragma once

/// Deduplication: which messages of a FIFO queue came within the window, and under which number.
/// It knows them by a keyed digest, so a million ids take 64 MB and nobody can make two collide.
/// Attempts: receives that may be repeated.   Thread: one.
/// Source: Amazon SQS developer guide, "Exactly-once processing", "Receive request attempt id".

#include "base/instant.hpp"
#include "platform/messaging/queues/siphash.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::queues {

/// A digest of scope and id; of two messages it is the same only if both are.
struct DeduplicationKey {
    std::uint64_t high;
    std::uint64_t low;
    friend bool operator==(DeduplicationKey const&, DeduplicationKey const&) = default;
};

struct DeduplicationHash {
    using is_avalanching = void;
    std::size_t operator()(DeduplicationKey const& key) const { return key.low; }
};

/// `scope` is a group, or empty for the whole queue.
DeduplicationKey deduplication_key(SipKey const& secret, std::string_view scope,
                                   std::string_view id);

/// The id of a message that is known by its body: SHA-256, in hexadecimal.
std::string content_id(std::string_view body);

class Deduplication {
public:
    /// Forgets what is older than the window.
    void advance(Instant now);
    /// The number that the first message with this key had; empty: it is the first.
    std::optional<std::uint64_t> find(DeduplicationKey const& key) const;
    void add(DeduplicationKey const& key, std::uint64_t number, Instant at);
    std::size_t size() const { return numbers_.size(); }

    struct Known {
        Instant at;
        DeduplicationKey key;
    };
    /// What it has not forgotten, the oldest first.
    std::deque<Known> const& known() const { return by_time_; }

private:
    boost::unordered_flat_map<DeduplicationKey, std::uint64_t, DeduplicationHash> numbers_;
    std::deque<Known> by_time_;
};

/// What a receive gave, as long as it may be given again.
struct Attempt {
    Instant at;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> messages; ///< numbers and epochs
};

class Attempts {
public:
    void advance(Instant now);
    /// Null: there was none in the window, or it is forgotten.
    Attempt const* find(std::string const& id) const;
    void add(std::string const& id, Attempt attempt);

private:
    boost::unordered_flat_map<std::string, Attempt> attempts_;
    std::deque<std::pair<Instant, std::string>> by_time_;
};

} // namespace kontor::queues
