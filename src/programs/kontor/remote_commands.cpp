#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/remote_views.hpp"
#include "programs/kontor/streams.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <thread>

namespace kontor::programs {
namespace {

constexpr auto shop_look_every = std::chrono::milliseconds(200);
constexpr int page_rows = 200;

struct HealthOptions {
    bool waits{false};
    double within_s{60};
};

/// What a server that is there and ready says of itself.
Result<boost::json::value, Trouble> health_of(Program const& program) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(remote.get("/healthz"));
    return remote.get("/readyz");
}

/// With `waits`, also one that is not there yet: it is looked for anew each time.
Outcome show_health(Program& program, HealthOptions const& options) {
    auto const until = program.clock.monotonic() +
                       Duration::milliseconds(static_cast<std::int64_t>(options.within_s * 1'000));
    for (;;) {
        auto const ready = health_of(program);
        if (ready) {
            show_remote_thing(program.output, *ready);
            return ExitCode::ok;
        }
        if (!options.waits || program.clock.monotonic() >= until)
            return unexpected(ready.error());
        std::this_thread::sleep_for(shop_look_every);
    }
}

struct TailOptions {
    std::int64_t after{-1}; ///< a position; -1: the end
    std::string type;
    std::string stream;
    std::uint64_t limit{0}; ///< 0: until Ctrl-C
};

void print_fact(Output const& output, boost::json::object const& fact) {
    if (output.options().format == Format::json)
        answer("{}\n", boost::json::serialize(fact));
    else
        answer("{:>9}  {}  {:<28} {}\n", text_in(fact, "position"), text_in(fact, "recorded_at"),
               text_in(fact, "type"), text_in(fact, "stream"));
    flush_answer();
}

std::string facts_path(TailOptions const& options, std::uint64_t after) {
    auto path = fmt::format("/v1/events?after={}&limit={}", after, page_rows);
    if (!options.type.empty())
        path += "&type=" + options.type;
    if (!options.stream.empty())
        path += "&stream=" + encoded(options.stream);
    return path;
}

/// Where the log ends, as the server's answers say.
Result<std::uint64_t, Trouble> log_end(Remote& remote) {
    KONTOR_TRY(auto const about, remote.get("/v1"));
    auto const* const object = about.if_object();
    auto const* const position = object == nullptr ? nullptr : object->if_contains("position");
    return position != nullptr && position->is_int64()
               ? static_cast<std::uint64_t>(position->get_int64())
               : std::uint64_t{0};
}

/// Where a fact stands in what is followed: in the log, or in the stream.
std::uint64_t place_of(boost::json::object const& fact, TailOptions const& options,
                       std::uint64_t otherwise) {
    auto const* const at = fact.if_contains(options.stream.empty() ? "position" : "version");
    return at == nullptr ? otherwise : static_cast<std::uint64_t>(at->to_number<std::int64_t>());
}

/// Where what is followed begins: as it was asked, or where it ends now.
Result<std::uint64_t, Trouble> first_place(Remote& remote, TailOptions const& options) {
    if (options.after >= 0)
        return static_cast<std::uint64_t>(options.after);
    if (options.stream.empty())
        return log_end(remote);
    for (std::uint64_t after = 0;;) {
        KONTOR_TRY(auto const facts, remote.rows(facts_path(options, after)));
        if (facts.empty())
            return after;
        after = place_of(facts.back(), options, after + facts.size());
    }
}

Outcome tail(Program& program, TailOptions const& options) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    watch_for_interrupts();
    KONTOR_TRY(auto after, first_place(remote, options));
    std::uint64_t shown = 0;
    while (!was_interrupted() && answer_lost() == 0) {
        KONTOR_TRY(auto const facts, remote.rows(facts_path(options, after)));
        for (auto const& fact : facts) {
            print_fact(program.output, fact);
            if (answer_lost() != 0)
                break;
            after = place_of(fact, options, after);
            if (++shown == options.limit)
                return ExitCode::ok;
        }
        if (facts.empty())
            std::this_thread::sleep_for(shop_look_every);
    }
    return was_interrupted() ? ExitCode::interrupted : ExitCode::ok;
}

} // namespace

void add_remote_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto const asked = std::make_shared<HealthOptions>();
    auto& health = add_command(app, chosen,
                               {"health", "Asks the server whether it lives and is ready",
                                "  kontor health\n"
                                "  kontor health --wait --within 30 --url http://127.0.0.1:8081"},
                               show_health, asked);
    health.add_flag("--wait", asked->waits, "until it is ready, also when it has yet to start");
    health.add_option("--within", asked->within_s, "so many seconds is it waited for (60)")
        ->check(number_between(0.1, 3600));
    auto const options = std::make_shared<TailOptions>();
    auto& command = add_command(app, chosen,
                                {"tail", "Shows facts as they are written down",
                                 "  kontor tail\n  kontor tail --after 0 --limit 20 --json\n"
                                 "  kontor tail --type order.placed"},
                                tail, options);
    command
        .add_option("--after", options->after,
                    "from this position of the log on, or with --stream from this version on")
        ->check(whole_number());
    command.add_option("--type", options->type, "only facts of this type");
    command.add_option("--stream", options->stream, "only facts of this stream");
    command.add_option("--limit", options->limit, "so many, then it ends");
}

} // namespace kontor::programs
