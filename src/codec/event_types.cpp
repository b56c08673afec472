#include "codec/event_types.hpp"

#include "base/assert.hpp"

#include <array>

namespace kontor::codec {
namespace {

constexpr auto table = []<class... Rows>(boost::mp11::mp_list<Rows...>) {
    return std::array{Rows::row...};
}(AllFacts{});

constexpr bool ascends() {
    return std::ranges::is_sorted(table, std::ranges::less_equal{},
                                  [](EventTypeRow const& row) { return row.type.value(); });
}

/// `less_equal` as an order makes is_sorted refuse equal neighbours, so numbers are unique too.
static_assert(ascends(), "rows ascend by number, and no number stands twice");

constexpr bool names_are_unique() {
    for (auto const& one : table)
        for (auto const& other : table)
            if (&one != &other && one.name == other.name && one.version == other.version)
                return false;
    return true;
}
static_assert(names_are_unique(), "a name and version stand once");

constexpr unsigned numbers_a_category = 100;

} // namespace

std::span<EventTypeRow const> event_types() {
    return table;
}

EventTypeRow const* find_event_type(EventType type) {
    auto const found = std::ranges::lower_bound(table, type, {}, &EventTypeRow::type);
    return found != table.end() && found->type == type ? &*found : nullptr;
}

EventTypeRow const* find_event_type(std::string_view name, std::uint16_t version) {
    auto const found = std::ranges::find_if(
        table, [&](EventTypeRow const& row) { return row.name == name && row.version == version; });
    return found != table.end() ? &*found : nullptr;
}

StreamCategory category_of(EventType type) {
    KONTOR_ASSERT(find_event_type(type) != nullptr, "no event type has number {}", type.value());
    return static_cast<StreamCategory>(type.value() / numbers_a_category);
}

} // namespace kontor::codec
