#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/webhook_book/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<webhook_book::Event> {
    using Rows = webhook_book_facts;
};

template EventType encode(webhook_book::Event const&, std::vector<std::uint8_t>&);
template Result<webhook_book::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(webhook_book::Event const&, PersonalFields);
template Result<webhook_book::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<webhook_book::Event>();

} // namespace kontor::codec
