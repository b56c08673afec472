#pragma once

/// Progress: one line on stderr while long work goes on: redrawn ten times a second on a terminal,
/// a plain line every ten seconds elsewhere, JSON lines for programs, or nothing. Work under a
/// second shows nothing.   Thread: one.

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::programs {

enum class ProgressStyle : unsigned char { automatic, plain, json, off };

/// Errors: invalid (not auto, plain, json or off).
Result<ProgressStyle> parse_progress_style(std::string_view text);

class Progress {
public:
    /// `what`: "import", `unit`: "lines". A total of 0 means that nobody knows it.
    Progress(Clock& clock, ProgressStyle style, std::string what, std::string unit,
             std::uint64_t total);
    ~Progress();
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    void reached(std::uint64_t done);

private:
    void draw(Duration elapsed);
    std::string line(Duration elapsed) const;

    Clock& clock_;
    ProgressStyle style_;
    bool terminal_;
    std::string what_;
    std::string unit_;
    std::uint64_t total_;
    std::uint64_t done_{0};
    Duration start_;
    std::optional<Duration> drawn_;
};

} // namespace kontor::programs
