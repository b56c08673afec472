#include "adapters/memory/event_store.hpp"
#include "adapters/memory/record_file.hpp"
#include "platform/proofs/tree.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/passing_store.hpp"

#include <gtest/gtest.h>

namespace kontor::proofs {
namespace {

/// A log that somebody wrote over, however well the checksums were mended: what a reader gets is
/// another byte than was stored.
class ForgedLog final : public testing::PassingStore {
public:
    using PassingStore::PassingStore;

    Result<ports::EventPage> read_log(ports::Position after, ports::Limit limit) override {
        KONTOR_TRY(auto page, store_.read_log(after, limit));
        for (auto& event : page.events)
            if (event.position.value() == forged) {
                auto const bytes = std::make_shared<std::vector<std::uint8_t>>(
                    event.payload.begin(), event.payload.end());
                bytes->front() ^= 1;
                event.payload = *bytes;
                page.keeps.push_back(bytes);
            }
        return page;
    }

    std::uint64_t forged{0};
};

class ProofTreeSpec : public ::testing::Test {
protected:
    /// One command with so many facts.
    void append(std::size_t facts) {
        ports::Batch batch;
        batch.begin_commit({CommandId(Id128(1, ++commands)),
                            Id128(2, commands),
                            {},
                            clock.now(),
                            {ActorKind::operator_, InlineText<31>("ada")}});
        auto const stream = batch.add_stream(StreamId::order(OrderId(Id128(3, commands))),
                                             ports::ExpectedVersion::any());
        for (std::size_t i = 0; i < facts; ++i) {
            batch.buffer().push_back(static_cast<std::uint8_t>(commands));
            batch.buffer().push_back(static_cast<std::uint8_t>(i));
            batch.add_event(stream, EventType(101));
        }
        ASSERT_TRUE(memory.append(batch));
    }
    ProofTree open() {
        std::vector<std::uint8_t> const seed(Signer::seed_bytes, 7);
        return ProofTree(log, clock, TreeFiles(nodes, leaves),
                         Signer::of("kontor/test", seed).value(),
                         {[this] { return kept; },
                          [this](std::string_view text) {
                              kept = text;
                              return Result<void>();
                          },
                          [this](Failure const& failure) { told.push_back(failure); }});
    }
    static void work(ProofTree& tree, std::size_t items = 7) {
        while (tree.do_work({items}).value().items > 0) {
        }
    }
    CheckReport checked(ProofTree& tree) {
        tree.start_check();
        work(tree);
        return tree.last_check().value();
    }

    testing::HandClock clock;
    memory::EventStore memory{clock};
    ForgedLog log{memory};
    memory::RecordFile nodes{sizeof(Hash)};
    memory::RecordFile leaves{position_bytes};
    std::string kept;
    std::vector<Failure> told; ///< that the log is forged
    std::uint64_t commands{0};
};

TEST_F(ProofTreeSpec, each_command_is_a_leaf_and_each_fact_is_proved_by_it) {
    for (std::size_t i = 0; i < 23; ++i)
        append(1 + i % 4);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    auto const head = tree.head().value();
    EXPECT_EQ(head.tree.size, 23U);
    EXPECT_EQ(head.position, memory.durable().position.value());
    for (std::uint64_t position = 1; position <= head.position; ++position) {
        auto const proof = tree.inclusion(position).value();
        EXPECT_TRUE(
            proves_inclusion(proof.proof, leaf_hash(proof.leaf), proof.leaf_index, head.tree));
    }
    EXPECT_EQ(tree.inclusion(head.position + 1).error().kind, FailureKind::not_found);
    EXPECT_EQ(tree.inclusion(0).error().kind, FailureKind::not_found);
}

TEST_F(ProofTreeSpec, one_command_of_more_facts_than_a_page_is_still_one_leaf) {
    append(1);
    append(40);
    append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree, 5);
    EXPECT_EQ(tree.head().value().tree.size, 3U);
    EXPECT_EQ(tree.inclusion(2).value().leaf_index, 1U);
    EXPECT_EQ(tree.inclusion(41).value().leaf_index, 1U);
    EXPECT_EQ(tree.inclusion(42).value().leaf_index, 2U);
}

TEST_F(ProofTreeSpec, the_tree_does_not_hang_on_how_it_was_read) {
    for (std::size_t i = 0; i < 30; ++i)
        append(1 + i % 3);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree, 3);
    auto const one = tree.head().value();
    nodes.bytes.clear();
    leaves.bytes.clear();
    auto again = open();
    ASSERT_TRUE(again.recover());
    work(again, 1000);
    EXPECT_EQ(again.head().value(), one);
}

TEST_F(ProofTreeSpec, a_head_is_signed_each_minute_in_which_the_log_grew) {
    append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    EXPECT_EQ(kept, "");
    clock.pass(sign_every);
    work(tree);
    auto const head = open_checkpoint(kept, tree.signer().verifier_key()).value();
    EXPECT_EQ(head.tree.size, 1U);
    EXPECT_EQ(head.position, 2U);
    auto const before = kept;
    clock.pass(sign_every);
    work(tree);
    EXPECT_EQ(kept, before);
}

TEST_F(ProofTreeSpec, what_was_not_signed_is_made_anew_after_a_crash) {
    for (std::size_t i = 0; i < 5; ++i)
        append(2);
    {
        auto tree = open();
        ASSERT_TRUE(tree.recover());
        work(tree);
        clock.pass(sign_every);
        work(tree);
        append(3);
        work(tree);
    }
    nodes.bytes[nodes.bytes.size() - 5] ^= 1; // written, never durable
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    EXPECT_EQ(tree.position().value(), 10U);
    work(tree);
    EXPECT_EQ(tree.head().value().tree.size, 6U);
    EXPECT_FALSE(checked(tree).first_bad);
}

TEST_F(ProofTreeSpec, a_log_that_is_as_it_was_passes_the_check) {
    for (std::size_t i = 0; i < 20; ++i)
        append(1 + i % 4);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    clock.pass(sign_every);
    auto const report = checked(tree);
    EXPECT_TRUE(report.is_done);
    EXPECT_FALSE(report.first_bad) << report.what;
    EXPECT_EQ(report.leaves, 20U);
}

TEST_F(ProofTreeSpec, what_was_changed_gets_no_proof) {
    append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    log.forged = 2;
    EXPECT_EQ(tree.inclusion(1).error().kind, FailureKind::corrupt);
}

TEST_F(ProofTreeSpec, one_changed_bit_of_any_fact_is_found_where_its_command_begins) {
    for (std::size_t i = 0; i < 12; ++i)
        append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    for (std::uint64_t position = 1; position <= 24; ++position) {
        log.forged = position;
        auto const report = checked(tree);
        ASSERT_TRUE(report.first_bad) << position;
        EXPECT_EQ(*report.first_bad, position % 2 == 1 ? position : position - 1);
    }
}

TEST_F(ProofTreeSpec, whoever_changes_log_and_tree_alike_meets_the_signed_head) {
    for (std::size_t i = 0; i < 12; ++i)
        append(2);
    {
        auto tree = open();
        ASSERT_TRUE(tree.recover());
        work(tree);
        clock.pass(sign_every);
        work(tree);
    }
    // The forger lets the tree be made anew from what was changed.
    log.forged = 9;
    nodes.bytes.clear();
    leaves.bytes.clear();
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    EXPECT_EQ(told.size(), 1U);
    EXPECT_TRUE(tree.last_check().value().first_bad);
    auto const report = checked(tree);
    ASSERT_TRUE(report.first_bad);
    EXPECT_EQ(report.what, "the log up to here is not the one whose head was signed");
    TreeFiles const files(nodes, leaves);
    LogCheck alone(log, files, 12, open_checkpoint(kept, tree.signer().verifier_key()).value());
    while (!alone.report().is_done)
        ASSERT_TRUE(alone.step(ports::Limit(7)));
    EXPECT_EQ(alone.report().what, report.what);
}

TEST_F(ProofTreeSpec, over_a_forged_log_nothing_is_signed_and_the_kept_head_stays) {
    for (std::size_t i = 0; i < 12; ++i)
        append(2);
    {
        auto tree = open();
        ASSERT_TRUE(tree.recover());
        work(tree);
        clock.pass(sign_every);
        work(tree);
    }
    auto const witness = kept;
    ASSERT_NE(witness, "");
    log.forged = 9;
    nodes.bytes.clear();
    leaves.bytes.clear();
    // The second start finds files that are whole and as forged as the log.
    for (int start = 0; start < 2; ++start) {
        auto tree = open();
        ASSERT_TRUE(tree.recover());
        EXPECT_EQ(tree.head().error().kind, FailureKind::unavailable);
        EXPECT_EQ(tree.position(), ports::Position());
        work(tree);
        append(1);
        clock.pass(sign_every);
        work(tree);
        EXPECT_EQ(kept, witness);
        EXPECT_EQ(told.size(), static_cast<std::size_t>(start) + 1);
        EXPECT_EQ(tree.head().error().kind, FailureKind::corrupt);
        EXPECT_EQ(tree.inclusion(1).error().kind, FailureKind::corrupt);
        EXPECT_EQ(tree.consistency(1, 2).error().kind, FailureKind::corrupt);
        EXPECT_EQ(tree.position(), ports::Position());
        EXPECT_TRUE(checked(tree).first_bad);
    }
}

TEST_F(ProofTreeSpec, files_that_do_not_lead_to_the_signed_head_are_made_anew) {
    for (std::size_t i = 0; i < 8; ++i)
        append(2);
    Head head;
    {
        auto tree = open();
        ASSERT_TRUE(tree.recover());
        work(tree);
        clock.pass(sign_every);
        work(tree);
        head = tree.head().value();
    }
    nodes.bytes.back() ^= 1; // the root
    {
        auto tree = open();
        ASSERT_TRUE(tree.recover());
        work(tree);
        EXPECT_EQ(tree.head().value(), head);
        EXPECT_FALSE(checked(tree).first_bad);
    }
    leaves.bytes[leaves.bytes.size() - position_bytes] ^= 2; // where the log is read on
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    EXPECT_EQ(tree.head().value(), head);
    EXPECT_FALSE(checked(tree).first_bad);
    EXPECT_TRUE(told.empty());
}

TEST_F(ProofTreeSpec, a_head_is_not_what_the_files_say_and_they_get_no_proof_against_it) {
    for (std::size_t i = 0; i < 8; ++i)
        append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    auto const head = tree.head().value();
    auto const good = nodes.bytes;
    nodes.bytes.back() ^= 1; // the root
    EXPECT_EQ(tree.head().value(), head);
    nodes.bytes = good;
    nodes.bytes[sizeof(Hash)] ^= 1; // the second leaf
    EXPECT_EQ(tree.inclusion(1).error().kind, FailureKind::corrupt);
    EXPECT_EQ(tree.consistency(1, 8).error().kind, FailureKind::corrupt);
    EXPECT_EQ(tree.consistency(1, 2).error().kind, FailureKind::corrupt);
    nodes.bytes = good;
    EXPECT_TRUE(tree.inclusion(16));
    leaves.bytes[leaves.bytes.size() - position_bytes] ^= 1; // the last leaf ends elsewhere
    EXPECT_EQ(tree.head().value(), head);
    EXPECT_EQ(tree.inclusion(16).error().kind, FailureKind::corrupt);
}

TEST_F(ProofTreeSpec, an_earlier_head_is_told_as_it_was_then) {
    append(2);
    append(3);
    append(1);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    auto const then = tree.head().value();
    for (std::size_t i = 0; i < 6; ++i)
        append(2);
    work(tree);
    auto const proof = tree.consistency(2, then.tree.size).value();
    EXPECT_EQ(proof.to, then);
    EXPECT_TRUE(proves_consistency(proof.proof, proof.from, then.tree));
}

TEST_F(ProofTreeSpec, a_check_that_was_wanted_never_answers_with_the_one_before) {
    for (std::size_t i = 0; i < 12; ++i)
        append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    ASSERT_TRUE(checked(tree).is_done);
    tree.start_check();
    EXPECT_FALSE(tree.last_check().value().is_done);
    ASSERT_TRUE(tree.do_work({4}));
    EXPECT_FALSE(tree.last_check().value().is_done);
    work(tree);
    EXPECT_TRUE(tree.last_check().value().is_done);
}

TEST_F(ProofTreeSpec, a_tree_that_lost_its_end_is_a_finding_and_ends_nothing) {
    for (std::size_t i = 0; i < 6; ++i)
        append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    leaves.bytes.resize(3 * position_bytes);
    auto const report = checked(tree);
    EXPECT_TRUE(report.is_done);
    EXPECT_EQ(report.first_bad, 7U);
}

TEST_F(ProofTreeSpec, a_log_that_lost_its_end_ends_before_the_signed_head) {
    for (std::size_t i = 0; i < 3; ++i)
        append(2);
    std::vector<std::uint8_t> const seed(Signer::seed_bytes, 7);
    auto const signer = Signer::of("kontor/test", seed).value();
    kept = signer.sign({"kontor/test", {5, empty_root()}, 10});
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    EXPECT_EQ(checked(tree).what, "the log ends before the head that was signed");
}

TEST_F(ProofTreeSpec, a_kept_head_that_somebody_else_signed_is_found) {
    append(2);
    std::vector<std::uint8_t> const other(Signer::seed_bytes, 8);
    kept = Signer::of("kontor/test", other).value().sign({"kontor/test", {1, empty_root()}, 2});
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    EXPECT_TRUE(tree.has_refused_head());
    work(tree);
    EXPECT_TRUE(checked(tree).first_bad);
}

TEST_F(ProofTreeSpec, a_changed_node_is_found) {
    for (std::size_t i = 0; i < 12; ++i)
        append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    nodes.bytes[nodes.bytes.size() / 2] ^= 1;
    EXPECT_TRUE(checked(tree).first_bad);
}

TEST_F(ProofTreeSpec, the_head_of_today_is_proved_to_go_on_from_an_earlier_one) {
    for (std::size_t i = 0; i < 9; ++i)
        append(2);
    auto tree = open();
    ASSERT_TRUE(tree.recover());
    work(tree);
    auto const earlier = tree.head().value().tree;
    for (std::size_t i = 0; i < 14; ++i)
        append(1);
    work(tree);
    auto const now = tree.head().value().tree;
    auto const proof = tree.consistency(earlier.size, now.size).value();
    EXPECT_TRUE(proves_consistency(proof.proof, earlier, now));
    EXPECT_EQ(tree.consistency(0, 3).error().kind, FailureKind::not_found);
    EXPECT_EQ(tree.consistency(3, 99).error().kind, FailureKind::not_found);
}

} // namespace
} // namespace kontor::proofs
