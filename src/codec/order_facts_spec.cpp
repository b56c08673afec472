#include "codec/fact_laws.hpp"

#include "domain/checkout/events.hpp"
#include "domain/order/events.hpp"

namespace kontor::codec {
namespace {

TEST(OrderFacts, every_fact_survives_its_encodings) {
    check_laws<order::Event>();
}

TEST(OrderFacts, every_fact_has_golden_samples) {
    add_missing_samples<order::Event>();
}

TEST(CheckoutFacts, every_fact_survives_its_encodings) {
    check_laws<checkout::Event>();
}

TEST(CheckoutFacts, every_fact_has_golden_samples) {
    add_missing_samples<checkout::Event>();
}

} // namespace
} // namespace kontor::codec
