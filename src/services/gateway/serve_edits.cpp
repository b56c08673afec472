#include "services/gateway/codes.hpp"

#include "platform/commands/turn.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/prepare_order.hpp"
#include "services/gateway/replies.hpp"

#include "domain/order/lines.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// What the lines to be cancelled are worth as long as they are open.
/// Errors: unknown_line, bad_quantity with the quantity that is open.
Result<Money, Trouble> worth_of(order::Book const& book, std::vector<LineQuantity> const& lines) {
    auto const merged = order::merged(lines, book);
    if (!merged)
        return unexpected(trouble_of(Refusal(merged.error())));
    for (auto const& line : *merged) {
        auto const open = order::tally_of(book, line.line).open_units();
        if (line.quantity.value() > std::int64_t{open})
            return unexpected(trouble_of(Refusal(order::Rejection{
                order::RejectionCode::bad_quantity, line.line, Count(std::int64_t{open})})));
    }
    return Money::of(order::open_worth(book, *merged).gross(), book.currency);
}

Result<Reply, Trouble> render_edited(Parts& parts, Asked const& asked, Seen const& seen) {
    OrderId const id(seen.stream.id());
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, {.version = seen.version})));
    if (!order)
        return unexpected(trouble("unknown_order"));
    auto reply = versioned_reply(asked, seen.status, answer_of(*order));
    reply.headers.add("Location", "/v1/orders/" + id.to_string());
    return reply;
}

struct Edit {
    checkout::EditAsked asked{};
    Money total_after{}; ///< of everything that is not cancelled
};

Result<Edit, Trouble> edit_of(Parts& parts, Asked const& asked, EditOrder const& body, OrderId id) {
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, {})));
    KONTOR_TRY(auto const state, or_trouble(commands::fold_stream<Orders>(parts.log, id)));
    auto const* const book = order::book_of(state.first);
    if (!order || book == nullptr)
        return unexpected(trouble("unknown_order"));
    Edit edit;
    edit.asked.cancelled = body.cancel.value_or(std::vector<LineQuantity>());
    auto const added = body.add.value_or(std::vector<WantedLine>());
    if (added.empty() && edit.asked.cancelled.empty())
        return unexpected(trouble("edit_empty"));
    auto delta = Money::zero(book->currency);
    if (!edit.asked.cancelled.empty()) {
        KONTOR_TRY(auto const worth, worth_of(*book, edit.asked.cancelled));
        delta -= worth;
    }
    if (!added.empty()) {
        KONTOR_TRY(auto quote,
                   quote_of(parts, asked, {added, book->currency, order->view.order.country},
                            QuoteFor::addition));
        delta += quote.total;
        edit.asked.added = std::move(quote.lines);
    }
    edit.asked.delta = delta;
    edit.total_after =
        Money::of(order->view.order.total - order->view.progress.cancelled, book->currency) + delta;
    return edit;
}

} // namespace

namespace code {

Served edit_order(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const body, body_of<EditOrder>(asked));
    Write write;
    write.correlation = id.value();
    write.shows = StreamId::order(id);
    write.status = 202;
    write.render = render_edited;
    expect_what_was_read(write, asked);
    auto edit = edit_of(parts, asked, body, id);
    if (edit && edit->total_after != body.expected_total) {
        auto changed = trouble("price_changed");
        changed.members = ",\"total\":" + codec::to_json(edit->total_after);
        edit = unexpected(std::move(changed));
    }
    if (edit)
        write.work = services::EditOrder{id, asked.actor(), std::move(edit->asked)};
    else
        write.prevented = std::move(edit).error();
    return Answer(std::move(write));
}

} // namespace code
} // namespace kontor::services::gateway
