#include "platform/projections/projector.hpp"
#include "platform/projections/toy_projection.hpp"

#include "adapters/embedded/sqlite/read_models.hpp"
#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/scratch_directory.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace kontor::projections {
namespace {

using ports::Limit;
using ports::Position;

ports::RowDigest fresh_digest(ports::EventStore& log) {
    Fold fold(std::make_unique<toy::Shelves>());
    auto const end = log.durable().position;
    while (fold.position() < end)
        RC_ASSERT(fold.follow(log, Limit(1000), end).has_value());
    return fold.digest_in_memory();
}

void work(Projector& projector, std::size_t items) {
    for (int times = 0; times < 3; ++times)
        RC_ASSERT(projector.do_work({items}).has_value());
}

// I6, over random histories: facts, crashes, rebuilds and pauses in any sequence leave the rows of
// a fresh fold.
void lead_a_random_life(ports::ReadModels& models, std::uint64_t seed) {
    testing::HandClock clock;
    memory::EventStore log(clock);
    Random random(seed);
    auto const born = [&] { return std::make_unique<Projector>(log, models, toy::make_shelves()); };
    auto projector = born();
    for (int turn = 0; turn < 60; ++turn) {
        switch (random.below(8)) {
        case 0:
        case 1: toy::write_facts(log, random, random.below(60)); break;
        case 2: projector = born(); break;
        case 3: projector->start(random.chance(1, 2) ? Job::rebuild : Job::verify); break;
        case 4: projector->pause(); break;
        case 5: projector->resume(); break;
        default: work(*projector, 1 + random.below(40)); break;
        }
        auto const& found = projector->status().last_comparison;
        RC_ASSERT((!found || found->agrees()));
    }
    projector->resume();
    RC_ASSERT(catch_up(*projector).has_value());
    RC_ASSERT(projector->status().discard_reason.empty());
    RC_ASSERT(projector->status().checkpoint.digest == fresh_digest(log));
    projector->start(Job::verify);
    RC_ASSERT(catch_up(*projector).has_value());
    RC_ASSERT(projector->status().last_comparison.value().agrees());
}

RC_GTEST_PROP(ProjectorProperty, rows_in_memory_are_those_of_a_fresh_fold, ()) {
    memory::ReadModels models;
    lead_a_random_life(models, *rc::gen::arbitrary<std::uint64_t>());
}

RC_GTEST_PROP(ProjectorProperty, rows_in_sqlite_are_those_of_a_fresh_fold, ()) {
    testing::ScratchDirectory directory;
    auto const models = std::move(sqlite::ReadModels::open(directory.path(), "boot")).value();
    lead_a_random_life(*models, *rc::gen::arbitrary<std::uint64_t>());
}

} // namespace
} // namespace kontor::projections
