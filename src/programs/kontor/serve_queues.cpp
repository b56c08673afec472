#include "programs/kontor/serve_queues.hpp"

#include "programs/kontor/open_log.hpp"
#include "programs/kontor/serve_files.hpp"

#include <fstream>
#include <iterator>
#include <vector>

namespace kontor::programs {
namespace {

/// Nobody waits for a checkpoint.
constexpr IdleStrategy queues_at_leisure{
    1, Duration::milliseconds(5), Duration::milliseconds(200), Duration::milliseconds(200), 1024,
    10};

hosting::QueueCheckpoints::Keep kept_in(std::string const& path) {
    return {[path] {
                std::ifstream file(path, std::ios::binary);
                return std::vector<std::uint8_t>(std::istreambuf_iterator<char>(file), {});
            },
            [path](std::span<std::uint8_t const> bytes) {
                return write_private_file(
                    path, std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
            }};
}

} // namespace

Result<std::unique_ptr<ServedQueues>, Trouble> ServedQueues::open(Parts parts) {
    auto const directory = parts.directory + "/queues";
    KONTOR_TRY(make_data_directory(directory));
    std::unique_ptr<ServedQueues> served(
        new ServedQueues(parts, kept_in(directory + "/checkpoint")));
    KONTOR_TRY(served->queues_.recover(&served->checkpoints_));
    return served;
}

void ServedQueues::start(std::function<void(Failure const&)> on_failure) {
    runner_ = std::make_unique<Runner>(checkpoints_, queues_at_leisure, std::move(on_failure));
}

Result<void> ServedQueues::close() {
    runner_.reset();
    return checkpoints_.complete();
}

} // namespace kontor::programs
