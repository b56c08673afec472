#include "services/notification/notice.hpp"

#include "codec/json.hpp"

#include <algorithm>
#include <array>

namespace kontor::services {
namespace {

struct KindRow {
    std::string_view fact;
    LetterKind kind;
    std::string_view topic;
};

constexpr std::array<KindRow, 9> kinds{
    {{"order.confirmed", LetterKind::confirmed, "order"},
     {"order.rejected", LetterKind::rejected, "order"},
     {"order.expired", LetterKind::expired, "order"},
     {"order.cancelled", LetterKind::cancelled, "order"},
     {"order.completed", LetterKind::completed, "order"},
     {"payment.action_required", LetterKind::action_required, "order"},
     {"payment.refunded", LetterKind::refunded, "refund"},
     {"fulfilment.dispatched", LetterKind::dispatched, "delivery"},
     {"fulfilment.delivered", LetterKind::delivered, "delivery"}}};

} // namespace

std::optional<LetterKind> letter_kind(std::string_view fact) {
    auto const row = std::ranges::find(kinds, fact, &KindRow::fact);
    return row == kinds.end() ? std::nullopt : std::optional(row->kind);
}

std::string_view topic_of(LetterKind kind) {
    return std::ranges::find(kinds, kind, &KindRow::kind)->topic;
}

Result<Notice> parse_notice(std::string_view body) {
    return codec::from_json<Notice>(body, codec::UnknownKeys::skipped);
}

Result<Told> understand(Notice const& notice) {
    auto const kind = letter_kind(notice.kind);
    if (!kind)
        return unexpected(
            Failure{FailureKind::invalid, "no letter is written about such a fact", notice.kind});
    KONTOR_TRY(auto const order, OrderId::parse(notice.order));
    KONTOR_TRY(auto const stream, StreamId::parse(notice.stream));
    KONTOR_TRY(auto const id, EventId::parse(notice.id));
    return Told{*kind, notice.kind, order, stream, id};
}

} // namespace kontor::services
