#include "services/import/names.hpp"

#include <algorithm>

namespace kontor::online_retail {
namespace {

/// An id with the time prefix of `at`, of whatever the hash was made of.
Id128 id_of(Instant at, std::uint64_t hash, std::string_view noun) {
    auto const milliseconds = static_cast<std::uint64_t>(at.unix_milliseconds());
    return Id128::derive(Id128(milliseconds << 16U, hash), noun);
}

} // namespace

Actor import_actor() {
    return {ActorKind::import, InlineText<31>("online-retail")};
}

Names::Names(Table const& table, Plan const& plan)
    : table_(table), plan_(plan), warehouse_(Location::parse("main").value()) {
    for (SkuIndex sku = 0; sku < table.skus.size(); ++sku)
        skus_.push_back(Sku::parse(table.skus.text(sku)).value_or(Sku()));
}

OrderId Names::order(OrderIndex order) const {
    auto const invoice = plan_.orders[order].invoice;
    return OrderId(id_of(table_.invoices[invoice].at, hash_of(table_.numbers.text(invoice)),
                         "online-retail order"));
}

PaymentId Names::payment(OrderIndex order) const {
    return derive_id<PaymentId>(this->order(order), "payment");
}

ReservationId Names::reservation(OrderIndex order) const {
    return derive_id<ReservationId>(this->order(order), "reservation");
}

CustomerId Names::customer(PlannedCustomer const& customer) const {
    return CustomerId(id_of(table_.invoices[customer.first_invoice].at, customer.number,
                            "online-retail customer"));
}

std::optional<CustomerId> Names::customer_of(OrderIndex order) const {
    auto const number = table_.invoices[plan_.orders[order].invoice].customer;
    if (number == 0)
        return {};
    return customer(
        *std::ranges::lower_bound(plan_.customers, number, {}, &PlannedCustomer::number));
}

LineNumber Names::line(LineIndex line) const {
    auto const first = plan_.orders[plan_.lines[line].order].first_line;
    return LineNumber(static_cast<std::uint16_t>(line - first + 1));
}

std::string Names::number(InvoiceIndex invoice) const {
    return std::string(table_.numbers.text(invoice));
}

Cause Names::of_sku(SkuIndex index) const {
    auto const id = id_of(plan_.first_day, hash_of(table_.skus.text(index)), "online-retail sku");
    return {id, id, plan_.first_day};
}

Cause Names::of_invoice(InvoiceIndex invoice, Instant now) const {
    auto const id = id_of(table_.invoices[invoice].at, hash_of(table_.numbers.text(invoice)),
                          "online-retail invoice");
    return {id, id, now};
}

Cause Names::of_order(OrderIndex order, Instant now) const {
    return {of_invoice(plan_.orders[order].invoice, now).id, this->order(order).value(), now};
}

Cause Names::of_undoing(InvoiceIndex cancellation, OrderIndex order, Instant now) const {
    auto const number = hash_of(table_.numbers.text(plan_.orders[order].invoice));
    return {Id128::derive(of_invoice(cancellation, now).id, "online-retail undoing", number),
            this->order(order).value(), now};
}

} // namespace kontor::online_retail
