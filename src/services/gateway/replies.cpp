#include "services/gateway/replies.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::services::gateway {

Actor Asked::actor() const {
    auto const kind = caller.roles.has(Role::support) || caller.roles.has(Role::operations)
                          ? ActorKind::operator_
                      : caller.roles.has(Role::service) ? ActorKind::service
                                                        : ActorKind::customer;
    return {kind, caller.name};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, number);
    constexpr std::uint64_t exact_in_json = std::uint64_t{1} << 53;
    bool const is_number = error == std::errc{} && at == end && number < exact_in_json;
    return is_number ? std::optional(number) : std::nullopt;
}

Result<std::optional<std::uint64_t>, Trouble> number_parameter(Asked const& asked,
                                                               std::string_view name) {
    auto const text = asked.parameter(name);
    if (!text)
        return std::optional<std::uint64_t>();
    auto const number = number_in(*text);
    if (!number)
        return unexpected(bad_parameter(std::string(name), "a whole number is wanted"));
    return number;
}

Result<std::optional<bool>, Trouble> truth_parameter(Asked const& asked, std::string_view name) {
    auto const text = asked.parameter(name);
    if (text && *text != "true" && *text != "false")
        return unexpected(bad_parameter(std::string(name), "true or false is wanted"));
    return text ? std::optional(*text == "true") : std::nullopt;
}

Result<std::optional<Instant>, Trouble> time_parameter(Asked const& asked, std::string_view name) {
    auto const text = asked.parameter(name);
    if (!text)
        return std::optional<Instant>();
    auto const parsed = parse_instant(*text);
    if (!parsed)
        return unexpected(bad_parameter(std::string(name), parsed.error().what));
    return std::optional(*parsed);
}

Reply json_reply(std::uint16_t status, std::string body) {
    Reply reply;
    reply.status = status;
    reply.headers.add("Content-Type", "application/json");
    reply.headers.add("Cache-Control", "no-store");
    reply.body = std::move(body);
    return reply;
}

std::string etag_of(std::uint64_t version) {
    return "\"v" + std::to_string(version) + "\"";
}

Trouble version_trouble(std::uint64_t current) {
    auto found = trouble("version_differs");
    found.members = ",\"current_version\":" + std::to_string(current);
    found.headers.emplace_back("ETag", etag_of(current));
    return found;
}

Id128 time_id(Instant at) {
    return {static_cast<std::uint64_t>(at.unix_milliseconds()) << 16, 0};
}

void expect_what_stands_there(Write& write, Asked const& asked, ports::EventStore& log) {
    auto const& versions = asked.if_match;
    if (!write.expected || versions.size() < 2)
        return;
    auto const current = log.head(write.expected->stream);
    if (current && std::ranges::find(versions, *current) != versions.end())
        write.expected->version = *current;
}

} // namespace kontor::services::gateway
