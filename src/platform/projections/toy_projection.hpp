#pragma once

/// For specs: a small read model of what lies on the shelves, and words to write stock facts into a
/// log.

#include "platform/projections/projection.hpp"

#include "domain/stock/events.hpp"
#include "ports/event_store.hpp"

#include <array>

namespace kontor::projections::toy {

struct Shelf {
    static constexpr std::string_view table = "shelves";
    static constexpr std::size_t key_columns = 2;
    Location location;
    Sku sku;
    std::int64_t on_hand;
    std::int64_t facts;
    std::vector<LineQuantity> latest;
    std::optional<std::string> reference;
    friend bool operator==(Shelf const&, Shelf const&) = default;
};
BOOST_DESCRIBE_STRUCT(Shelf, (), (location, sku, on_hand, facts, latest, reference))
static_assert(describes_every_field<Shelf>());

/// How many shelves hold how much: its key moves, so rows of it are removed too.
struct Pile {
    static constexpr std::string_view table = "piles";
    static constexpr std::size_t key_columns = 1;
    std::int64_t units;
    std::int64_t shelves;
    friend bool operator==(Pile const&, Pile const&) = default;
};
BOOST_DESCRIBE_STRUCT(Pile, (), (units, shelves))
static_assert(describes_every_field<Pile>());

struct Rows {
    explicit Rows(std::size_t at_hand_max) : shelves(at_hand_max), piles(at_hand_max) {}
    Table<Shelf> shelves;
    Table<Pile> piles;
};

inline void leave_pile(Rows& rows, std::int64_t units) {
    auto* const pile = rows.piles.change({units});
    if (pile != nullptr && --pile->shelves == 0)
        rows.piles.remove({units});
}

inline void move(Rows& rows, Location const& location, Sku const& sku, std::int64_t delta,
                 std::optional<std::string> reference) {
    bool const is_new = rows.shelves.find({location, sku}) == nullptr;
    auto& shelf = rows.shelves.put({location, sku});
    if (!is_new)
        leave_pile(rows, shelf.on_hand);
    shelf.on_hand += delta;
    shelf.facts += 1;
    shelf.latest.push_back({LineNumber(static_cast<std::uint16_t>(shelf.facts)),
                            Quantity::of(delta > 0 ? delta : -delta)});
    if (shelf.latest.size() > 3)
        shelf.latest.erase(shelf.latest.begin());
    shelf.reference = std::move(reference);
    rows.piles.put({shelf.on_hand}).shelves += 1;
}

inline void project(Rows& rows, Recorded<stock::Received> const& it) {
    move(rows, it.event.location, it.event.sku, it.event.quantity.value(), it.event.reference);
}
inline void project(Rows& rows, Recorded<stock::Adjusted> const& it) {
    move(rows, it.event.location, it.event.sku, it.event.delta.value(), {});
}
inline void project(Rows&, Recorded<stock::RanLow> const&) {}
inline void project(Rows&, Recorded<stock::PolicySet> const&) {}
inline void project(Rows&, Recorded<stock::Reserved> const&) {}
inline void project(Rows&, Recorded<stock::Released> const&) {}
inline void project(Rows&, Recorded<stock::Issued> const&) {}
inline void project(Rows&, Recorded<stock::Restocked> const&) {}
inline void project(Rows&, Recorded<stock::BackordersFilled> const&) {}

class Shelves final : public Projection {
public:
    explicit Shelves(std::uint32_t version = 1, std::size_t at_hand_max = 8)
        : rows_(at_hand_max), shape_(model_shape("shelves", version, tables_)) {}
    ports::ModelShape const& shape() const override { return shape_; }
    std::span<AnyTable* const> tables() override { return tables_; }
    Result<void> project(ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit) override {
        if (event.stream.category() != StreamCategory::stock)
            return {};
        return project_fact<stock::Event>(rows_, event, commit);
    }
    Rows& rows() { return rows_; }

private:
    Rows rows_;
    std::array<AnyTable*, 2> tables_{&rows_.shelves, &rows_.piles};
    ports::ModelShape shape_;
};

inline MakeProjection make_shelves(std::uint32_t version = 1) {
    return [version] { return std::make_unique<Shelves>(version); };
}

/// Appends `count` stock facts, a commit each, on few shelves; which ones follows from `seed`.
inline void write_facts(ports::EventStore& log, Random& random, std::size_t count) {
    ports::Batch batch;
    for (std::size_t i = 0; i < count; ++i) {
        auto const sku = Sku::parse("SKU" + std::to_string(random.below(20))).value();
        auto const location = Location::parse(random.chance(1, 3) ? "north" : "main").value();
        batch.begin_commit({CommandId(Id128(1, random.next())), {}, {}, Instant{}, Actor{}});
        auto const stream =
            batch.add_stream(StreamId::stock(location, sku), ports::ExpectedVersion::any());
        stock::Event const fact =
            random.chance(1, 4)
                ? stock::Event(stock::Adjusted{sku, location,
                                               Delta::create(random.between(1, 9) * -1).value()})
                : stock::Event(stock::Received{
                      sku, location, Quantity::of(random.between(1, 9)), "lorry 7", {}});
        batch.add_event(stream, codec::encode(fact, batch.buffer()));
    }
    auto const appended = log.append(batch);
    KONTOR_ASSERT(appended.has_value(), "the log refused");
}

} // namespace kontor::projections::toy
