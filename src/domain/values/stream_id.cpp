#include "domain/values/stream_id.hpp"

#include "base/names.hpp"

#include <xxhash.h>

#include <cstring>

namespace kontor {

bool is_keyed_by_id(StreamCategory category) {
    switch (category) {
    case StreamCategory::order:
    case StreamCategory::reservation:
    case StreamCategory::payment:
    case StreamCategory::fulfilment:
    case StreamCategory::checkout:
    case StreamCategory::customer:
    case StreamCategory::notification:
    case StreamCategory::queue:
    case StreamCategory::webhook: return true;
    case StreamCategory::stock:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::documents:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::webhook_book: return false;
    }
    KONTOR_UNREACHABLE();
}

namespace {

/// What the ids that name streams of a category begin with where people see them; empty: such ids
/// have no such form.
std::string_view prefix_of(StreamCategory category) {
    switch (category) {
    case StreamCategory::order:
    case StreamCategory::checkout: return OrderIdTag::prefix;
    case StreamCategory::reservation: return ReservationIdTag::prefix;
    case StreamCategory::payment: return PaymentIdTag::prefix;
    case StreamCategory::fulfilment: return FulfilmentIdTag::prefix;
    case StreamCategory::customer: return CustomerIdTag::prefix;
    case StreamCategory::webhook: return WebhookIdTag::prefix;
    case StreamCategory::stock:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook_book: return "";
    }
    KONTOR_UNREACHABLE();
}

} // namespace

StreamId StreamId::of(StreamCategory category, Id128 id) {
    StreamId stream;
    stream.category_ = category;
    auto const bytes = id.bytes();
    std::memcpy(stream.key_.data(), bytes.data(), bytes.size());
    stream.length_ = bytes.size();
    return stream;
}

StreamId StreamId::of(StreamCategory category, std::string_view key) {
    KONTOR_ASSERT(!key.empty() && key.size() <= key_length_max, "a stream key of {} bytes",
                  key.size());
    StreamId stream;
    stream.category_ = category;
    std::memcpy(stream.key_.data(), key.data(), key.size());
    stream.length_ = static_cast<std::uint8_t>(key.size());
    return stream;
}

StreamId StreamId::stock(Location const& location, Sku const& sku) {
    static_assert(Location::length_max + 1 + Sku::length_max <= key_length_max);
    StreamId stream;
    stream.category_ = StreamCategory::stock;
    auto* end = std::copy(location.view().begin(), location.view().end(), stream.key_.data());
    *end++ = '.';
    end = std::copy(sku.view().begin(), sku.view().end(), end);
    stream.length_ = static_cast<std::uint8_t>(end - stream.key_.data());
    return stream;
}

Result<StreamId> StreamId::parse(std::string_view text) {
    auto const dash = text.find('-');
    auto const category = dash == std::string_view::npos
                              ? std::nullopt
                              : enumerator_named<StreamCategory>(text.substr(0, dash));
    if (!category)
        return unexpected(
            Failure{FailureKind::invalid,
                    "a stream is named by its category and key, like stock-main.85123A"});
    auto const key = text.substr(dash + 1);
    if (is_keyed_by_id(*category)) {
        auto const prefix = prefix_of(*category);
        bool const has_prefix = !prefix.empty() && key.starts_with(prefix);
        KONTOR_TRY(auto const id, Id128::parse(key.substr(has_prefix ? prefix.size() : 0)));
        return of(*category, id);
    }
    if (key.empty() || key.size() > key_length_max)
        return unexpected(Failure{FailureKind::invalid, "the key of a stream has 1 to 62 bytes"});
    return of(*category, key);
}

Result<StreamId> StreamId::from_stored(std::uint8_t number, std::span<std::uint8_t const> key) {
    auto const category = static_cast<StreamCategory>(number);
    bool const known = number >= static_cast<std::uint8_t>(StreamCategory::order) &&
                       number <= static_cast<std::uint8_t>(StreamCategory::webhook_book);
    if (!known || key.empty() || key.size() > key_length_max ||
        (is_keyed_by_id(category) && key.size() != 16))
        return unexpected(Failure{FailureKind::invalid, "not the name of a stream"});
    return of(category, std::string_view(reinterpret_cast<char const*>(key.data()), key.size()));
}

bool StreamId::has_id() const {
    return is_keyed_by_id(category_);
}

Id128 StreamId::id() const {
    KONTOR_ASSERT(has_id(), "{} has no id", to_string());
    return Id128::from_bytes(
        std::span<std::uint8_t const, 16>(reinterpret_cast<std::uint8_t const*>(key_.data()), 16));
}

std::string StreamId::to_string() const {
    std::string text(enumerator_name(category_));
    text += '-';
    if (has_id())
        text += id().to_string();
    else
        text += key();
    return text;
}

std::uint64_t StreamId::hash() const {
    return XXH3_64bits_withSeed(key_.data(), length_, static_cast<std::uint64_t>(category_));
}

} // namespace kontor
