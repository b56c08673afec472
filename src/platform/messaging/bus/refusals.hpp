#pragma once

/// What buses, rules and archives refuse in the same words, and how lists of them are paged.

#include "platform/routing/pattern.hpp"
#include "ports/messaging_words.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace kontor::bus {

inline auto refuse(ports::MessagingFault fault, std::string what) {
    return unexpected(ports::MessagingRefusal{fault, std::move(what)});
}

inline auto refuse_pattern(routing::PatternError const& error) {
    return refuse(ports::MessagingFault::invalid_pattern,
                  "Event pattern is not valid. Reason: " + routing::to_string(error));
}

/// Letters, digits, and `.-_`. With `/` AWS names the buses of its partners, and nobody makes one.
inline bool is_name(std::string_view name, std::size_t size_max) {
    constexpr std::string_view others = ".-_";
    return !name.empty() && name.size() <= size_max &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      others.find(c) != std::string_view::npos;
           });
}

/// A page of a map that is sorted by name; `shown` answers what is to be shown, or nothing.
/// Errors: invalid (the limit).
template <class Item, class Things, class Shown>
Result<ports::Page<Item>, ports::MessagingRefusal>
page_of(Things const& things, ports::PageWish const& wish, Shown&& shown) {
    if (wish.limit == 0 || wish.limit > ports::page_items_max)
        return refuse(ports::MessagingFault::invalid, "Limit is 1 to 100.");
    ports::Page<Item> page;
    std::string last;
    auto const begin = wish.after.empty() ? things.begin() : things.upper_bound(wish.after);
    for (auto at = begin; at != things.end(); ++at) {
        if (!at->first.starts_with(wish.prefix))
            continue;
        auto item = shown(at->second);
        if (!item)
            continue;
        if (page.items.size() == wish.limit) {
            page.next = last;
            break;
        }
        page.items.push_back(*std::move(item));
        last = at->first;
    }
    return page;
}

} // namespace kontor::bus
