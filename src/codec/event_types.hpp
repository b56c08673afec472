#pragma once

/// The one table of stored events: number, name, version, type, and whether the world may see it.
/// The log keeps the number; everything that leaves says name and version.
///
/// Invariants: 1. A number is given once and never again, not even after its type is retired.
///             2. number = 100 * the stored value of its stream category + a running number from 1.
///             3. A fact that changes otherwise than by an optional field at its end gets a new row
///             with the next version; its old row stays, with the old struct and an upcaster
///             (codec/upcast.hpp).
/// Source: DOMAIN section 10.

#include "codec/stored.hpp"

namespace kontor::order {
struct Placed;
struct PaymentOffered;
struct Confirmed;
struct Rejected;
struct Expired;
struct Cancelled;
struct LinesCancelled;
struct AddressChanged;
struct EditOpened;
struct EditAbandoned;
struct Edited;
struct Shipped;
struct Delivered;
struct Completed;
struct ReturnRequested;
struct ReturnReceived;
struct ReturnCancelled;
struct RefundGranted;
} // namespace kontor::order
namespace kontor::stock {
struct Received;
struct Adjusted;
struct RanLow;
struct PolicySet;
struct Reserved;
struct Released;
struct Issued;
struct Restocked;
struct BackordersFilled;
} // namespace kontor::stock
namespace kontor::reservation {
struct Held;
struct Rejected;
struct Extended;
struct Confirmed;
struct Released;
struct Expired;
struct Filled;
} // namespace kontor::reservation
namespace kontor::payment {
struct Authorised;
struct Declined;
struct ActionRequired;
struct OutcomeUnknown;
struct Captured;
struct CaptureFailed;
struct Voided;
struct AuthorisationExpired;
struct RefundPending;
struct Refunded;
struct RefundFailed;
struct Disputed;
struct DisputeClosed;
} // namespace kontor::payment
namespace kontor::fulfilment {
struct Created;
struct Held;
struct Resumed;
struct Cancelled;
struct Dispatched;
struct Delivered;
struct DeliveryFailed;
struct ReturnedToSender;
} // namespace kontor::fulfilment
namespace kontor::checkout {
struct Advanced;
}
namespace kontor::product {
struct Added;
struct Changed;
struct PriceSet;
struct Withdrawn;
struct Restored;
} // namespace kontor::product
namespace kontor::coupon {
struct Issued;
struct Used;
struct GivenBack;
} // namespace kontor::coupon
namespace kontor::customer {
struct Registered;
struct Changed;
struct Erased;
} // namespace kontor::customer
namespace kontor::documents {
struct InvoiceIssued;
struct CreditNoteIssued;
} // namespace kontor::documents
namespace kontor::audit {
struct ActionTaken;
}
namespace kontor::process {
struct Followed;
struct EventPut;
struct BusPut;
struct BusDeleted;
struct RulePut;
struct RuleDeleted;
struct TopicPut;
struct TopicDeleted;
struct SubscriptionPut;
struct SubscriptionDeleted;
struct Tagged;
struct ArchivePut;
struct ArchiveDeleted;
struct ReplayStarted;
struct ReplayCancelled;
struct ReplayMoved;
} // namespace kontor::process
namespace kontor::queue {
struct Created;
struct Changed;
struct Removed;
struct Purged;
struct MessageSent;
struct MessagesReceived;
struct MessagesSettled;
struct MessagesMoved;
struct MoveStarted;
struct MoveEnded;
struct Paused;
struct Resumed;
} // namespace kontor::queue
namespace kontor::webhook {
struct Added;
struct Changed;
struct SecretRotated;
struct Disabled;
struct Tested;
struct ResendAsked;
struct Removed;
} // namespace kontor::webhook
namespace kontor::webhook_book {
struct PageKept;
}

namespace kontor::codec {

using order_facts = StoredList<
    Stored<order::Placed, 101, "order.placed", 1, Visibility::public_>,
    Stored<order::PaymentOffered, 102, "order.payment_offered", 1, Visibility::internal>,
    Stored<order::Confirmed, 103, "order.confirmed", 1, Visibility::public_>,
    Stored<order::Rejected, 104, "order.rejected", 1, Visibility::public_>,
    Stored<order::Expired, 105, "order.expired", 1, Visibility::public_>,
    Stored<order::Cancelled, 106, "order.cancelled", 1, Visibility::public_>,
    Stored<order::LinesCancelled, 107, "order.lines_cancelled", 1, Visibility::public_>,
    Stored<order::AddressChanged, 108, "order.address_changed", 1, Visibility::public_>,
    Stored<order::EditOpened, 109, "order.edit_opened", 1, Visibility::internal>,
    Stored<order::EditAbandoned, 110, "order.edit_abandoned", 1, Visibility::internal>,
    Stored<order::Edited, 111, "order.edited", 1, Visibility::public_>,
    Stored<order::Shipped, 112, "order.shipped", 1, Visibility::internal>,
    Stored<order::Delivered, 113, "order.delivered", 1, Visibility::internal>,
    Stored<order::Completed, 114, "order.completed", 1, Visibility::public_>,
    Stored<order::ReturnRequested, 115, "order.return_requested", 1, Visibility::public_>,
    Stored<order::ReturnReceived, 116, "order.return_received", 1, Visibility::public_>,
    Stored<order::ReturnCancelled, 117, "order.return_cancelled", 1, Visibility::public_>,
    Stored<order::RefundGranted, 118, "order.refund_granted", 1, Visibility::public_>>;

using stock_facts = StoredList<
    Stored<stock::Received, 201, "stock.received", 1, Visibility::public_>,
    Stored<stock::Adjusted, 202, "stock.adjusted", 1, Visibility::public_>,
    Stored<stock::RanLow, 203, "stock.ran_low", 1, Visibility::public_>,
    Stored<stock::PolicySet, 204, "stock.policy_set", 1, Visibility::internal>,
    Stored<stock::Reserved, 205, "stock.reserved", 1, Visibility::internal>,
    Stored<stock::Released, 206, "stock.released", 1, Visibility::internal>,
    Stored<stock::Issued, 207, "stock.issued", 1, Visibility::internal>,
    Stored<stock::Restocked, 208, "stock.restocked", 1, Visibility::internal>,
    Stored<stock::BackordersFilled, 209, "stock.backorders_filled", 1, Visibility::internal>>;

using reservation_facts =
    StoredList<Stored<reservation::Held, 301, "reservation.held", 1, Visibility::public_>,
               Stored<reservation::Rejected, 302, "reservation.rejected", 1, Visibility::public_>,
               Stored<reservation::Extended, 303, "reservation.extended", 1, Visibility::internal>,
               Stored<reservation::Confirmed, 304, "reservation.confirmed", 1, Visibility::public_>,
               Stored<reservation::Released, 305, "reservation.released", 1, Visibility::public_>,
               Stored<reservation::Expired, 306, "reservation.expired", 1, Visibility::public_>,
               Stored<reservation::Filled, 307, "reservation.filled", 1, Visibility::public_>>;

using payment_facts = StoredList<
    Stored<payment::Authorised, 401, "payment.authorised", 1, Visibility::public_>,
    Stored<payment::Declined, 402, "payment.declined", 1, Visibility::public_>,
    Stored<payment::ActionRequired, 403, "payment.action_required", 1, Visibility::public_>,
    Stored<payment::OutcomeUnknown, 404, "payment.outcome_unknown", 1, Visibility::internal>,
    Stored<payment::Captured, 405, "payment.captured", 1, Visibility::public_>,
    Stored<payment::CaptureFailed, 406, "payment.capture_failed", 1, Visibility::public_>,
    Stored<payment::Voided, 407, "payment.voided", 1, Visibility::public_>,
    Stored<payment::AuthorisationExpired, 408, "payment.authorisation_expired", 1,
           Visibility::public_>,
    Stored<payment::RefundPending, 409, "payment.refund_pending", 1, Visibility::internal>,
    Stored<payment::Refunded, 410, "payment.refunded", 1, Visibility::public_>,
    Stored<payment::RefundFailed, 411, "payment.refund_failed", 1, Visibility::public_>,
    Stored<payment::Disputed, 412, "payment.disputed", 1, Visibility::public_>,
    Stored<payment::DisputeClosed, 413, "payment.dispute_closed", 1, Visibility::public_>>;

using fulfilment_facts = StoredList<
    Stored<fulfilment::Created, 501, "fulfilment.created", 1, Visibility::public_>,
    Stored<fulfilment::Held, 502, "fulfilment.held", 1, Visibility::internal>,
    Stored<fulfilment::Resumed, 503, "fulfilment.resumed", 1, Visibility::internal>,
    Stored<fulfilment::Cancelled, 504, "fulfilment.cancelled", 1, Visibility::public_>,
    Stored<fulfilment::Dispatched, 505, "fulfilment.dispatched", 1, Visibility::public_>,
    Stored<fulfilment::Delivered, 506, "fulfilment.delivered", 1, Visibility::public_>,
    Stored<fulfilment::DeliveryFailed, 507, "fulfilment.delivery_failed", 1, Visibility::public_>,
    Stored<fulfilment::ReturnedToSender, 508, "fulfilment.returned_to_sender", 1,
           Visibility::public_>>;

using checkout_facts =
    StoredList<Stored<checkout::Advanced, 601, "checkout.advanced", 1, Visibility::internal>>;

using product_facts =
    StoredList<Stored<product::Added, 701, "catalog.product_added", 1, Visibility::public_>,
               Stored<product::Changed, 702, "catalog.product_changed", 1, Visibility::public_>,
               Stored<product::PriceSet, 703, "catalog.price_set", 1, Visibility::public_>,
               Stored<product::Withdrawn, 704, "catalog.product_withdrawn", 1, Visibility::public_>,
               Stored<product::Restored, 705, "catalog.product_restored", 1, Visibility::public_>>;

using coupon_facts = StoredList<
    Stored<coupon::Issued, 801, "catalog.coupon_issued", 1, Visibility::public_>,
    Stored<coupon::Used, 802, "catalog.coupon_used", 1, Visibility::internal>,
    Stored<coupon::GivenBack, 803, "catalog.coupon_given_back", 1, Visibility::internal>>;

using customer_facts =
    StoredList<Stored<customer::Registered, 901, "customer.registered", 1, Visibility::public_>,
               Stored<customer::Changed, 902, "customer.changed", 1, Visibility::public_>,
               Stored<customer::Erased, 903, "customer.erased", 1, Visibility::public_>>;

using documents_facts = StoredList<
    Stored<documents::InvoiceIssued, 1001, "invoice.issued", 1, Visibility::public_>,
    Stored<documents::CreditNoteIssued, 1002, "credit_note.issued", 1, Visibility::public_>>;

using audit_facts =
    StoredList<Stored<audit::ActionTaken, 1201, "ops.action_taken", 1, Visibility::internal>>;

using process_facts = StoredList<
    Stored<process::Followed, 1301, "process.followed", 1, Visibility::internal>,
    Stored<process::EventPut, 1302, "bus.event_put", 1, Visibility::internal>,
    Stored<process::BusPut, 1303, "bus.bus_put", 1, Visibility::internal>,
    Stored<process::BusDeleted, 1304, "bus.bus_deleted", 1, Visibility::internal>,
    Stored<process::RulePut, 1305, "bus.rule_put", 1, Visibility::internal>,
    Stored<process::RuleDeleted, 1306, "bus.rule_deleted", 1, Visibility::internal>,
    Stored<process::TopicPut, 1307, "bus.topic_put", 1, Visibility::internal>,
    Stored<process::TopicDeleted, 1308, "bus.topic_deleted", 1, Visibility::internal>,
    Stored<process::SubscriptionPut, 1309, "bus.subscription_put", 1, Visibility::internal>,
    Stored<process::SubscriptionDeleted, 1310, "bus.subscription_deleted", 1, Visibility::internal>,
    Stored<process::Tagged, 1311, "bus.tagged", 1, Visibility::internal>,
    Stored<process::ArchivePut, 1312, "bus.archive_put", 1, Visibility::internal>,
    Stored<process::ArchiveDeleted, 1313, "bus.archive_deleted", 1, Visibility::internal>,
    Stored<process::ReplayStarted, 1314, "bus.replay_started", 1, Visibility::internal>,
    Stored<process::ReplayCancelled, 1315, "bus.replay_cancelled", 1, Visibility::internal>,
    Stored<process::ReplayMoved, 1316, "bus.replay_moved", 1, Visibility::internal>>;

using queue_facts = StoredList<
    Stored<queue::Created, 1401, "queue.created", 1, Visibility::internal>,
    Stored<queue::Changed, 1402, "queue.changed", 1, Visibility::internal>,
    Stored<queue::Removed, 1403, "queue.removed", 1, Visibility::internal>,
    Stored<queue::Purged, 1404, "queue.purged", 1, Visibility::internal>,
    Stored<queue::MessageSent, 1405, "queue.message_sent", 1, Visibility::internal>,
    Stored<queue::MessagesReceived, 1406, "queue.messages_received", 1, Visibility::internal>,
    Stored<queue::MessagesSettled, 1407, "queue.messages_settled", 1, Visibility::internal>,
    Stored<queue::MessagesMoved, 1408, "queue.messages_moved", 1, Visibility::internal>,
    Stored<queue::MoveStarted, 1409, "queue.move_started", 1, Visibility::internal>,
    Stored<queue::MoveEnded, 1410, "queue.move_ended", 1, Visibility::internal>,
    Stored<queue::Paused, 1411, "queue.paused", 1, Visibility::internal>,
    Stored<queue::Resumed, 1412, "queue.resumed", 1, Visibility::internal>>;

using webhook_facts = StoredList<
    Stored<webhook::Added, 1501, "webhook.added", 1, Visibility::internal>,
    Stored<webhook::Changed, 1502, "webhook.changed", 1, Visibility::internal>,
    Stored<webhook::SecretRotated, 1503, "webhook.secret_rotated", 1, Visibility::internal>,
    Stored<webhook::Disabled, 1504, "webhook.disabled", 1, Visibility::internal>,
    Stored<webhook::Tested, 1505, "webhook.tested", 1, Visibility::internal>,
    Stored<webhook::ResendAsked, 1506, "webhook.resend_asked", 1, Visibility::internal>,
    Stored<webhook::Removed, 1507, "webhook.removed", 1, Visibility::internal>>;

using webhook_book_facts = StoredList<
    Stored<webhook_book::PageKept, 1601, "webhook_book.page_kept", 1, Visibility::internal>>;

/// Every fact there is, by number.
using AllFacts =
    boost::mp11::mp_append<order_facts, stock_facts, reservation_facts, payment_facts,
                           fulfilment_facts, checkout_facts, product_facts, coupon_facts,
                           customer_facts, documents_facts, audit_facts, process_facts, queue_facts,
                           webhook_facts, webhook_book_facts>;

/// The number that facts of type `E` are stored under.
template <class E>
inline constexpr EventType event_type = [] {
    using Row = boost::mp11::mp_at_c<boost::mp11::mp_copy_if_q<AllFacts, StoresType<E>>, 0>;
    return EventType(Row::number);
}();

/// Whether facts stored under this number decode to an `E`, today's or an older version of it: for
/// followers that look at few types and need not decode the others.
template <class E>
constexpr bool holds(EventType type) {
    constexpr auto name =
        boost::mp11::mp_at_c<boost::mp11::mp_copy_if_q<AllFacts, StoresType<E>>, 0>::row.name;
    bool found = false;
    boost::mp11::mp_for_each<AllFacts>([&]<class Row>(Row) {
        if constexpr (Row::row.name == name)
            found = found || type == EventType(Row::number);
    });
    return found;
}

/// All rows, ascending by number.
std::span<EventTypeRow const> event_types();

/// Empty: no event is stored under this number or name, as far as this build knows.
EventTypeRow const* find_event_type(EventType type);
EventTypeRow const* find_event_type(std::string_view name, std::uint16_t version);

/// The streams that hold facts of this type.   Requires: a type of the table.
StreamCategory category_of(EventType type);

} // namespace kontor::codec
