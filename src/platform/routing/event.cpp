#include "platform/routing/event.hpp"

#include "platform/routing/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace kontor::routing {
namespace {

std::string pointer_to(std::string const& parent, std::string_view key) {
    std::string pointer = parent + "/";
    for (char const c : key)
        pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return pointer;
}

/// The value whose key its object has a second time, if there is one.
JsonTree const* repeated_key(JsonTree const& tree) {
    std::unordered_set<std::string_view> keys;
    for (std::size_t i = 0; i < tree.items.size(); ++i) {
        if (tree.type == JsonType::object && !keys.insert(tree.keys[i]).second)
            return &tree.items[i];
        if (auto const* const below = repeated_key(tree.items[i]))
            return below;
    }
    return nullptr;
}

} // namespace

struct FlatEvent::Place {
    std::string path{};
    std::string pointer{};
    std::vector<Membership> memberships{};
    bool is_root{true};
};

Result<FlatEvent, JsonFault> FlatEvent::read(std::string_view text) {
    auto tree = read_json(text, event_depth_max);
    if (!tree)
        return unexpected(std::move(tree).error());
    if (tree->type != JsonType::object)
        return unexpected(JsonFault{"an event is an object", tree->offset});
    if (auto const* const twice = repeated_key(*tree))
        return unexpected(JsonFault{"an object has the same key twice", twice->offset});
    FlatEvent event;
    event.root_.push_back(*std::move(tree));
    event.flatten(event.root_.front(), {});
    return event;
}

std::vector<Leaf> const& FlatEvent::at(std::string const& path) const {
    static std::vector<Leaf> const none;
    auto const found = leaves_.find(path);
    return found == leaves_.end() ? none : found->second;
}

void FlatEvent::flatten(JsonTree const& value, Place const& place) {
    if (value.type == JsonType::list)
        return flatten_list(value, place);
    if (value.type != JsonType::object) {
        leaves_[place.path].push_back({&value, place.memberships, place.pointer});
        return;
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        auto const& key = value.keys[i];
        flatten(value.items[i], {place.is_root ? key : place.path + "." + key,
                                 pointer_to(place.pointer, key), place.memberships, false});
    }
}

void FlatEvent::flatten_list(JsonTree const& list, Place const& place) {
    auto const array = arrays_++;
    for (std::uint32_t i = 0; i < list.items.size(); ++i) {
        auto const& item = list.items[i];
        Place at = place;
        at.pointer += fmt::format("/{}", i);
        if (item.type == JsonType::object || item.type == JsonType::list)
            at.memberships.push_back({array, i});
        flatten(item, at);
    }
}

} // namespace kontor::routing
