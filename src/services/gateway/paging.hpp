#pragma once

/// Pages of lists. A cursor is opaque to the caller: where the page before ended, bound to the list
/// and its filters by a MAC, so that nobody makes one up.   Thread: the edge's.

#include "services/gateway/replies.hpp"

#include <vector>

namespace kontor::services::gateway {

inline constexpr std::size_t page_default = 50;
inline constexpr std::size_t page_max = 200;

struct PageAsked {
    std::size_t limit;
    std::optional<std::string> after{}; ///< the key where the page before ended
};

/// Errors: parameter_invalid (limit), cursor_invalid.
Result<PageAsked, Trouble> page_asked(Parts const& parts, Asked const& asked);

/// Where the page before ended, typed; empty: this is the first.   Errors: cursor_invalid.
template <class Key>
Result<std::optional<Key>, Trouble> key_after(PageAsked const& page) {
    if (!page.after)
        return std::optional<Key>();
    auto key = Key::parse(*page.after);
    if (!key)
        return unexpected(trouble("cursor_invalid"));
    return std::optional<Key>(*std::move(key));
}

/// `{"data":[…],"has_more":…,"next":…}`, and what stands beside. `items` are JSON; `last` is the
/// key of the last one.
struct PageText {
    std::string items{};
    bool has_more{false};
    std::string last{};
    std::string beside{}; ///< members beside the data; empty: none
};
Reply page_reply(Parts const& parts, Asked const& asked, PageText const& page);
/// Where the page behind the one that ends with `last` lies.
std::string next_address(Parts const& parts, Asked const& asked, std::string_view last);

/// Of rows read one more than the page holds: drops that one and says whether it was there.
template <class Row>
bool cut_to(std::vector<Row>& rows, std::size_t limit) {
    bool const has_more = rows.size() > limit;
    if (has_more)
        rows.resize(limit);
    return has_more;
}

template <class T>
void add_item(std::string& items, T const& answer,
              codec::PersonalFields personal = codec::PersonalFields::withheld) {
    if (!items.empty())
        items += ',';
    codec::append_json(items, answer, personal);
}

} // namespace kontor::services::gateway
