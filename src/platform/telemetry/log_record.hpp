#pragma once

/// LogRecord: one line of the log, as a value. Its text is JSON with a fixed schema, and redacted:
/// no key, card number, address or name of a person leaves in a log, whoever wrote the line.
/// Source: RELIABILITY section 11, logs.

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kontor::telemetry {

enum class Level : std::uint8_t { notice, warning, error };
BOOST_DESCRIBE_ENUM(Level, notice, warning, error)

struct LogField {
    std::string name;
    std::string value;
};

struct LogRecord {
    Instant at{};
    Level level{Level::notice};
    std::string area;    ///< who speaks: "edge", "desk", "demo"
    std::string message; ///< always the same words for the same thing; what varies are fields
    std::vector<LogField> fields{};
    std::string correlation_id{};
    std::string causation_id{};
    std::string trace_id{};
};

/// One line, without its end. Empty ids are left out; what may not be told is written [redacted].
std::string to_json(LogRecord const& record);

/// Text without access keys, signing secrets, e-mail addresses and numbers that could be a card's.
std::string redacted(std::string_view text);

/// Lets each message through so often a second, and counts what it held back.   Thread: one.
class LogLimiter {
public:
    explicit LogLimiter(std::uint64_t each_second_max) : each_second_max_(each_second_max) {}

    struct Verdict {
        bool may_pass;
        std::uint64_t held_back; ///< of this message, since it last passed
    };
    /// Units: `now` is monotonic.
    Verdict admit(std::string_view message, Duration now);

private:
    struct Seen {
        Duration second{};
        std::uint64_t passed{0};
        std::uint64_t held_back{0};
    };
    /// At the limit all is forgotten, and each message may pass anew.
    static constexpr std::size_t messages_max = 1024;

    std::uint64_t const each_second_max_;
    std::unordered_map<std::string, Seen> seen_;
};

} // namespace kontor::telemetry
