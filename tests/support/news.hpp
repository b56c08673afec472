#pragma once

/// News: facts that a shop may have, each with the queues that it goes to by the shop's topology,
/// written down by hand: a definition that knows neither rules nor filters nor matchers.

#include "codec/events.hpp"
#include "domain/order/events.hpp"
#include "domain/payment/events.hpp"
#include "domain/stock/events.hpp"
#include "ports/batch.hpp"

#include "base/random.hpp"

#include <string>
#include <variant>
#include <vector>

namespace kontor::testing {

struct News {
    std::variant<order::Event, payment::Event, stock::Event> fact;
    std::vector<std::string> queues; ///< of the topology; of an import none
};

inline Money pounds_of(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}

inline News a_kind_of_news(std::uint64_t kind) {
    OrderId const order(Id128(1, 1));
    Instant const then = Instant::from_unix_microseconds(1'700'000'000'000'000);
    payment::Authorised authorised{};
    authorised.order_id = order;
    authorised.provider = payment::Provider("sandbox");
    authorised.reference = payment::ProviderReference("ref");
    authorised.capture_before = then;
    auto const paid = [&](std::int64_t minor) {
        auto fact = authorised;
        fact.amount = pounds_of(minor);
        return fact;
    };
    switch (kind) {
    case 0: return {order::Confirmed{{}, {}, then}, {"notifications"}};
    case 1: return {order::Rejected{order::RejectReason::no_stock, {}}, {"notifications"}};
    case 2: return {order::Expired{then}, {"notifications"}};
    case 3: return {order::Completed{pounds_of(5), pounds_of(0)}, {"notifications"}};
    case 4: return {order::EditAbandoned{}, {}}; // internal
    case 5: {
        order::ReturnReceived fact{};
        fact.value = {pounds_of(1), pounds_of(0)};
        return {fact, {"inventory-updates"}};
    }
    case 6: return {payment::Declined{order, 1, payment::ProviderCode("no"), false}, {"analytics"}};
    case 7: return {paid(50'000), {"analytics"}};
    case 8: return {paid(49'999), {}};
    case 9: return {payment::CaptureFailed{{}, payment::ProviderCode("no")}, {"notifications"}};
    default:
        return {stock::RanLow{Sku::parse("A").value(), Location::parse("main").value(), 1},
                {"notifications"}};
    }
}
inline constexpr std::uint64_t kinds_of_news = 11;

/// The stream of the n-th piece of news: each has its own, so that messages can be told apart.
inline StreamId stream_of(News const& news, std::uint64_t number) {
    Id128 const id(std::uint64_t{1'700'000'000'000} << 16, number);
    if (std::holds_alternative<order::Event>(news.fact))
        return StreamId::of(StreamCategory::order, id);
    if (std::holds_alternative<payment::Event>(news.fact))
        return StreamId::of(StreamCategory::payment, id);
    return StreamId::of(StreamCategory::stock, "main.A" + std::to_string(number));
}

/// Adds it as a commit of its own.
inline void add_news(ports::Batch& batch, News const& news, std::uint64_t number, Instant now,
                     ActorKind by = ActorKind::customer) {
    Id128 const id(std::uint64_t{1'700'000'000'000} << 16, number);
    batch.begin_commit({CommandId(id), id, id, now, {by, {}}});
    auto const stream = batch.add_stream(stream_of(news, number), ports::ExpectedVersion::any());
    auto const type = std::visit(
        [&](auto const& fact) { return codec::encode(fact, batch.buffer()); }, news.fact);
    batch.add_event(stream, type);
}

/// Of which stream a message speaks, be it a whole event or a notice.
inline std::string stream_in(std::string_view body) {
    constexpr std::string_view key = R"("stream":")";
    auto const at = body.find(key);
    if (at == std::string_view::npos)
        return "?";
    auto const begin = at + key.size();
    return std::string(body.substr(begin, body.find('"', begin) - begin));
}

} // namespace kontor::testing
