#include "domain/checkout/read.hpp"

#include "base/overloaded.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

using order::Cancelled;
using order::Confirmed;
using order::Delivered;
using order::Edited;
using order::LinesCancelled;
using order::Placed;
using order::ReturnReceived;
using order::ReturnRequested;
using order::Shipped;

std::vector<Wanted> goods_of(std::vector<order::Line> const& lines) {
    std::vector<Wanted> wanted;
    wanted.reserve(lines.size());
    for (auto const& line : lines)
        if (line.kind == SkuKind::goods)
            wanted.push_back({line.line, line.sku, line.quantity});
    return wanted;
}

/// What repeats a fact that the state has taken in gives nothing.
struct OrderReader {
    State const& state;
    CaptureSetting capture;

    bool is_live() const {
        return state.phase != Phase::none && state.order != OrderStatus::closed;
    }
    template <class Range, class Id>
    static auto const* with_id(Range const& range, Id id) {
        auto const found = std::ranges::find_if(range, [&](auto const& x) { return x.id == id; });
        return found == range.end() ? nullptr : &*found;
    }

    std::optional<Noted> operator()(Placed const& fact) const {
        if (state.phase != Phase::none)
            return {};
        return Noted{.kind = InputKind::order_placed,
                     .subject = fact.order_id.value(),
                     .number = static_cast<std::uint32_t>(capture),
                     .count = fact.payment ? 1U : 0U,
                     .amount = fact.total,
                     .at = fact.pay_by,
                     .wanted = goods_of(fact.lines)};
    }
    std::optional<Noted> operator()(order::PaymentOffered const& fact) const {
        auto const is_due = state.phase != Phase::none && state.order == OrderStatus::open &&
                            !state.closing && fact.attempt > state.offers;
        if (!is_due)
            return {};
        return Noted{.kind = InputKind::payment_offered, .number = fact.attempt};
    }
    std::optional<Noted> operator()(Confirmed const& fact) const {
        if (state.phase == Phase::none || state.order != OrderStatus::open)
            return {};
        return Noted{.kind = InputKind::order_confirmed, .at = fact.ship_by};
    }
    std::optional<Noted> closed(InputKind kind) const {
        // An order rejected for want of stock is done with when the rejection leaves.
        if (!is_live() || (state.phase == Phase::done && state.closing))
            return {};
        return Noted{.kind = kind};
    }
    std::optional<Noted> operator()(order::Rejected const&) const {
        return closed(InputKind::order_rejected);
    }
    std::optional<Noted> operator()(order::Expired const&) const {
        return closed(InputKind::order_expired);
    }
    std::optional<Noted> operator()(Cancelled const&) const {
        return closed(InputKind::order_cancelled);
    }
    std::optional<Noted> operator()(LinesCancelled const& fact) const {
        if (!is_live() || has_seen(state, fact.request.value()))
            return {};
        return Noted{.kind = InputKind::lines_cancelled,
                     .other = fact.request.value(),
                     .amount = fact.value.gross(),
                     .lines = fact.lines};
    }
    std::optional<Noted> operator()(order::AddressChanged const&) const { return {}; }
    std::optional<Noted> operator()(order::EditOpened const& fact) const {
        // `until` names an edit: a second one opens later, and so ends later.
        if (state.order != OrderStatus::confirmed || state.edit ||
            fact.until <= state.last_edit_until)
            return {};
        return Noted{.kind = InputKind::edit_opened, .at = fact.until};
    }
    std::optional<Noted> operator()(order::EditAbandoned const&) const {
        if (!is_live() || !state.edit)
            return {};
        return Noted{.kind = InputKind::edit_abandoned};
    }
    std::optional<Noted> operator()(Edited const& fact) const {
        if (!is_live() || !state.edit)
            return {};
        return Noted{.kind = InputKind::edited,
                     .amount = fact.delta,
                     .wanted = goods_of(fact.added),
                     .lines = fact.cancelled};
    }
    std::optional<Noted> operator()(Shipped const& fact) const {
        if (!is_live())
            return {};
        std::optional<Id128> subject;
        if (fact.fulfilment_id) {
            subject = fact.fulfilment_id->value();
            auto const* const parcel = with_id(state.parcels, *fact.fulfilment_id);
            if (parcel != nullptr && parcel->status >= ParcelStatus::shipped)
                return {};
        } else if (state.services_shipped) {
            return {};
        }
        return Noted{.kind = InputKind::shipped,
                     .subject = subject,
                     .amount = fact.value.gross(),
                     .lines = fact.lines};
    }
    std::optional<Noted> operator()(Delivered const& fact) const {
        if (!fact.fulfilment_id) {
            if (!state.services_open)
                return {};
            return Noted{.kind = InputKind::delivered};
        }
        auto const* const parcel = with_id(state.parcels, *fact.fulfilment_id);
        if (parcel == nullptr || parcel->status == ParcelStatus::arrived)
            return {};
        return Noted{.kind = InputKind::delivered, .subject = parcel->id.value()};
    }
    std::optional<Noted> operator()(order::Completed const&) const { return {}; }
    std::optional<Noted> operator()(ReturnRequested const& fact) const {
        if (!is_live() || with_id(state.returns, fact.return_id) != nullptr)
            return {};
        std::optional<Id128> parcel;
        if (fact.fulfilment_id)
            parcel = fact.fulfilment_id->value();
        return Noted{.kind = InputKind::return_requested,
                     .subject = fact.return_id.value(),
                     .other = parcel};
    }
    std::optional<Noted> operator()(ReturnReceived const& fact) const {
        if (with_id(state.returns, fact.return_id) == nullptr ||
            has_seen(state, fact.request.value()))
            return {};
        auto const is_good = std::ranges::all_of(fact.lines, [](order::ReturnedLine const& line) {
            return line.condition == ItemCondition::restock;
        });
        return Noted{.kind = InputKind::return_received,
                     .subject = fact.return_id.value(),
                     .other = fact.request.value(),
                     .number = fact.last ? 1U : 0U,
                     .count = is_good ? 1U : 0U,
                     .amount = fact.value.gross()};
    }
    std::optional<Noted> operator()(order::ReturnCancelled const& fact) const {
        auto const* const found = with_id(state.returns, fact.return_id);
        if (found == nullptr || !found->awaited)
            return {};
        return Noted{.kind = InputKind::return_cancelled, .subject = fact.return_id.value()};
    }
    std::optional<Noted> operator()(order::RefundGranted const& fact) const {
        if (!fact.return_id)
            return {};
        auto const* const found = with_id(state.returns, *fact.return_id);
        if (found == nullptr || !found->inspecting)
            return {};
        return Noted{.kind = InputKind::refund_granted,
                     .subject = fact.refund_id.value(),
                     .other = fact.return_id->value()};
    }
};

} // namespace

std::optional<Noted> read(State const& state, OrderFact const& input) {
    return std::visit(OrderReader{state, input.capture}, input.fact);
}

bool concerns_checkout(order::Event const& fact) {
    return !std::holds_alternative<order::AddressChanged>(fact) &&
           !std::holds_alternative<order::Completed>(fact);
}

} // namespace kontor::checkout
