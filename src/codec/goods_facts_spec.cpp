#include "codec/fact_laws.hpp"

#include "domain/fulfilment/events.hpp"
#include "domain/reservation/events.hpp"
#include "domain/stock/events.hpp"

namespace kontor::codec {
namespace {

TEST(StockFacts, every_fact_survives_its_encodings) {
    check_laws<stock::Event>();
}

TEST(StockFacts, every_fact_has_golden_samples) {
    add_missing_samples<stock::Event>();
}

TEST(ReservationFacts, every_fact_survives_its_encodings) {
    check_laws<reservation::Event>();
}

TEST(ReservationFacts, every_fact_has_golden_samples) {
    add_missing_samples<reservation::Event>();
}

TEST(FulfilmentFacts, every_fact_survives_its_encodings) {
    check_laws<fulfilment::Event>();
}

TEST(FulfilmentFacts, every_fact_has_golden_samples) {
    add_missing_samples<fulfilment::Event>();
}

} // namespace
} // namespace kontor::codec
