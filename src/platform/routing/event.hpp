#pragma once

/// FlatEvent: an event as its leaves, for the definition of matching and for explanations. A leaf
/// is a string, number, true, false or null; its path is its keys joined by dots; its memberships
/// say in which element of which arrays it lies.
/// Source: MESSAGING section 2, "Arrays, the definition".

#include "platform/routing/json_tree.hpp"

#include <string_view>
#include <unordered_map>

namespace kontor::routing {

/// An array that was entered on the way down to an object or to an array in it. A scalar that lies
/// directly in an array has no membership in that one.
struct Membership {
    std::uint32_t array; ///< counted through the event
    std::uint32_t index;
};

struct Leaf {
    JsonTree const* value;
    std::vector<Membership> memberships;
    std::string pointer; ///< into the event (RFC 6901)
};

class FlatEvent {
public:
    FlatEvent(FlatEvent&&) = default;
    FlatEvent& operator=(FlatEvent&&) = default;

    /// Reads an event.
    /// Errors:   no JSON, no object, deeper than event_depth_max, or an object with a key twice.
    static Result<FlatEvent, JsonFault> read(std::string_view text);

    /// The leaves at a path, in the sequence of the text.
    std::vector<Leaf> const& at(std::string const& path) const;

    std::uint32_t arrays() const { return arrays_; }

private:
    FlatEvent() = default;

    struct Place;
    void flatten(JsonTree const& value, Place const& place);
    void flatten_list(JsonTree const& list, Place const& place);

    std::vector<JsonTree> root_; ///< one; its place stays when the event is moved
    std::unordered_map<std::string, std::vector<Leaf>> leaves_;
    std::uint32_t arrays_{0};
};

} // namespace kontor::routing
