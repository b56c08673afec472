#include "services/import/books.hpp"

#include "base/overloaded.hpp"

#include <algorithm>

namespace kontor::online_retail {
namespace {

std::int64_t minor(NetTax const& value) {
    return value.gross().minor();
}

template <class Lines>
std::int64_t units_in(Lines const& lines) {
    std::int64_t units = 0;
    for (auto const& line : lines)
        units += line.quantity.value();
    return units;
}

/// Enters a fact into the ledger and folds it into the state that the next one finds.
template <class Decider, class States, class Id, class Event>
void enter(ledger::Balances& balances, States& states, Id id, Event const& event) {
    auto [state, is_new] = states.try_emplace(id, Decider::initial());
    balances.add(ledger::postings(state->second, event));
    state->second = Decider::evolve(std::move(state->second), event);
}

/// Facts of which the books need nothing.
constexpr auto nothing = [](auto const&) {};

} // namespace

void Books::Shelf::settle() {
    lowest = std::min(lowest, on_hand - reserved);
}

Result<void> Books::add(ports::RecordedEvent const& recorded, ports::RecordedCommit const& commit) {
    now_ = commit.header.occurred_at;
    auto const decoded = [&]<class Event>(std::type_identity<Event>) {
        return codec::decode<Event>(recorded.type, recorded.payload);
    };
    switch (recorded.stream.category()) {
    case StreamCategory::product: {
        KONTOR_TRY(auto const event, decoded(std::type_identity<product::Event>{}));
        see(event);
        return {};
    }
    case StreamCategory::customer: {
        KONTOR_TRY(auto const event, decoded(std::type_identity<customer::Event>{}));
        see(event);
        return {};
    }
    case StreamCategory::order: {
        KONTOR_TRY(auto const event, decoded(std::type_identity<order::Event>{}));
        see(event, OrderId(recorded.stream.id()));
        enter<order::Decider>(balances_, orders_, OrderId(recorded.stream.id()), event);
        return {};
    }
    case StreamCategory::payment: {
        KONTOR_TRY(auto const event, decoded(std::type_identity<payment::Event>{}));
        see(event, PaymentId(recorded.stream.id()));
        enter<payment::Decider>(balances_, payments_, PaymentId(recorded.stream.id()), event);
        return {};
    }
    case StreamCategory::fulfilment: {
        KONTOR_TRY(auto const event, decoded(std::type_identity<fulfilment::Event>{}));
        see(event);
        return {};
    }
    case StreamCategory::stock: {
        KONTOR_TRY(auto const event, decoded(std::type_identity<stock::Event>{}));
        see(event, shelves_[recorded.stream]);
        return {};
    }
    case StreamCategory::reservation:
    case StreamCategory::checkout:
    case StreamCategory::coupon:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return {};
    }
    KONTOR_UNREACHABLE();
}

void Books::see(product::Event const& event) {
    std::visit(overloaded{[&](product::Added const&) { ++figures_.skus; },
                          [&](product::PriceSet const&) { ++priced_; }, nothing},
               event);
}

void Books::see(customer::Event const& event) {
    figures_.customers += std::holds_alternative<customer::Registered>(event) ? 1 : 0;
}

void Books::see_placed(order::Placed const& placed) {
    std::vector<Sku> skus;
    bool has_goods = false;
    for (auto const& line : placed.lines) {
        figures_.order_lines_free += line.value.gross().is_zero() ? 1 : 0;
        figures_.gross_of(line.kind) += minor(line.value);
        has_goods |= !is_service(line.kind);
        skus.push_back(line.sku);
    }
    std::ranges::sort(skus);
    figures_.order_lines += placed.lines.size();
    ++figures_.orders;
    figures_.orders_guest += placed.customer_id ? 0 : 1;
    figures_.orders_zero_total += placed.total.is_zero() ? 1 : 0;
    figures_.orders_no_goods += has_goods ? 0 : 1;
    figures_.orders_repeated_sku += std::ranges::adjacent_find(skus) != skus.end() ? 1 : 0;
    figures_.gross_by_country[std::string(placed.country.view())] += placed.total.minor();
    ++month().orders;
    month().gross += placed.total.minor();
}

void Books::see_granted(order::RefundGranted const& granted, OrderId id) {
    ++figures_.refund_grants;
    if (granted.kind == order::RefundKind::goodwill) {
        ++figures_.goodwill_grants;
        figures_.goodwill += granted.amount.minor();
        month().goodwill += granted.amount.minor();
        goodwill_orders_.insert(id);
    } else {
        figures_.returned += granted.amount.minor();
        month().returned += granted.amount.minor();
        returned_orders_.insert(id);
    }
}

void Books::see(order::Event const& event, OrderId id) {
    std::visit(overloaded{[&](order::Placed const& placed) { see_placed(placed); },
                          [&](order::LinesCancelled const& cancelled) {
                              figures_.cancelled_units += units_in(cancelled.lines);
                              figures_.cancelled += minor(cancelled.value);
                              month().cancelled += minor(cancelled.value);
                              cancelled_orders_.insert(id);
                          },
                          [&](order::Cancelled const& cancelled) {
                              ++figures_.cancelled_orders_whole;
                              figures_.cancelled += minor(cancelled.value);
                              month().cancelled += minor(cancelled.value);
                          },
                          [&](order::ReturnReceived const& received) {
                              figures_.returned_units += units_in(received.lines);
                          },
                          [&](order::RefundGranted const& granted) { see_granted(granted, id); },
                          [&](order::Completed const&) { ++figures_.completed; }, nothing},
               event);
}

void Books::see(payment::Event const& event, PaymentId id) {
    std::visit(overloaded{[&](payment::Authorised const& authorised) {
                              ++figures_.payments;
                              authorised_[id] = authorised.amount.minor();
                          },
                          [&](payment::Captured const& captured) {
                              ++figures_.captures;
                              figures_.captured += captured.amount.minor();
                              figures_.captures_in_part +=
                                  captured.amount.minor() < authorised_[id] ? 1 : 0;
                          },
                          [&](payment::Refunded const& refunded) {
                              figures_.refunded += refunded.amount.minor();
                          },
                          nothing},
               event);
}

void Books::see(fulfilment::Event const& event) {
    figures_.parcels += std::holds_alternative<fulfilment::Dispatched>(event) ? 1 : 0;
}

void Books::see(stock::Event const& event, Shelf& shelf) {
    auto& stock = figures_.stock;
    std::visit(overloaded{[&](stock::Received const& received) {
                              stock.opening += received.quantity.value();
                              shelf.received += received.quantity.value();
                              shelf.on_hand += received.quantity.value();
                          },
                          [&](stock::Reserved const& reserved) {
                              stock.ordered += reserved.reserved.value();
                              shelf.reserved += reserved.reserved.value();
                          },
                          [&](stock::Released const& released) {
                              stock.cancelled += released.reserved.value();
                              shelf.reserved -= released.reserved.value();
                          },
                          [&](stock::Issued const& issued) {
                              shelf.reserved -= issued.quantity.value();
                              shelf.on_hand -= issued.quantity.value();
                          },
                          [&](stock::Restocked const& restocked) {
                              stock.restocked += restocked.quantity.value();
                              shelf.on_hand += restocked.quantity.value();
                              restocked_returns_.insert(restocked.return_id);
                          },
                          [&](stock::Adjusted const& adjusted) {
                              auto const delta = adjusted.delta.value();
                              shelf.on_hand += delta;
                              (delta > 0 ? stock.found : stock.lost) += std::abs(delta);
                              ++(delta > 0 ? figures_.adjustments_found
                                           : figures_.adjustments_lost);
                          },
                          nothing},
               event);
    shelf.settle();
}

Figures Books::figures() const {
    auto figures = figures_;
    figures.skus_without_price = figures.skus - priced_;
    figures.cancelled_orders = cancelled_orders_.size();
    figures.returned_orders = returned_orders_.size();
    figures.goodwill_orders = goodwill_orders_.size();
    figures.returns = restocked_returns_.size();
    for (auto const& [stream, shelf] : shelves_) {
        figures.stock.on_hand += shelf.on_hand;
        figures.stock.opening_skus += shelf.received > 0 ? 1 : 0;
        figures.stock.skus_once_sold_out += shelf.received > 0 && shelf.lowest == 0 ? 1 : 0;
        figures.stock.skus_oversold += shelf.lowest < 0 ? 1 : 0;
    }
    return figures;
}

} // namespace kontor::online_retail
