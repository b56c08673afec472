#pragma once

/// The words of the process's specs: one purchase of three lines, told fact by fact.

#include "domain/checkout/checkout.hpp"
#include "tests/support/given_process.hpp"

namespace kontor::checkout::spec {

inline constexpr Instant noon = testing::usual_now;
inline OrderId const order_id{Id128(std::uint64_t{1'767'225'600'000} << 16, 7)};

inline Money pounds(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}
inline NetTax worth(std::int64_t minor) {
    return {pounds(minor), pounds(0)};
}
inline Location main_store() {
    return Location::parse("main").value();
}
inline Sku sku(int number) {
    return Sku::parse("SKU" + std::to_string(number)).value();
}
inline CommandId request(std::uint64_t number) {
    return CommandId(Id128(9, number));
}

/// One purchase and the shop around it: `tell` gives the process facts, as others would record
/// them, and keeps how many steps it went.
class Purchase {
public:
    int lines{3};
    std::int64_t price{100}; ///< of each line, two units each
    CaptureSetting setting{CaptureSetting::per_parcel};

    auto tell(order::Event const& fact,
              std::source_location place = std::source_location::current()) {
        return count(process.when(OrderFact{fact, setting}, place));
    }
    auto tell(ReservationId id, reservation::Event const& fact,
              std::source_location place = std::source_location::current()) {
        return count(process.when(ReservationFact{id, fact}, place));
    }
    auto tell(PaymentId id, payment::Event const& fact,
              std::source_location place = std::source_location::current()) {
        return count(process.when(PaymentFact{id, fact}, place));
    }
    auto tell(FulfilmentId id, fulfilment::Event const& fact,
              std::source_location place = std::source_location::current()) {
        return count(process.when(FulfilmentFact{id, fact}, place));
    }
    auto refuse(Step step, RefusalReason reason, Id128 subject = {},
                std::source_location place = std::source_location::current()) {
        return count(process.when(Refused{step, subject, reason}, place));
    }
    /// Time goes by to the next deadline, which is told.
    auto wait(std::source_location place = std::source_location::current()) {
        process.at(next_deadline(process.state()).value_or(process.now()));
        return count(process.when(DeadlineReached{}, place));
    }
    void later(Duration by) { process.at(process.now() + by); }

    std::int64_t total() const { return price * lines; }
    order::Placed placed() const {
        order::Placed fact{};
        fact.order_id = order_id;
        fact.currency = Currency::gbp();
        fact.pay_by = noon + Duration::minutes(15);
        fact.total = pounds(total());
        fact.shipping = worth(0);
        for (int i = 1; i <= lines; ++i)
            fact.lines.push_back({LineNumber(static_cast<std::uint16_t>(i)), sku(i), "A thing",
                                  SkuKind::goods, Quantity::of(2), pounds(price / 2), TaxClass{},
                                  BasisPoints{}, pounds(0), worth(price)});
        fact.payment = order::PaymentOffer{PaymentMethod{}, Personal<std::string>("tok_approve")};
        return fact;
    }
    reservation::Held held(std::uint16_t attempt = 1, std::int64_t backordered = 0) const {
        reservation::Held fact{order_id, attempt, {}, noon + Duration::minutes(15), 1, 1};
        for (int i = 1; i <= lines; ++i)
            fact.items.push_back(
                {sku(i), main_store(), Count(2 - backordered), Count(backordered)});
        return fact;
    }
    payment::Authorised authorised(std::int64_t minor, std::uint16_t attempt = 1) const {
        payment::Authorised fact{};
        fact.order_id = order_id;
        fact.attempt = attempt;
        fact.amount = pounds(minor);
        fact.capture_before = process.now() + Duration::days(7);
        return fact;
    }
    std::vector<LineQuantity> all_lines() const {
        std::vector<LineQuantity> result;
        for (int i = 1; i <= lines; ++i)
            result.push_back({LineNumber(static_cast<std::uint16_t>(i)), Quantity::of(2)});
        return result;
    }
    order::Confirmed confirmed() const {
        return {pay(), reserved(), process.now() + Duration::days(7)};
    }
    order::Shipped shipped() const { return {parcel(), all_lines(), worth(total())}; }
    order::Delivered delivered() const { return {parcel(), all_lines()}; }
    payment::Captured captured(std::int64_t minor) const {
        return {capture(), pounds(minor), true, parcel()};
    }

    ReservationId reserved(std::uint32_t attempt = 1) const {
        return reservation_id(order_id, attempt);
    }
    PaymentId pay(std::uint32_t attempt = 1) const { return payment_id(order_id, attempt); }
    FulfilmentId parcel(std::uint32_t number = 1) const { return parcel_id(order_id, number); }
    CaptureId capture(std::uint32_t attempt = 1, std::uint32_t number = 1) const {
        return derive_id<CaptureId>(parcel(number), "capture", attempt);
    }

    // How far the purchase has come, each with all before it.
    void until_reserved() {
        tell(placed());
        tell(reserved(), held());
    }
    void until_paid() {
        until_reserved();
        tell(pay(), authorised(total()));
    }
    void until_confirmed() {
        until_paid();
        tell(confirmed());
    }
    void until_shipped() {
        until_confirmed();
        tell(shipped());
    }
    void until_captured() {
        until_shipped();
        tell(pay(), captured(total()));
    }
    void until_done() {
        until_captured();
        tell(delivered());
    }

    Phase phase() const { return process.state().phase; }
    State const& state() const { return process.state(); }

    testing::GivenProcess<Process> process{};
    int steps{0};

private:
    template <class Then>
    Then count(Then then) {
        steps += static_cast<int>(then.outputs().events.size());
        return then;
    }
};

} // namespace kontor::checkout::spec
