#include "programs/kontor/serve_wire.hpp"

#include "programs/kontor/serve_archives.hpp"

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

} // namespace

Result<std::unique_ptr<ServedWire>, Trouble> ServedWire::open(WireOptions const& options,
                                                              hosting::JournaledQueues& queues,
                                                              router::Wiring& wiring, Clock& clock,
                                                              std::function<void()> wake) {
    auto keys = read_keys(options);
    if (!keys)
        return unexpected(Trouble("settings", std::move(keys).error()));
    auto served = std::make_unique<ServedWire>();
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
        aws_wire::TopicDoors{wiring, wiring, wiring, wiring},
        options.certificate});
    return served;
}

void ServedWire::start(std::function<void(Failure const&)> const& on_failure) {
    for (auto& worker : wire_->workers())
        workers_.push_back(std::make_unique<Runner>(worker, IdleStrategy{1}, on_failure));
}

} // namespace kontor::programs
