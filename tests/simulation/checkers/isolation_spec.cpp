/// The checkers of what is personal and of what is recorded must complain about bad histories.

#include "tests/simulation/checkers/audit.hpp"
#include "tests/simulation/checkers/privacy.hpp"
#include "tests/support/secret_dice.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/key_store.hpp"
#include "adapters/memory/record_file.hpp"
#include "codec/events.hpp"
#include "platform/proofs/tree.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::simulation {
namespace {

CustomerId const ada{Id128(1, 1)};
CustomerId const ben{Id128(1, 2)};
sealing::Key const master{1, 2, 3};

/// A log in memory, of which every fact is a command of its own.
class Log {
public:
    template <class Event>
    CommandId append(StreamId const& stream, Event const& event, Actor actor = {}) {
        auto const id = next();
        ports::Batch batch;
        batch.begin_commit({id, {}, {}, clock.now(), actor});
        auto const index = batch.add_stream(stream, ports::ExpectedVersion::any());
        auto const type = codec::encode(event, batch.buffer());
        batch.add_event(index, type);
        EXPECT_TRUE(store.append(batch));
        return id;
    }
    /// What the next command will be called.
    CommandId coming() const { return CommandId(Id128(9, commands_ + 1)); }

    /// Shows a checker what is there and was not shown.
    template <class Checker>
    void show(Checker& checker) {
        auto const page = store.read_log(ports::Position(shown_), ports::Limit(100)).value();
        for (auto const& event : page.events) {
            auto const fact = read_fact(page, event);
            ASSERT_TRUE(fact) << to_string(fact.error());
            checker.see(*fact, page, event);
            shown_ = event.position.value();
        }
    }

    testing::HandClock clock;
    memory::EventStore store{clock};

private:
    CommandId next() { return CommandId(Id128(9, ++commands_)); }

    std::uint64_t commands_{0};
    std::uint64_t shown_{0};
};

class Isolation : public ::testing::Test {
protected:
    static customer::Registered profile_of(CustomerId person, std::string word) {
        customer::Registered fact{};
        fact.customer_id = person;
        fact.country = Country::parse("GB").value();
        fact.email = Personal<std::string>(std::move(word));
        return fact;
    }
    /// Writes a fact of `person`, sealed with the key of `sealed_for`.
    void write(CustomerId person, CustomerId sealed_for, std::string word) {
        customer::Event fact(profile_of(person, std::move(word)));
        sealer.begin();
        EXPECT_TRUE(sealer.plan(0, sealed_for.value()));
        sealer.seal(fact, 0, event_id(log.coming(), 0));
        log.append(StreamId::customer(person), fact);
        log.show(checker);
    }
    void write(CustomerId person) { write(person, person, canary_of(person.value())); }
    void erase(CustomerId person) {
        log.append(StreamId::customer(person), customer::Event(customer::Erased{person}));
        log.show(checker);
    }
    std::string end() {
        checker.at_rest();
        return verdict.violation() ? verdict.violation()->invariant : "none";
    }

    Log log;
    testing::SecretDice secrets;
    memory::KeyStore store;
    std::unique_ptr<sealing::PersonKeys> keys{
        sealing::PersonKeys::open(store, master, secrets).value()};
    sealing::Sealer sealer{*keys, secrets};
    Verdict verdict;
    PrivacyChecker checker{verdict, store, master};
};

TEST_F(Isolation, is_good_where_the_erased_are_shut_and_the_others_open) {
    write(ada);
    write(ben);
    erase(ada);
    ASSERT_TRUE(keys->forget({ada.value()}, {}));
    EXPECT_EQ(end(), "none") << verdict.violation()->what;
    EXPECT_EQ(checker.opened(), 1U);
    EXPECT_EQ(checker.unopened(), 1U);
}

TEST_F(Isolation, complains_of_what_stands_in_the_clear) {
    log.append(StreamId::customer(ada), customer::Event(profile_of(ada, canary_of(ada.value()))));
    log.show(checker);
    EXPECT_EQ(end(), "I14");
}

TEST_F(Isolation, complains_of_a_clear_value_without_a_canary) {
    log.append(StreamId::customer(ada), customer::Event(profile_of(ada, "ada@example.org")));
    log.show(checker);
    EXPECT_EQ(end(), "I14");
}

TEST_F(Isolation, complains_of_a_key_that_outlives_its_person) {
    write(ada);
    erase(ada);
    EXPECT_EQ(end(), "I14");
}

TEST_F(Isolation, complains_of_a_key_that_was_lost) {
    write(ada);
    ASSERT_TRUE(keys->forget({ada.value()}, {}));
    EXPECT_EQ(end(), "I14");
}

TEST_F(Isolation, complains_of_one_key_for_two_persons) {
    write(ada);
    write(ben, ada, canary_of(ben.value()));
    EXPECT_EQ(end(), "I14");
}

TEST_F(Isolation, complains_of_a_value_that_says_something_else) {
    write(ada, ada, "somebody@example.org");
    EXPECT_EQ(end(), "I14");
}

TEST_F(Isolation, complains_of_a_canary_in_a_file) {
    auto const text = "rows of " + canary_of(ada.value());
    checker.look_into("rows", {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    EXPECT_EQ(end(), "I14");
}

class Recorded : public ::testing::Test {
protected:
    static Actor operators() { return {ActorKind::operator_, {}}; }
    void act(std::string const& object) {
        log.append(StreamId::of(StreamCategory::ops, "audit"),
                   audit::Event(audit::ActionTaken{"wish", object, "why", {}, {}}), operators());
        log.show(checker);
    }
    /// The head of the product's own tree over the log.
    proofs::Head head() {
        std::vector<std::uint8_t> const seed(proofs::Signer::seed_bytes, 7);
        proofs::ProofTree tree(
            log.store, log.clock, proofs::TreeFiles(nodes, leaves),
            proofs::Signer::of("kontor/spec", seed).value(),
            {[] { return std::string(); }, [](std::string_view) { return Result<void>(); }, {}});
        EXPECT_TRUE(tree.recover());
        while (tree.do_work({1000}).value().items > 0) {
        }
        return tree.head().value();
    }
    std::string complaint() const {
        return verdict.violation() ? verdict.violation()->invariant : "none";
    }

    Log log;
    memory::RecordFile nodes{sizeof(proofs::Hash)};
    memory::RecordFile leaves{proofs::position_bytes};
    Verdict verdict;
    AuditChecker checker{verdict};
};

TEST_F(Recorded, is_good_with_the_tree_of_the_product_and_an_entry_for_each_deed) {
    for (int n = 0; n < 7; ++n) {
        auto const object = "/wishes/" + std::to_string(n);
        checker.asked(log.coming(), object);
        checker.acknowledged(log.coming());
        act(object);
    }
    checker.at_rest(head());
    EXPECT_EQ(complaint(), "none") << verdict.violation()->what;
}

TEST_F(Recorded, complains_of_another_root) {
    checker.asked(log.coming(), "/wishes/1");
    act("/wishes/1");
    auto other = head();
    other.tree.root[0] ^= 1;
    checker.at_rest(other);
    EXPECT_EQ(complaint(), "I13");
}

TEST_F(Recorded, complains_of_a_tree_that_ends_before) {
    checker.asked(log.coming(), "/wishes/1");
    act("/wishes/1");
    auto const before = head();
    checker.asked(log.coming(), "/wishes/2");
    act("/wishes/2");
    checker.at_rest(before);
    EXPECT_EQ(complaint(), "I13");
}

TEST_F(Recorded, complains_of_a_deed_without_an_entry) {
    checker.asked(CommandId(Id128(8, 8)), "/wishes/8");
    checker.acknowledged(CommandId(Id128(8, 8)));
    checker.at_rest(head());
    EXPECT_EQ(complaint(), "I13");
}

TEST_F(Recorded, complains_of_an_entry_that_nobody_asked_for) {
    act("/wishes/1");
    EXPECT_EQ(complaint(), "I13");
}

TEST_F(Recorded, complains_of_a_head_that_is_signed_by_nobody) {
    checker.keep("kontor/spec\n1\n", "kontor/spec+00000000+AA==");
    EXPECT_EQ(complaint(), "I13");
}

} // namespace
} // namespace kontor::simulation
