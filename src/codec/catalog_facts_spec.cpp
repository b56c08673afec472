#include "codec/fact_laws.hpp"

#include "domain/catalog/coupon/events.hpp"
#include "domain/catalog/product/events.hpp"
#include "domain/customer/events.hpp"

namespace kontor::codec {
namespace {

TEST(ProductFacts, every_fact_survives_its_encodings) {
    check_laws<product::Event>();
}

TEST(ProductFacts, every_fact_has_golden_samples) {
    add_missing_samples<product::Event>();
}

TEST(CouponFacts, every_fact_survives_its_encodings) {
    check_laws<coupon::Event>();
}

TEST(CouponFacts, every_fact_has_golden_samples) {
    add_missing_samples<coupon::Event>();
}

TEST(CustomerFacts, every_fact_survives_its_encodings) {
    check_laws<customer::Event>();
}

TEST(CustomerFacts, every_fact_has_golden_samples) {
    add_missing_samples<customer::Event>();
}

} // namespace
} // namespace kontor::codec
