#pragma once

/// Receipts: base64url of queue (16 bytes), message number (8), epoch (8) and an 8-byte MAC over
/// them. Without the queue's key nobody makes one, so a receipt that checks was handed out once.
/// Source: MESSAGING section 6; RFC 4648 section 5, without padding.

#include "domain/values/id128.hpp"
#include "platform/messaging/queues/siphash.hpp"
#include "ports/queue_message.hpp"

#include <optional>

namespace kontor::queues {

struct Receipt {
    std::uint64_t number;
    std::uint64_t epoch;
    friend bool operator==(Receipt const&, Receipt const&) = default;
};

ports::ReceiptHandle write_receipt(SipKey const& key, Id128 queue, Receipt const& receipt);

/// Empty: this queue never wrote it.
std::optional<Receipt> read_receipt(SipKey const& key, Id128 queue, std::string_view text);

} // namespace kontor::queues
