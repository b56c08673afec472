#pragma once

/// What must hold for each fact of an aggregate, and its golden samples.   Place: specs only.

#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "codec/golden_files.hpp"
#include "codec/samples.hpp"
#include "codec/stored_json.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::codec {

/// Draws seeds and sizes and calls `law`, which says what is broken, or nothing.
bool law_holds(std::string const& name,
               std::function<std::string(std::uint64_t seed, std::size_t size)> const& law);

/// Changes a byte, and cuts something off the end.
std::vector<std::uint8_t> mutate(std::vector<std::uint8_t> bytes, std::uint64_t seed);

/// Bytes that nobody wrote, small numbers often.
std::vector<std::uint8_t> noise(std::uint64_t seed);

/// encode, decode, encode; the same through JSON; and nothing that a mutation of the bytes or a cut
/// makes of them breaks the reader.
template <class Event>
std::string broken_encoding(Event const& event, std::uint64_t seed) {
    std::vector<std::uint8_t> bytes;
    auto const type = encode(event, bytes);
    auto const decoded = decode<Event>(type, bytes);
    if (!decoded)
        return to_string(decoded.error());
    auto const json = fact_to_json(event, PersonalFields::written);
    if (*decoded != event)
        return "binary gives another fact: " + json;
    auto const read = fact_from_json<Event>(type, json);
    if (!read)
        return to_string(read.error()) + " in " + json;
    if (*read != event || fact_to_json(*read, PersonalFields::written) != json)
        return "JSON gives another fact: " + json;

    auto const mutated = decode<Event>(type, mutate(bytes, seed));
    if (!mutated)
        return mutated.error().kind == FailureKind::corrupt ? "" : to_string(mutated.error());
    std::vector<std::uint8_t> again;
    encode(*mutated, again);
    if (fact_to_json(*mutated, PersonalFields::written).empty())
        return "no JSON";
    auto const decoded_again = decode<Event>(type, again);
    return decoded_again && *decoded_again == *mutated ? "" : "a mutated fact is not stable";
}

template <class Event>
std::string broken_by_noise(std::uint64_t seed) {
    auto const bytes = noise(seed);
    for (auto const& row : event_types()) {
        auto const read = decode<Event>(row.type, bytes);
        if (read || read.error().kind == FailureKind::corrupt ||
            read.error().kind == FailureKind::unsupported)
            continue;
        return to_string(read.error());
    }
    return {};
}

/// Calls `visit(type_identity<Fact>)` for each fact of the variant.
template <class Event, class Visitor>
void for_each_fact(Visitor&& visit) {
    [&]<class... Facts>(std::type_identity<std::variant<Facts...>>) {
        (visit(std::type_identity<Facts>{}), ...);
    }(std::type_identity<Event>{});
}

template <class Event>
void check_laws() {
    for_each_fact<Event>([]<class Fact>(std::type_identity<Fact>) {
        auto const name = std::string(find_event_type(event_type<Fact>)->name);
        EXPECT_TRUE(law_holds(name, [](std::uint64_t seed, std::size_t size) {
            RandomSamples source(seed, size);
            return broken_encoding(Event(make_sample<Fact>(source)), seed);
        })) << name;
    });
    EXPECT_TRUE(law_holds("noise gives a fact or a fault", [](std::uint64_t seed, std::size_t) {
        return broken_by_noise<Event>(seed);
    }));
}

/// Each fact has two golden samples: with all its optional fields, and with none; and one more for
/// each time that fields were added at its end, so the latest whole one has all of them. Missing
/// ones are written when KONTOR_WRITE_GOLDEN is set; none is ever changed.
template <class Event>
void add_missing_samples() {
    for_each_fact<Event>([]<class Fact>(std::type_identity<Fact>) {
        auto const& row = *find_event_type(event_type<Fact>);
        auto const sample = [&](bool with_optionals, std::vector<std::uint8_t>& bytes) {
            PlainSamples source(with_optionals);
            Event const event = make_sample<Fact>(source);
            EXPECT_EQ(encode(event, bytes), row.type);
            return fact_to_json(event, PersonalFields::written);
        };
        std::vector<std::uint8_t> bare;
        GoldenFiles::bare(row).add_if_missing(sample(false, bare), bare);
        std::vector<std::uint8_t> bytes;
        auto const json = sample(true, bytes);
        auto latest = GoldenFiles::whole(row);
        latest.add_if_missing(json, bytes);
        for (std::size_t times = 1; latest.exist() && latest.json() != json; ++times) {
            latest = GoldenFiles::grown(row, times);
            latest.add_if_missing(json, bytes);
        }
        EXPECT_TRUE(latest.exist() && GoldenFiles::bare(row).exist())
            << latest.stem() << " is not there: run once with KONTOR_WRITE_GOLDEN=1";
    });
}

} // namespace kontor::codec
