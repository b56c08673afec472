#pragma once

/// FlatEvent: an event as its leaves, for the definition of matching and for explanations. A leaf
/// is a string, number, true, false or null; its path is its keys joined by dots; its memberships
/// say in which element of which arrays it lies.
///
/// It takes memory in proportion to the event's bytes, whatever the event says: a leaf keeps no
/// path, no pointer and no list of its own, but says where it lies; paths and memberships are
/// chains that leaves share.
///
/// Source: MESSAGING section 2, "Arrays, the definition".

#include "platform/routing/json_tree.hpp"

#include <map>
#include <span>
#include <string_view>
#include <utility>

namespace kontor::routing {

/// The end of a chain.
inline constexpr std::uint32_t no_membership = 0xFFFFFFFF;

/// An array that was entered on the way down to an object or to an array in it. A scalar that lies
/// directly in an array has no membership in that one.
struct Membership {
    std::uint32_t outer; ///< the membership around it, or no_membership
    std::uint32_t array; ///< counted through the event
    std::uint32_t index;
};

struct Leaf {
    JsonTree const* value;
    std::uint32_t membership; ///< the innermost, or no_membership
    std::uint32_t place;      ///< of the list or object that holds it
    std::uint32_t index;      ///< in that
};

class FlatEvent {
public:
    FlatEvent(FlatEvent&&) = default;
    FlatEvent& operator=(FlatEvent&&) = default;

    /// Reads an event.
    /// Errors:   no JSON, no object, larger than event_bytes_max, deeper than event_depth_max, a
    ///           path of more keys than that, or an object with a key twice.
    static Result<FlatEvent, JsonFault> read(std::string_view text);

    /// The leaves at a path, in the sequence of the text.
    std::span<Leaf const> at(std::string_view path) const;

    Membership const& membership(std::uint32_t number) const { return memberships_[number]; }
    std::uint32_t arrays() const { return arrays_; }

    /// To a leaf, into the event (RFC 6901).
    std::string pointer(Leaf const& leaf) const;

private:
    FlatEvent() = default;

    /// A list or object.
    struct Place {
        JsonTree const* value;
        std::uint32_t parent; ///< the root is its own
        std::uint32_t index;  ///< in the parent
    };
    /// On the way down.
    struct Spot {
        std::uint32_t node; ///< of the path
        std::uint32_t membership;
        std::uint32_t place; ///< that holds the value
        std::uint32_t index; ///< of the value in it
        std::size_t keys;    ///< of the path
    };
    bool flatten(JsonTree const& value, Spot const& spot);
    bool flatten_list(JsonTree const& list, Spot const& spot);
    std::uint32_t below(std::uint32_t node, std::string_view key);

    std::vector<JsonTree> root_; ///< one; its place stays when the event is moved
    std::vector<Place> places_;
    std::vector<Membership> memberships_;
    /// The level below another by one key. Sorted, so that no event makes it slow.
    std::map<std::pair<std::uint32_t, std::string_view>, std::uint32_t> nodes_;
    std::vector<std::vector<Leaf>> leaves_; ///< by node; the root is node 0
    std::uint32_t arrays_{0};
};

} // namespace kontor::routing
