#include "services/gateway/shapes.hpp"

#include "services/gateway/answers.hpp"
#include "services/gateway/archive_answers.hpp"
#include "services/gateway/hook_answers.hpp"
#include "services/gateway/mail_answers.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/operations.hpp"
#include "services/gateway/operations_answers.hpp"
#include "services/gateway/proof_answers.hpp"
#include "services/gateway/queue_answers.hpp"
#include "services/gateway/rule_answers.hpp"
#include "services/gateway/shelf_answers.hpp"
#include "services/gateway/table_answers.hpp"
#include "services/gateway/topic_answers.hpp"

#include "codec/schema.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// Unknown keys of what is sent are refused.
template <class T>
std::string sent() {
    return codec::schema_of<T>(codec::UnknownKeys::refused);
}
/// What is answered may have more keys one day.
template <class T>
std::string answered() {
    return codec::schema_of<T>(codec::UnknownKeys::skipped);
}

template <class T>
std::string page_of() {
    return R"({"type":"object","properties":{"data":{"type":"array","items":)" + answered<T>() +
           R"(},"has_more":{"type":"boolean"},"next":{"type":"string"},"prev":{"type":"string"}},)"
           R"("required":["data","has_more"]})";
}

std::string product_page_schema() {
    auto schema = page_of<ProductAnswer>();
    constexpr std::string_view more = R"("has_more":{"type":"boolean"},)";
    schema.insert(schema.find(more), R"("facets":)" + answered<ProductFacets>() + ",");
    constexpr std::string_view required = R"("required":["data",)";
    schema.insert(schema.rfind(required) + required.size(), R"("facets",)");
    return schema;
}

template <class T>
std::string list_of() {
    return R"({"type":"object","properties":{"data":{"type":"array","items":)" + answered<T>() +
           R"(}},"required":["data"]})";
}

std::string problem_schema() {
    return R"({"type":"object","properties":{"type":{"type":"string"},"title":{"type":"string"},)"
           R"("status":{"type":"integer"},"detail":{"type":"string"},"remedy":{"type":"string"},)"
           R"("instance":{"type":"string"},"code":{"type":"string","pattern":"^E[0-9]{4}$"},)"
           R"("name":{"type":"string"},"retryable":{"type":"boolean"},"trace_id":{"type":"string"},)"
           R"("line":{"type":"integer"},"quantity_max":{"type":"integer"},)" // what some have more
           R"("current_version":{"type":"integer"},"quote":{"type":"object"},)"
           R"("total":{"type":"object"},"token_id":{"type":"string"},)"
           R"("errors":{"type":"array","items":{"type":"object","properties":{)"
           R"("pointer":{"type":"string"},"message":{"type":"string"}},)"
           R"("required":["pointer","message"]}}},)"
           R"("required":["type","title","status","detail","code","name","retryable","trace_id"]})";
}

/// A schema of an object, with one more member.
std::string with_property(std::string schema, std::string_view property) {
    constexpr std::string_view properties = R"("properties":{)";
    schema.insert(schema.find(properties) + properties.size(), std::string(property) + ",");
    return schema;
}

/// There is a schema for each type of fact.
constexpr std::string_view fact_content = R"("data":{"type":"object"})";

std::string fact_schema() {
    return with_property(answered<FactEnvelope>(), fact_content);
}

std::string letter_trial_schema() {
    return with_property(answered<LetterTrialAnswer>(),
                         R"("facts":{"type":"array","items":)" +
                             with_property(answered<TriedFactAnswer>(), fact_content) + "}");
}

/// A fact alone brings what proves that it is in the log, once the tree has it.
std::string proved_fact_schema() {
    return with_property(fact_schema(), R"("proof":)" + answered<FactProof>());
}

/// Part of a log, and from where it goes on.
std::string log_of(std::string const& item) {
    return R"({"type":"object","properties":{"data":{"type":"array","items":)" + item +
           R"(},"has_more":{"type":"boolean"},"after":{"type":"integer"}},)"
           R"("required":["data","has_more","after"]})";
}

std::string facts_schema() {
    return log_of(fact_schema());
}

std::string entries_schema() {
    return log_of(answered<EntryAnswer>());
}

/// The state is what the stream's kind has: an order, a payment, a stock item.
std::string stream_state_schema() {
    return R"({"type":"object","properties":{"stream":{"type":"string"},)"
           R"("version":{"type":"integer"},"state":{"type":"object"},)"
           R"("before":{"type":"object"}},"required":["stream","version","state"]})";
}

/// What was changed is shown as the API shows it, whatever it is.
std::string audit_schema() {
    return log_of(R"({"type":"object","properties":{"number":{"type":"integer"},)"
                  R"("position":{"type":"integer"},"at":{"type":"string","format":"date-time"},)"
                  R"("actor":{"type":"string"},"verb":{"type":"string"},)"
                  R"("object":{"type":"string"},"reason":{"type":"string"},)"
                  R"("before":{"type":"object"},"after":{"type":"object"},)"
                  R"("changes":{"type":"array","items":{"type":"object","properties":{)"
                  R"("stream":{"type":"string"},"version":{"type":"integer"},)"
                  R"("type":{"type":"string"}},"required":["stream","version","type"]}}},)"
                  R"("required":["number","position","at","actor","verb","object","changes"]})");
}

std::string timeline_schema() {
    return R"({"type":"object","properties":{"groups":{"type":"array","items":{"type":"object",)"
           R"("properties":{"command_id":{"type":"string"},"caused_by":{"type":"string"},)"
           R"("occurred_at":{"type":"string","format":"date-time"},"facts":{"type":"array","items":)" +
           fact_schema() +
           R"(}},"required":["command_id","occurred_at","facts"]}}},"required":["groups"]})";
}

std::string batch_schema() {
    return R"({"type":"object","properties":{"results":{"type":"array","items":{"type":"object",)"
           R"("properties":{"status":{"type":"integer"},"location":{"type":"string"},)"
           R"("version":{"type":"integer"},"problem":)" +
           problem_schema() + R"(},"required":["status"]}}},"required":["results"]})";
}

struct Row {
    Shape shape;
    std::string_view name;
    std::string (*schema)();
};

constexpr Row table[] = {
    {Shape::place_order, "place_order", sent<PlaceOrder>},
    {Shape::place_orders, "place_orders", sent<PlaceOrders>},
    {Shape::cancel_order, "cancel_order", sent<CancelOrder>},
    {Shape::change_order, "change_order", sent<ChangeOrder>},
    {Shape::edit_order, "edit_order", sent<EditOrder>},
    {Shape::pay_with, "pay_with", sent<PayWith>},
    {Shape::grant_refund, "grant_refund", sent<GrantRefund>},
    {Shape::ask_for_return, "ask_for_return", sent<AskForReturn>},
    {Shape::receive_return, "receive_return", sent<ReceiveReturn>},
    {Shape::with_reason, "with_reason", sent<WithReason>},
    {Shape::capture_payment, "capture_payment", sent<CapturePayment>},
    {Shape::add_product, "add_product", sent<AddProduct>},
    {Shape::change_product, "change_product", sent<ChangeProduct>},
    {Shape::set_price, "set_price", sent<SetPrice>},
    {Shape::issue_coupon, "issue_coupon", sent<IssueCoupon>},
    {Shape::ask_for_quote, "ask_for_quote", sent<AskForQuote>},
    {Shape::receive_stock, "receive_stock", sent<ReceiveStock>},
    {Shape::adjust_stock, "adjust_stock", sent<AdjustStock>},
    {Shape::transfer_stock, "transfer_stock", sent<TransferUnits>},
    {Shape::set_stock_policy, "set_stock_policy", sent<SetStockPolicy>},
    {Shape::pack_shipment, "pack_shipment", sent<PackShipment>},
    {Shape::dispatch_shipment, "dispatch_shipment", sent<DispatchShipment>},
    {Shape::deliver_shipment, "deliver_shipment", sent<DeliverShipment>},
    {Shape::register_customer, "register_customer", sent<RegisterCustomer>},
    {Shape::change_customer, "change_customer", sent<ChangeCustomer>},
    {Shape::set_preferences, "set_preferences", sent<SetPreferences>},
    {Shape::erase_customer, "erase_customer", sent<EraseCustomer>},
    {Shape::open_session, "open_session", sent<OpenSession>},
    {Shape::create_token, "create_token", sent<CreateToken>},
    {Shape::add_webhook, "add_webhook", sent<AddWebhook>},
    {Shape::change_webhook, "change_webhook", sent<ChangeWebhook>},
    {Shape::put_user, "put_user", sent<PutUser>},
    {Shape::set_limit, "set_limit", sent<SetLimit>},
    {Shape::send_to_queue, "send_to_queue", sent<SendToQueue>},
    {Shape::purge_queue, "purge_queue", sent<PurgeQueue>},
    {Shape::start_redrive, "start_redrive", sent<Redrive>},
    {Shape::discard_letters, "discard_letters", sent<DiscardLetters>},
    {Shape::retry_letter, "retry_letter", sent<RetryLetter>},
    {Shape::try_letter, "try_letter", sent<TryLetter>},
    {Shape::put_rule, "put_rule", sent<PutRule>},
    {Shape::test_rule, "test_rule", sent<TestRule>},
    {Shape::match_rules, "match_rules", sent<MatchRules>},
    {Shape::publish_to_topic, "publish_to_topic", sent<PublishToTopic>},
    {Shape::test_filter, "test_filter", sent<TestFilter>},
    {Shape::subscribe_to_topic, "subscribe_to_topic", sent<SubscribeTo>},
    {Shape::change_subscription, "change_subscription", sent<ChangeSubscription>},
    {Shape::start_replay, "start_replay", sent<StartReplay>},
    {Shape::back_up_store, "back_up_store", sent<BackUpStore>},
    {Shape::table, "table", [] { return std::string(R"({"type":"string"})"); }},
    {Shape::page, "page", [] { return std::string(R"({"type":"string"})"); }},
    {Shape::style_sheet, "style_sheet", [] { return std::string(R"({"type":"string"})"); }},
    {Shape::script, "script", [] { return std::string(R"({"type":"string"})"); }},
    {Shape::index, "index", answered<IndexAnswer>},
    {Shape::health, "health", answered<HealthAnswer>},
    {Shape::problem_row, "problem_row", answered<ProblemRowAnswer>},
    {Shape::problem, "problem", problem_schema},
    {Shape::open_api, "open_api", [] { return std::string(R"({"type":"object"})"); }},
    {Shape::session, "session", answered<SessionAnswer>},
    {Shape::order, "order", answered<OrderAnswer>},
    {Shape::order_page, "order_page", page_of<OrderSummaryAnswer>},
    {Shape::order_batch, "order_batch", batch_schema},
    {Shape::timeline, "timeline", timeline_schema},
    {Shape::payment, "payment", answered<PaymentAnswer>},
    {Shape::payment_page, "payment_page", page_of<PaymentAnswer>},
    {Shape::payment_methods, "payment_methods", list_of<PaymentMethodAnswer>},
    {Shape::refund, "refund", answered<RefundAnswer>},
    {Shape::shipment, "shipment", answered<ShipmentAnswer>},
    {Shape::shipment_page, "shipment_page", page_of<ShipmentAnswer>},
    {Shape::return_, "return", answered<ReturnAnswer>},
    {Shape::return_page, "return_page", page_of<ReturnAnswer>},
    {Shape::product, "product", answered<ProductAnswer>},
    {Shape::product_page, "product_page", product_page_schema},
    {Shape::coupon, "coupon", answered<CouponAnswer>},
    {Shape::quote, "quote", answered<QuoteAnswer>},
    {Shape::shipping_methods, "shipping_methods", list_of<ShippingMethodAnswer>},
    {Shape::stock_item, "stock_item", answered<StockItemAnswer>},
    {Shape::stock_page, "stock_page", page_of<StockItemAnswer>},
    {Shape::movements, "movements", facts_schema},
    {Shape::reservation, "reservation", answered<ReservationAnswer>},
    {Shape::customer, "customer", answered<CustomerAnswer>},
    {Shape::customer_page, "customer_page", page_of<CustomerAnswer>},
    {Shape::customer_export, "customer_export", answered<CustomerExport>},
    {Shape::facts, "facts", facts_schema},
    {Shape::fact_stream, "fact_stream", [] { return std::string(R"({"type":"string"})"); }},
    {Shape::fact, "fact", proved_fact_schema},
    {Shape::document, "document", answered<DocumentAnswer>},
    {Shape::accounts, "accounts", list_of<AccountAnswer>},
    {Shape::entries, "entries", entries_schema},
    {Shape::reconciliation, "reconciliation", answered<ReconciliationAnswer>},
    {Shape::table_outcome, "table_outcome", answered<TableOutcome>},
    {Shape::saga, "saga", answered<SagaAnswer>},
    {Shape::saga_page, "saga_page", page_of<SagaSummaryAnswer>},
    {Shape::saga_plan, "saga_plan", answered<SagaPlanAnswer>},
    {Shape::saga_graph, "saga_graph", answered<SagaGraphAnswer>},
    {Shape::attention_page, "attention_page", page_of<AttentionAnswer>},
    {Shape::projections, "projections", list_of<ProjectionAnswer>},
    {Shape::projection, "projection", answered<ProjectionAnswer>},
    {Shape::overview, "overview", answered<OverviewAnswer>},
    {Shape::services, "services", list_of<ServiceAnswer>},
    {Shape::operation_page, "operation_page", page_of<OperationAnswer>},
    {Shape::operation, "operation", answered<OperationAnswer>},
    {Shape::settings, "settings", list_of<SettingAnswer>},
    {Shape::limits, "limits", list_of<LimitAnswer>},
    {Shape::limit, "limit", answered<LimitAnswer>},
    {Shape::queue_page, "queue_page", page_of<QueueAnswer>},
    {Shape::queue, "queue", answered<QueueAnswer>},
    {Shape::sent_message, "sent_message", answered<SentAnswer>},
    {Shape::redrive, "redrive", answered<RedriveAnswer>},
    {Shape::redrives, "redrives", list_of<RedriveAnswer>},
    {Shape::archive, "archive", answered<ArchiveAnswer>},
    {Shape::archive_page, "archive_page", page_of<ArchiveAnswer>},
    {Shape::replay, "replay", answered<ReplayAnswer>},
    {Shape::replay_page, "replay_page", page_of<ReplayAnswer>},
    {Shape::letter_page, "letter_page", page_of<LetterAnswer>},
    {Shape::letter, "letter", answered<LetterAnswer>},
    {Shape::letter_causes, "letter_causes", page_of<LetterCauseAnswer>},
    {Shape::discarded, "discarded", answered<DiscardAnswer>},
    {Shape::retried, "retried", answered<RetryAnswer>},
    {Shape::letter_trial, "letter_trial", letter_trial_schema},
    {Shape::rule, "rule", answered<RuleAnswer>},
    {Shape::rule_page, "rule_page", page_of<RuleAnswer>},
    {Shape::pattern_test, "pattern_test", answered<PatternTestAnswer>},
    {Shape::rule_matches, "rule_matches", answered<RuleMatchesAnswer>},
    {Shape::topic, "topic", answered<TopicAnswer>},
    {Shape::topic_page, "topic_page", page_of<TopicAnswer>},
    {Shape::published_message, "published_message", answered<PublishedAnswer>},
    {Shape::subscription, "subscription", answered<SubscriptionAnswer>},
    {Shape::subscription_page, "subscription_page", page_of<SubscriptionAnswer>},
    {Shape::breakers, "breakers", list_of<BreakerAnswer>},
    {Shape::breaker, "breaker", answered<BreakerAnswer>},
    {Shape::suspects, "suspects", list_of<SuspectAnswer>},
    {Shape::suspect, "suspect", answered<SuspectAnswer>},
    {Shape::mail_list, "mail_list", list_of<MailAnswer>},
    {Shape::mail, "mail", answered<MailAnswer>},
    {Shape::store, "store", answered<StoreAnswer>},
    {Shape::backup, "backup", answered<BackupAnswer>},
    {Shape::streams, "streams", [] { return log_of(answered<StreamAnswer>()); }},
    {Shape::stream_state, "stream_state", stream_state_schema},
    {Shape::causes, "causes", answered<CausesAnswer>},
    {Shape::audit_page, "audit_page", audit_schema},
    {Shape::audit_checkpoint, "audit_checkpoint", answered<CheckpointAnswer>},
    {Shape::audit_proof, "audit_proof", answered<ProofAnswer>},
    {Shape::audit_check, "audit_check", answered<AuditCheckAnswer>},
    {Shape::users, "users", list_of<UserAnswer>},
    {Shape::user, "user", answered<UserAnswer>},
    {Shape::tokens, "tokens", list_of<TokenAnswer>},
    {Shape::token, "token", answered<TokenAnswer>},
    {Shape::webhooks, "webhooks", list_of<WebhookAnswer>},
    {Shape::webhook, "webhook", answered<WebhookAnswer>},
    {Shape::webhook_tries, "webhook_tries", list_of<WebhookTryAnswer>},
};

/// In the sequence of the enumeration, from the first one on.
consteval bool every_shape_has_a_row() {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (table[i].shape != static_cast<Shape>(i + 1))
            return false;
    return table[std::size(table) - 1].shape == Shape::webhook_tries;
}
static_assert(every_shape_has_a_row());

} // namespace

std::string_view name_of_shape(Shape shape) {
    return table[static_cast<std::size_t>(shape) - 1].name;
}

std::string schema_of_shape(Shape shape) {
    return table[static_cast<std::size_t>(shape) - 1].schema();
}

} // namespace kontor::services::gateway
