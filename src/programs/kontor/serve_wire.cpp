#include "programs/kontor/serve_wire.hpp"

#include "programs/kontor/serve_files.hpp"

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

namespace kontor::programs {
namespace {

/// Move tasks are rare and may begin a little later.
constexpr Duration mover_sleep_max = Duration::milliseconds(50);

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
                                                              Clock& clock,
                                                              ports::SecretSource& secrets,
                                                              std::function<void()> wake) {
    auto keys = read_keys(options);
    if (!keys)
        return unexpected(Trouble("settings", std::move(keys).error()));
    std::unique_ptr<ServedWire> served(new ServedWire(clock, secrets));
    auto& queues = served->queues_;
    served->wire_ = std::make_unique<aws_wire::Wire>(
        aws_wire::WireParts{{queues.queue(), queues.admin(), queues.moves()},
                            queues.progress(),
                            *std::move(keys),
                            clock,
                            random_of_the_machine(),
                            options.place,
                            options.public_url,
                            std::move(wake),
                            {},
                            {}});
    return served;
}

void ServedWire::start(std::function<void(Failure const&)> on_failure) {
    mover_ = std::make_unique<Runner>(queues_.agent(), IdleStrategy{.sleep_max = mover_sleep_max},
                                      std::move(on_failure));
}

} // namespace kontor::programs
