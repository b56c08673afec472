#include "services/gateway/codes.hpp"

#include "services/gateway/operations_answers.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/replies.hpp"

#include "codec/events.hpp"
#include "domain/documents/events.hpp"
#include "domain/documents/name.hpp"

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit documents_page(1024);

/// The document, if the fact is it.
std::optional<DocumentAnswer> document_in(documents::Event const& fact, documents::Name const& name,
                                          Instant at) {
    auto const made = [&](auto const& it) {
        return DocumentAnswer{name.kind, to_string(name), at,           it.order_id,     {},
                              {},        it.value.net,    it.value.tax, it.value.gross()};
    };
    if (auto const* const invoice = std::get_if<documents::InvoiceIssued>(&fact);
        invoice != nullptr && name.kind == documents::Kind::invoice &&
        invoice->number == name.number) {
        auto answer = made(*invoice);
        answer.fulfilment_id = invoice->fulfilment_id;
        return answer;
    }
    if (auto const* const note = std::get_if<documents::CreditNoteIssued>(&fact);
        note != nullptr && name.kind == documents::Kind::credit_note &&
        note->number == name.number) {
        auto answer = made(*note);
        answer.refund_id = note->refund_id;
        return answer;
    }
    return std::nullopt;
}

/// A document stands at its number or behind it, for both kinds share the stream of a year.
Result<std::optional<DocumentAnswer>, Trouble> find_document(Parts& parts,
                                                             documents::Name const& name) {
    auto const stream = StreamId::of(StreamCategory::documents, name.year);
    auto const durable = parts.log.durable().position;
    ports::StreamVersion next(name.number);
    for (;;) {
        KONTOR_TRY(auto const page, or_trouble(parts.log.read_stream(stream, next, documents_page)));
        for (auto const& event : page.events) {
            if (event.position > durable)
                return std::optional<DocumentAnswer>();
            KONTOR_TRY(auto const fact,
                       or_trouble(codec::decode<documents::Event>(event.type, event.payload)));
            auto found = document_in(fact, name, page.commit_of(event).header.occurred_at);
            if (found)
                return found;
            next = ports::StreamVersion(event.version.value() + 1);
        }
        if (page.events.size() < documents_page.value())
            return std::optional<DocumentAnswer>();
    }
}

} // namespace

namespace code {

Served show_invoice(Parts& parts, Asked& asked) {
    auto const name = documents::parse_name(asked.path[0]);
    if (!name)
        return unexpected(trouble("not_found", name.error().what));
    KONTOR_TRY(auto const found, find_document(parts, *name));
    if (!found)
        return unexpected(trouble("not_found", "there is no such document"));
    KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, found->order_id));
    if (!is_seen)
        return unexpected(trouble("not_found", "there is no such document"));
    return Answer(json_reply(200, *found));
}

} // namespace code
} // namespace kontor::services::gateway
