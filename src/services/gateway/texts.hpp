#pragma once

/// Text<Min, Max>: a text of a request with bounds on its length in bytes. No control characters,
/// and no number of a card: what people write goes into the log and stays there. A code, of a
/// parcel or a delivery, may be any digits: carriers give out numbers that look like a card's.
/// Source: PCI DSS 4.0, requirement 3: what is not stored need not be protected.

#include "codec/json_values.hpp"
#include "platform/telemetry/card_number.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace kontor::services::gateway {

enum class Wording : std::uint8_t { free, code };

template <std::size_t Min, std::size_t Max, Wording W = Wording::free>
struct Text {
    std::string value{};
    friend bool operator==(Text const&, Text const&) = default;
};

/// Why somebody decides against the rule; kept with the fact.
using Reason = Text<3, 500>;
using ShortText = Text<1, 100>;
using LongText = Text<0, 5000>;
/// The name that somebody else gave to a thing.
using CodeText = Text<1, 100, Wording::code>;

/// "^[^\\x00-\\x1f\\x7f]{3,500}$", for schemas and messages.
template <std::size_t Min, std::size_t Max>
struct TextPattern {
    static constexpr std::size_t digits_of(std::size_t number) {
        return number < 10 ? 1 : 1 + digits_of(number / 10);
    }
    static constexpr std::string_view head = "^[^\\x00-\\x1f\\x7f]{";
    static constexpr std::string_view tail = "}$";
    static constexpr std::size_t length =
        head.size() + digits_of(Min) + 1 + digits_of(Max) + tail.size();

    static constexpr std::array<char, length> made() {
        std::array<char, length> text{};
        auto* at = std::copy(head.begin(), head.end(), text.begin());
        auto const write = [&](std::size_t number) {
            at += digits_of(number);
            for (auto* digit = at; number > 0 || digit == at; number /= 10)
                *--digit = static_cast<char>('0' + number % 10);
        };
        write(Min);
        *at++ = ',';
        write(Max);
        std::copy(tail.begin(), tail.end(), at);
        return text;
    }
    static constexpr std::array<char, length> text = made();
    static constexpr std::string_view view{text.data(), text.size()};
};

} // namespace kontor::services::gateway

template <std::size_t Min, std::size_t Max, kontor::services::gateway::Wording W>
struct kontor::codec::TextForm<kontor::services::gateway::Text<Min, Max, W>> {
    using Value = services::gateway::Text<Min, Max, W>;
    static constexpr std::size_t length_max = Max;
    static constexpr std::string_view words = "text";
    /// A text that may be empty says nothing but its length.
    static constexpr std::string_view pattern =
        Min == 0 ? std::string_view() : services::gateway::TextPattern<Min, Max>::view;
    static std::string wanted() {
        constexpr std::string_view lines = Max > 1000 ? " but line breaks" : "";
        auto const bytes = Min == 0     ? "at most " + std::to_string(Max)
                           : Min == Max ? std::to_string(Max)
                                        : std::to_string(Min) + " to " + std::to_string(Max);
        return "a text of " + bytes + " bytes without control characters" + std::string(lines) +
               " is wanted";
    }
    static std::string_view text(Value const& value) { return value.value; }
    static std::optional<Value> from(std::string_view text) {
        // Only long texts have lines; elsewhere a line break could forge a header of a mail.
        bool const has_control = std::ranges::any_of(text, [](char c) {
            bool const is_line = Max > 1000 && (c == '\n' || c == '\t');
            return !is_line && ((c >= 0 && c < 0x20) || c == 0x7f);
        });
        if (text.size() < Min || text.size() > Max || has_control)
            return std::nullopt;
        return Value{std::string(text)};
    }
};

/// How a body is read is where a card's number is met; the answer does not say it back.
template <std::size_t Min, std::size_t Max, kontor::services::gateway::Wording W>
struct kontor::codec::Json<kontor::services::gateway::Text<Min, Max, W>,
                           kontor::codec::Kind::text> {
    using Value = services::gateway::Text<Min, Max, W>;
    using Form = TextForm<Value>;
    static void write(JsonWriter& to, Value const& value) { append_json_text(to.out, value.value); }
    static bool read(JsonNode node, Value& value, JsonPath const& at, JsonReading& reading) {
        return read_text(node, value, at, reading, [](std::string_view text) -> Result<Value> {
            if (W == services::gateway::Wording::free && telemetry::holds_card_number(text))
                return unexpected(Failure{
                    FailureKind::invalid,
                    "this holds what looks like the number of a card, and Kontor keeps none: leave "
                    "it out; who pays by card sends the token that the payment provider gave for "
                    "it"});
            if (auto found = Form::from(text))
                return *std::move(found);
            return unexpected(Failure{FailureKind::invalid, Form::wanted()});
        });
    }
};
