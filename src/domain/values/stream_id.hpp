#pragma once

/// StreamId: the name of one stream of facts, as a category and a key. Streams of things with an id
/// have the id's 16 bytes as key; stock items, products, coupons and documents have a text. Outside
/// it is written "order-01J8Z0…", "stock-main.85123A".
///
/// Invariants: 1. Bytes beyond `key_length` are zero, so equal names are equal bytes.
///             2. The category decides whether the key is an id or a text; nothing else does.

#include "domain/values/ids.hpp"
#include "domain/values/names.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>

namespace kontor {

/// Stored as its number: only ever added to.
enum class StreamCategory : std::uint8_t {
    order = 1,
    stock = 2,
    reservation = 3,
    payment = 4,
    fulfilment = 5,
    checkout = 6,
    product = 7,
    coupon = 8,
    customer = 9,
    documents = 10,
    notification = 11,
    ops = 12,
    process = 13,
    queue = 14,
    webhook = 15,
    webhook_book = 16,
};
BOOST_DESCRIBE_ENUM(StreamCategory, order, stock, reservation, payment, fulfilment, checkout,
                    product, coupon, customer, documents, notification, ops, process, queue,
                    webhook, webhook_book)

class StreamId {
public:
    static constexpr std::size_t key_length_max = 62;

    StreamId() = default;
    static StreamId of(StreamCategory category, Id128 id);
    /// Requires: 1 to key_length_max bytes of key.
    static StreamId of(StreamCategory category, std::string_view key);

    static StreamId order(OrderId id) { return of(StreamCategory::order, id.value()); }
    static StreamId checkout(OrderId id) { return of(StreamCategory::checkout, id.value()); }
    static StreamId reservation(ReservationId id) {
        return of(StreamCategory::reservation, id.value());
    }
    static StreamId payment(PaymentId id) { return of(StreamCategory::payment, id.value()); }
    static StreamId fulfilment(FulfilmentId id) {
        return of(StreamCategory::fulfilment, id.value());
    }
    static StreamId customer(CustomerId id) { return of(StreamCategory::customer, id.value()); }
    static StreamId webhook(WebhookId id) { return of(StreamCategory::webhook, id.value()); }
    static StreamId product(Sku const& sku) { return of(StreamCategory::product, sku.view()); }
    static StreamId coupon(CouponCode const& code) {
        return of(StreamCategory::coupon, code.view());
    }
    static StreamId stock(Location const& location, Sku const& sku);

    /// Reads "order-01J8…" or "stock-main.85123A".   Errors: invalid.
    static Result<StreamId> parse(std::string_view text);
    /// Reads category and key bytes as stored.   Errors: invalid.
    static Result<StreamId> from_stored(std::uint8_t category, std::span<std::uint8_t const> key);

    StreamCategory category() const { return category_; }
    std::string_view key() const { return {key_.data(), length_}; }
    bool has_id() const;
    /// Requires: has_id().
    Id128 id() const;
    std::string to_string() const;

    std::uint64_t hash() const;
    friend bool operator==(StreamId const& a, StreamId const& b) {
        return a.category_ == b.category_ && a.key() == b.key();
    }
    friend std::strong_ordering operator<=>(StreamId const& a, StreamId const& b) {
        if (auto const order = a.category_ <=> b.category_; order != 0)
            return order;
        return a.key() <=> b.key();
    }

private:
    StreamCategory category_{StreamCategory::ops};
    std::uint8_t length_{0};
    std::array<char, key_length_max> key_{};
};
static_assert(sizeof(StreamId) == 64, "one cache line");

/// Whether streams of this category are named by an id.
bool is_keyed_by_id(StreamCategory category);

} // namespace kontor

template <>
struct std::hash<kontor::StreamId> {
    std::size_t operator()(kontor::StreamId const& stream) const { return stream.hash(); }
};
