#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/wire.hpp"
#include "adapters/http/edge.hpp"
#include "adapters/memory/queues.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

/// wire_alone PORT [KEYS]: the AWS endpoint alone, over queues in RAM, for clients that nobody here
/// wrote. Keys of the file must verify and others are refused; without a file any key is taken. It
/// drains on SIGTERM and SIGINT.

namespace {

namespace aws_wire = kontor::aws_wire;
namespace http = kontor::http;
namespace services = kontor::services;

http::Edge* running = nullptr;

void drain(int) {
    running->drain();
}

kontor::Result<aws_wire::KeyBook> keys_of(char const* path) {
    if (path == nullptr)
        return aws_wire::KeyBook(aws_wire::UnknownKeys::taken);
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return aws_wire::KeyBook::parse(text.str(), aws_wire::UnknownKeys::refused);
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const text = argc > 1 ? argv[1] : "0";
    auto keys = keys_of(argc > 2 ? argv[2] : nullptr);
    if (!keys) {
        std::cerr << kontor::to_string(keys.error()) << "\n";
        return 1;
    }
    kontor::SystemClock clock;
    kontor::testing::SecretDice secrets;
    kontor::memory::Queues queues(clock, secrets);
    aws_wire::Wire wire({{queues.queue(), queues.admin(), queues.moves()},
                         queues.progress(),
                         *std::move(keys),
                         clock,
                         kontor::Random(1),
                         {},
                         {},
                         [] {
                             if (running != nullptr)
                                 running->wake();
                         }});
    http::EdgeOptions options;
    options.listeners = {{services::Listener::aws}};
    options.listeners[0].body_bytes_max = aws_wire::request_bytes_max;
    std::from_chars(text.data(), text.data() + text.size(), options.listeners[0].port);
    auto opened = http::Edge::open(options, wire, clock);
    if (!opened) {
        std::cerr << kontor::to_string(opened.error()) << "\n";
        return 1;
    }
    running = opened->get();
    std::signal(SIGTERM, drain);
    std::signal(SIGINT, drain);
    std::cout << running->port(services::Listener::aws) << std::endl;
    bool is_fine = false;
    {
        kontor::Runner const runner(queues.agent(), {}, [](kontor::Failure const& failure) {
            std::cerr << kontor::to_string(failure) << "\n";
        });
        is_fine = running->run().has_value();
    }
    running = nullptr;
    return is_fine ? 0 : 1;
}
