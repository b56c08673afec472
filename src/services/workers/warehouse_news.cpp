#include "services/workers/warehouse_news.hpp"

#include "base/describe.hpp"
#include "codec/json.hpp"
#include "codec/words.hpp"
#include "services/inventory/shelf.hpp"
#include "services/workers/limits.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <set>
#include <utility>

namespace kontor::services {
namespace {

struct DeliveredItem {
    Sku sku;
    Quantity quantity;
};
BOOST_DESCRIBE_STRUCT(DeliveredItem, (), (sku, quantity))
static_assert(describes_every_field<DeliveredItem>());

struct Delivered {
    std::optional<Location> location;
    std::string reference;
    std::vector<DeliveredItem> items;
};
BOOST_DESCRIBE_STRUCT(Delivered, (), (location, reference, items))
static_assert(describes_every_field<Delivered>());

struct CountedItem {
    Sku sku;
    Count counted;
};
BOOST_DESCRIBE_STRUCT(CountedItem, (), (sku, counted))
static_assert(describes_every_field<CountedItem>());

struct Counted {
    std::optional<Location> location;
    std::optional<std::string> note;
    std::vector<CountedItem> items;
};
BOOST_DESCRIBE_STRUCT(Counted, (), (location, note, items))
static_assert(describes_every_field<Counted>());

constexpr std::size_t reference_max = 100;

Unexpected<Failure> never(std::string why) {
    return unexpected(Failure{FailureKind::invalid, std::move(why)});
}

/// Of an event whose id was written by hand. It says nothing of a time, so that its command is
/// looked for in the whole log.
Id128 id_of_text(std::string_view text) {
    auto const hash = XXH3_128bits(text.data(), text.size());
    return {hash.high64 & 0xffff, hash.low64};
}

/// An event of the bus, as far as it is asked for.
struct Envelope {
    std::string_view id;
    std::string_view type;
    std::optional<codec::JsonNode> detail;
};

/// Errors: invalid.
Result<Envelope> envelope_of(codec::JsonNode root) {
    if (root.kind() != codec::JsonKind::object)
        return never("it is no event of the bus: an object with id, detail-type and detail is "
                     "wanted");
    Envelope found;
    root.each_member([&](std::string_view key, codec::JsonNode value) {
        bool const is_text = value.kind() == codec::JsonKind::text;
        if (key == "id" && is_text)
            found.id = value.text();
        if (key == "detail-type" && is_text)
            found.type = value.text();
        if (key == "detail")
            found.detail = value;
        return true;
    });
    if (found.id.empty() || found.type.empty() || !found.detail)
        return never("it is no event of the bus: id, detail-type or detail is missing");
    return found;
}

class Reading {
public:
    Reading(ports::EventStore& log, std::vector<Location> locations)
        : log_(log), locations_(std::move(locations)) {}

    Result<std::optional<AskedByMessage>> operator()(std::string const& body) const {
        codec::JsonDocument document;
        KONTOR_TRY(auto const root, document.parse(body));
        KONTOR_TRY(auto const event, envelope_of(root));
        if (event.type == "order.return_received")
            return std::optional<AskedByMessage>();
        auto const cause = ports::id_of_uuid(event.id).value_or(id_of_text(event.id));
        if (event.type == "stock.delivered") {
            KONTOR_TRY(auto const delivered,
                       codec::from_json<Delivered>(*event.detail, codec::UnknownKeys::skipped));
            KONTOR_TRY(auto work, work_of(delivered));
            return std::optional(AskedByMessage{cause, std::move(work)});
        }
        if (event.type == "stock.counted") {
            KONTOR_TRY(auto const counted,
                       codec::from_json<Counted>(*event.detail, codec::UnknownKeys::skipped));
            KONTOR_TRY(auto work, work_of(counted));
            return std::optional(AskedByMessage{cause, std::move(work)});
        }
        return never(fmt::format("inventory does not know events of type {}", event.type));
    }

private:
    Result<Compound> work_of(Delivered const& delivered) const {
        if (delivered.reference.empty() || delivered.reference.size() > reference_max)
            return never(fmt::format("/reference: 1 to {} bytes are wanted", reference_max));
        KONTOR_TRY(auto const location, place(delivered.location, delivered.items.size()));
        Compound work;
        for (auto const& [sku, quantity] : delivered.items) {
            KONTOR_TRY(check(location, sku));
            work.commands.emplace_back(On<StockItems>{
                {location, sku}, stock::Receive{sku, location, quantity, delivered.reference}});
        }
        return work;
    }

    Result<Compound> work_of(Counted const& counted) const {
        KONTOR_TRY(auto const location, place(counted.location, counted.items.size()));
        Compound work;
        std::set<Sku> seen;
        for (auto const& [sku, units] : counted.items) {
            if (!seen.insert(sku).second)
                return never(fmt::format("{} is counted twice", sku.view()));
            KONTOR_TRY(check(location, sku));
            work.commands.emplace_back(On<StockItems>{
                {location, sku}, stock::CountShelf{sku, location, units, counted.note}});
        }
        return work;
    }

    Result<Location> place(std::optional<Location> const& given, std::size_t items) const {
        if (items == 0 || items > warehouse_items_max)
            return never(fmt::format("/items: 1 to {} are wanted; split what has more",
                                     warehouse_items_max));
        if (given)
            return *given;
        if (locations_.size() == 1)
            return locations_.front();
        return never("/location: it is missing: one of " + names_of(locations_) + " is wanted");
    }

    Result<void> check(Location const& location, Sku const& sku) const {
        KONTOR_TRY(auto const shelf, find_shelf(log_, locations_, {location, sku}));
        switch (shelf) {
        case Shelf::is_there: return {};
        case Shelf::unknown_sku:
            return never(
                fmt::format("there is no product {}: add it, then send this again", sku.view()));
        case Shelf::unknown_place:
            return never(fmt::format("nothing is kept at {}: one of {} is wanted", location.view(),
                                     names_of(locations_)));
        }
        KONTOR_UNREACHABLE();
    }

    ports::EventStore& log_;
    std::vector<Location> locations_;
};

} // namespace

QueueJob warehouse_job(ports::EventStore& log, std::vector<Location> locations) {
    return {ports::QueueName("inventory-updates"),
            {ActorKind::service, InlineText<31>("inventory")},
            Reading(log, std::move(locations))};
}

} // namespace kontor::services
