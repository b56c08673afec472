#include "adapters/swarm/swarm.hpp"
#include "base/random.hpp"
#include "platform/telemetry/latencies.hpp"
#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/serve_files.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>

namespace kontor::programs {
namespace {

struct LoadFlags {
    std::string url;
    double rate{200};
    double seconds{10};
    double warm_up{1};
    std::size_t connections{32};
    std::string mix{"orders"};
    std::uint64_t seed{42};
};

/// What is asked, as whole requests but for the key of an order.
struct LoadScript {
    std::string host; ///< with the port
    std::string token;
    std::vector<std::string> looks{};  ///< paths
    std::vector<std::string> orders{}; ///< bodies
};

constexpr std::size_t baskets = 64;
enum Kind : std::uint32_t { looking, ordering };
constexpr std::array kind_names{"look", "order"};

struct Target {
    std::string address;
    std::uint16_t port;
};

/// "http://127.0.0.1:8080"
Result<Target, Trouble> target_of(std::string const& url) {
    auto const wrong = [&] {
        return unexpected(Trouble(
            "usage", {FailureKind::invalid, "load takes http://ADDRESS:PORT of IPv4", url}));
    };
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        return wrong();
    auto const rest = std::string_view(url).substr(scheme.size());
    auto const colon = rest.find(':');
    if (colon == std::string_view::npos)
        return wrong();
    Target target{std::string(rest.substr(0, colon)), 0};
    if (target.address == "localhost")
        target.address = "127.0.0.1";
    auto const* const end = rest.data() + rest.size();
    auto const read = std::from_chars(rest.data() + colon + 1, end, target.port);
    if (read.ec != std::errc{} || (read.ptr != end && *read.ptr != '/'))
        return wrong();
    return target;
}

/// A basket with its price, as the body of an order.   Errors: as Remote::send.
Result<std::string, Trouble> order_for(Remote& remote, std::vector<std::string> const& skus,
                                       Random& dice) {
    OrderWish wish;
    for (auto n = dice.between(1, 3); n > 0; --n)
        wish.lines.push_back(
            {{"sku", skus[(dice.below(skus.size()) + static_cast<std::size_t>(n)) % skus.size()]},
             {"quantity", 1}});
    wish.name = "Load Test";
    wish.street = "1 Quay Street";
    wish.city = "Bristol";
    wish.postcode = "BS1 4DJ";
    wish.email = "load@demo.invalid";
    KONTOR_TRY(auto const quote, quoted(remote, wish));
    return boost::json::serialize(order_body(wish, quote));
}

Result<LoadScript, Trouble> write_script(Remote& remote, Target const& target, Random& dice) {
    LoadScript script;
    script.host = fmt::format("{}:{}", target.address, target.port);
    script.token = remote.token();
    KONTOR_TRY(auto const products, remote.list("/v1/products", 200));
    std::vector<std::string> skus;
    for (auto const& product : products)
        skus.push_back(readable(product.at("sku")));
    if (skus.empty())
        return unexpected(Trouble(
            "unknown_sku", {FailureKind::not_found, "the shop sells nothing", remote.url()}));
    for (auto const& sku : skus)
        script.looks.push_back("/v1/products/" + sku);
    for (std::size_t n = 0; n < baskets; ++n) {
        KONTOR_TRY(auto body, order_for(remote, skus, dice));
        script.orders.push_back(std::move(body));
    }
    return script;
}

class LoadRun {
public:
    LoadRun(LoadScript script, LoadFlags const& flags, Clock& clock, swarm::Swarm& swarm)
        : script_(std::move(script)), flags_(flags), clock_(clock), swarm_(swarm),
          dice_(Random(flags.seed).fork("load")), run_(random_word(10)) {}

    /// Errors: unavailable.
    Result<void> run() {
        begun_ = clock_.monotonic();
        auto const until = begun_ + seconds(flags_.warm_up + flags_.seconds);
        for (auto next = begun_; next < until && !was_interrupted();) {
            for (auto const now = clock_.monotonic(); next <= now && next < until;
                 next = next + pause())
                swarm_.ask(call_at(next));
            KONTOR_TRY(swarm_.turn(std::min(next - clock_.monotonic(), look_every), answers_));
            take_answers();
        }
        auto const last = clock_.monotonic() + late_answers;
        while (swarm_.waiting() + swarm_.under_way() > 0 && clock_.monotonic() < last) {
            KONTOR_TRY(swarm_.turn(look_every, answers_));
            take_answers();
        }
        unanswered_ = swarm_.waiting() + swarm_.under_way();
        return {};
    }

    boost::json::object report() const {
        boost::json::object statuses;
        for (auto const& [status, count] : statuses_)
            statuses[status == 0 ? std::string("none") : fmt::format("{}", status)] = count;
        boost::json::object told{
            {"asked_per_s", flags_.rate},
            {"answered_per_s", static_cast<double>(all_.total()) / flags_.seconds},
            {"answers", all_.total()},
            {"unanswered", unanswered_},
            {"statuses", statuses},
            {"connections", flags_.connections},
            {"seed", flags_.seed}};
        for (std::size_t kind = 0; kind < by_kind_.size(); ++kind)
            if (by_kind_[kind].total() > 0)
                told[kind_names[kind]] = percentiles(by_kind_[kind]);
        told["waited_for_a_connection"] = percentiles(waited_);
        return told;
    }

    bool has_failures() const {
        return unanswered_ > 0 || statuses_.contains(0) ||
               std::ranges::any_of(statuses_, [](auto const& entry) { return entry.first >= 500; });
    }

private:
    static constexpr Duration look_every = Duration::milliseconds(5);
    static constexpr Duration late_answers = Duration::seconds(10);

    static Duration seconds(double s) {
        return Duration::microseconds(static_cast<std::int64_t>(s * 1e6));
    }
    static boost::json::object percentiles(telemetry::Latencies const& latencies) {
        auto const ms = [](Duration took) {
            return static_cast<double>(took.in_microseconds()) / 1e3;
        };
        return {{"count", latencies.total()},
                {"p50_ms", ms(latencies.percentile(50))},
                {"p90_ms", ms(latencies.percentile(90))},
                {"p99_ms", ms(latencies.percentile(99))},
                {"p999_ms", ms(latencies.percentile(99.9))},
                {"max_ms", ms(latencies.longest())}};
    }

    /// Callers come by chance, and none waits for another: the time between two is exponential.
    Duration pause() {
        auto const u = (static_cast<double>(dice_.below(1U << 30)) + 1) / (1U << 30);
        return Duration::microseconds(
            std::max<std::int64_t>(static_cast<std::int64_t>(-std::log(u) * 1e6 / flags_.rate), 0));
    }

    swarm::SwarmCall call_at(Duration meant_at) {
        bool const orders = flags_.mix == "orders" || (flags_.mix == "shop" && dice_.chance(1, 5));
        if (!orders)
            return {meant_at,
                    fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
                                script_.looks[dice_.below(script_.looks.size())], script_.host,
                                script_.token),
                    looking};
        auto const& body = script_.orders[dice_.below(script_.orders.size())];
        return {meant_at,
                fmt::format("POST /v1/orders HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
                            "Content-Type: application/json\r\nIdempotency-Key: load-{}-{}\r\n"
                            "Content-Length: {}\r\n\r\n{}",
                            script_.host, script_.token, run_, ++orders_, body.size(), body),
                ordering};
    }

    void take_answers() {
        auto const from = begun_ + seconds(flags_.warm_up);
        for (auto const& answer : answers_) {
            if (answer.meant_at < from)
                continue;
            auto const took = answer.answered_at - answer.meant_at;
            all_.record(took);
            by_kind_[answer.kind].record(took);
            waited_.record(answer.sent_at - answer.meant_at);
            ++statuses_[answer.status];
        }
        answers_.clear();
    }

    LoadScript const script_;
    LoadFlags const& flags_;
    Clock& clock_;
    swarm::Swarm& swarm_;
    Random dice_;
    std::string const run_;
    std::uint64_t orders_{0};
    std::vector<swarm::SwarmAnswer> answers_;
    telemetry::Latencies all_;
    std::array<telemetry::Latencies, kind_names.size()> by_kind_;
    telemetry::Latencies waited_;
    std::map<std::uint16_t, std::uint64_t> statuses_;
    std::size_t unanswered_{0};
    Duration begun_{};
};

Outcome load(Program& program, LoadFlags const& flags) {
    if (!flags.url.empty())
        program.url = flags.url;
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const target, target_of(remote.url()));
    watch_for_interrupts();
    auto dice = Random(flags.seed).fork("script");
    KONTOR_TRY(auto script, write_script(remote, target, dice));
    KONTOR_TRY(auto const swarm,
               swarm::Swarm::open({target.address, target.port, flags.connections}, program.clock));
    auto const run = std::make_unique<LoadRun>(std::move(script), flags, program.clock, *swarm);
    program.output.notice(fmt::format("{} calls a second for {} s, after {} s to warm up …",
                                      flags.rate, flags.seconds, flags.warm_up));
    KONTOR_TRY(run->run());
    program.output.object(run->report());
    program.output.say("Each time counts from the moment the call was meant to go out.");
    return run->has_failures() ? ExitCode::partly_failed : ExitCode::ok;
}

} // namespace

void add_load_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<LoadFlags>();
    auto& command = add_command(
        app, chosen,
        {"load", "Asks a running shop so often a second, whatever it answers, and measures",
         "  kontor load --rate 500 --for 20\n"
         "  kontor load http://127.0.0.1:8080 --mix shop --rate 2000 --connections 64 --json"},
        load, flags);
    command.add_option("server", flags->url, "its address (default: the one that has --data open)");
    command.add_option("--rate", flags->rate, "calls a second, on average (200)")
        ->check(CLI::Range(0.1, 1e6));
    command.add_option("--for", flags->seconds, "seconds that count (10)")
        ->check(CLI::Range(0.1, 3600.0));
    command.add_option("--warm-up", flags->warm_up, "seconds before, that do not count (1)")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--connections", flags->connections, "at most so many calls at once (32)")
        ->check(CLI::Range(1, 10'000));
    command.add_option("--mix", flags->mix, "orders, browse, or shop: one order to four looks")
        ->check(CLI::IsMember({"orders", "browse", "shop"}));
    command.add_option("--seed", flags->seed, "of baskets and moments (42)");
}

} // namespace kontor::programs
