#pragma once

/// The shop's aggregates as the desk sees them: decider, key, stream name, codec.

#include "codec/events.hpp"
#include "domain/audit/audit.hpp"
#include "domain/catalog/coupon/coupon.hpp"
#include "domain/catalog/product/product.hpp"
#include "domain/checkout/checkout.hpp"
#include "domain/customer/customer.hpp"
#include "domain/documents/documents.hpp"
#include "domain/fulfilment/fulfilment.hpp"
#include "domain/order/order.hpp"
#include "domain/payment/payment.hpp"
#include "domain/reservation/reservation.hpp"
#include "domain/stock/stock.hpp"
#include "domain/webhook/webhook.hpp"
#include "domain/webhook_book/webhook_book.hpp"
#include "platform/commands/aggregate.hpp"

#include <boost/mp11/list.hpp>

#include <string>

namespace kontor::services {

/// What all aggregates share: facts become bytes by the codec's table.
template <class Decider, class KeyType>
struct Stored {
    using Fold = Decider;
    using Key = KeyType;
    using Event = typename Decider::Event;

    static EventType encode(Event const& event, std::vector<std::uint8_t>& out) {
        return codec::encode(event, out);
    }
    /// Errors: corrupt, unsupported (as codec::decode).
    static Result<Event> decode(EventType type, std::span<std::uint8_t const> bytes) {
        return codec::decode<Event>(type, bytes);
    }
};

/// An aggregate that waits for nobody, whatever its state: who starts never asks for it.
template <class Decider, class KeyType>
struct Passive : Stored<Decider, KeyType> {
    static bool is_at_rest(typename Decider::State const&) { return true; }
};

/// One SKU at one location.
struct StockKey {
    Location location;
    Sku sku;
    friend bool operator==(StockKey const&, StockKey const&) = default;
};

struct Orders : Stored<order::Decider, OrderId> {
    static StreamId stream(OrderId id) { return StreamId::order(id); }
};
struct StockItems : Passive<stock::Decider, StockKey> {
    static StreamId stream(StockKey const& key) { return StreamId::stock(key.location, key.sku); }
};
struct Reservations : Stored<reservation::Decider, ReservationId> {
    static StreamId stream(ReservationId id) { return StreamId::reservation(id); }
};
struct Payments : Stored<payment::Decider, PaymentId> {
    static StreamId stream(PaymentId id) { return StreamId::payment(id); }
    /// Money that was captured may be refunded for ever, but nobody waits for that.
    static bool is_at_rest(payment::State const& state) {
        auto const* const granted = std::get_if<payment::Granted>(&state);
        return payment::is_terminal(state) ||
               (granted != nullptr && granted->pending.is_zero() && granted->rest().is_zero() &&
                granted->unknowns.empty() && granted->disputes.empty());
    }
};
struct Fulfilments : Stored<fulfilment::Decider, FulfilmentId> {
    static StreamId stream(FulfilmentId id) { return StreamId::fulfilment(id); }
};
struct Products : Passive<product::Decider, Sku> {
    static StreamId stream(Sku const& sku) { return StreamId::product(sku); }
};
struct Coupons : Passive<coupon::Decider, CouponCode> {
    static StreamId stream(CouponCode const& code) { return StreamId::coupon(code); }
};
struct Customers : Passive<customer::Decider, CustomerId> {
    static StreamId stream(CustomerId id) { return StreamId::customer(id); }
};

using DocumentYear = Strong<struct DocumentYearTag, std::uint16_t>;

/// Invoices and credit notes of one year.
struct Documents : Passive<documents::Decider, DocumentYear> {
    static StreamId stream(DocumentYear year) {
        return StreamId::of(StreamCategory::documents, std::to_string(year.value()));
    }
};

/// Which record: there is one.
enum class AuditRecord : std::uint8_t { operators };

/// What operators did.
struct Audits : Passive<audit::Decider, AuditRecord> {
    static StreamId stream(AuditRecord = AuditRecord::operators) {
        return StreamId::of(StreamCategory::ops, "audit");
    }
};

/// Open until it is removed, so that who delivers learns of it at the start.
struct Webhooks : Stored<webhook::Decider, WebhookId> {
    static StreamId stream(WebhookId id) { return StreamId::webhook(id); }
};

/// One of the books of deliveries to a webhook, numbered from 1.
struct WebhookBookKey {
    WebhookId webhook;
    std::uint32_t number;
    friend bool operator==(WebhookBookKey, WebhookBookKey) = default;
};

/// The one that is not full is open: its last page says where who delivers goes on.
struct WebhookBooks : Stored<webhook_book::Decider, WebhookBookKey> {
    static StreamId stream(WebhookBookKey key) {
        return StreamId::of(StreamCategory::webhook_book,
                            key.webhook.value().to_string() + "." + std::to_string(key.number));
    }
};

/// The process that leads an order from click to doorstep.
struct Checkouts : Stored<checkout::Process, OrderId> {
    static StreamId stream(OrderId id) { return StreamId::checkout(id); }
};

using Aggregates =
    boost::mp11::mp_list<Orders, StockItems, Reservations, Payments, Fulfilments, Products, Coupons,
                         Customers, Checkouts, Documents, Audits, Webhooks, WebhookBooks>;

} // namespace kontor::services

template <>
struct std::hash<kontor::services::WebhookBookKey> {
    std::size_t operator()(kontor::services::WebhookBookKey key) const {
        return std::hash<kontor::WebhookId>{}(key.webhook) * 31 + key.number;
    }
};
template <>
struct std::hash<kontor::services::StockKey> {
    std::size_t operator()(kontor::services::StockKey const& key) const {
        return std::hash<kontor::Sku>{}(key.sku) * 31 + std::hash<kontor::Location>{}(key.location);
    }
};
