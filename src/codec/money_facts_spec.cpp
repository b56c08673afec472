#include "codec/fact_laws.hpp"

#include "domain/audit/events.hpp"
#include "domain/documents/events.hpp"
#include "domain/payment/events.hpp"
#include "domain/process/events.hpp"
#include "domain/queue/events.hpp"
#include "domain/webhook/events.hpp"
#include "domain/webhook_book/events.hpp"

namespace kontor::codec {
namespace {

TEST(PaymentFacts, every_fact_survives_its_encodings) {
    check_laws<payment::Event>();
}

TEST(PaymentFacts, every_fact_has_golden_samples) {
    add_missing_samples<payment::Event>();
}

TEST(DocumentsFacts, every_fact_survives_its_encodings) {
    check_laws<documents::Event>();
}

TEST(DocumentsFacts, every_fact_has_golden_samples) {
    add_missing_samples<documents::Event>();
}

TEST(AuditFacts, every_fact_survives_its_encodings) {
    check_laws<audit::Event>();
}

TEST(AuditFacts, every_fact_has_golden_samples) {
    add_missing_samples<audit::Event>();
}

TEST(ProcessFacts, every_fact_survives_its_encodings) {
    check_laws<process::Event>();
}

TEST(ProcessFacts, every_fact_has_golden_samples) {
    add_missing_samples<process::Event>();
}

TEST(QueueFacts, every_fact_survives_its_encodings) {
    check_laws<queue::Event>();
}

TEST(QueueFacts, every_fact_has_golden_samples) {
    add_missing_samples<queue::Event>();
}

TEST(WebhookFacts, every_fact_survives_its_encodings) {
    check_laws<webhook::Event>();
    check_laws<webhook_book::Event>();
}

TEST(WebhookFacts, every_fact_has_golden_samples) {
    add_missing_samples<webhook::Event>();
    add_missing_samples<webhook_book::Event>();
}

} // namespace
} // namespace kontor::codec
