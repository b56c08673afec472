#include "services/gateway/settled.hpp"

#include "services/shop/aggregates.hpp"

namespace kontor::services::gateway {
namespace {

/// Whether a fact ends what `placed`, `payment_offered` and `edit_opened` begin.
bool settles(order::Event const& fact) {
    return !std::holds_alternative<order::Placed>(fact) &&
           !std::holds_alternative<order::PaymentOffered>(fact) &&
           !std::holds_alternative<order::AddressChanged>(fact) &&
           !std::holds_alternative<order::EditOpened>(fact);
}

} // namespace

bool is_settling(Seen const& seen) {
    return (seen.status == 201 || seen.status == 202) &&
           seen.stream.category() == StreamCategory::order;
}

Result<std::optional<ports::StreamVersion>> settled_version(Parts& parts, Seen const& seen) {
    auto const durable = parts.log.durable().position;
    KONTOR_TRY(auto const page, parts.log.read_stream(seen.stream, seen.version, ports::Limit(64)));
    for (auto const& event : page.events) {
        if (event.position > durable)
            break;
        KONTOR_TRY(auto const fact, Orders::decode(event.type, event.payload));
        if (settles(fact))
            return std::optional(event.version);
    }
    return std::optional<ports::StreamVersion>();
}

} // namespace kontor::services::gateway
