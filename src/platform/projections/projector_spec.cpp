#include "platform/projections/projector.hpp"

#include "platform/projections/toy_projection.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

namespace kontor::projections {
namespace {

using ports::Checkpoint;
using ports::Limit;
using ports::Position;

/// A log of stock facts and the store of a projection beside it.
struct Shop {
    testing::HandClock clock;
    memory::EventStore log{clock};
    Random random{testing::seed()};
    memory::ReadModels models;

    void happen(std::size_t facts) { toy::write_facts(log, random, facts); }

    ports::RowDigest fresh_digest(Position until) {
        Fold fold(std::make_unique<toy::Shelves>());
        while (fold.position() < until)
            EXPECT_TRUE(fold.follow(log, Limit(1000), until));
        return fold.digest_in_memory();
    }
    ports::RowDigest fresh_digest() { return fresh_digest(log.durable().position); }

    std::unique_ptr<Projector> projector(ProjectorOptions options = {}, std::uint32_t version = 1) {
        return std::make_unique<Projector>(log, models, toy::make_shelves(version), options);
    }
};

void step(Projector& projector, std::size_t items, int times = 1) {
    while (times-- > 0)
        EXPECT_TRUE(projector.do_work({items}));
}

void until_it_folds(Projector& projector) {
    do {
        step(projector, 20);
    } while (projector.status().job.value().position == Position(0));
}

Comparison verified(Projector& projector) {
    projector.start(Job::verify);
    EXPECT_TRUE(catch_up(projector));
    auto const status = projector.status();
    KONTOR_ASSERT(status.last_comparison.has_value(), "no verification: {}",
                  status.job_failure ? to_string(*status.job_failure) : "");
    return projector.status().last_comparison.value();
}

TEST(Projector, writes_rows_so_much_apart_however_fast_events_come) {
    Shop shop;
    ProjectorOptions const options{.writes_apart = Duration::milliseconds(50),
                                   .clock = &shop.clock};
    shop.clock.pass(Duration::seconds(1));
    auto const projector = shop.projector(options);
    auto const rows_at = [&] {
        step(*projector, 4096, 3);
        return projector->status().checkpoint.position;
    };
    shop.happen(10);
    EXPECT_EQ(rows_at(), Position(10)) << "nothing was written for long";
    shop.happen(10);
    EXPECT_EQ(rows_at(), Position(10));
    shop.clock.pass(Duration::milliseconds(49));
    EXPECT_EQ(rows_at(), Position(10));
    shop.clock.pass(Duration::milliseconds(1));
    EXPECT_EQ(rows_at(), Position(20)) << "though no event came since";
    shop.happen(10);
    EXPECT_EQ(rows_at(), Position(20));
    ASSERT_TRUE(projector->settle());
    EXPECT_EQ(rows_at(), Position(30)) << "before a node stops nothing is left unwritten";
    EXPECT_TRUE(verified(*projector).agrees());
}

TEST(Projector, writes_what_it_folded_before_it_pauses) {
    Shop shop;
    shop.clock.pass(Duration::seconds(1));
    auto const projector =
        shop.projector({.writes_apart = Duration::milliseconds(50), .clock = &shop.clock});
    shop.happen(10);
    step(*projector, 4096, 3);
    shop.happen(10);
    step(*projector, 4096);
    projector->pause();
    step(*projector, 4096);
    EXPECT_EQ(projector->status().checkpoint.position, Position(20));
    EXPECT_EQ(projector->status().state, ProjectorState::paused);
}

TEST(Projector, follows_the_log_to_its_end) {
    Shop shop;
    shop.happen(100);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().checkpoint.position, Position(100));
    EXPECT_EQ(projector->status().lag(), 0U);
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
    shop.happen(3);
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, what_was_not_written_before_a_crash_is_folded_again_and_nothing_twice) {
    Shop shop;
    shop.happen(500);
    auto projector = shop.projector();
    step(*projector, 7, 10); // rows of 50 facts at hand, none written: the end is far
    EXPECT_EQ(projector->status().checkpoint.position, Position(0));
    projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    shop.happen(50);
    step(*projector, 1000, 1);
    projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().checkpoint.position, Position(550));
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
    EXPECT_TRUE(verified(*projector).agrees());
}

TEST(Projector, a_paused_one_keeps_its_rows_and_goes_on_where_it_stood) {
    Shop shop;
    shop.happen(10);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    projector->pause();
    shop.happen(10);
    step(*projector, 100, 3);
    EXPECT_EQ(projector->status().state, ProjectorState::paused);
    EXPECT_EQ(projector->status().lag(), 10U);
    projector->resume();
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, verification_reads_all_rows_and_folds_afresh_while_it_follows) {
    Shop shop;
    shop.happen(300);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    projector->start(Job::verify);
    step(*projector, 10, 4);
    ASSERT_TRUE(projector->status().job.has_value());
    shop.happen(40);
    ASSERT_TRUE(catch_up(*projector));
    auto const found = projector->status().last_comparison.value();
    EXPECT_EQ(found.at, Position(300));
    EXPECT_EQ(found.fresh, shop.fresh_digest(Position(300)));
    EXPECT_TRUE(found.agrees());
    EXPECT_EQ(projector->status().checkpoint.position, Position(340));
}

/// Changes a shelf behind the projector's back: rows only, or checkpoint and all.
void tamper(Shop& shop, bool with_position) {
    auto const model = std::move(shop.models.open(toy::Shelves().shape()).value().model);
    auto checkpoint = model->checkpoint().value();
    if (with_position)
        checkpoint.position = Position(checkpoint.position.value() - 5);
    ports::Changes const changes{{}, {{Cell::integer(777'777), Cell::integer(1)}, {}}};
    ASSERT_TRUE(model->commit(with_position ? ports::Changes(2) : changes, checkpoint));
}

TEST(Projector, verification_finds_a_row_that_changed_behind_our_back) {
    Shop shop;
    shop.happen(50);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    tamper(shop, false);
    auto const found = verified(*projector);
    EXPECT_FALSE(found.agrees());
    EXPECT_EQ(found.claimed, found.fresh);
    EXPECT_NE(found.stored, found.fresh);
}

TEST(Projector, facts_that_were_applied_twice_are_found) {
    Shop shop;
    shop.happen(50);
    auto projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    tamper(shop, true); // a position that was not saved with its rows
    projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    auto const found = verified(*projector);
    EXPECT_FALSE(found.agrees());
    EXPECT_EQ(found.claimed, found.stored);
    EXPECT_NE(found.claimed, found.fresh);
}

TEST(Projector, a_start_discards_rows_that_do_not_add_up) {
    Shop shop;
    shop.happen(50);
    auto projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    tamper(shop, false);
    projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().discard_reason,
              "its rows do not add up to the digest of its checkpoint");
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, a_start_that_believes_its_rows_keeps_the_wrong_one) {
    Shop shop;
    shop.happen(50);
    auto projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    tamper(shop, false);
    projector = shop.projector({.check = CheckOnStart::nothing});
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().discard_reason, "");
    EXPECT_FALSE(verified(*projector).agrees());
}

TEST(Projector, a_rebuild_grows_beside_and_is_swapped_in) {
    Shop shop;
    shop.happen(300);
    auto projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    tamper(shop, false);
    projector->start(Job::rebuild);
    until_it_folds(*projector); // the rows were read
    shop.happen(40);            // the live one goes on meanwhile
    step(*projector, 20, 5);
    EXPECT_TRUE(projector->status().job.has_value());
    EXPECT_GT(projector->status().checkpoint.position, Position(300));
    ASSERT_TRUE(catch_up(*projector));
    auto const found = projector->status().last_comparison.value();
    EXPECT_EQ(found.job, Job::rebuild);
    EXPECT_EQ(found.claimed, found.fresh) << "what the checkpoint claims was right";
    EXPECT_FALSE(found.agrees()) << "and its rows were not";
    EXPECT_EQ(projector->status().disagreements, 1U);
    EXPECT_TRUE(verified(*projector).agrees()) << "the wrong row is gone";
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, a_rebuild_that_is_paused_stands_still_while_the_live_one_goes_on) {
    Shop shop;
    shop.happen(300);
    auto const projector = shop.projector({.clock = &shop.clock});
    ASSERT_TRUE(catch_up(*projector));
    projector->start(Job::rebuild, "ada");
    until_it_folds(*projector);
    auto const job = projector->status().job.value();
    EXPECT_EQ(job.asked_by, "ada");
    EXPECT_EQ(job.began_at, shop.clock.now());
    projector->tell_job(job.number, JobWish::pause);
    EXPECT_TRUE(projector->status().job->is_paused) << "it is certain before it is done";
    shop.happen(40);
    step(*projector, 20, 10);
    EXPECT_TRUE(projector->status().job->is_paused);
    EXPECT_EQ(projector->status().job->position, job.position);
    EXPECT_EQ(projector->status().lag(), 0U) << "the live one follows";
    projector->tell_job(job.number, JobWish::resume);
    ASSERT_TRUE(catch_up(*projector));
    auto const ended = projector->status().last_job.value();
    EXPECT_EQ(ended.end, JobEnd::completed);
    EXPECT_EQ(ended.last.number, job.number);
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, a_rebuild_that_is_paused_while_it_reads_the_rows_lets_the_live_one_go_on) {
    Shop shop;
    shop.happen(300);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    projector->start(Job::rebuild);
    step(*projector, 1, 2);
    projector->tell_job(projector->status().job->number, JobWish::pause);
    shop.happen(40);
    step(*projector, 20, 10);
    EXPECT_EQ(projector->status().lag(), 0U);
    EXPECT_EQ(projector->status().job->position, Position(0)) << "it was still reading";
    projector->tell_job(projector->status().job->number, JobWish::resume);
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_TRUE(projector->status().last_comparison.value().agrees());
}

TEST(Projector, a_job_that_is_cancelled_leaves_the_live_one_as_it_was_and_another_may_begin) {
    Shop shop;
    shop.happen(300);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    projector->start(Job::rebuild);
    step(*projector, 20, 3);
    auto const job = projector->status().job.value();
    projector->tell_job(job.number, JobWish::cancel);
    projector->tell_job(job.number, JobWish::resume); // comes too late
    EXPECT_FALSE(projector->status().job);
    EXPECT_EQ(projector->status().last_job->end, JobEnd::cancelled);
    step(*projector, 20, 10);
    EXPECT_EQ(projector->status().last_job->end, JobEnd::cancelled);
    EXPECT_FALSE(projector->status().last_comparison) << "nothing was compared";
    EXPECT_FALSE(projector->status().job_failure);
    projector->start(Job::verify);
    step(*projector, 20, 2);
    projector->tell_job(job.number, JobWish::cancel); // that one has ended long ago
    auto const next = projector->status().job.value();
    EXPECT_NE(next.number, job.number);
    projector->tell_job(next.number, JobWish::pause); // it holds the live one: no
    EXPECT_FALSE(projector->status().job->is_paused);
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_TRUE(projector->status().last_comparison->agrees());
}

TEST(Projector, a_rebuild_tells_when_the_live_one_was_wrong) {
    Shop shop;
    shop.happen(50);
    auto projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    tamper(shop, true);
    projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    projector->start(Job::rebuild);
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_FALSE(projector->status().last_comparison.value().agrees());
    EXPECT_EQ(projector->status().disagreements, 1U);
    EXPECT_TRUE(verified(*projector).agrees());
}

TEST(Projector, a_position_beyond_the_log_is_discarded) {
    Shop shop;
    shop.happen(50);
    auto projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    Shop younger;
    younger.happen(20);
    Projector restored(younger.log, shop.models, toy::make_shelves());
    ASSERT_TRUE(catch_up(restored));
    EXPECT_EQ(restored.status().discard_reason, "its position lies beyond the end of the log");
    EXPECT_EQ(restored.status().checkpoint.digest, younger.fresh_digest());
}

TEST(Projector, another_lineage_is_discarded) {
    Shop shop;
    shop.happen(50);
    auto projector = shop.projector({.lineage = Id128(1, 1)});
    ASSERT_TRUE(catch_up(*projector));
    projector = shop.projector({.lineage = Id128(1, 1)});
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().discard_reason, "");
    projector = shop.projector({.lineage = Id128(2, 2)});
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().discard_reason, "it followed a log of another lineage");
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, another_version_of_the_projection_is_folded_anew) {
    Shop shop;
    shop.happen(50);
    ASSERT_TRUE(catch_up(*shop.projector()));
    auto const projector = shop.projector({}, 2);
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_NE(projector->status().discard_reason, "");
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, a_full_disk_pauses_it_and_room_lets_it_go_on) {
    Shop shop;
    shop.happen(50);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    shop.happen(50);
    shop.models.fail_commits_with(Failure{FailureKind::full, "no space is left"});
    step(*projector, 1000, 2);
    EXPECT_EQ(projector->status().state, ProjectorState::paused);
    EXPECT_EQ(projector->status().pause_reason, "full: no space is left");
    EXPECT_EQ(projector->status().checkpoint.position, Position(50));
    shop.models.fail_commits_with({});
    projector->resume();
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, a_refusing_disk_stops_the_node) {
    Shop shop;
    shop.happen(50);
    auto const projector = shop.projector();
    shop.models.fail_commits_with(Failure{FailureKind::broken, "input/output error"});
    step(*projector, 1000, 2);
    auto const done = projector->do_work({1000});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, FailureKind::broken);
}

TEST(Projector, a_damaged_store_is_discarded_and_folded_again) {
    Shop shop;
    shop.happen(50);
    auto const projector = shop.projector();
    ASSERT_TRUE(catch_up(*projector));
    shop.happen(50);
    shop.models.fail_commits_with(Failure{FailureKind::corrupt, "malformed"});
    step(*projector, 1000);
    shop.models.fail_commits_with({});
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().discard_reason, "corrupt: malformed");
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

TEST(Projector, a_store_that_never_takes_the_rows_is_given_up) {
    Shop shop;
    shop.happen(50);
    auto const projector = shop.projector();
    shop.models.fail_commits_with(Failure{FailureKind::corrupt, "malformed"});
    auto const caught_up = catch_up(*projector);
    ASSERT_FALSE(caught_up);
    EXPECT_EQ(caught_up.error().kind, FailureKind::unavailable);
    EXPECT_NE(caught_up.error().what.find("malformed"), std::string::npos);
}

TEST(Projector, a_long_log_is_built_beside_at_first) {
    Shop shop;
    shop.happen(120'000);
    auto const projector = shop.projector();
    step(*projector, 4096, 5);
    ASSERT_TRUE(projector->status().job.has_value());
    EXPECT_EQ(projector->status().job->job, Job::rebuild);
    EXPECT_EQ(projector->status().checkpoint.position, Position(0));
    ASSERT_TRUE(catch_up(*projector));
    EXPECT_EQ(projector->status().checkpoint.position, Position(120'000));
    EXPECT_EQ(projector->status().checkpoint.digest, shop.fresh_digest());
}

} // namespace
} // namespace kontor::projections
