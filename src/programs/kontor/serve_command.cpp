#include "programs/kontor/data_directory.hpp"
#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/notices.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_options.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include "programs/kontor/build_version.hpp"
#include "programs/kontor/streams.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

namespace kontor::programs {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto serve_look_every = std::chrono::milliseconds(20);

/// A rate as people say it: "2", "0.5".
std::string rate_of(DemoOptions const& demo) {
    return fmt::format("{:.3g}",
                       1e6 / static_cast<double>(demo.shoppers.between_orders.in_microseconds()));
}

void print_banner(ServedShop const& shop, double ready_s) {
    auto const& demo = shop.options().demo;
    auto const address = shop.address();
    answer("Kontor {} is open{}. Data {} ({}). Ready in {:.2f} s.\n", build_version,
           demo ? fmt::format(": demo shop, {} orders/s, seed {}", rate_of(*demo), demo->seed) : "",
           shop.directory(), shop.disk_state().file_system, ready_s);
    answer("  Shop     {}/\n", address.shop);
    if (shop.options().payments)
        answer("  Payments {}\n", shop.options().payments->url);
    if (!shop.options().has_developer) {
        answer("  Console  {}/\n", address.console);
    } else {
        answer("  Console  {}/#login={}  (once, within 10 minutes)\n", address.console,
               shop.login_code());
        answer("  Token    {}\n           (all four roles; also in {}/run/dev.token, which kontor "
               "finds by itself)\n",
               shop.token(), shop.directory());
    }
    if (auto const wire = shop.wire_address(); !wire.empty())
        answer("  AWS wire {}/\n", wire);
    auto const* const called = std::getenv("KONTOR_CALLED_AS");
    std::string const kontor = called == nullptr ? "kontor" : called;
    answer("Next: {0} order place --demo     {0} tail     {0} order list     Ctrl-C closes the "
           "shop\n",
           kontor);
    flush_answer();
}

void print_as_json(ServedShop const& shop, double ready_s) {
    auto const address = shop.address();
    boost::json::object banner{{"version", build_version},
                               {"shop", address.shop},
                               {"console", address.console},
                               {"data", shop.directory()},
                               {"file_system", shop.disk_state().file_system},
                               {"ready_ms", static_cast<std::int64_t>(ready_s * 1e3)}};
    if (auto const wire = shop.wire_address(); !wire.empty())
        banner["aws"] = boost::json::object{{"url", wire}, {"queues", "journal"}};
    if (shop.options().payments)
        banner["payments"] = shop.options().payments->url;
    if (shop.options().demo)
        banner["demo_seed"] = shop.options().demo->seed;
    answer("{}\n", boost::json::serialize(banner));
    flush_answer();
}

std::string demo_sentence(DemoTraffic const& demo) {
    auto const counts = demo.counts();
    return fmt::format("The demo's customers came {} times: {} orders placed, {} declined, {} "
                       "cancelled, {} sent back; {} of {} calls were refused, {} failed.",
                       counts.visits, counts.placed, counts.declined, counts.cancelled,
                       counts.returned, counts.refused, counts.calls, counts.failed);
}

/// Until somebody wants it closed, the time is over, or something has failed.
void stay_open(ServedShop& shop, double seconds) {
    auto const until = Steady::now() + std::chrono::duration_cast<Steady::duration>(
                                           std::chrono::duration<double>(seconds));
    while (!was_interrupted() && !shop.failure() && (seconds <= 0 || Steady::now() < until)) {
        if (took_hangup())
            shop.wish_reload();
        std::this_thread::sleep_for(serve_look_every);
    }
}

Outcome serve(Program& program, ServeFlags const& flags) {
    auto const begun = Steady::now();
    KONTOR_TRY(auto options, serve_options(program.settings, flags));
    watch_for_interrupts();
    watch_for_hangups();
    auto opened = ServedShop::open(program.settings, std::move(options));
    if (!opened)
        return unexpected(explained(opened.error(), program.settings.text("data.directory")));
    auto const shop = *std::move(opened);
    program.output.notice(durability_notice(shop->disk_state()));
    if (auto started = shop->start(); !started) {
        static_cast<void>(shop->drain());
        return unexpected(std::move(started).error());
    }
    auto const ready_s = std::chrono::duration<double>(Steady::now() - begun).count();
    if (program.output.options().format == Format::json)
        print_as_json(*shop, ready_s);
    else if (!program.output.options().quiet)
        print_banner(*shop, ready_s);
    if (answer_lost() != 0)
        program.output.notice("Nobody can read where the shop is open; it is open all the same.");
    stay_open(*shop, flags.seconds);
    program.output.say(shop->failure() ? "" : "Closing: what is under way is answered first.");
    auto const closing = Steady::now();
    auto const* const demo = shop->demo();
    KONTOR_TRY(shop->drain());
    if (demo != nullptr) {
        program.output.say(demo_sentence(*demo));
        if (auto const first = demo->first_failure(); !first.empty())
            program.output.notice("The first failed call of the demo: " + first);
    }
    program.output.say(fmt::format("Closed in {:.2f} s. Everything is in {}.",
                                   std::chrono::duration<double>(Steady::now() - closing).count(),
                                   shop->directory()));
    return ExitCode::ok;
}

} // namespace

void add_serve_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<ServeFlags>();
    auto const demo = std::make_shared<CLI::Option*>(nullptr);
    auto& command =
        add_command(app, chosen,
                    {"serve", "Opens the shop: HTTP for customers and operators, until Ctrl-C",
                     "  kontor serve --demo\n  kontor serve --port 9000 --data ./shop\n"
                     "  kontor serve --demo=10 --demo-seed 7 --demo-orders 1000"},
                    [flags, demo](Program& program) {
                        flags->is_demo = (*demo)->count() > 0;
                        return program.output.ended(serve(program, *flags));
                    });
    command.add_option("--port", flags->port, "the shop's port; the console has the next one")
        ->check(whole_number(0, 65533));
    command.add_option("--listen", flags->listen,
                       "the address to listen at; beyond this machine only with auth.dev = false");
    command.add_option("--payments", flags->payments,
                       "where a payment provider outside answers, like `kontor sandbox`; without "
                       "it the sandbox inside takes the tokens");
    *demo = command.add_option("--demo", flags->orders_a_second,
                               "lets customers in: so many orders a second (2)");
    (*demo)->expected(0, 1);
    command.add_option("--demo-seed", flags->demo_seed, "who comes and what they want (42)");
    command.add_option("--demo-orders", flags->demo_orders, "after so many nobody comes any more");
    command.add_option("--for", flags->seconds, "closes by itself after so many seconds");
}

} // namespace kontor::programs
