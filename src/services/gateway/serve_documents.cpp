#include "services/gateway/codes.hpp"

#include "services/gateway/order_answers.hpp"
#include "services/gateway/replies.hpp"

#include "base/overloaded.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/documents/events.hpp"
#include "domain/documents/name.hpp"

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit documents_page(1024);

DocumentAnswer answer_of(documents::Event const& fact, std::string_view year, Instant at) {
    auto const made = [&](documents::Kind kind, auto const& it) {
        documents::Name const name{kind, std::string(year), it.number};
        return DocumentAnswer{kind, to_string(name), at,           it.order_id,     {},
                              {},   it.value.net,    it.value.tax, it.value.gross()};
    };
    return std::visit(overloaded{
                          [&](documents::InvoiceIssued const& it) {
                              auto answer = made(documents::Kind::invoice, it);
                              answer.fulfilment_id = it.fulfilment_id;
                              return answer;
                          },
                          [&](documents::CreditNoteIssued const& it) {
                              auto answer = made(documents::Kind::credit_note, it);
                              answer.refund_id = it.refund_id;
                              return answer;
                          },
                      },
                      fact);
}

bool is_called(documents::Event const& fact, documents::Name const& name) {
    auto const* const invoice = std::get_if<documents::InvoiceIssued>(&fact);
    if (name.kind == documents::Kind::invoice)
        return invoice != nullptr && invoice->number == name.number;
    auto const* const note = std::get_if<documents::CreditNoteIssued>(&fact);
    return note != nullptr && note->number == name.number;
}

/// A document stands at its number or behind it, for both kinds share the stream of a year.
Result<std::optional<DocumentAnswer>, Trouble> find_document(Parts& parts,
                                                             documents::Name const& name) {
    auto const stream = StreamId::of(StreamCategory::documents, name.year);
    auto const durable = parts.log.durable().position;
    ports::StreamVersion next(name.number);
    for (;;) {
        KONTOR_TRY(auto const page,
                   or_trouble(parts.log.read_stream(stream, next, documents_page)));
        for (auto const& event : page.events) {
            if (event.position > durable)
                return std::optional<DocumentAnswer>();
            KONTOR_TRY(auto const fact,
                       or_trouble(codec::decode<documents::Event>(event.type, event.payload)));
            if (is_called(fact, name))
                return std::optional(
                    answer_of(fact, name.year, page.commit_of(event).header.occurred_at));
            next = ports::StreamVersion(event.version.value() + 1);
        }
        if (page.events.size() < documents_page.value())
            return std::optional<DocumentAnswer>();
    }
}

/// The document of one cause: a register stands in the sequence of what it documents, so halving it
/// finds the place. Empty: it has no number yet.   Errors: unavailable, corrupt.
Result<std::optional<DocumentAnswer>>
document_about(ports::EventStore& log, DocumentCause const& cause, Until const& until) {
    auto const stream = StreamId::of(StreamCategory::documents, cause.year);
    KONTOR_TRY(auto const head, log.head(stream));
    std::uint64_t low = 1;
    std::uint64_t high = head.value();
    while (low <= high) {
        auto const middle = low + (high - low) / 2;
        KONTOR_TRY(auto const page,
                   log.read_stream(stream, ports::StreamVersion(middle), ports::Limit(1)));
        if (page.empty())
            break;
        auto const& event = page.events.front();
        KONTOR_TRY(auto const fact, codec::decode<documents::Event>(event.type, event.payload));
        auto const about = std::visit([](auto const& of) { return of.position.value_or(0); }, fact);
        auto const& commit = page.commit_of(event);
        if (about == cause.position)
            return until.is_before(event, commit)
                       ? std::nullopt
                       : std::optional(answer_of(fact, cause.year, commit.header.occurred_at));
        if (about < cause.position)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return std::optional<DocumentAnswer>();
}

} // namespace

Result<std::vector<DocumentAnswer>> documents_of(ports::EventStore& log, FoldedOrder const& order) {
    std::vector<DocumentAnswer> documents;
    for (auto const& cause : order.documented) {
        KONTOR_TRY(auto document, document_about(log, cause, order.until));
        if (document)
            documents.push_back(*std::move(document));
    }
    return documents;
}

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
