#include "programs/kontor/order_named.hpp"

#include "domain/order/labels.hpp"
#include "programs/kontor/open_log.hpp"

namespace kontor::programs {
namespace {

/// The log has no index of numbers: its beginnings of orders are looked through.
Result<OrderId, Trouble> order_of_number(ports::EventStore& store, std::string const& text) {
    auto const number = order::parse_order_number(text);
    std::size_t found = 0;
    OrderId id;
    auto const see = [&](ports::EventPage const&,
                         ports::RecordedEvent const& recorded) -> Result<void> {
        bool const begins_order =
            recorded.stream.category() == StreamCategory::order && recorded.version.value() == 1;
        if (begins_order && order::order_number_bits(OrderId(recorded.stream.id())) == number) {
            ++found;
            id = OrderId(recorded.stream.id());
        }
        return {};
    };
    KONTOR_TRY(see_log(store, see));
    if (found == 1)
        return id;
    return unexpected(
        Trouble("unknown_order",
                {FailureKind::not_found,
                 found == 0 ? "there is no such order" : "several orders have this number", text},
                "Check the number; `kontor order list` shows the ids and numbers of all orders."));
}

} // namespace

Result<void, Trouble> check_names_order(std::string const& text) {
    auto const id = OrderId::parse(text);
    if (id || order::parse_order_number(text))
        return {};
    return unexpected(Trouble("malformed", {id.error().kind, id.error().what, text},
                              "`kontor order list` shows the ids and numbers of all orders."));
}

Result<OrderId, Trouble> order_named(ports::EventStore& store, std::string const& text) {
    KONTOR_TRY(check_names_order(text));
    if (auto const id = OrderId::parse(text))
        return *id;
    return order_of_number(store, text);
}

} // namespace kontor::programs
