#include "programs/kontor/progress.hpp"

#include "programs/kontor/streams.hpp"

#include <fmt/core.h>

#include <unistd.h>

namespace kontor::programs {
namespace {

/// "950", "12.3k", "1.9M": three figures are enough for a glance.
std::string short_number(double number) {
    if (number < 10'000)
        return fmt::format("{:.0f}", number);
    if (number < 1'000'000)
        return fmt::format("{:.1f}k", number / 1e3);
    return fmt::format("{:.1f}M", number / 1e6);
}

std::string bar(double share) {
    constexpr int width = 12;
    auto const full = static_cast<int>(share * width);
    std::string text(static_cast<std::size_t>(full), '=');
    if (full < width)
        text += '>';
    text.resize(width, ' ');
    return "[" + text + "]";
}

} // namespace

Result<ProgressStyle> parse_progress_style(std::string_view text) {
    if (text == "auto")
        return ProgressStyle::automatic;
    if (text == "plain")
        return ProgressStyle::plain;
    if (text == "json")
        return ProgressStyle::json;
    if (text == "off")
        return ProgressStyle::off;
    return unexpected(
        Failure{FailureKind::invalid, "progress is auto, plain, json or off", "output.progress"});
}

Progress::Progress(Clock& clock, ProgressStyle style, std::string what, std::string unit,
                   std::uint64_t total)
    : clock_(clock), style_(style),
      terminal_(style == ProgressStyle::automatic && isatty(STDERR_FILENO) == 1),
      what_(std::move(what)), unit_(std::move(unit)), total_(total), start_(clock.monotonic()) {}

Progress::~Progress() {
    if (!drawn_)
        return;
    draw(clock_.monotonic() - start_);
    if (terminal_)
        tell("\n");
}

void Progress::reached(std::uint64_t done) {
    done_ = done;
    if (style_ == ProgressStyle::off)
        return;
    auto const elapsed = clock_.monotonic() - start_;
    auto const every = terminal_ ? Duration::milliseconds(100) : Duration::seconds(10);
    auto const first = terminal_ ? Duration::seconds(1) : every;
    if (elapsed >= first && (!drawn_ || elapsed - *drawn_ >= every))
        draw(elapsed);
}

void Progress::draw(Duration elapsed) {
    drawn_ = elapsed;
    if (style_ == ProgressStyle::json)
        tell(fmt::format(
            "{{\"work\":\"{}\",\"unit\":\"{}\",\"done\":{},\"total\":{},\"elapsed_ms\":{}}}\n",
            what_, unit_, done_, total_, elapsed.in_milliseconds()));
    else if (terminal_)
        tell(fmt::format("\r{}\033[K", line(elapsed)));
    else
        tell(fmt::format("{}\n", line(elapsed)));
}

std::string Progress::line(Duration elapsed) const {
    auto const seconds = static_cast<double>(elapsed.in_microseconds()) / 1e6;
    auto const rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
    auto const done = static_cast<double>(done_);
    if (total_ == 0)
        return fmt::format("{} {} {}  {}/s", what_, short_number(done), unit_, short_number(rate));
    auto const share = std::min(1.0, done / static_cast<double>(total_));
    auto const left = rate > 0 ? static_cast<int>((static_cast<double>(total_) - done) / rate) : 0;
    return fmt::format("{} {} {:3.0f}%  {}/{} {}  {}/s  {}:{:02} left", what_, bar(share),
                       share * 100, short_number(done), short_number(static_cast<double>(total_)),
                       unit_, short_number(rate), left / 60, left % 60);
}

} // namespace kontor::programs
