#include "platform/telemetry/log_record.hpp"

#include "base/names.hpp"
#include "codec/json_text.hpp"
#include "platform/telemetry/card_number.hpp"

#include <algorithm>
#include <array>

namespace kontor::telemetry {
namespace {

constexpr std::string_view hidden = "[redacted]";

/// Fields of these names never show their value.
constexpr std::array secret_names{"authorization", "token", "cookie",  "password",  "secret",
                                  "key",           "email", "phone",   "name",      "address",
                                  "csrf",          "card",  "contact", "set-cookie"};

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// How many characters from the beginning of `text` look like a card number; 0: none.
std::size_t card_length(std::string_view text) {
    constexpr std::size_t digits_min = 13;
    constexpr std::size_t digits_max = 19;
    std::string digits;
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size() && digits.size() < digits_max; ++i) {
        if (is_digit(text[i])) {
            digits += text[i];
            length = i + 1;
        } else if ((text[i] != ' ' && text[i] != '-') || digits.empty() || !is_digit(text[i - 1])) {
            break;
        }
    }
    bool const goes_on = length < text.size() && is_word(text[length]);
    return digits.size() >= digits_min && !goes_on && is_luhn(digits) ? length : 0;
}

/// How many characters from the beginning of a word look like a key or an address; 0: none.
std::size_t secret_length(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && (is_word(text[end]) || text[end] == '.' || text[end] == '+'))
        ++end;
    for (auto const* const prefix : {"ktk_", "whsec_", "ses_"})
        if (text.starts_with(prefix))
            return end;
    if (end == 0 || end + 1 >= text.size() || text[end] != '@' || !is_word(text[end + 1]))
        return 0;
    for (++end; end < text.size() && (is_word(text[end]) || text[end] == '.'); ++end) {
    }
    return end;
}

void add_member(std::string& line, std::string_view name, std::string_view value) {
    line += line.size() > 1 ? "," : "";
    codec::append_json_text(line, name);
    line += ':';
    codec::append_json_text(line, value);
}

} // namespace

std::string redacted(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        bool const begins_word = i == 0 || !is_word(text[i - 1]);
        auto const rest = text.substr(i);
        auto const length =
            begins_word ? std::max(secret_length(rest), card_length(rest)) : std::size_t{0};
        out += length > 0 ? hidden : rest.substr(0, 1);
        i += std::max<std::size_t>(length, 1);
    }
    return out;
}

std::string to_json(LogRecord const& record) {
    std::string line = "{";
    add_member(line, "at", to_string(record.at));
    add_member(line, "level", enumerator_name(record.level));
    add_member(line, "area", record.area);
    add_member(line, "message", redacted(record.message));
    for (auto const& [name, id] :
         {std::pair("correlation_id", &record.correlation_id),
          std::pair("causation_id", &record.causation_id), std::pair("trace_id", &record.trace_id)})
        if (!id->empty())
            add_member(line, name, *id);
    for (auto const& field : record.fields)
        add_member(line, field.name,
                   std::ranges::find(secret_names, field.name) == secret_names.end()
                       ? redacted(field.value)
                       : std::string(hidden));
    return line + "}";
}

LogLimiter::Verdict LogLimiter::admit(std::string_view message, Duration now) {
    if (seen_.size() >= messages_max)
        seen_.clear();
    auto& seen = seen_[std::string(message)];
    if (now - seen.second >= Duration::seconds(1)) {
        seen.second = now;
        seen.passed = 0;
    }
    if (seen.passed >= each_second_max_) {
        ++seen.held_back;
        return {false, seen.held_back};
    }
    ++seen.passed;
    return {true, std::exchange(seen.held_back, 0)};
}

} // namespace kontor::telemetry
