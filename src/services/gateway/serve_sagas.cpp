#include "services/gateway/codes.hpp"

#include "platform/commands/turn.hpp"
#include "services/gateway/operations_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/views/queries.hpp"

namespace kontor::services::gateway {
namespace {

AttentionAnswer answer_of(views::AttentionRow const& row) {
    return {row.order_id,
            row.number,
            row.asked_of,
            row.about,
            std::string(views::words_of(row.asked_of, row.about)),
            row.state,
            row.asked_at,
            row.until,
            row.times,
            row.settled_at};
}

} // namespace

namespace code {

Served show_saga(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<OrderId>(asked, 0, "unknown_order"));
    auto const folded = commands::fold_stream<Checkouts>(parts.log, id);
    if (!folded)
        return unexpected(trouble_of(folded.error()));
    if (folded->second.value() == 0)
        return unexpected(trouble("unknown_order"));
    auto const& state = folded->first;
    SagaAnswer answer{id,
                      folded->second.value(),
                      state.phase,
                      state.in_review,
                      checkout::is_terminal(state),
                      {},
                      {},
                      {}};
    for (auto const& waiting : state.waiting)
        answer.waits_for.push_back({waiting.deadline, waiting.at});
    for (auto const& parcel : state.parcels)
        answer.shipments.push_back(parcel.id);
    for (auto const& reservation : state.reservations)
        answer.reservations.push_back(reservation.id);
    return Answer(json_reply(200, answer));
}

Served list_attention(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::AttentionFilter filter;
    KONTOR_TRY(filter.order, parsed_parameter<OrderId>(asked, "order"));
    KONTOR_TRY(filter.state, enum_parameter<views::AttentionState>(asked, "state"));
    KONTOR_TRY(filter.after, key_after<OrderId>(page));
    filter.limit = page.limit;
    KONTOR_TRY(auto const rows, or_trouble(views::list_attention(*asked.rows, filter)));
    PageText text;
    // A page has all that belongs to its last order; whether more follow, the next one says.
    text.has_more = rows.size() >= page.limit;
    for (auto const& row : rows) {
        add_item(text.items, answer_of(row));
        text.last = row.order_id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

} // namespace code
} // namespace kontor::services::gateway
