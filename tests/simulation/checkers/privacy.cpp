#include "tests/simulation/checkers/privacy.hpp"

#include "codec/personal_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kontor::simulation {
namespace {

// The written form: 0x01, the key's number in 4 bytes, a nonce of 12, what was sealed with its tag.
constexpr std::size_t nonce_at = 5;
constexpr std::size_t secret_at = nonce_at + sealing::nonce_bytes;
constexpr std::string_view beside_keys = "kontor key";

std::span<std::uint8_t const> bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

bool has_canary(std::span<std::uint8_t const> bytes, std::string_view canary = canary_mark) {
    return !std::ranges::search(bytes, bytes_of(canary)).empty();
}

std::optional<ports::KeyNumber> number_in(std::span<std::uint8_t const> sealed) {
    if (sealed.size() < secret_at + sealing::tag_bytes || sealed[0] != 1)
        return std::nullopt;
    return ports::KeyNumber(std::uint32_t{sealed[1]} << 24U | std::uint32_t{sealed[2]} << 16U |
                            std::uint32_t{sealed[3]} << 8U | std::uint32_t{sealed[4]});
}

/// What the provider, the carrier or a card brings has no canary in it.
bool is_of_others(std::string_view path) {
    return path.ends_with("token") || path == "action_url" || path == "method" ||
           path == "tracking";
}

} // namespace

std::string canary_of(Id128 person) {
    return std::string(canary_mark) + person.to_string();
}

/// Takes the sealed fields of a fact, each with its path, and opens none.
class PrivacyChecker::Collector final : public codec::FieldOpener {
public:
    explicit Collector(std::vector<std::pair<std::string, std::vector<std::uint8_t>>>& fields)
        : fields_(fields) {}

    Result<bool> open(std::string_view path, std::span<std::uint8_t const> sealed,
                      std::vector<std::uint8_t>&) override {
        fields_.emplace_back(std::string(path), std::vector(sealed.begin(), sealed.end()));
        return false;
    }

private:
    std::vector<std::pair<std::string, std::vector<std::uint8_t>>>& fields_;
};

Id128 PrivacyChecker::buyer_of(OrderId order) const {
    auto const found = buyers_.find(order);
    return found == buyers_.end() ? order.value() : found->second;
}

/// A customer, or the order of somebody who is none.
Id128 PrivacyChecker::person_of(Fact const& fact) {
    if (std::holds_alternative<customer::Event>(fact.content))
        return fact.stream.id();
    if (auto const* const event = std::get_if<order::Event>(&fact.content)) {
        OrderId const order(fact.stream.id());
        if (auto const* const placed = std::get_if<order::Placed>(event);
            placed != nullptr && placed->customer_id)
            buyers_[order] = placed->customer_id->value();
        return buyer_of(order);
    }
    if (auto const* const event = std::get_if<payment::Event>(&fact.content)) {
        if (auto const* const authorised = std::get_if<payment::Authorised>(event))
            return buyer_of(authorised->order_id);
        if (auto const* const action = std::get_if<payment::ActionRequired>(event))
            return buyer_of(action->order_id);
    }
    if (auto const* const event = std::get_if<fulfilment::Event>(&fact.content)) {
        FulfilmentId const parcel(fact.stream.id());
        if (auto const* const created = std::get_if<fulfilment::Created>(event))
            parcels_[parcel] = created->order_id;
        return buyer_of(parcels_[parcel]);
    }
    return buyer_of(OrderId(fact.header.correlation_id));
}

void PrivacyChecker::see(Fact const& fact, ports::EventPage const& page,
                         ports::RecordedEvent const& event) {
    auto const person = person_of(fact);
    bool is_clear = has_canary(event.payload);
    std::vector<std::pair<std::string, std::vector<std::uint8_t>>> fields;
    Collector collector(fields);
    std::visit(
        [&]<class Event>(Event const& content) {
            if constexpr (codec::has_personal_facts<Event>) {
                is_clear = is_clear || codec::has_clear_fields(content);
                auto copy = content;
                if (auto const taken = codec::open_fields(copy, collector); !taken)
                    verdict_.fail("I14", to_string(taken.error()));
            }
        },
        fact.content);
    if (is_clear)
        verdict_.fail("I14", fmt::format("{} at position {} is personal and stands in the clear",
                                         fact.stream.to_string(), fact.position));
    for (auto& [path, sealed] : fields)
        take({person, page.id_of(event).value().bytes(), std::move(path), std::move(sealed),
              fact.position});
    if (auto const* const about = std::get_if<customer::Event>(&fact.content);
        about != nullptr && std::holds_alternative<customer::Erased>(*about))
        erased_.insert(person);
}

void PrivacyChecker::take(Value value) {
    auto const number = number_in(value.sealed);
    if (!number) {
        verdict_.fail(
            "I14", fmt::format("{} at position {} is no sealed value", value.path, value.position));
        return;
    }
    auto const owner = owners_.try_emplace(*number, value.person).first->second;
    auto const key = key_of_.try_emplace(value.person, *number).first->second;
    if (owner != value.person || key != *number)
        verdict_.fail("I14", fmt::format("at position {} key {} seals for {}, who has key {}, and "
                                         "it is the key of {}",
                                         value.position, number->value(), value.person.to_string(),
                                         key.value(), owner.to_string()));
    values_.push_back(std::move(value));
}

void PrivacyChecker::look_into(std::string_view name, std::span<std::uint8_t const> bytes) {
    if (has_canary(bytes))
        verdict_.fail("I14", fmt::format("something personal stands in the clear in {}", name));
}

void PrivacyChecker::must_not_open(Value const& value) {
    auto const wrapped = keys_.read(*number_in(value.sealed));
    ++unopened_;
    if (!wrapped || *wrapped)
        verdict_.fail("I14", fmt::format("{} was erased, and {} at position {} can be opened",
                                         value.person.to_string(), value.path, value.position));
}

void PrivacyChecker::must_open(Value const& value) {
    auto const fail = [&](std::string_view why) {
        verdict_.fail("I14", fmt::format("{} at position {} of {} cannot be opened: {}", value.path,
                                         value.position, value.person.to_string(), why));
    };
    auto const wrapped = keys_.read(*number_in(value.sealed));
    if (!wrapped || !*wrapped)
        return fail("its key is gone");
    std::span<std::uint8_t const> const kept(**wrapped);
    sealing::Nonce nonce{};
    std::ranges::copy(kept.first(nonce.size()), nonce.begin());
    std::vector<std::uint8_t> clear;
    if (!gcm_.open(master_, nonce, bytes_of(beside_keys), kept.subspan(nonce.size()), clear))
        return fail("its key does not unwrap");
    sealing::Key key{};
    std::ranges::copy(clear, key.begin());
    clear.clear();
    std::span<std::uint8_t const> const sealed(value.sealed);
    std::ranges::copy(sealed.subspan(nonce_at, nonce.size()), nonce.begin());
    std::vector<std::uint8_t> beside(value.fact.begin(), value.fact.end());
    auto const path = bytes_of(value.path);
    beside.insert(beside.end(), path.begin(), path.end());
    if (!gcm_.open(key, nonce, beside, sealed.subspan(secret_at), clear))
        return fail("it does not open with the key that it names");
    ++opened_;
    if (!is_of_others(value.path) && !has_canary(clear, canary_of(value.person)))
        fail("it says something else");
}

void PrivacyChecker::at_rest() {
    for (auto const& value : values_)
        if (erased_.contains(value.person))
            must_not_open(value);
        else
            must_open(value);
}

} // namespace kontor::simulation
