#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/remote_views.hpp"
#include "programs/kontor/streams.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <thread>

namespace kontor::programs {
namespace {

constexpr auto shop_look_every = std::chrono::milliseconds(200);
constexpr int page_rows = 200;

Outcome show_health(Program& program, bool waits) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const alive, remote.get("/healthz"));
    for (;;) {
        auto const ready = remote.send({"GET", "/readyz"});
        if (ready) {
            show_remote_thing(program.output, ready->body);
            return ExitCode::ok;
        }
        if (!waits || was_interrupted())
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

Outcome tail(Program& program, TailOptions const& options) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    watch_for_interrupts();
    KONTOR_TRY(auto after, log_end(remote));
    if (options.after >= 0)
        after = static_cast<std::uint64_t>(options.after);
    std::uint64_t shown = 0;
    while (!was_interrupted() && answer_lost() == 0) {
        KONTOR_TRY(auto const facts, remote.rows(facts_path(options, after)));
        for (auto const& fact : facts) {
            print_fact(program.output, fact);
            if (answer_lost() != 0)
                break;
            if (auto const* const at = fact.if_contains("position"))
                after = static_cast<std::uint64_t>(at->to_number<std::int64_t>());
            if (++shown == options.limit)
                return ExitCode::ok;
        }
        if (facts.empty())
            std::this_thread::sleep_for(shop_look_every);
    }
    return ExitCode::ok;
}

} // namespace

void add_remote_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto const waits = std::make_shared<bool>(false);
    add_command(
        app, chosen,
        {"health", "Asks the server whether it lives and is ready",
         "  kontor health\n  kontor health --wait --url http://127.0.0.1:8081"},
        [waits](Program& program) { return program.output.ended(show_health(program, *waits)); })
        .add_flag("--wait", *waits, "until it is ready");
    auto const options = std::make_shared<TailOptions>();
    auto& command = add_command(app, chosen,
                                {"tail", "Shows facts as they are written down",
                                 "  kontor tail\n  kontor tail --after 0 --limit 20 --json\n"
                                 "  kontor tail --type order.placed"},
                                tail, options);
    command.add_option("--after", options->after, "from this position of the log on")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--type", options->type, "only facts of this type");
    command.add_option("--stream", options->stream, "only facts of this stream");
    command.add_option("--limit", options->limit, "so many, then it ends");
}

} // namespace kontor::programs
