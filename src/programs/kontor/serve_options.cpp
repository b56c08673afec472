#include "programs/kontor/serve_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace kontor::programs {
namespace {

constexpr std::string_view loopbacks[] = {"127.0.0.1", "::1", "localhost"};

bool is_loopback(std::string_view address) {
    return std::ranges::find(loopbacks, address) != std::end(loopbacks);
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> words;
    std::string word;
    for (char const c : list) {
        if (c == ',' || c == ' ') {
            if (!word.empty())
                words.push_back(std::exchange(word, {}));
        } else {
            word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    if (!word.empty())
        words.push_back(std::move(word));
    return words;
}

Trouble bad_setting(Settings const& settings, std::string const& name, std::string const& wanted) {
    auto const& setting = settings.values().find(name)->second;
    return {"settings",
            Failure{FailureKind::invalid,
                    fmt::format("`{}` is {}, and {} is wanted", name, setting.value, wanted),
                    setting.origin}};
}

Result<std::size_t, Trouble> positive(Settings const& settings, std::string const& name) {
    auto const value = settings.whole_number(name);
    if (value <= 0)
        return unexpected(bad_setting(settings, name, "a positive number"));
    return static_cast<std::size_t>(value);
}

Result<http::Limits, Trouble> limits_of(Settings const& settings) {
    http::Limits limits;
    KONTOR_TRY(limits.connections_max, positive(settings, "limits.connections"));
    KONTOR_TRY(limits.connections_per_address_max,
               positive(settings, "limits.connections_per_address"));
    KONTOR_TRY(limits.body_bytes_max, positive(settings, "limits.body_bytes"));
    KONTOR_TRY(limits.requests_per_connection_max,
               positive(settings, "limits.requests_per_connection"));
    return limits;
}

/// Who may say for whom it speaks: addresses, for a name could be taken over.   Errors: settings.
Result<std::vector<std::string>, Trouble> proxies_of(Settings const& settings) {
    auto proxies = split(settings.text("http.trusted_proxies"));
    for (auto const& proxy : proxies) {
        std::array<std::uint8_t, 16> bytes{};
        bool const is_address = ::inet_pton(AF_INET, proxy.c_str(), bytes.data()) == 1 ||
                                ::inet_pton(AF_INET6, proxy.c_str(), bytes.data()) == 1;
        if (!is_address)
            return unexpected(bad_setting(settings, "http.trusted_proxies",
                                          "a list of addresses like 10.0.0.7, with commas"));
    }
    return proxies;
}

/// "2", "0.5": orders a second, as the time between two of them.
Result<Duration, Trouble> time_between(std::string const& orders_a_second) {
    double rate = 0;
    auto const* const end = orders_a_second.data() + orders_a_second.size();
    auto const [read_to, error] = std::from_chars(orders_a_second.data(), end, rate);
    constexpr double rate_max = 10'000;
    if (error != std::errc{} || read_to != end || !(rate > 0 && rate <= rate_max))
        return unexpected(
            Trouble("usage", {FailureKind::invalid, "--demo takes orders a second, up to 10000",
                              "--demo=" + orders_a_second}));
    return Duration::microseconds(std::max<std::int64_t>(static_cast<std::int64_t>(1e6 / rate), 1));
}

Result<DemoOptions, Trouble> demo_of(ServeFlags const& flags) {
    DemoOptions demo;
    demo.seed = flags.demo_seed;
    if (!flags.orders_a_second.empty()) {
        KONTOR_TRY(demo.shoppers.between_orders, time_between(flags.orders_a_second));
    }
    if (flags.demo_orders >= 0)
        demo.shoppers.orders_max = static_cast<std::uint64_t>(flags.demo_orders);
    return demo;
}

/// Errors: settings.
Result<RequestLogOptions, Trouble> logged_requests(Settings const& settings) {
    auto const& which = settings.text("telemetry.log_requests");
    if (which != "notable" && which != "all")
        return unexpected(bad_setting(settings, "telemetry.log_requests", "notable or all"));
    KONTOR_TRY(auto const slow, positive(settings, "telemetry.slow_ms"));
    return RequestLogOptions{which == "all",
                             Duration::milliseconds(static_cast<std::int64_t>(slow))};
}

/// A number within bounds, and both belong to it.
struct Bounds {
    std::int64_t least;
    std::int64_t most;
};
Result<std::int64_t, Trouble> number_within(Settings const& settings, std::string const& name,
                                            Bounds bounds) {
    auto const value = settings.whole_number(name);
    if (value < bounds.least || value > bounds.most)
        return unexpected(
            bad_setting(settings, name, fmt::format("{} to {}", bounds.least, bounds.most)));
    return value;
}

/// What guards the calls to one whom the shop asks: `name` is the table that says it.
/// Errors: settings.
Result<resilience::DownstreamRules, Trouble> guard_rules_of(Settings const& settings,
                                                            std::string const& name) {
    constexpr Bounds milliseconds{1, 3'600'000};
    constexpr Bounds some{1, 1000};
    constexpr Bounds some_or_none{0, 1000};
    constexpr Bounds share{1, 100};
    resilience::DownstreamRules rules;
    KONTOR_TRY(auto const in_flight, number_within(settings, name + ".in_flight", some));
    rules.in_flight_max = static_cast<std::size_t>(in_flight);
    auto const breaker = name + ".breaker.";
    KONTOR_TRY(auto const slow, number_within(settings, breaker + "slow_ms", milliseconds));
    KONTOR_TRY(auto const calls, number_within(settings, breaker + "calls_min", some));
    KONTOR_TRY(auto const bad, number_within(settings, breaker + "bad_percent", share));
    KONTOR_TRY(auto const rest, number_within(settings, breaker + "rest_ms", milliseconds));
    KONTOR_TRY(auto const most,
               number_within(settings, breaker + "rest_max_ms", {rest, milliseconds.most}));
    KONTOR_TRY(auto const tries, number_within(settings, breaker + "tries", {1, in_flight}));
    rules.breaker = {Duration::milliseconds(slow),    static_cast<std::uint32_t>(calls),
                     static_cast<std::uint32_t>(bad), Duration::milliseconds(rest),
                     Duration::milliseconds(most),    static_cast<std::uint32_t>(tries)};
    KONTOR_TRY(auto const percent, number_within(settings, name + ".retries.percent", {0, 100}));
    KONTOR_TRY(auto const more,
               number_within(settings, name + ".retries.per_second", some_or_none));
    rules.budget = {static_cast<std::uint32_t>(percent), static_cast<std::uint32_t>(more)};
    return rules;
}

/// Empty: the sandbox inside is asked.
Result<std::optional<PaymentOptions>, Trouble> outside_payments(Settings const& settings) {
    auto url = settings.text("payments.url");
    while (url.ends_with('/'))
        url.pop_back();
    if (url.empty())
        return std::optional<PaymentOptions>();
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        return unexpected(bad_setting(settings, "payments.url", "an address of HTTP"));
    KONTOR_TRY(auto const rules, guard_rules_of(settings, "payments"));
    return std::optional(PaymentOptions{url, settings.text("payments.secrets"), rules});
}

/// Empty: the port of AWS's clients stays closed.
Result<std::optional<WireOptions>, Trouble> wire_options(Settings const& settings) {
    auto const& queues = settings.text("aws.wire.queues");
    if (queues != "off" && queues != "journal")
        return unexpected(bad_setting(settings, "aws.wire.queues", "off or journal"));
    if (queues == "off")
        return std::optional<WireOptions>();
    auto url = settings.text("aws.wire.public_url");
    while (url.ends_with('/'))
        url.pop_back();
    if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
        return unexpected(bad_setting(settings, "aws.wire.public_url", "an address of HTTP"));
    WireOptions options{settings.text("aws.wire.keys"), url, {}, {}};
    options.place = {settings.text("aws.account"), settings.text("aws.region")};
    // Whoever reaches a loopback port with auth.dev is the developer.
    options.unknown = settings.boolean("auth.dev") ? aws_wire::UnknownKeys::taken
                                                   : aws_wire::UnknownKeys::refused;
    return std::optional(std::move(options));
}

Result<std::vector<std::string>, Trouble> services_elsewhere(Settings const& settings) {
    auto names = split(settings.text("services.elsewhere"));
    for (auto const& name : names)
        if (std::ranges::find(queue_services, name) == std::end(queue_services))
            return unexpected(
                bad_setting(settings, "services.elsewhere",
                            fmt::format("one of {}", fmt::join(queue_services, ", "))));
    return names;
}

} // namespace

Result<ServeOptions, Trouble> serve_options(Settings& settings, ServeFlags const& flags) {
    if (flags.port >= 0)
        KONTOR_TRY(settings.set("http.port", fmt::format("{}", flags.port), "--port"));
    if (!flags.listen.empty())
        KONTOR_TRY(settings.set("http.listen", flags.listen, "--listen"));
    if (!flags.payments.empty())
        KONTOR_TRY(settings.set("payments.url", flags.payments, "--payments"));
    ServeOptions options;
    auto const port = settings.whole_number("http.port");
    constexpr std::int64_t port_max = 65'533;
    if (port < 0 || port > port_max)
        return unexpected(bad_setting(settings, "http.port", "a port up to 65533"));
    options.port = static_cast<std::uint16_t>(port);
    options.port_is_wanted = settings.values().find("http.port")->second.origin != "built-in";
    options.address = settings.text("http.listen");
    if (options.address == "localhost")
        options.address = "127.0.0.1";
    options.hosts = split(settings.text("http.hosts"));
    KONTOR_TRY(options.trusted_proxies, proxies_of(settings));
    options.has_developer = settings.boolean("auth.dev");
    KONTOR_TRY(options.limits, limits_of(settings));
    KONTOR_TRY(options.requests, logged_requests(settings));
    KONTOR_TRY(options.payments, outside_payments(settings));
    KONTOR_TRY(options.wire, wire_options(settings));
    KONTOR_TRY(options.services_elsewhere, services_elsewhere(settings));
    if (settings.boolean("webhooks.loopback"))
        options.webhooks = reach::Reach::loopback_too;
    KONTOR_TRY(options.mail, mail_options(settings));
    if (!is_loopback(options.address) && options.has_developer)
        return unexpected(Trouble(
            "not_alone", {FailureKind::invalid,
                          "the server would listen beyond this machine while auth.dev is on",
                          settings.values().find("http.listen")->second.origin}));
    if (flags.is_demo) {
        KONTOR_TRY(options.demo, demo_of(flags));
    }
    return options;
}

} // namespace kontor::programs
