#pragma once

/// The shop's topology. Facts go to the bus and there meet rules; commands of processes go straight
/// to a queue, so FIFO queues carry commands and no rule feeds them. Two dead-letter queues, for
/// FIFO stands behind FIFO and standard behind standard.
///
/// Imported facts are nobody's news: each rule on our own facts wants an actor that is no import.
/// Source: MESSAGING section 1.

#include "topology/soundness.hpp"

#include <array>

namespace kontor::topology {

inline constexpr Text dead_letters = "dead-letter";
inline constexpr Text dead_letters_fifo = "dead-letter.fifo";
inline constexpr std::uint32_t dead_letters_kept_seconds = 1'209'600;

inline constexpr auto shop_queues = std::to_array<Queue>({
    {"order-processing.fifo", QueueKind::fifo, 30, dead_letters_fifo, 5, 345'600, "order id",
     "command id", "checkout", "order, fulfilment"},
    {"payment-processing.fifo", QueueKind::fifo, 60, dead_letters_fifo, 5, 345'600, "order id",
     "command id or provider's event id", "checkout; provider webhooks through the gateway",
     "payment"},
    {"inventory-updates", QueueKind::standard, 30, dead_letters, 5, 345'600, "", "",
     "checkout; rule stock-facts", "inventory"},
    {"notifications", QueueKind::standard, 60, dead_letters, 5, 345'600, "", "", "both topics",
     "notification"},
    {"analytics", QueueKind::standard, 60, dead_letters, 5, 345'600, "", "", "rule risk-signals",
     "analytics"},
    {dead_letters, QueueKind::standard, 300, "", 0, dead_letters_kept_seconds, "", "",
     "the standard queues, failed rule targets and subscriptions, bad stream records",
     "kontor dlq"},
    {dead_letters_fifo, QueueKind::fifo, 300, "", 0, dead_letters_kept_seconds, "kept", "kept",
     "the FIFO queues", "kontor dlq"},
});

inline constexpr auto shop_variables = std::to_array<Variable>({
    {"type", "$.detail-type"},
    {"order", "$.detail.metadata.correlation_id"},
    {"stream", "$.resources[0]"},
    {"at", "$.time"},
    {"id", "$.detail.metadata.id"},
    {"replay", "$.replay-name"}, // what is new has none, and its message no such member
});

inline constexpr auto stock_facts_targets = std::to_array<Target>(
    {{TargetKind::queue, "inventory-updates", "", {}, 185, 86'400, dead_letters}});
inline constexpr auto risk_signals_targets =
    std::to_array<Target>({{TargetKind::queue, "analytics", "", {}, 185, 86'400, dead_letters}});
inline constexpr auto order_notifications_targets = std::to_array<Target>(
    {{TargetKind::topic, "order-notifications",
      R"({"kind":"<type>","order":"<order>","stream":"<stream>","at":"<at>","id":"<id>",)"
      R"("replay":<replay>})",
      shop_variables, 185, 86'400, dead_letters}});
inline constexpr auto operations_page_targets = std::to_array<Target>(
    {{TargetKind::topic, "operations-alerts",
      R"({"kind":"<type>","order":"<order>","stream":"<stream>","at":"<at>","id":"<id>",)"
      R"("severity":"page","replay":<replay>})",
      shop_variables, 185, 86'400, dead_letters}});
inline constexpr auto operations_ticket_targets = std::to_array<Target>(
    {{TargetKind::topic, "operations-alerts",
      R"({"kind":"<type>","order":"<order>","stream":"<stream>","at":"<at>","id":"<id>",)"
      R"("severity":"ticket","replay":<replay>})",
      shop_variables, 185, 86'400, dead_letters}});

inline constexpr auto shop_rules = std::to_array<Rule>({
    {"stock-facts",
     R"({"$or":[{"source":["kontor.order"],"detail-type":["order.return_received"],)"
     R"("detail":{"metadata":{"actor_kind":[{"anything-but":"import"}]}}},)"
     R"({"source":[{"prefix":"partner.warehouse"}],)"
     R"("detail-type":["stock.delivered","stock.counted"]}]})",
     stock_facts_targets},
    {"risk-signals",
     R"({"source":[{"prefix":"kontor."}],)"
     R"("$or":[{"detail-type":["payment.declined","payment.disputed"]},)"
     R"({"detail-type":["payment.authorised"],)"
     R"("detail":{"data":{"amount":{"amount":[{"numeric":[">=",50000]}],)"
     R"("currency":["GBP","EUR","USD"]}}}}],)"
     R"("detail":{"metadata":{"actor_kind":[{"anything-but":"import"}]}}})",
     risk_signals_targets},
    {"order-notifications",
     R"({"source":["kontor.order","kontor.payment","kontor.fulfilment"],)"
     R"("detail-type":["order.placed","order.confirmed","order.rejected","order.expired",)"
     R"("order.cancelled","order.completed","payment.action_required","payment.refunded",)"
     R"("fulfilment.dispatched","fulfilment.delivered"],)"
     R"("detail":{"metadata":{"actor_kind":[{"anything-but":"import"}]}}})",
     order_notifications_targets},
    {"operations-page",
     R"({"source":[{"prefix":"kontor."}],)"
     R"("detail-type":["payment.capture_failed","payment.refund_failed","ops.slo_budget_spent"],)"
     R"("detail":{"metadata":{"actor_kind":[{"anything-but":"import"}]}}})",
     operations_page_targets},
    {"operations-ticket",
     R"({"source":[{"prefix":"kontor."}],)"
     R"("$or":[{"detail-type":["stock.ran_low","ops.message_parked","ops.anomaly_detected"]},)"
     R"({"detail-type":["ops.breaker_changed"],"detail":{"data":{"to":["open"]}}}],)"
     R"("detail":{"metadata":{"actor_kind":[{"anything-but":"import"}]}}})",
     operations_ticket_targets},
});

inline constexpr auto shop_topics =
    std::to_array<Topic>({{"order-notifications"}, {"operations-alerts"}});

/// People are told of a fact when it happens: no replay writes to them again. Whoever else
/// subscribes gets what a replay brings, under its name.
inline constexpr auto shop_subscriptions = std::to_array<Subscription>({
    {"order-notifications", "notifications",
     R"({"kind":[{"anything-but":"order.placed"}],"replay":[{"exists":false}]})", FilterScope::body,
     true, dead_letters},
    {"operations-alerts", "notifications",
     R"({"severity":["page","ticket"],"replay":[{"exists":false}]})", FilterScope::body, true,
     dead_letters},
});

/// No time to live on events, ever; no recovery of the keys of persons, which would undo an
/// erasure.
inline constexpr auto shop_tables = std::to_array<Table>({
    {"events", {"pk", 'S'}, {"sk", 'N'}, "", true, true, true},
    {"keys", {"pk", 'S'}, {"", ' '}, "expires"},
    {"deadlines", {"pk", 'S'}, {"sk", 'S'}},
    {"leases", {"pk", 'S'}},
    {"snapshots", {"pk", 'S'}},
    {"subject-keys", {"pk", 'S'}, {"", ' '}, "", false, false, true},
});

inline constexpr auto shop_streams = std::to_array<Stream>({
    {"ecommerce.events", 12, "stream id", 7},
    {"kontor.log", 12, "stream id", 7, true},
    {"ecommerce.analytics", 6, "window and key", 0},
    {"ecommerce.late", 3, "stream id", 7},
});

inline constexpr auto shop_alarms = std::to_array<Alarm>({
    {"dead-letters", AlarmSubject::queue, dead_letters, "ApproximateNumberOfMessagesVisible", 0},
    {"dead-letters-fifo", AlarmSubject::queue, dead_letters_fifo,
     "ApproximateNumberOfMessagesVisible", 0},
    {"dead-letters-old", AlarmSubject::queue, dead_letters, "ApproximateAgeOfOldestMessage",
     864'000},
    {"dead-letters-fifo-old", AlarmSubject::queue, dead_letters_fifo,
     "ApproximateAgeOfOldestMessage", 864'000},
    {"orders-old", AlarmSubject::queue, "order-processing.fifo", "ApproximateAgeOfOldestMessage",
     60, 3, 5},
    {"payments-old", AlarmSubject::queue, "payment-processing.fifo",
     "ApproximateAgeOfOldestMessage", 60, 3, 5},
    {"inventory-old", AlarmSubject::queue, "inventory-updates", "ApproximateAgeOfOldestMessage",
     300, 3, 5},
    {"notifications-old", AlarmSubject::queue, "notifications", "ApproximateAgeOfOldestMessage",
     300, 3, 5},
    {"analytics-old", AlarmSubject::queue, "analytics", "ApproximateAgeOfOldestMessage", 300, 3, 5},
    {"rules-failed", AlarmSubject::rules, "", "FailedInvocations", 0},
    {"rules-lost", AlarmSubject::rules, "", "InvocationsFailedToBeSentToDlq", 0},
    {"rules-throttled", AlarmSubject::rules, "", "ThrottledRules", 0},
    {"topics-failed", AlarmSubject::topic, "", "NumberOfNotificationsFailed", 0},
    {"topics-lost", AlarmSubject::topic, "", "NumberOfNotificationsFailedToRedriveToDlq", 0},
    {"topics-unreadable", AlarmSubject::topic, "",
     "NumberOfNotificationsFilteredOut-InvalidMessageBody", 0},
    {"events-throttled", AlarmSubject::table, "events", "ThrottledRequests", 0, 3, 5},
    {"events-failed", AlarmSubject::table, "events", "SystemErrors", 0, 3, 5},
    {"followers-late", AlarmSubject::follower, "", "follower_lag_seconds", 30, 3, 5,
     Severity::ticket, true},
    // A table's stream keeps a day.
    {"followers-lost", AlarmSubject::follower, "", "follower_lag_seconds", 43'200, 1, 1,
     Severity::page, true},
});

inline constexpr Topology shop{
    "ecommerce-platform", "ecommerce-archive", 90,          shop_queues,  {}, shop_rules,
    shop_topics,          shop_subscriptions,  shop_tables, shop_streams, {}, shop_alarms,
    "operations-alerts"};

static_assert(is_sound<unsound(shop)>());

} // namespace kontor::topology
