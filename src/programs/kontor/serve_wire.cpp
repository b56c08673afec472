#include "programs/kontor/serve_wire.hpp"

#include "programs/kontor/serve_files.hpp"

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

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
                                                              Clock& clock,
                                                              std::function<void()> wake) {
    auto keys = read_keys(options);
    if (!keys)
        return unexpected(Trouble("settings", std::move(keys).error()));
    return std::unique_ptr<ServedWire>(
        new ServedWire(aws_wire::WireParts{{queues.queue(), queues.admin(), queues.moves()},
                                           queues.progress(),
                                           *std::move(keys),
                                           clock,
                                           random_of_the_machine(),
                                           options.place,
                                           options.public_url,
                                           std::move(wake),
                                           {},
                                           {}}));
}

} // namespace kontor::programs
