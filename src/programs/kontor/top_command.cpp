#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/remote_views.hpp"
#include "programs/kontor/streams.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>
#include <unistd.h>

namespace kontor::programs {
namespace {

constexpr auto keys_look_every = std::chrono::milliseconds(100); ///< for Ctrl-C

struct TopOptions {
    double interval{2};     ///< seconds
    std::uint64_t shown{0}; ///< pictures, then it ends; 0: until Ctrl-C
};

/// What the shop said of itself at one moment.
struct Picture {
    boost::json::object overview;
    std::vector<boost::json::object> services;
    Duration at{};

    double number(std::string_view name) const {
        auto const* const value = overview.if_contains(name);
        return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
    }
    bool is_ready() const {
        auto const* const ready = overview.if_contains("ready");
        return ready != nullptr && ready->is_bool() && ready->get_bool();
    }
    /// Facts a second since then; negative: it cannot be said.
    double facts_per_second(Picture const& before) const {
        auto const seconds = static_cast<double>((at - before.at).in_microseconds()) / 1e6;
        return seconds <= 0 ? -1 : (number("position") - before.number("position")) / seconds;
    }
};

Result<Picture, Trouble> look(Remote& remote, Clock& clock) {
    Picture picture;
    KONTOR_TRY(auto overview, remote.get("/v1/ops/overview"));
    if (overview.is_object())
        picture.overview = std::move(overview.get_object());
    KONTOR_TRY(picture.services, remote.rows("/v1/ops/services"));
    picture.at = clock.monotonic();
    return picture;
}

std::string pace(double per_second) {
    return per_second < 0 ? "-" : fmt::format("{:.0f}/s", per_second);
}

/// One line, for a log.
std::string line_of(Picture const& picture, double per_second) {
    std::string missing;
    if (auto const* const degraded = picture.overview.if_contains("degraded");
        degraded != nullptr && degraded->is_array())
        for (auto const& each : degraded->get_array())
            missing += "  WITHOUT " + readable(each);
    return fmt::format(
        "{}  position {:.0f}  facts {}  open orders {:.0f}  lag {:.0f}  free {:.1f} GiB{}",
        picture.is_ready() ? "ready" : "NOT READY", picture.number("position"), pace(per_second),
        picture.number("open_orders"), picture.number("lag_events_max"),
        picture.number("disk_free_bytes") / (1U << 30), missing);
}

/// The whole screen, for a person.
std::string screen_of(Picture const& picture, double per_second, std::string const& url) {
    auto text =
        fmt::format("Kontor at {}: {}\n\n", url, picture.is_ready() ? "ready" : "NOT READY");
    for (auto const* const member : {"unready", "degraded"})
        if (auto const* const why = picture.overview.if_contains(member);
            why != nullptr && why->is_array())
            for (auto const& each : why->get_array())
                text += fmt::format("  {}{}\n",
                                    std::string_view(member) == "degraded" ? "without " : "",
                                    readable(each));
    text += fmt::format(
        "facts        {:>14.0f}   {}\nopen orders  {:>14.0f}\nfree disk    {:>10.1f} GiB\n",
        picture.number("position"), pace(per_second), picture.number("open_orders"),
        picture.number("disk_free_bytes") / (1U << 30));
    if (auto const* const shed = picture.overview.if_contains("shed");
        shed != nullptr && shed->is_object()) {
        text += "refused early";
        for (auto const& [kind, count] : shed->get_object())
            text += fmt::format("  {} {}", std::string_view(kind), readable(count));
        text += fmt::format("; too late to matter {:.0f}\n", picture.number("deadline_dropped"));
    }
    text += fmt::format("\n{:<28} {:<8} {:>12} {:>10}\n", "who follows or is asked", "health",
                        "waiting", "ms late");
    for (auto const& service : picture.services)
        text += fmt::format("{:<28} {:<8} {:>12} {:>10}\n", text_in(service, "name"),
                            text_in(service, "health"), text_in(service, "lag_events"),
                            text_in(service, "lag_ms"));
    return text + "\nCtrl-C ends this; the shop goes on.\n";
}

void show(Program const& program, Picture const& picture, double per_second,
          std::string const& url) {
    constexpr std::string_view clear = "\x1b[H\x1b[2J";
    if (program.output.options().format == Format::json) {
        auto object = picture.overview;
        if (per_second >= 0)
            object["facts_per_s"] = per_second;
        program.output.object(object);
    } else if (::isatty(STDOUT_FILENO) != 0 && program.output.options().format == Format::table) {
        answer("{}{}", clear, screen_of(picture, per_second, url));
    } else {
        answer("{}\n", line_of(picture, per_second));
    }
    flush_answer();
}

void rest(double seconds) {
    auto const until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < until && !was_interrupted())
        std::this_thread::sleep_for(keys_look_every);
}

Outcome top(Program& program, TopOptions const& options) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    watch_for_interrupts();
    Picture before;
    for (std::uint64_t shown = 1; !was_interrupted() && answer_lost() == 0; ++shown) {
        KONTOR_TRY(auto picture, look(remote, program.clock));
        show(program, picture, shown == 1 ? -1 : picture.facts_per_second(before), remote.url());
        if (shown == options.shown)
            break;
        before = std::move(picture);
        rest(options.interval);
    }
    return was_interrupted() ? ExitCode::interrupted : ExitCode::ok;
}

} // namespace

void add_top_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const options = std::make_shared<TopOptions>();
    auto& command = add_command(app, chosen,
                                {"top", "Shows how a running shop is doing, again and again",
                                 "  kontor top\n  kontor top --every 10 --count 6\n"
                                 "  kontor top --count 1 --json"},
                                top, options);
    command.add_option("--every", options->interval, "seconds between two looks (2)")
        ->check(number_between(0.2, 3600));
    command.add_option("--count", options->shown, "so many looks, then it ends");
}

} // namespace kontor::programs
