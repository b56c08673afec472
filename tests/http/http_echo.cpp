#include "adapters/http/edge.hpp"
#include "runtime/system_clock.hpp"
#include "tests/http/echo.hpp"

#include <charconv>
#include <csignal>
#include <iostream>

/// http_echo PORT: the edge alone, for tools: each request is answered with its target. It drains
/// on SIGTERM and SIGINT. One address may have as many connections as all.

namespace {

kontor::http::Edge* running = nullptr;

void drain(int) {
    running->drain();
}

} // namespace

int main(int argc, char** argv) {
    namespace http = kontor::http;
    namespace services = kontor::services;
    std::string_view const text = argc > 1 ? argv[1] : "0";
    http::EdgeOptions options;
    options.listeners = {{services::Listener::shop}};
    std::from_chars(text.data(), text.data() + text.size(), options.listeners[0].port);
    options.limits.connections_per_address_max = options.limits.connections_max;
    options.limits.requests_per_connection_max = 1'000'000'000;
    kontor::testing::Echo echo;
    kontor::SystemClock clock;
    auto opened = http::Edge::open(options, echo, clock);
    if (!opened) {
        std::cerr << kontor::to_string(opened.error()) << "\n";
        return 1;
    }
    running = opened->get();
    std::signal(SIGTERM, drain);
    std::signal(SIGINT, drain);
    std::cout << running->port(services::Listener::shop) << std::endl;
    bool const is_fine = running->run().has_value();
    auto const& counts = running->counts();
    std::cout << counts.requests << " requests, " << counts.answers << " answers, "
              << counts.malformed << " malformed, " << counts.too_slow << " too slow\n";
    return is_fine ? 0 : 1;
}
