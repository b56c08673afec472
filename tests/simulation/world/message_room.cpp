#include "tests/simulation/world/message_room.hpp"

#include "platform/messaging/hosting/declared_queues.hpp"
#include "topology/shop.hpp"

namespace kontor::simulation {
namespace {

/// Small ones, so that all that has a limit is reached.
constexpr std::uint64_t checkpoint_after = 40;
constexpr std::uint64_t letters_of_commit = 3;
constexpr std::uint64_t quiet_events = 25;
/// As a real segment holds what is appended at a time, so does one of this world.
constexpr hosting::BatchGoal batch_goal{.bytes = std::size_t{8} << 10, .events = 64};

} // namespace

hosting::QueueCheckpoints::Keep MessageRoom::keep(Parts const& parts) {
    auto& checkpoint = parts.checkpoint;
    auto& life = parts.life;
    auto const save = [&checkpoint, &life](std::span<std::uint8_t const> bytes) {
        auto const replace = [&]() -> Result<void> {
            checkpoint.assign(bytes.begin(), bytes.end());
            return {};
        };
        return life.pass(replace);
    };
    return {[&checkpoint] { return checkpoint; }, save};
}

MessageRoom::MessageRoom(Parts const& parts)
    : writer_(parts.writer), life_(parts.life),
      queues_(parts.store, parts.clock, parts.secrets, batch_goal),
      marks_(parts.store, parts.lineage, keep(parts), checkpoint_after),
      router_(parts.store, queues_, parts.clock, topology::shop,
              {.letters_of_commit = letters_of_commit, .quiet_events = quiet_events}),
      wiring_(router_, queues_, parts.clock, Random(parts.store.durable().position.value()),
              [this](std::size_t turns) { return wait(turns); }) {}

Result<void> MessageRoom::recover() {
    KONTOR_TRY(queues_.recover(&marks_));
    auto const declared = hosting::declare_queues(queues_.admin(), topology::shop);
    if (!declared) {
        auto const* const failure = std::get_if<Failure>(&declared.error());
        if (failure == nullptr || failure->kind != FailureKind::full)
            return unexpected(Failure{FailureKind::corrupt, ports::what_of(declared.error())});
    }
    return router_.recover();
}

bool MessageRoom::wait(std::size_t turns) {
    constexpr std::size_t turns_max = 200;
    bool const has_written = queues_.do_work({100}) && writer_.do_work({100});
    return has_written && !life_.is_cut() && turns < turns_max;
}

} // namespace kontor::simulation
