#include "tests/simulation/world/crowd.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::simulation {
namespace {

auto const gbp = Currency::gbp();

using OnOrder = services::On<services::Orders>;
using OnStock = services::On<services::StockItems>;

constexpr std::array odd_cards{
    "tok_decline",       "tok_fraud",         "tok_no_funds",     "tok_action",
    "tok_slow",          "tok_timeout",       "tok_timeout_lost", "tok_500_charged",
    "tok_webhook_first", "tok_twice",         "tok_liar",         "tok_wrong_amount",
    "tok_short_auth",    "tok_capture_fails", "tok_refund_fails", "tok_refund_slow",
    "tok_dispute",       "tok_short_auth",    "tok_short_auth"};

} // namespace

Crowd::Crowd(Random const& seed, Clock& clock, Chaos& chaos, CrowdJudges judges, CrowdPlan plan)
    : dice_(seed.fork("crowd")), edit_dice_(seed.fork("edits")),
      counter_dice_(seed.fork("counter")), risk_dice_(seed.fork("risk")),
      people_dice_(seed.fork("people")), hand_dice_(seed.fork("hand")),
      move_dice_(seed.fork("moves")), clock_(clock), chaos_(chaos), judges_(judges),
      plan_(std::move(plan)), end_(clock.now() + plan_.load) {
    for (std::size_t n = 0; n < plan_.skus; ++n)
        skus_.push_back(Sku::parse(fmt::format("SKU-{}", n)).value());
    plan_shelves();
    plan_moves();
    plan_orders();
    plan_holds();
    plan_people();
}

void Crowd::at(Instant when, std::function<void()> act) {
    agenda_.emplace(when, std::move(act));
}

void Crowd::later(Duration least, Duration most, std::function<void()> act) {
    at(clock_.now() +
           Duration::microseconds(dice_.between(least.in_microseconds(), most.in_microseconds())),
       std::move(act));
}

void Crowd::plan_shelves() {
    for (auto const& location : plan_.locations)
        for (auto const& sku : skus_) {
            if (dice_.chance(1, 3))
                at(clock_.now(), [this, location, sku, most = dice_.below(8)] {
                    ask(OrderId(), ActorKind::operator_,
                        services::Compound{{OnStock{
                            {location, sku},
                            stock::SetPolicy{sku, location, Count(),
                                             Count(static_cast<std::int64_t>(most)), Count(2)}}}});
                });
            at(clock_.now(), [this, location, sku, units = dice_.between(1, 12)] {
                stock_up(location, sku, units);
            });
            for (auto more = dice_.below(4); more > 0; --more)
                later(Duration(), plan_.load, [this, location, sku, units = dice_.between(1, 15)] {
                    stock_up(location, sku, units);
                });
            if (dice_.chance(1, 3))
                later(Duration(), plan_.load, [this, location, sku] { recount(location, sku); });
        }
}

void Crowd::plan_orders() {
    for (std::size_t n = 0; n < plan_.orders; ++n)
        later(Duration::milliseconds(1), plan_.load, [this] { place(); });
}

void Crowd::stock_up(Location const& location, Sku const& sku, std::int64_t units) {
    ask(OrderId(), ActorKind::operator_,
        services::Compound{{OnStock{
            {location, sku}, stock::Receive{sku, location, Quantity::of(units), "supplier"}}}});
}

void Crowd::recount(Location const& location, Sku const& sku) {
    auto const units = dice_.between(1, 4);
    bool const is_found = dice_.chance(1, 2);
    auto const delta = Delta::create(is_found ? units : -units).value();
    auto const reason = is_found ? stock::AdjustReason::found : stock::AdjustReason::lost;
    ask(OrderId(), ActorKind::operator_,
        services::Compound{
            {OnStock{{location, sku}, stock::Adjust{sku, location, delta, reason, {}}}}});
}

order::Quote Crowd::draw_quote() {
    order::Quote quote{};
    quote.currency = gbp;
    quote.discount = Money::zero(gbp);
    auto const shipping = Money::of(dice_.chance(1, 2) ? 295 : 0, gbp);
    quote.shipping = {shipping, Money::zero(gbp)};
    auto total = shipping;
    auto const lines = dice_.between(1, 4);
    for (std::int64_t n = 1; n <= lines; ++n) {
        auto const units = dice_.between(1, 3);
        auto const price = Money::of(dice_.between(1, 2'000), gbp);
        auto const value = Money::of(price.minor() * units, gbp);
        auto const tax = Money::of(dice_.chance(1, 2) ? value.minor() / 6 : 0, gbp);
        quote.lines.push_back({LineNumber(static_cast<std::uint16_t>(n)),
                               skus_[dice_.below(skus_.size())],
                               "A thing",
                               SkuKind::goods,
                               Quantity::of(units),
                               price,
                               TaxClass(tax.is_zero() ? "zero" : "standard"),
                               BasisPoints::create(tax.is_zero() ? 0 : 2'000).value(),
                               Money::zero(gbp),
                               {value - tax, tax}});
        total += value;
    }
    quote.total = total;
    return quote;
}

std::string Crowd::draw_card() {
    if (!chaos_.strikes(Ill::odd_cards))
        return "tok_approve";
    auto const card = chaos_.dice(Ill::odd_cards).below(odd_cards.size());
    chaos_.reached(odd_cards[card]);
    return odd_cards[card];
}

void Crowd::place() {
    auto const order = OrderId::mint(clock_.now(), dice_);
    order::Place wish{};
    wish.order_id = order;
    wish.channel = order::Channel::storefront;
    wish.quote = draw_quote();
    wish.country = Country::parse("GB").value();
    if (dice_.chance(19, 20))
        wish.payment =
            order::PaymentOffer{PaymentMethod("card"), Personal<std::string>(draw_card())};
    describe_buyer(wish);
    orders_[order].lines = wish.quote.lines;
    auto const number = ask(order, ActorKind::customer, services::Compound{{OnOrder{order, wish}}});
    asked_[number - 1].must_have_facts = true;
    if (dice_.chance(1, 3))
        later(Duration::milliseconds(1),
              dice_.chance(1, 2) ? Duration::days(3) : Duration::hours(1),
              [this, order] { change_mind(order); });
    if (order.value().low() % 16 == 0) // somebody wants it off the table before its time
        at(clock_.now() + Duration::minutes(2), [this, order] {
            ask(order, ActorKind::operator_, services::Compound{{OnOrder{order, order::Expire{}}}});
        });
    if (!wish.payment)
        later(Duration::minutes(1), Duration::minutes(10), [this, order] {
            orders_[order].offers = 0;
            pay_again(order);
        });
}

void Crowd::change_mind(OrderId order) {
    auto const& lines = orders_[order].lines;
    if (dice_.chance(1, 2)) {
        ask(order, ActorKind::customer,
            services::Compound{
                {OnOrder{order, order::Cancel{"changed my mind", ActorKind::customer}}}});
        return;
    }
    auto const& line = lines[dice_.below(lines.size())];
    ask(order, ActorKind::customer,
        services::Compound{{OnOrder{order, order::CancelLines{{{line.line, Quantity::of(1)}},
                                                              "one less, please",
                                                              ActorKind::customer}}}});
}

void Crowd::pay_again(OrderId order) {
    auto const attempt = ++orders_[order].offers;
    ask(order, ActorKind::customer,
        services::Compound{
            {OnOrder{order, order::OfferPayment{attempt, PaymentMethod("card"),
                                                Personal<std::string>(draw_card())}}}});
}

void Crowd::send_back(OrderId order, std::vector<LineQuantity> lines) {
    auto const return_id = derive_id<ReturnId>(order, "return", ++orders_[order].returns);
    ask(order, ActorKind::customer,
        services::Compound{
            {OnOrder{order, order::RequestReturn{return_id, std::move(lines), "does not fit",
                                                 ActorKind::customer, std::nullopt}}}});
}

void Crowd::take_in(OrderId order, order::ReturnRequested const& wanted) {
    auto const condition = dice_.chance(3, 4) ? ItemCondition::restock : ItemCondition::write_off;
    auto const& location = plan_.locations[dice_.below(plan_.locations.size())];
    order::ReceiveReturn received{wanted.return_id, {}, true};
    std::map<std::string, std::int64_t> units;
    for (auto const& line : wanted.lines) {
        received.lines.push_back({line.line, line.quantity, condition});
        auto const& sold = orders_[order].lines[line.line.value() - 1U];
        units[std::string(sold.sku.view())] += line.quantity.value();
    }
    services::Compound compound;
    for (auto const& [name, count] : units) {
        auto const sku = Sku::parse(name).value();
        compound.commands.push_back(
            OnStock{{location, sku},
                    stock::Restock{order, wanted.return_id, Quantity::of(count), condition}});
    }
    compound.commands.push_back(OnOrder{order, std::move(received)});
    ask(order, ActorKind::operator_, std::move(compound));
}

void Crowd::see(Fact const& fact) {
    if (auto const* const event = std::get_if<order::Event>(&fact.content))
        see_order(OrderId(fact.stream.id()), *event);
    if (auto const* const event = std::get_if<reservation::Event>(&fact.content);
        event != nullptr && std::holds_alternative<reservation::Expired>(*event))
        chaos_.reached("hold.ran_out");
    if (auto const* const parcel = std::get_if<fulfilment::Event>(&fact.content))
        if (auto const* const held = std::get_if<fulfilment::Held>(parcel);
            held != nullptr && held->reason == fulfilment::HoldReason::in_review)
            review(FulfilmentId(fact.stream.id()), OrderId(fact.header.correlation_id));
    if (auto const* const about = std::get_if<customer::Event>(&fact.content);
        about != nullptr && std::holds_alternative<customer::Erased>(*about))
        chaos_.reached("person.erased");
    if (auto const* const step = std::get_if<checkout::Event>(&fact.content))
        see_hand_move(std::get<checkout::Advanced>(*step));
    auto const* const payment = std::get_if<payment::Event>(&fact.content);
    if (payment == nullptr)
        return;
    see_money(PaymentId(fact.stream.id()), OrderId(fact.header.correlation_id), *payment);
    if (auto const* const declined = std::get_if<payment::Declined>(payment);
        declined != nullptr && dice_.chance(1, 2))
        later(Duration::seconds(5), Duration::minutes(5),
              [this, order = declined->order_id] { pay_again(order); });
}

void Crowd::see_order(OrderId order, order::Event const& event) {
    if (std::holds_alternative<order::Placed>(event)) {
        orders_[order].is_placed = true;
        move_house(order);
    }
    if (std::holds_alternative<order::Completed>(event) ||
        std::holds_alternative<order::Rejected>(event) ||
        std::holds_alternative<order::Expired>(event) ||
        std::holds_alternative<order::Cancelled>(event))
        orders_[order].has_ended = true;
    if (std::holds_alternative<order::Confirmed>(event)) {
        wish_to_edit(order);
        suspect(order);
    }
    if (std::holds_alternative<order::EditOpened>(event))
        edit(order);
    if (auto const* const edited = std::get_if<order::Edited>(&event)) {
        auto& lines = orders_[order].lines;
        lines.insert(lines.end(), edited->added.begin(), edited->added.end());
        chaos_.reached(edited->added.empty() ? "order.edited.less" : "order.edited.more");
    }
    if (std::holds_alternative<order::EditAbandoned>(event))
        chaos_.reached("order.edit.abandoned");
    if (auto const* const delivered = std::get_if<order::Delivered>(&event);
        delivered != nullptr && dice_.chance(1, 2) && !delivered->lines.empty()) {
        auto line = delivered->lines[dice_.below(delivered->lines.size())];
        line.quantity = Quantity::of(dice_.between(1, line.quantity.value()));
        later(Duration::hours(1), Duration::days(20),
              [this, order, line] { send_back(order, {line}); });
    }
    // What the carrier brings back the warehouse takes in; an operator who does so, too, is rare.
    if (auto const* const wanted = std::get_if<order::ReturnRequested>(&event);
        wanted != nullptr && dice_.chance(wanted->fulfilment_id ? 1 : 9, 10))
        later(Duration::days(1), Duration::days(10),
              [this, order, asked = *wanted] { take_in(order, asked); });
}

} // namespace kontor::simulation
