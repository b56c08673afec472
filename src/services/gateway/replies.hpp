#pragma once

/// The small pieces of which the code of routes is made: typed bodies in, typed answers out.
/// Thread: the edge's.

#include "services/gateway/asked.hpp"

#include "codec/json.hpp"

#include <string>

namespace kontor::services::gateway {

/// Up to here a stream is read when no version is asked for.
inline constexpr ports::StreamVersion newest(~std::uint64_t{0});

/// The typed body.   Errors: body_invalid, with the place.
template <class Body>
Result<Body, Trouble> body_of(Asked const& asked) {
    auto body = codec::from_json<Body>(asked.body, codec::UnknownKeys::refused);
    if (!body)
        return unexpected(bad_field(body.error().where, body.error().what));
    return *std::move(body);
}

/// What the path names.   Errors: the problem: what cannot be a name names nothing.
template <class Name>
Result<Name, Trouble> path_value(Asked const& asked, std::size_t index, ProblemName unknown) {
    auto parsed = Name::parse(asked.path[index]);
    if (!parsed)
        return unexpected(trouble(unknown));
    return *std::move(parsed);
}

/// A text that says something; empty: it does not.
inline std::optional<std::string> if_said(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(std::string(text));
}

/// Digits alone, of a number that JSON keeps exactly; empty: it is none.
std::optional<std::uint64_t> number_in(std::string_view text);

/// Empty: not asked for.   Errors: parameter_invalid.
template <class Value>
Result<std::optional<Value>, Trouble> parsed_parameter(Asked const& asked, std::string_view name) {
    auto const text = asked.parameter(name);
    if (!text)
        return std::optional<Value>();
    auto parsed = Value::parse(*text);
    if (!parsed)
        return unexpected(bad_parameter(std::string(name), parsed.error().what));
    return std::optional<Value>(*std::move(parsed));
}
/// Errors: parameter_invalid.
Result<std::optional<std::uint64_t>, Trouble> number_parameter(Asked const& asked,
                                                               std::string_view name);
/// Likewise, in minor units or pieces.   Errors: parameter_invalid.
inline Result<std::optional<std::int64_t>, Trouble> amount_parameter(Asked const& asked,
                                                                     std::string_view name) {
    KONTOR_TRY(auto const number, number_parameter(asked, name));
    return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
}
/// "true" or "false".   Errors: parameter_invalid.
Result<std::optional<bool>, Trouble> truth_parameter(Asked const& asked, std::string_view name);
/// Errors: parameter_invalid.
Result<std::optional<Instant>, Trouble> time_parameter(Asked const& asked, std::string_view name);
/// Errors: parameter_invalid (it names what it may be).
template <DescribedEnum E>
Result<std::optional<E>, Trouble> enum_parameter(Asked const& asked, std::string_view name) {
    auto const text = asked.parameter(name);
    if (!text)
        return std::optional<E>();
    std::optional<E> found;
    std::string names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
        auto const word = codec::stored_name(enumerator.name);
        names += (names.empty() ? "" : ", ") + std::string(word);
        if (word == *text)
            found = enumerator.value;
    });
    if (!found)
        return unexpected(bad_parameter(std::string(name), "one of " + names + " is wanted"));
    return found;
}

Reply json_reply(std::uint16_t status, std::string body);

template <class T>
Reply json_reply(std::uint16_t status, T const& answer,
                 codec::PersonalFields personal = codec::PersonalFields::withheld) {
    return json_reply(status, codec::to_json(answer, personal));
}

/// Adds one more member to an object, which has some already.   Shape: both are JSON.
inline void add_member(std::string& object, std::string_view name, std::string_view json) {
    object.pop_back();
    object.append(",\"").append(name).append("\":").append(json) += '}';
}

/// `{"data":[…]}`: a list that is never long.
template <class T>
Reply list_reply(std::vector<T> const& answers) {
    return json_reply(200, R"({"data":)" + codec::to_json(answers) + "}");
}

/// `"v7"`
std::string etag_of(std::uint64_t version);

/// It stands at another version than the caller read.
Trouble version_trouble(std::uint64_t current);

/// The answer with its version as ETag.
template <class T>
Reply versioned_reply(Asked const& asked, std::uint16_t status, T const& answer) {
    auto reply = json_reply(status, answer, asked.personal_fields());
    reply.headers.add("ETag", etag_of(answer.version));
    return reply;
}

/// The failure of a read as a problem.   Errors: the problem of the failure's kind.
template <class T>
Result<T, Trouble> or_trouble(Result<T> result) {
    if (!result)
        return unexpected(trouble_of(result.error()));
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return *std::move(result);
}

/// The id of a thing that a command makes: of this time, else as derived, so that a repetition
/// finds the same as long as the time is the same.
template <class Id>
Id id_at(Id128 time_of, CommandId command, std::string_view noun) {
    auto const derived = derive_id<Id>(command, noun).value();
    constexpr std::uint64_t rest = 0xffff;
    return Id(Id128((time_of.high() & ~rest) | (derived.high() & rest), derived.low()));
}
/// Only the time of it counts.
Id128 time_id(Instant at);

/// A write to one aggregate.
template <class Aggregate>
Write write_to(typename Aggregate::Key key, typename Aggregate::Fold::Command command,
               std::uint16_t status, Render render) {
    Write write;
    write.shows = Aggregate::stream(key);
    write.status = status;
    write.render = render;
    Compound compound;
    compound.commands.push_back(On<Aggregate>{std::move(key), std::move(command)});
    write.work = std::move(compound);
    return write;
}

/// What If-Match says, of the stream that the write shows.
inline void expect_what_was_read(Write& write, Asked const& asked) {
    if (!asked.if_match.empty())
        write.expected = commands::ExpectedStream{write.shows, asked.if_match.front()};
}

/// Of several versions that the caller would take, the one that stands there now: the desk asks for
/// that one and no other.
void expect_what_stands_there(Write& write, Asked const& asked, ports::EventStore& log);

} // namespace kontor::services::gateway
