#pragma once

/// Words that buses, topics and queues share: why they refuse, pages of a list, tags.

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::ports {

/// Why a bus or a topic says no. Finer than FailureKind, for whoever asks over a wire wants AWS's
/// own name of it.
enum class MessagingFault : std::uint8_t {
    not_found,
    already_exists,
    invalid,                 ///< a parameter cannot be
    invalid_pattern,         ///< of a rule or an archive
    limit_exceeded,          ///< of rules, targets, filter policies, subscriptions, …
    concurrent_modification, ///< another change was under way: try again
    illegal_status,          ///< a replay that has ended cannot be cancelled
    access_denied,           ///< the topology owns it
    unsupported,
    throttled,
    unavailable
};

std::string_view name(MessagingFault fault);

struct MessagingRefusal {
    MessagingFault fault{};
    std::string what{}; ///< a sentence, in AWS's words where it has some
    friend bool operator==(MessagingRefusal const&, MessagingRefusal const&) = default;
};

/// As a policy sees it.
Failure to_failure(MessagingRefusal const& refusal);

/// A page of a list that is sorted by name. `next` is empty on the last page; else it is what
/// `after` must be for the next one.
template <class Item>
struct Page {
    std::vector<Item> items{};
    std::string next{};
};

inline constexpr std::size_t page_items_max = 100;

struct PageWish {
    std::string prefix{}; ///< of names; empty: all
    std::string after{};
    std::size_t limit{page_items_max}; ///< 1 to page_items_max
};

struct Tag {
    std::string key{};
    std::string value{};
    friend bool operator==(Tag const&, Tag const&) = default;
};

/// Tags of whatever has an ARN. At most tags_max each.   Retry: safe.
class ResourceTags {
public:
    virtual ~ResourceTags() = default;

    /// Errors:   not_found, invalid (key, value), limit_exceeded, unavailable.
    virtual Result<void, MessagingRefusal> tag_resource(std::string_view arn,
                                                        std::vector<Tag> const& tags) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<void, MessagingRefusal> untag_resource(std::string_view arn,
                                                          std::vector<std::string> const& keys) = 0;

    /// Sorted by key.
    /// Errors:   not_found, unavailable.
    virtual Result<std::vector<Tag>, MessagingRefusal>
    list_tags_for_resource(std::string_view arn) = 0;
};

inline constexpr std::size_t tags_max = 50;
inline constexpr std::size_t tag_key_size_max = 128;
inline constexpr std::size_t tag_value_size_max = 256;

} // namespace kontor::ports
