#include "adapters/aws_wire/messaging_texts.hpp"

namespace kontor::aws_wire {
namespace {

using ports::MessagingFault;

WireError made(std::string_view code, std::string const& what, std::uint16_t status = 400) {
    return {std::string(code), {}, what, status, status < 500};
}

bool is_of_parameter(WireError const& error) {
    return error.code == "MissingParameter" || error.code == "InvalidParameterValue";
}

} // namespace

WireError in_words_of_events(WireError error) {
    if (is_of_parameter(error))
        error.code = "ValidationException";
    return error;
}

WireError in_words_of_sns(WireError error) {
    if (is_of_parameter(error))
        error.code = "InvalidParameter";
    if (error.code == "AccessDeniedException")
        error.query_code = "AuthorizationError";
    else if (error.query_code.starts_with("AWS.SimpleQueueService."))
        error.query_code.clear(); // SNS has the name alone
    return error;
}

WireError events_error(ports::MessagingRefusal const& refusal) {
    auto const& what = refusal.what;
    switch (refusal.fault) {
    case MessagingFault::not_found: return made("ResourceNotFoundException", what);
    case MessagingFault::already_exists: return made("ResourceAlreadyExistsException", what);
    case MessagingFault::invalid:
    case MessagingFault::unsupported: return made("ValidationException", what);
    case MessagingFault::invalid_pattern: return made("InvalidEventPatternException", what);
    case MessagingFault::limit_exceeded: return made("LimitExceededException", what);
    case MessagingFault::concurrent_modification:
        return made("ConcurrentModificationException", what);
    case MessagingFault::illegal_status: return made("IllegalStatusException", what);
    case MessagingFault::access_denied: return made("AccessDeniedException", what, 403);
    case MessagingFault::throttled: return made("ThrottlingException", what);
    case MessagingFault::unavailable: return made("InternalException", what, 500);
    }
    KONTOR_UNREACHABLE();
}

WireError sns_error(ports::MessagingRefusal const& refusal, std::string_view limit_code) {
    auto const& what = refusal.what;
    switch (refusal.fault) {
    case MessagingFault::not_found: return made("NotFound", what, 404);
    case MessagingFault::already_exists:
    case MessagingFault::invalid:
    case MessagingFault::invalid_pattern:
    case MessagingFault::illegal_status:
    case MessagingFault::unsupported: return made("InvalidParameter", what);
    case MessagingFault::limit_exceeded: return made(limit_code, what, 403);
    case MessagingFault::concurrent_modification: return made("ConcurrentAccess", what);
    case MessagingFault::access_denied: return made("AuthorizationError", what, 403);
    case MessagingFault::throttled: return made("Throttled", what, 429);
    case MessagingFault::unavailable: return made("InternalError", what, 500);
    }
    KONTOR_UNREACHABLE();
}

Wired<std::vector<ports::Tag>> read_tag_list(Params const& params) {
    KONTOR_TRY(auto const each, params.objects("Tags"));
    std::vector<ports::Tag> tags;
    for (auto const& [name, content] : each) {
        KONTOR_TRY(auto key, content.needed_text("Key"));
        KONTOR_TRY(auto value, content.text("Value"));
        tags.push_back({std::move(key), value.value_or("")});
    }
    return tags;
}

Value tag_list(std::vector<ports::Tag> const& tags) {
    auto list = Value::list();
    for (auto const& tag : tags)
        list.add(Value::object().set("Key", tag.key).set("Value", tag.value));
    return list;
}

Wired<ports::PageWish> read_page(Params const& params, std::string_view prefix) {
    ports::PageWish page;
    constexpr std::int64_t most = ports::page_items_max;
    KONTOR_TRY(auto const limit, params.number("Limit", {1, most}));
    KONTOR_TRY(page.after, read_page_token(params));
    KONTOR_TRY(auto begins, params.text(prefix));
    page.limit = static_cast<std::size_t>(limit.value_or(most));
    page.prefix = begins.value_or("");
    return page;
}

Value seconds_value(Instant at) {
    constexpr std::int64_t microseconds = 1'000'000;
    auto const count = at.unix_microseconds();
    if (count % microseconds == 0)
        return Value::integer(count / microseconds);
    return Value::fraction(static_cast<double>(count) / static_cast<double>(microseconds));
}

void set_unless_empty(Value& object, std::string_view name, std::string_view text) {
    if (!text.empty())
        object.set(name, text);
}

} // namespace kontor::aws_wire
