#include "tests/simulation/checkers/relay.hpp"

#include <fmt/format.h>

namespace kontor::simulation {
namespace {

/// What a fact is called outside, and the queue that it goes to; no queue: it goes nowhere.
struct Way {
    std::string_view kind{};
    std::string_view queue{};
};
constexpr std::string_view notices = "notifications";
constexpr std::string_view watched = "analytics";
constexpr std::string_view goods = "inventory-updates";

template <class Event>
Way way_of(Event const&) {
    return {};
}
// The buyer of an order hears of it, but not that it was placed.
Way way_of(order::Placed const&) {
    return {"order.placed", ""};
}
Way way_of(order::Confirmed const&) {
    return {"order.confirmed", notices};
}
Way way_of(order::Rejected const&) {
    return {"order.rejected", notices};
}
Way way_of(order::Expired const&) {
    return {"order.expired", notices};
}
Way way_of(order::Cancelled const&) {
    return {"order.cancelled", notices};
}
Way way_of(order::Completed const&) {
    return {"order.completed", notices};
}
Way way_of(order::ReturnReceived const&) {
    return {"order.return_received", goods};
}
Way way_of(payment::ActionRequired const&) {
    return {"payment.action_required", notices};
}
Way way_of(payment::Refunded const&) {
    return {"payment.refunded", notices};
}
Way way_of(payment::Declined const&) {
    return {"payment.declined", watched};
}
Way way_of(payment::Disputed const&) {
    return {"payment.disputed", watched};
}
/// From 500.00 of these currencies on.
Way way_of(payment::Authorised const& fact) {
    constexpr std::int64_t much = 50'000;
    auto const currency = fact.amount.currency();
    bool const is_watched =
        fact.amount.minor() >= much &&
        (currency == Currency::gbp() || currency == Currency::eur() || currency == Currency::usd());
    return {"payment.authorised", is_watched ? watched : ""};
}
Way way_of(payment::CaptureFailed const&) {
    return {"payment.capture_failed", notices};
}
Way way_of(payment::RefundFailed const&) {
    return {"payment.refund_failed", notices};
}
Way way_of(fulfilment::Dispatched const&) {
    return {"fulfilment.dispatched", notices};
}
Way way_of(fulfilment::Delivered const&) {
    return {"fulfilment.delivered", notices};
}
Way way_of(stock::RanLow const&) {
    return {"stock.ran_low", notices};
}

/// What stands behind a key in JSON without spaces; empty: nothing.
std::string text_at(std::string_view body, std::string_view key) {
    auto const quoted = fmt::format(R"("{}":")", key);
    auto const at = body.find(quoted);
    if (at == std::string_view::npos)
        return {};
    auto const begin = at + quoted.size();
    return std::string(body.substr(begin, body.find('"', begin) - begin));
}

} // namespace

void RelayChecker::see(Fact const& fact) {
    if (auto const* const event = std::get_if<queue::Event>(&fact.content)) {
        if (auto const* const created = std::get_if<queue::Created>(event))
            queues_[fact.stream.id()] = created->name.view();
        if (auto const* const sent = std::get_if<queue::MessageSent>(event))
            see_message(fact.stream.id(), *sent);
        return;
    }
    if (auto const* const event = std::get_if<process::Event>(&fact.content)) {
        auto const* const put = std::get_if<process::EventPut>(event);
        if (put == nullptr)
            return;
        put_.insert(put->id);
        wanted_[{std::string(goods), put->id}].push_back(text_at(put->envelope, "detail-type"));
        return;
    }
    auto const way = std::visit(
        []<class Event>(Event const& event) {
            if constexpr (std::is_same_v<Event, std::monostate>)
                return Way{};
            else
                return std::visit([](auto const& each) { return way_of(each); }, event);
        },
        fact.content);
    auto const stream = fact.stream.to_string();
    if (!way.queue.empty())
        wanted_[{std::string(way.queue), stream}].emplace_back(way.kind);
    else if (!way.kind.empty())
        left_out_.emplace(stream, way.kind);
}

/// Only what the bus and the topics send; workers send, too.
void RelayChecker::see_message(Id128 queue, queue::MessageSent const& fact) {
    if (fact.sender.view() != "events" && fact.sender.view() != "sns")
        return;
    ++brought_;
    auto const& name = queues_[queue];
    auto kind = text_at(fact.body, "kind");
    if (kind.empty())
        kind = text_at(fact.body, "detail-type");
    auto stream = text_at(fact.body, "stream");
    if (stream.empty())
        stream = text_at(fact.body, "id");
    auto const found = wanted_.find({name, stream});
    bool const is_next =
        found != wanted_.end() && !found->second.empty() && found->second.front() == kind;
    if (is_next)
        return found->second.pop_front();
    bool const is_left_out = left_out_.contains({stream, kind});
    verdict_.fail(is_left_out ? "I12" : "I7",
                  fmt::format("{} of {} came to {}, where {} was awaited", kind, stream, name,
                              found == wanted_.end() || found->second.empty()
                                  ? "nothing"
                                  : found->second.front()));
}

void RelayChecker::at_rest() {
    for (auto const& [place, kinds] : wanted_)
        if (!kinds.empty())
            verdict_.fail("I7", fmt::format("{} of {} never came to {}", kinds.front(),
                                            place.second, place.first));
    for (auto const& event : must_be_put_)
        if (!put_.contains(event))
            verdict_.fail("I10", "an event was accepted and is not in the log: " + event);
}

} // namespace kontor::simulation
