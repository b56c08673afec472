#include "platform/messaging/queues/deduplication.hpp"

#include "base/assert.hpp"
#include "platform/digests/digests.hpp"
#include "platform/messaging/queues/limits.hpp"

#include <array>
#include <cstring>

namespace kontor::queues {

DeduplicationKey deduplication_key(SipKey const& secret, std::string_view scope,
                                   std::string_view id) {
    // The length of the scope goes first: "ab" + "c" is not "a" + "bc".
    std::array<std::uint8_t, 1 + group_id_max + deduplication_id_max> bytes;
    KONTOR_ASSERT(scope.size() <= group_id_max && id.size() <= deduplication_id_max,
                  "an id of {} bytes in a scope of {}", id.size(), scope.size());
    bytes[0] = static_cast<std::uint8_t>(scope.size());
    std::memcpy(bytes.data() + 1, scope.data(), scope.size());
    std::memcpy(bytes.data() + 1 + scope.size(), id.data(), id.size());
    auto const whole = std::span(bytes).first(1 + scope.size() + id.size());
    constexpr std::uint64_t other = 0x9e3779b97f4a7c15ULL;
    return {siphash(secret, whole), siphash({secret[1] ^ other, secret[0]}, whole)};
}

std::string content_id(std::string_view body) {
    return digests::hex(digests::sha256(body));
}

void Deduplication::advance(Instant now) {
    while (!by_time_.empty() && by_time_.front().at + deduplication_window <= now) {
        numbers_.erase(by_time_.front().key);
        by_time_.pop_front();
    }
}

std::optional<std::uint64_t> Deduplication::find(DeduplicationKey const& key) const {
    auto const found = numbers_.find(key);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

void Deduplication::add(DeduplicationKey const& key, std::uint64_t number, Instant at) {
    if (numbers_.emplace(key, number).second)
        by_time_.push_back({at, key});
}

void Attempts::advance(Instant now) {
    while (!by_time_.empty() && (by_time_.front().first + deduplication_window <= now ||
                                 by_time_.size() > attempts_max)) {
        auto const found = attempts_.find(by_time_.front().second);
        if (found != attempts_.end() && found->second.at == by_time_.front().first)
            attempts_.erase(found);
        by_time_.pop_front();
    }
}

Attempt const* Attempts::find(std::string const& id) const {
    auto const found = attempts_.find(id);
    return found == attempts_.end() ? nullptr : &found->second;
}

void Attempts::add(std::string const& id, Attempt attempt) {
    by_time_.emplace_back(attempt.at, id);
    attempts_.insert_or_assign(id, std::move(attempt));
}

} // namespace kontor::queues
