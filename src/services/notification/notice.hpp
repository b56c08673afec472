#pragma once

/// Notice: what a message of the queue `notifications` says. The topology's rules make them of
/// facts: which fact, of which order; nothing of the order itself, and nothing personal.
///
///   {"kind":"order.confirmed","order":"ord_…","stream":"order-…","at":"…","id":"evt_…"}
///   {"kind":"stock.ran_low",…,"severity":"ticket"}      an alert for operators
///
/// Thread: any.   Source: MESSAGING section 1, T.

#include "base/describe.hpp"
#include "base/result.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/stream_id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kontor::services {

/// What buyers are told about.
enum class LetterKind : std::uint8_t {
    confirmed,
    rejected,
    expired,
    cancelled,
    completed,
    action_required,
    refunded,
    dispatched,
    delivered
};
BOOST_DESCRIBE_ENUM(LetterKind, confirmed, rejected, expired, cancelled, completed, action_required,
                    refunded, dispatched, delivered)

/// Empty: no letter is written about such facts.
std::optional<LetterKind> letter_kind(std::string_view fact);

/// What a buyer may have said that this is about: "order", "delivery", "refund".
std::string_view topic_of(LetterKind kind);

/// As it stands in the message.
struct Notice {
    std::string kind;
    std::string order;
    std::string stream;
    std::string at;
    std::string id;
    std::optional<std::string> severity{}; ///< there is one: it is for operators
};
BOOST_DESCRIBE_STRUCT(Notice, (), (kind, order, stream, at, id, severity))
static_assert(describes_every_field<Notice>());

/// Errors: invalid (it is no notice).
Result<Notice> parse_notice(std::string_view body);

/// A notice for a buyer, understood.
struct Told {
    LetterKind kind;
    std::string_view fact; ///< the notice's kind
    OrderId order;
    StreamId stream;
    EventId id;
};
/// Errors: invalid (no letter is written about it; or a name in it is none).
/// Shape:  lives as long as the notice.
Result<Told> understand(Notice const& notice);

} // namespace kontor::services
