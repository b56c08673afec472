#include "codec/stored_json.hpp"

#include "codec/event_types.hpp"
#include "codec/fact_codec.hpp"

#include "domain/audit/events.hpp"
#include "domain/catalog/coupon/events.hpp"
#include "domain/catalog/product/events.hpp"
#include "domain/checkout/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/documents/events.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/events.hpp"
#include "domain/payment/events.hpp"
#include "domain/process/events.hpp"
#include "domain/queue/events.hpp"
#include "domain/reservation/events.hpp"
#include "domain/stock/events.hpp"
#include "domain/webhook/events.hpp"
#include "domain/webhook_book/events.hpp"

#include <fmt/format.h>

#include <optional>

namespace kontor::codec {
namespace {

std::optional<FactCodec> codec_of(StreamCategory category) {
    switch (category) {
    case StreamCategory::order: return fact_codec<order::Event>();
    case StreamCategory::stock: return fact_codec<stock::Event>();
    case StreamCategory::reservation: return fact_codec<reservation::Event>();
    case StreamCategory::payment: return fact_codec<payment::Event>();
    case StreamCategory::fulfilment: return fact_codec<fulfilment::Event>();
    case StreamCategory::checkout: return fact_codec<checkout::Event>();
    case StreamCategory::product: return fact_codec<product::Event>();
    case StreamCategory::coupon: return fact_codec<coupon::Event>();
    case StreamCategory::customer: return fact_codec<customer::Event>();
    case StreamCategory::documents: return fact_codec<documents::Event>();
    case StreamCategory::ops: return fact_codec<audit::Event>();
    case StreamCategory::process: return fact_codec<process::Event>();
    case StreamCategory::queue: return fact_codec<queue::Event>();
    case StreamCategory::webhook: return fact_codec<webhook::Event>();
    case StreamCategory::webhook_book: return fact_codec<webhook_book::Event>();
    case StreamCategory::notification: return std::nullopt;
    }
    KONTOR_UNREACHABLE();
}

Result<FactCodec> codec_of(EventType type) {
    auto const codec =
        find_event_type(type) != nullptr ? codec_of(category_of(type)) : std::nullopt;
    if (!codec)
        return unexpected(Failure{FailureKind::unsupported, "no such type of event",
                                  fmt::format("event type {}", type.value())});
    return *codec;
}

} // namespace

Result<std::string> stored_to_json(EventType type, std::span<std::uint8_t const> bytes,
                                   PersonalFields personal, FieldOpener* opener) {
    KONTOR_TRY(auto const codec, codec_of(type));
    return codec.to_json(type, bytes, personal, opener);
}

Result<void> json_to_stored(EventType type, std::string_view json, std::vector<std::uint8_t>& out) {
    KONTOR_TRY(auto const codec, codec_of(type));
    return codec.to_stored(type, json, out);
}

Result<std::string> stored_schema(EventType type) {
    KONTOR_TRY(auto const codec, codec_of(type));
    return codec.schema(type);
}

Result<std::string> stored_fields(EventType type) {
    KONTOR_TRY(auto const codec, codec_of(type));
    return codec.fields(type);
}

} // namespace kontor::codec
