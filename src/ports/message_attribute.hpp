#pragma once

/// MessageAttribute: what a message of a topic or a queue carries beside its body.
/// Source: Amazon SQS Developer Guide, "Amazon SQS message metadata".

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::ports {

struct MessageAttribute {
    std::string name{};
    std::string type{};  ///< String, Number, Binary, each with an optional ".label"
    std::string value{}; ///< of Binary the bytes
    friend bool operator==(MessageAttribute const&, MessageAttribute const&) = default;
};

using MessageAttributes = std::vector<MessageAttribute>;

/// The value of the first of this name; empty: there is none.   Shape: lives as long as they do.
inline std::string_view value_of(MessageAttributes const& all, std::string_view name) {
    auto const found = std::ranges::find(all, name, &MessageAttribute::name);
    return found == all.end() ? std::string_view() : std::string_view(found->value);
}

} // namespace kontor::ports
