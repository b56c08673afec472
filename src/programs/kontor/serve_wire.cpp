#include "programs/kontor/serve_wire.hpp"

#include "programs/kontor/serve_files.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

namespace kontor::programs {
namespace {

/// Errors: not_found, invalid.
Result<aws_wire::KeyBook> read_keys(WireOptions const& options) {
    if (options.keys.empty())
        return aws_wire::KeyBook(options.unknown);
    std::ifstream file(options.keys);
    if (!file)
        return unexpected(Failure{FailureKind::not_found, "the file of access keys cannot be read",
                                  options.keys});
    std::ostringstream text;
    text << file.rdbuf();
    return aws_wire::KeyBook::parse(text.str(), options.unknown)
        .transform_error([&](Failure failure) {
            failure.where = options.keys + " " + failure.where;
            return failure;
        });
}

/// As long as a healthy disk may take, and then some.
bool wait_for_the_disk(std::size_t turns) {
    constexpr auto turn = std::chrono::microseconds(100);
    constexpr std::size_t turns_max = 100'000;
    std::this_thread::sleep_for(turn);
    return turns < turns_max;
}

/// A generator that nobody can guess: ids of requests are shown to strangers.
Random random_of_the_machine() {
    std::uint64_t seed = 0;
    std::array<std::uint8_t, sizeof seed> bytes{};
    draw_random(bytes);
    std::memcpy(&seed, bytes.data(), sizeof seed);
    return Random(seed);
}

} // namespace

Result<std::unique_ptr<ServedWire>, Trouble> ServedWire::open(WireOptions const& options,
                                                              hosting::JournaledQueues& queues,
                                                              router::Router& router, Clock& clock,
                                                              std::function<void()> wake) {
    auto keys = read_keys(options);
    if (!keys)
        return unexpected(Trouble("settings", std::move(keys).error()));
    std::unique_ptr<ServedWire> served(new ServedWire(router, queues, clock));
    auto& wiring = served->wiring_;
    served->wire_.emplace(aws_wire::WireParts{
        {queues.queue(), queues.admin(), queues.moves()},
        queues.progress(),
        *std::move(keys),
        clock,
        random_of_the_machine(),
        options.place,
        options.public_url,
        std::move(wake),
        aws_wire::BusDoors{wiring, wiring, wiring, wiring, wiring, wiring, wiring},
        aws_wire::TopicDoors{wiring, wiring, wiring, wiring}});
    return served;
}

ServedWire::ServedWire(router::Router& router, hosting::JournaledQueues& queues, Clock& clock)
    : wiring_(router, queues, clock, random_of_the_machine(), wait_for_the_disk) {}

void ServedWire::start(std::function<void(Failure const&)> on_failure) {
    lane_ = std::make_unique<Runner>(wire_->lane(), IdleStrategy{1}, std::move(on_failure));
}

} // namespace kontor::programs
