#include "services/shop/perform.hpp"

#include "domain/reservation/plan.hpp"
#include "domain/stock/limits.hpp"

#include <algorithm>
#include <iterator>

namespace kontor::services {

namespace {

/// A fill that a stock item of this command recorded.
struct Came {
    ReservationId reservation_id;
    StockKey item;
    Quantity quantity;
};

struct Fills {
    template <class Aggregate>
    void operator()(typename Aggregate::Key const& key,
                    Events<typename Aggregate::Event> const& facts) {
        if constexpr (std::is_same_v<Aggregate, StockItems>)
            for (auto const& fact : facts)
                std::visit([&](auto const& of) { add(key, of); }, fact);
    }

    template <class Fact>
    void add(StockKey const& key, Fact const& fact) {
        if constexpr (requires { fact.fills; }) {
            for (auto const& fill : fact.fills)
                came.push_back({fill.reservation_id, key, fill.quantity});
            if (fact.fills.size() == stock::fills_max)
                unfinished.push_back(key);
        }
    }

    std::vector<Came> came{};
    std::vector<StockKey> unfinished{}; ///< items that could fill more than one append takes
};

} // namespace

void fill_reservations(ShopTurn& turn) {
    Fills fills;
    turn.for_each_decided(fills);
    auto& came = fills.came;
    std::ranges::stable_sort(came, {}, &Came::reservation_id);
    std::uint64_t number = 0;
    for (auto first = came.begin(); first != came.end();) {
        auto const id = first->reservation_id;
        auto const last = std::find_if(first, came.end(),
                                       [&](Came const& each) { return each.reservation_id != id; });
        if (turn.has_decided<Reservations>(id)) {
            for (auto each = first; each != last; ++each)
                turn.follow_up(FillReservation{id, each->item, each->quantity},
                               {.step = "fill", .index = ++number});
        } else {
            auto const& promised = reservation::promised_items(turn.state<Reservations>(id));
            reservation::Items items;
            for (auto each = first; each != last; ++each)
                std::ranges::move(reservation::items_after_fill(promised, each->item.location,
                                                                each->item.sku, each->quantity),
                                  std::back_inserter(items));
            // One that is closed meanwhile awaits nothing, which is no reason to refuse the units.
            if (!items.empty())
                static_cast<void>(
                    turn.decide<Reservations>(id, reservation::Fill{std::move(items)}));
        }
        first = last;
    }
    for (auto const& key : fills.unfinished)
        turn.follow_up(compound(On<StockItems>{key, stock::FillBackorders{}}),
                       {.step = "fill on", .index = ++number});
}

namespace {

struct EndedUnconfirmed {
    template <class Aggregate>
    void operator()(typename Aggregate::Key const& key,
                    Events<typename Aggregate::Event> const& facts) {
        if constexpr (std::is_same_v<Aggregate, Orders>)
            for (auto const& fact : facts)
                if (std::holds_alternative<order::Rejected>(fact) ||
                    std::holds_alternative<order::Expired>(fact) ||
                    std::holds_alternative<order::Cancelled>(fact))
                    orders.push_back(key);
    }
    std::vector<OrderId> orders{};
};

} // namespace

void give_back_coupons(ShopTurn& turn) {
    EndedUnconfirmed ended;
    turn.for_each_decided(ended);
    for (auto const id : ended.orders) {
        auto const& before = turn.state<Orders>(id);
        auto const* const book = order::book_of(before);
        bool const may_give_back = order::phase_of(before) == order::Phase::placed &&
                                   book != nullptr && book->coupon.has_value();
        if (may_give_back && !turn.has_decided<Coupons>(*book->coupon))
            static_cast<void>(
                turn.decide<Coupons>(*book->coupon, coupon::GiveBack{*book->coupon, id}));
    }
}

namespace {

/// Whose key is destroyed cannot be sent anything.
/// Errors: customer_erased.
Performed check_buyer(ShopTurn& turn, Single const& single) {
    auto const* const order = std::get_if<On<Orders>>(&single);
    auto const* const place =
        order != nullptr ? std::get_if<order::Place>(&order->command) : nullptr;
    if (place == nullptr || !place->customer_id || turn.actor().kind == ActorKind::import)
        return {};
    if (std::holds_alternative<customer::Forgotten>(turn.state<Customers>(*place->customer_id)))
        return unexpected(Refusal(customer::Rejection::customer_erased));
    return {};
}

} // namespace

Performed perform(Shop const&, ShopTurn& turn, Compound const& compound) {
    for (auto const& single : compound.commands) {
        KONTOR_TRY(check_buyer(turn, single));
        KONTOR_TRY(std::visit(
            [&]<class Aggregate>(On<Aggregate> const& on) {
                return decide<Aggregate>(turn, on.key, on.command);
            },
            single));
    }
    return {};
}

Performed perform(Shop const&, ShopTurn& turn, TransferStock const& move) {
    StockKey const to{move.to, move.from.sku};
    if (to == move.from)
        return unexpected(Refusal(stock::Rejection::unknown_location));
    bool const was_made = stock::remembers(turn.state<StockItems>(move.from), move.transfer_id) ||
                          stock::remembers(turn.state<StockItems>(to), move.transfer_id);
    if (was_made)
        return {};
    KONTOR_TRY(decide<StockItems>(
        turn, move.from,
        stock::TransferOut{move.from.sku, move.from.location, move.quantity, move.transfer_id}));
    return decide<StockItems>(
        turn, to, stock::TransferIn{to.sku, to.location, move.quantity, move.transfer_id});
}

Performed perform(Shop const&, ShopTurn& turn, ReserveOrder const& reserve) {
    auto const& state = turn.state<Reservations>(reserve.reservation_id);
    if (!std::holds_alternative<reservation::Nothing>(state))
        return {}; // asked again: the fact stands, and today's plan may be another one
    auto const plan = reservation::plan_hold(
        reserve.wanted, reserve.locations, [&](Location const& at, Sku const& sku) {
            auto const offer = stock::offer(turn.state<StockItems>({at, sku}));
            return reservation::Offered{offer.on_shelf, offer.beyond_shelf};
        });
    if (!plan)
        return decide<Reservations>(
            turn, reserve.reservation_id,
            reservation::RejectHold{reserve.order_id, reserve.attempt, plan.error()});
    KONTOR_TRY(decide<Reservations>(
        turn, reserve.reservation_id,
        reservation::Hold{reserve.order_id, reserve.attempt, *plan, reserve.expires_at, 1, 1}));
    for (auto const& item : *plan)
        KONTOR_TRY(
            decide<StockItems>(turn, {item.location, item.sku},
                               stock::Reserve{item.sku, item.location, reserve.reservation_id,
                                              item.reserved, item.backordered}));
    return {};
}

namespace {

/// What the stock items still owe to a reservation.
reservation::Items owed_items(ShopTurn& turn, ReservationId id) {
    auto const& promised = reservation::promised_items(turn.state<Reservations>(id));
    return reservation::plan_release(promised, [&](Location const& at, Sku const& sku) {
        auto const* const promise = stock::promise_to(turn.state<StockItems>({at, sku}), id);
        return promise == nullptr ? reservation::Owed{}
                                  : reservation::Owed{promise->reserved, promise->backordered};
    });
}

} // namespace

Performed perform(Shop const&, ShopTurn& turn, ReleaseReservation const& release) {
    auto const items = owed_items(turn, release.reservation_id);
    KONTOR_TRY(decide<Reservations>(turn, release.reservation_id,
                                    reservation::Release{release.order_id, items, release.reason}));
    for (auto const& item : items)
        KONTOR_TRY(decide<StockItems>(turn, {item.location, item.sku},
                                      stock::Release{release.reservation_id, Count()}));
    return {};
}

Performed perform(Shop const&, ShopTurn& turn, ExpireReservation const& expire) {
    auto const items = owed_items(turn, expire.reservation_id);
    auto const before = turn.decided_count();
    KONTOR_TRY(decide<Reservations>(turn, expire.reservation_id,
                                    reservation::Expire{expire.order_id, items}));
    if (turn.decided_count() == before)
        return {};
    for (auto const& item : items)
        KONTOR_TRY(decide<StockItems>(turn, {item.location, item.sku},
                                      stock::Expire{expire.reservation_id}));
    return {};
}

Performed perform(Shop const&, ShopTurn& turn, FillReservation const& fill) {
    auto const& promised =
        reservation::promised_items(turn.state<Reservations>(fill.reservation_id));
    auto items =
        reservation::items_after_fill(promised, fill.item.location, fill.item.sku, fill.quantity);
    if (items.empty())
        return {};
    return decide<Reservations>(turn, fill.reservation_id, reservation::Fill{std::move(items)});
}

namespace {

/// Where the reservation promised this SKU.
std::optional<Location> place_of(reservation::Items const& promised, Sku const& sku) {
    auto const found = std::ranges::find(promised, sku, &reservation::Item::sku);
    return found == promised.end() ? std::nullopt : std::optional(found->location);
}

/// The process knows by which reservation it packed; orders without a process have only one.
ReservationId reservation_of(ShopTurn& turn, DispatchParcel const& dispatch,
                             fulfilment::Packed const& packed) {
    auto const known =
        checkout::reservation_of(turn.state<Checkouts>(packed.order_id), packed.lines.front().line);
    return known == ReservationId() ? dispatch.reservation_id : known;
}

/// All units of one SKU leave in one Issue: a command names each stock item once.
Performed issue(ShopTurn& turn, FulfilmentId parcel, ReservationId reservation,
                fulfilment::Lines const& lines) {
    auto const& promised = reservation::promised_items(turn.state<Reservations>(reservation));
    std::vector<reservation::Wanted> wanted;
    wanted.reserve(lines.size());
    for (auto const& line : lines)
        wanted.push_back({line.sku, line.quantity});
    for (auto const& demand : reservation::sum_by_sku(wanted)) {
        auto const place = place_of(promised, demand.sku);
        if (!place)
            return unexpected(Refusal(stock::Rejection::reservation_closed));
        KONTOR_TRY(decide<StockItems>(
            turn, {*place, demand.sku},
            stock::Issue{reservation, parcel, Quantity::of(demand.units.value())}));
    }
    return {};
}

} // namespace

Performed perform(Shop const&, ShopTurn& turn, DispatchParcel const& dispatch) {
    auto const& state = turn.state<Fulfilments>(dispatch.fulfilment_id);
    auto const* const packed = std::get_if<fulfilment::Packed>(&state);
    KONTOR_TRY(decide<Fulfilments>(turn, dispatch.fulfilment_id,
                                   fulfilment::Dispatch{dispatch.carrier, dispatch.tracking}));
    if (packed == nullptr)
        return {};
    std::vector<LineQuantity> lines;
    lines.reserve(packed->lines.size());
    for (auto const& line : packed->lines)
        lines.push_back({line.line, line.quantity});
    KONTOR_TRY(decide<Orders>(turn, packed->order_id,
                              order::Ship{dispatch.fulfilment_id, std::move(lines)}));
    return issue(turn, dispatch.fulfilment_id, reservation_of(turn, dispatch, *packed),
                 packed->lines);
}

} // namespace kontor::services
