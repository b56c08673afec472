#include "programs/kontor/sandbox_command.hpp"

#include "adapters/http/edge.hpp"
#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/payment_secrets.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_ports.hpp"
#include "programs/kontor/streams.hpp"
#include "programs/kontor/typed_numbers.hpp"
#include "programs/sandbox/provider_exchange.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <thread>

namespace kontor::programs {
namespace {

using Steady = std::chrono::steady_clock;

/// How often the provider looks whether something has become due.
constexpr auto sandbox_look_every = std::chrono::milliseconds(2);

/// Letters that tell one life of the provider from the next.
constexpr std::size_t life_letters = 10;

struct SandboxFlags {
    std::uint16_t port{8070};
    std::string webhooks{"http://127.0.0.1:8080/v1/payments/webhooks/sandbox"};
    std::string secrets{"./kontor-sandbox"};
    std::uint64_t seed{42};
    double again_seconds{60};
    double seconds{0};
};

Result<std::unique_ptr<http::Edge>, Trouble> listen(SandboxFlags const& flags,
                                                    ProviderExchange& exchange, Clock& clock) {
    http::EdgeOptions options;
    options.listeners = {{services::Listener::shop, "127.0.0.1", flags.port}};
    options.seed = static_cast<std::uint64_t>(clock.now().unix_microseconds());
    auto edge = http::Edge::open(std::move(options), exchange, clock);
    if (edge)
        return *std::move(edge);
    if (edge.error().kind != FailureKind::conflict)
        return unexpected(Trouble(edge.error()));
    auto const holder = holder_of_port(flags.port);
    return unexpected(Trouble("port_busy", {FailureKind::unavailable,
                                            fmt::format("port {} is in use{}", flags.port,
                                                        holder.empty() ? "" : " by " + holder),
                                            edge.error().where}));
}

void print_banner(Program const& program, SandboxFlags const& flags, std::uint16_t port) {
    auto const url = fmt::format("http://127.0.0.1:{}", port);
    if (program.output.options().format == Format::json) {
        answer("{}\n",
               boost::json::serialize(boost::json::object{
                   {"url", url}, {"secrets", flags.secrets}, {"webhooks", flags.webhooks}}));
    } else if (!program.output.options().quiet) {
        answer("The sandbox provider is open at {}. It keeps its book in memory: when it "
               "stops, every payment is forgotten.\n"
               "  Secrets   {}  (api.key, webhook.secrets)\n"
               "  Webhooks  to {}\n"
               "Next: kontor serve --payments {}     Ctrl-C stops the provider\n",
               url, flags.secrets, flags.webhooks, url);
    }
    flush_answer();
}

void stay_open(http::Edge& edge, double seconds) {
    auto const until = Steady::now() + std::chrono::duration_cast<Steady::duration>(
                                           std::chrono::duration<double>(seconds));
    while (!was_interrupted() && (seconds <= 0 || Steady::now() < until)) {
        std::this_thread::sleep_for(sandbox_look_every);
        edge.wake();
    }
}

Outcome open_sandbox(Program& program, SandboxFlags const& flags) {
    KONTOR_TRY(make_payment_secrets(flags.secrets));
    KONTOR_TRY(auto secrets, read_payment_secrets(flags.secrets));
    watch_for_interrupts();
    auto& clock = program.clock;
    auto const again = Duration::microseconds(static_cast<std::int64_t>(flags.again_seconds * 1e6));
    payments::Sandbox sandbox(clock, Random(flags.seed).fork("provider"),
                              {.webhook_again_after = again});
    std::unique_ptr<WebhookSender> sender;
    if (!flags.webhooks.empty()) {
        WebhookTarget target{flags.webhooks, std::move(secrets.webhooks),
                             "msg_" + random_word(life_letters) + "_"};
        KONTOR_TRY(sender, WebhookSender::open(std::move(target), clock));
    }
    ProviderExchange exchange(sandbox, std::move(secrets.key), sender.get());
    KONTOR_TRY(auto const edge, listen(flags, exchange, clock));
    Result<void> ran;
    std::thread thread([&] { ran = edge->run(); });
    print_banner(program, flags, edge->port(services::Listener::shop));
    stay_open(*edge, flags.seconds);
    edge->drain();
    thread.join();
    KONTOR_TRY(ran);
    program.output.say(fmt::format("The sandbox provider has stopped; payments in its book, now "
                                   "forgotten: {}.",
                                   sandbox.payments()));
    return ExitCode::ok;
}

} // namespace

void add_sandbox_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<SandboxFlags>();
    auto& command = add_command(
        app, chosen,
        {"sandbox",
         "Opens a payment provider to try things out with, as a process of its own. It takes test "
         "tokens, reports by signed webhooks, and keeps its book in memory: whoever stops it makes "
         "it forget every payment",
         "  kontor sandbox\n  kontor serve --payments http://127.0.0.1:8070\n"
         "  curl -H \"Authorization: Bearer $(cat kontor-sandbox/api.key)\" "
         "http://127.0.0.1:8070/v1/book"},
        open_sandbox, flags);
    command.add_option("--port", flags->port, "where it listens, on this machine alone (8070)");
    command.add_option("--webhooks", flags->webhooks,
                       "where the shop takes reports; empty: nobody is told");
    command.add_option("--secrets", flags->secrets,
                       "the directory of api.key and webhook.secrets; made if they are not there");
    command
        .add_option("--again", flags->again_seconds,
                    "seconds until a report that was not taken comes again, then twice as long "
                    "each time (60)")
        ->check(number_between(0.01, 3600));
    command.add_option("--seed", flags->seed, "of the provider's dice (42)");
    command.add_option("--for", flags->seconds, "stops by itself after so many seconds");
}

} // namespace kontor::programs
