#pragma once

/// FilterPolicy: which messages of a topic a subscription wants, in the pattern language of rules,
/// asked of a message's attributes or of its body.
/// Source: MESSAGING section 5, "Filter policy" and "Scopes".

#include "base/describe.hpp"
#include "ports/message_attribute.hpp"
#include "ports/messaging_words.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::topics {

enum class FilterScope : std::uint8_t { attributes, body };
BOOST_DESCRIBE_ENUM(FilterScope, attributes, body)

/// Checks a policy by what SNS allows; an empty one, `{}`, wants all.
/// Errors:   invalid, with AWS's "Invalid parameter: FilterPolicy: …"; limit_exceeded never.
Result<void, ports::MessagingRefusal> check_filter_policy(std::string_view policy,
                                                          FilterScope scope);

/// Whether a policy wants all there is.
bool is_for_all(std::string_view policy);

/// The attributes as an object that filters are asked of: a String is a string, a Number a number,
/// a String.Array a list; Binary stays out.
/// Requires: attributes that were accepted.
std::string attributes_as_json(ports::MessageAttributes const& attributes);

/// Whether a text is what a Number or a String.Array must be.
bool is_number(std::string_view text);
bool is_array_of_scalars(std::string_view text);

} // namespace kontor::topics
