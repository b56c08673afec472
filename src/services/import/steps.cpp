#include "services/import/steps.hpp"

#include "services/import/countries.hpp"
#include "services/import/limits.hpp"

#include <algorithm>

namespace kontor::online_retail {
namespace {

TaxClass const untaxed("zero");
payment::Provider const recorded("recorded");

using OnProduct = services::On<services::Products>;
using OnCustomer = services::On<services::Customers>;

NetTax net(std::int64_t minor) {
    return {Money::of(minor, gbp), Money::zero(gbp)};
}

/// What was promised to buyers of that time: returns for ever, and services go when the day closes.
order::Promises promises() {
    order::Promises promised;
    promised.return_window.reset();
    promised.services_ship = order::ServicesShip::when_told;
    return promised;
}

} // namespace

Steps::Steps(Table const& table, Plan const& plan, Texts const& texts)
    : table_(table), plan_(plan), texts_(texts), names_(table, plan),
      cancelled_(plan.lines.size(), 0) {}

void Steps::prepare() {
    while (waiting_.empty()) {
        if (next_sku_ < plan_.skus.size())
            open_shop(next_sku_++);
        else if (next_act_ < plan_.acts.size())
            act(plan_.acts[next_act_++]);
        else
            return;
    }
}

std::optional<services::ShopRequest> Steps::next() {
    prepare();
    if (waiting_.empty())
        return {};
    auto request = std::move(waiting_.front());
    waiting_.pop_front();
    return request;
}

std::optional<CommandId> Steps::peek() {
    prepare();
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.front().id);
}

void Steps::ask(Cause const& cause, std::string_view step, std::uint64_t index,
                services::Work work) {
    auto id = Id128::derive(cause.id, step, index);
    if (!std::exchange(is_begun_, true))
        id = Id128::derive(id, "of the table", table_.mark());
    waiting_.push_back(
        {CommandId(id), cause.correlation, cause.id, cause.now, import_actor(), std::move(work)});
}

void Steps::act(Act const& act) {
    switch (act.kind) {
    case ActKind::registration: return register_customer(act);
    case ActKind::purchase: return purchase(act);
    case ActKind::cancellation: return undo(act);
    case ActKind::adjustment: return adjust(act);
    case ActKind::dispatch: return dispatch(act);
    case ActKind::goodwill: return give(act);
    }
    KONTOR_UNREACHABLE();
}

std::string Steps::title_of(SkuIndex sku) const {
    auto const title = texts_.title_of_sku[sku];
    return std::string(title ? texts_.texts.text(*title) : table_.skus.text(sku));
}

/// The product, its price, and the units that must have been there on the first day.
void Steps::open_shop(SkuIndex index) {
    auto const& planned = plan_.skus[index];
    if (!planned.is_used)
        return;
    auto const& sku = names_.sku(index);
    auto const cause = names_.of_sku(index);
    product::Description about;
    about.kind = planned.kind;
    about.title = title_of(index);
    about.tax_class = untaxed;
    services::Compound opening{{OnProduct{sku, product::Add{sku, std::move(about)}}}};
    auto left = planned.opening;
    std::uint64_t part = 0;
    do {
        if (auto const units = std::min(left, Quantity::max); units > 0) {
            opening.commands.push_back(
                OnStock{names_.shelf(index), stock::Receive{sku, names_.warehouse(),
                                                            Quantity::of(units), "opening stock"}});
            left -= units;
        }
        ask(cause, "open", part++, std::exchange(opening, {}));
    } while (left > 0);
    if (planned.price_minor > 0)
        ask(cause, "price", 0,
            services::Compound{
                {OnProduct{sku, product::SetPrice{sku, Money::of(planned.price_minor, gbp)}}}});
}

void Steps::register_customer(Act const& act) {
    auto const& customer = plan_.customers[act.index];
    auto const id = names_.customer(customer);
    customer::Profile profile;
    profile.country = country_named(table_.countries.text(customer.country));
    ask({id.value(), id.value(), act.at}, "register", 0,
        services::Compound{{OnCustomer{id, customer::Register{id, std::move(profile)}}}});
}

void Steps::adjust(Act const& act) {
    auto const& row = table_.rows[act.index];
    stock::Adjust adjust{names_.sku(row.sku), names_.warehouse(),
                         Delta::create(row.quantity).value(),
                         row.quantity > 0 ? stock::AdjustReason::found : stock::AdjustReason::lost};
    auto const note = std::ranges::lower_bound(texts_.notes, act.index, {},
                                               &std::pair<RowIndex, std::uint32_t>::first);
    if (note != texts_.notes.end() && note->first == act.index)
        adjust.note = std::string(texts_.texts.text(note->second));
    ask(names_.of_invoice(row.invoice, act.at), "adjust", act.index,
        services::Compound{{OnStock{names_.shelf(row.sku), std::move(adjust)}}});
}

order::Line Steps::sold_line(LineIndex line) const {
    auto const& row = row_of(line);
    return {names_.line(line),
            names_.sku(row.sku),
            title_of(row.sku),
            plan_.skus[row.sku].kind,
            Quantity::of(row.quantity),
            Money::of(row.unit_minor(), gbp),
            untaxed,
            BasisPoints(),
            Money::zero(gbp),
            net(row.minor())};
}

order::Quote Steps::quote(OrderIndex index) const {
    auto const& order = plan_.orders[index];
    order::Quote quote{.currency = gbp,
                       .rounding = {},
                       .lines = {},
                       .shipping = NetTax::zero(gbp),
                       .discount = Money::zero(gbp),
                       .coupon = {},
                       .total = Money::of(order.gross, gbp)};
    quote.lines.reserve(order.line_count);
    for (LineIndex i = 0; i < order.line_count; ++i)
        quote.lines.push_back(sold_line(order.first_line + i));
    return quote;
}

std::vector<Steps::Remaining> Steps::remaining_goods(OrderIndex index) const {
    auto const& order = plan_.orders[index];
    std::vector<Remaining> remaining;
    for (LineIndex line = order.first_line; line < order.first_line + order.line_count; ++line)
        if (is_goods(line) && left_of(line) > 0)
            remaining.push_back({row_of(line).sku, left_of(line)});
    std::ranges::stable_sort(remaining, {}, &Remaining::sku);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < remaining.size(); ++i) {
        if (kept > 0 && remaining[kept - 1].sku == remaining[i].sku)
            remaining[kept - 1].units += remaining[i].units;
        else
            remaining[kept++] = remaining[i];
    }
    remaining.resize(kept);
    return remaining;
}

void Steps::purchase(Act const& act) {
    auto const& order = plan_.orders[act.index];
    auto const& invoice = table_.invoices[order.invoice];
    auto const id = names_.order(act.index);
    auto const cause = names_.of_order(act.index, act.at);
    order::Place place{.order_id = id,
                       .customer_id = names_.customer_of(act.index),
                       .channel = order::Channel::import,
                       .quote = quote(act.index),
                       .expected_total = {},
                       .country = country_named(table_.countries.text(invoice.country)),
                       .ship_to = {},
                       .contact = {},
                       .payment = {},
                       .promises = promises()};
    ask(cause, "place", 0, services::Compound{{OnOrder{id, std::move(place)}}});

    services::Compound confirm;
    order::Confirm confirmed;
    if (auto const goods = remaining_goods(act.index); !goods.empty()) {
        services::ReserveOrder reserve{.reservation_id = names_.reservation(act.index),
                                       .order_id = id,
                                       .wanted = {},
                                       .locations = {names_.warehouse()},
                                       .expires_at = act.at + Duration::minutes(15)};
        for (auto const& [sku, units] : goods)
            reserve.wanted.push_back({names_.sku(sku), Quantity::of(units)});
        ask(cause, "reserve", 0, std::move(reserve));
        confirmed.reservation_id = names_.reservation(act.index);
        confirm.commands.push_back(
            OnReservation{*confirmed.reservation_id, reservation::Confirm{id}});
    }
    if (order.gross > 0) {
        confirmed.payment_id = names_.payment(act.index);
        payment::RecordAuthorised authorised{
            .order_id = id,
            .amount = Money::of(order.gross, gbp),
            .provider = recorded,
            .reference = payment::ProviderReference(names_.number(order.invoice)),
            .capture_before = act.at + Duration::days(7)};
        confirm.commands.push_back(OnPayment{*confirmed.payment_id, std::move(authorised)});
    }
    confirm.commands.push_back(OnOrder{id, confirmed});
    ask(cause, "confirm", 0, std::move(confirm));
}

} // namespace kontor::online_retail
