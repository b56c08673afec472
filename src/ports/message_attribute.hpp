#pragma once

/// MessageAttribute: what a message of a topic or a queue carries beside its body.
/// Source: Amazon SQS Developer Guide, "Amazon SQS message metadata".

#include <string>
#include <vector>

namespace kontor::ports {

struct MessageAttribute {
    std::string name{};
    std::string type{};  ///< String, Number, Binary, each with an optional ".label"
    std::string value{}; ///< of Binary the bytes
    friend bool operator==(MessageAttribute const&, MessageAttribute const&) = default;
};

using MessageAttributes = std::vector<MessageAttribute>;

} // namespace kontor::ports
