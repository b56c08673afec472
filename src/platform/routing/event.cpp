#include "platform/routing/event.hpp"

#include "platform/routing/limits.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace kontor::routing {
namespace {

static_assert(event_bytes_max < std::numeric_limits<std::uint32_t>::max(),
              "whatever is counted through an event fits its numbers");

/// The second of two values that an object has under one key, if there are such. Sorted, not
/// hashed: whoever writes the event must not choose what it costs.
JsonTree const* repeated_key_of(JsonTree const& object) {
    std::vector<std::size_t> order(object.keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) {
        auto const sequence = object.keys[a] <=> object.keys[b];
        return sequence < 0 || (sequence == 0 && a < b);
    });
    std::size_t first = order.size();
    for (std::size_t i = 1; i < order.size(); ++i)
        if (object.keys[order[i]] == object.keys[order[i - 1]])
            first = std::min(first, order[i]);
    return first == order.size() ? nullptr : &object.items[first];
}

JsonTree const* repeated_key(JsonTree const& tree) {
    if (tree.type == JsonType::object && tree.items.size() > 1)
        if (auto const* const here = repeated_key_of(tree))
            return here;
    for (auto const& item : tree.items)
        if (auto const* const below = repeated_key(item))
            return below;
    return nullptr;
}

bool is_container(JsonTree const& value) {
    return value.type == JsonType::object || value.type == JsonType::list;
}

} // namespace

Result<FlatEvent, JsonFault> FlatEvent::read(std::string_view text) {
    if (text.size() > event_bytes_max)
        return unexpected(JsonFault{"an event has at most 4 MiB", event_bytes_max});
    auto tree = read_json(text, event_depth_max);
    if (!tree)
        return unexpected(std::move(tree).error());
    if (tree->type != JsonType::object)
        return unexpected(JsonFault{"an event is an object", tree->offset});
    if (auto const* const twice = repeated_key(*tree))
        return unexpected(JsonFault{"an object has the same key twice", twice->offset});
    FlatEvent event;
    event.root_.push_back(*std::move(tree));
    event.leaves_.emplace_back();
    if (!event.flatten(event.root_.front(), {0, no_membership, 0, 0, 0}))
        return unexpected(JsonFault{"a path has too many keys", 0, true});
    return event;
}

std::span<Leaf const> FlatEvent::at(std::string_view path) const {
    std::uint32_t node = 0;
    for (;;) {
        auto const dot = path.find('.');
        auto const found = nodes_.find({node, path.substr(0, dot)});
        if (found == nodes_.end())
            return {};
        node = found->second;
        if (dot == std::string_view::npos)
            return leaves_[node];
        path.remove_prefix(dot + 1);
    }
}

std::string FlatEvent::pointer(Leaf const& leaf) const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> steps{{leaf.place, leaf.index}};
    for (auto at = leaf.place; at != places_[at].parent; at = places_[at].parent)
        steps.emplace_back(places_[at].parent, places_[at].index);
    std::string pointer;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        auto const& holder = *places_[step->first].value;
        pointer += holder.type == JsonType::object ? pointer_token(holder.keys[step->second])
                                                   : "/" + std::to_string(step->second);
    }
    return pointer;
}

/// A dotted key is several levels.
std::uint32_t FlatEvent::below(std::uint32_t node, std::string_view key) {
    for (;;) {
        auto const dot = key.find('.');
        auto const next = static_cast<std::uint32_t>(leaves_.size());
        auto const [found, is_new] = nodes_.try_emplace({node, key.substr(0, dot)}, next);
        if (is_new)
            leaves_.emplace_back();
        node = found->second;
        if (dot == std::string_view::npos)
            return node;
        key.remove_prefix(dot + 1);
    }
}

/// False: a path has too many keys.
bool FlatEvent::flatten(JsonTree const& value, Spot const& spot) {
    if (!is_container(value)) {
        leaves_[spot.node].push_back({&value, spot.membership, spot.place, spot.index});
        return true;
    }
    auto const place = static_cast<std::uint32_t>(places_.size());
    places_.push_back({&value, spot.place, spot.index});
    if (value.type == JsonType::list)
        return flatten_list(value, {spot.node, spot.membership, place, 0, spot.keys});
    for (std::uint32_t i = 0; i < value.items.size(); ++i) {
        std::string_view const key = value.keys[i];
        auto const keys =
            spot.keys + 1 + static_cast<std::size_t>(std::count(key.begin(), key.end(), '.'));
        if (keys > event_depth_max)
            return false;
        if (!flatten(value.items[i], {below(spot.node, key), spot.membership, place, i, keys}))
            return false;
    }
    return true;
}

/// `inside` is where the elements are.
bool FlatEvent::flatten_list(JsonTree const& list, Spot const& inside) {
    auto const array = arrays_++;
    for (std::uint32_t i = 0; i < list.items.size(); ++i) {
        auto const& item = list.items[i];
        Spot spot = inside;
        spot.index = i;
        if (is_container(item)) {
            spot.membership = static_cast<std::uint32_t>(memberships_.size());
            memberships_.push_back({inside.membership, array, i});
        }
        if (!flatten(item, spot))
            return false;
    }
    return true;
}

} // namespace kontor::routing
