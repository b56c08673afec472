#pragma once

/// What buses and topics say, on the wire: refusals, tags, pages, times.   Thread: any.

#include "adapters/aws_wire/page_tokens.hpp"
#include "adapters/aws_wire/params.hpp"
#include "ports/messaging_words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::aws_wire {

/// What was refused while parameters were read, in the words of a service that has its own:
/// EventBridge and SNS have one for each parameter that is missing or cannot be.
WireError in_words_of_events(WireError error);
WireError in_words_of_sns(WireError error);

/// In EventBridge's words.
WireError events_error(ports::MessagingRefusal const& refusal);

/// In SNS's words. `limit_code`: what of theirs was exceeded, if it was that.
WireError sns_error(ports::MessagingRefusal const& refusal,
                    std::string_view limit_code = "TopicLimitExceeded");

/// Errors: SerializationException, ValidationException (a tag without key).
Wired<std::vector<ports::Tag>> read_tag_list(Params const& params);
Value tag_list(std::vector<ports::Tag> const& tags);

/// `Limit`, `NextToken` and the prefix of that name.
/// Errors: SerializationException, InvalidParameterValue.
Wired<ports::PageWish> read_page(Params const& params, std::string_view prefix);

/// As JSON has times: seconds since 1970.
Value seconds_value(Instant at);

/// Sets a member unless its text is empty.
void set_unless_empty(Value& object, std::string_view name, std::string_view text);

/// A page of a list, each item shown by `show`.
template <class Item, class Show>
Value page_value(ports::Page<Item> const& page, std::string_view member, Show show) {
    auto list = Value::list();
    for (auto const& item : page.items)
        list.add(show(item));
    auto object = Value::object();
    object.set(member, std::move(list));
    set_unless_empty(object, "NextToken", page_token(page.next));
    return object;
}

} // namespace kontor::aws_wire
