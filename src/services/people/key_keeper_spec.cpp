#include "services/people/key_keeper.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/key_store.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "services/shop/shop.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

using Dice = kontor::testing::SecretDice;

CustomerId const ada(Id128(1, 1));
CustomerId const ben(Id128(2, 2));
Id128 const lineage(7, 7);

customer::Profile profile(std::string email) {
    customer::Profile made{};
    made.country = Country::parse("GB").value();
    made.email = Personal<std::string>(std::move(email));
    return made;
}

/// A desk that seals, and the keeper of keys, each called by hand.
class People : public ::testing::Test {
protected:
    void SetUp() override { start(); }

    /// Begins anew on the same log and keys, as after a crash.
    void start() {
        desk.reset();
        keeper.reset();
        keys = sealing::PersonKeys::open(*key_store, sealing::Key{}, dice).value();
        sealer = std::make_unique<sealing::Sealer>(*keys, dice);
        opener = std::make_unique<sealing::Opener>(*keys);
        keeper = std::make_unique<KeyKeeper>(store, *keys, clock, lineage);
        ASSERT_TRUE(keeper->recover());
        Shop shop{};
        shop.sealer = sealer.get();
        shop.opener = opener.get();
        desk = std::make_unique<ShopDesk>(store, shop);
    }

    ShopAnswer ask(CustomerId customer, customer::Command command) {
        ShopRequest request{CommandId(Id128(9, ++asked)), {}, {}, clock.now(), {}, {}};
        request.work = Compound{{On<Customers>{customer, std::move(command)}}};
        request.ticket = asked;
        EXPECT_TRUE(desk->take(std::move(request)));
        EXPECT_TRUE(desk->flush());
        std::vector<ShopAnswer> answers;
        desk->collect(answers);
        EXPECT_EQ(answers.size(), 1U);
        return answers.empty() ? ShopAnswer{} : answers.front();
    }
    void come(CustomerId customer, std::string email) {
        EXPECT_TRUE(std::holds_alternative<commands::Accepted>(
            ask(customer, customer::Register{customer, profile(std::move(email))}).content));
    }

    std::string all_payloads() {
        std::string text;
        auto const page = store.read_log({}, ports::Limit(1000)).value();
        for (auto const& event : page.events)
            text.append(event.payload.begin(), event.payload.end());
        return text;
    }
    /// As somebody sees it who may.
    std::string email_of(CustomerId customer) {
        auto const page =
            store
                .read_stream(StreamId::customer(customer), ports::StreamVersion(1), ports::Limit(1))
                .value();
        auto const& event = page.events.front();
        auto fact = Customers::decode(event.type, event.payload).value();
        EXPECT_TRUE(sealing::open_fact(
            opener.get(), fact,
            event_id(page.commit_of(event).header.command_id, event.index_in_command)));
        auto const& email = std::get<customer::Registered>(fact).email;
        return email.value() != nullptr ? *email.value() : "erased";
    }
    std::vector<CustomerId> found_by(std::string_view address) {
        std::vector<CustomerId> found;
        auto const mark = keys->mark_of(address).value();
        auto const persons = keys->owners_of(mark, ports::Limit(10));
        for (auto const person : *persons)
            found.emplace_back(person);
        return found;
    }
    /// The number that the first fact of a customer names.
    ports::KeyNumber key_of_the_log(CustomerId customer) {
        auto const page =
            store
                .read_stream(StreamId::customer(customer), ports::StreamVersion(1), ports::Limit(1))
                .value();
        auto const fact =
            Customers::decode(page.events.front().type, page.events.front().payload).value();
        return *sealing::key_number_of(codec::first_sealed_field(fact));
    }
    std::size_t facts() { return store.read_log({}, ports::Limit(1000)).value().events.size(); }

    testing::HandClock clock;
    memory::EventStore store{clock};
    std::unique_ptr<memory::KeyStore> key_store{std::make_unique<memory::KeyStore>()};
    Dice dice;
    std::unique_ptr<sealing::PersonKeys> keys;
    std::unique_ptr<sealing::Sealer> sealer;
    std::unique_ptr<sealing::Opener> opener;
    std::unique_ptr<KeyKeeper> keeper;
    std::unique_ptr<ShopDesk> desk;
    std::uint64_t asked{0};
};

TEST_F(People, what_a_customer_says_of_himself_stands_nowhere_in_the_log) {
    come(ada, "ada@example.org");
    EXPECT_EQ(all_payloads().find("ada@"), std::string::npos);
    EXPECT_EQ(email_of(ada), "ada@example.org");
}

TEST_F(People, a_customer_who_changes_nothing_changes_nothing_also_after_a_restart) {
    come(ada, "ada@example.org");
    EXPECT_EQ(facts(), 1U);
    ask(ada, customer::Change{ada, profile("ada@example.org")});
    EXPECT_EQ(facts(), 1U);
    start();
    ask(ada, customer::Change{ada, profile("ada@example.org")});
    EXPECT_EQ(facts(), 1U);
    ask(ada, customer::Change{ada, profile("ada@example.com")});
    EXPECT_EQ(facts(), 2U);
}

TEST_F(People, the_key_of_an_erased_customer_is_destroyed) {
    come(ada, "ada@example.org");
    come(ben, "ben@example.org");
    ask(ada, customer::Erase{.customer_id = ada});
    EXPECT_EQ(email_of(ada), "ada@example.org") << "the keeper has not come so far";
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(email_of(ada), "erased");
    EXPECT_EQ(email_of(ben), "ben@example.org");
    start();
    EXPECT_EQ(email_of(ada), "erased");
    EXPECT_EQ(email_of(ben), "ben@example.org");
}

TEST_F(People, a_start_destroys_the_key_that_a_crash_left) {
    come(ada, "ada@example.org");
    ask(ada, customer::Erase{.customer_id = ada});
    start();
    EXPECT_EQ(email_of(ada), "erased");
}

TEST_F(People, an_older_copy_of_the_keys_forgets_again_whom_the_log_says_to_be_erased) {
    come(ada, "ada@example.org");
    come(ben, "ben@example.org");
    clock.pass(Duration::seconds(2));
    ASSERT_TRUE(keeper->do_work({100}));
    auto const copy = std::make_unique<memory::KeyStore>();
    auto const number = key_store->find(ada.value()).value()->number;
    auto const kept = key_store->read(number).value();
    ask(ada, customer::Erase{.customer_id = ada});
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(email_of(ada), "erased");

    key_store = std::make_unique<memory::KeyStore>(); // as it was before
    ASSERT_TRUE(key_store->add(std::vector(number.value(), *kept)));
    ASSERT_TRUE(key_store->record({{{number, ada.value()}}, {}, {lineage, ports::Position(2)}}));
    start();
    EXPECT_EQ(email_of(ada), "erased");
    EXPECT_EQ(key_store->read(number).value(), std::nullopt);
}

TEST_F(People, a_customer_is_found_by_the_address_of_now_and_one_who_is_erased_by_none) {
    come(ada, "ada@example.org");
    come(ben, " BEN@example.org ");
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(found_by("ADA@example.org"), std::vector{ada});
    EXPECT_EQ(found_by("ben@example.org"), std::vector{ben});
    ask(ada, customer::Change{ada, profile("lovelace@example.org")});
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(found_by("ada@example.org"), std::vector<CustomerId>());
    EXPECT_EQ(found_by("lovelace@example.org"), std::vector{ada});
    start();
    EXPECT_EQ(found_by("lovelace@example.org"), std::vector{ada});
    ask(ada, customer::Erase{.customer_id = ada});
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(found_by("lovelace@example.org"), std::vector<CustomerId>());
    EXPECT_EQ(found_by("ben@example.org"), std::vector{ben});
}

TEST_F(People, keys_that_an_older_release_kept_mark_the_addresses_from_the_beginning) {
    come(ada, "ada@example.org");
    come(ben, "ben@example.org");
    auto const number = key_of_the_log(ada);
    auto const wrapped = key_store->read(number).value();
    key_store = std::make_unique<memory::KeyStore>(); // Ada's key, and none that marks
    ASSERT_TRUE(key_store->add(std::vector(number.value(), *wrapped)));
    ASSERT_TRUE(key_store->record({{{number, ada.value()}}, {}, {lineage, ports::Position(2)}}));
    start();
    EXPECT_EQ(found_by("ada@example.org"), std::vector{ada});
    EXPECT_EQ(email_of(ada), "ada@example.org");
    come(CustomerId(Id128(3, 3)), "eve@example.org");
    EXPECT_EQ(email_of(CustomerId(Id128(3, 3))), "eve@example.org");
}

TEST_F(People, a_key_that_was_not_written_down_stays_its_owners_after_a_crash) {
    come(ada, "ada@example.org");
    EXPECT_EQ(key_store->find(ada.value()).value(), std::nullopt);
    start();
    EXPECT_TRUE(key_store->find(ada.value()).value());
    come(ben, "ben@example.org");
    EXPECT_EQ(email_of(ada), "ada@example.org");
    ask(ada, customer::Erase{.customer_id = ada});
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(email_of(ada), "erased");
    EXPECT_EQ(email_of(ben), "ben@example.org");
}

TEST_F(People, owners_are_written_down_once_a_second_and_erasures_at_once) {
    come(ada, "ada@example.org");
    clock.pass(Duration::seconds(2));
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(keys->unwritten(), 0U);
    come(ben, "ben@example.org");
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(keys->unwritten(), 1U);
    ask(ben, customer::Erase{.customer_id = ben});
    ASSERT_TRUE(keeper->do_work({100}));
    EXPECT_EQ(keys->unwritten(), 0U);
    EXPECT_EQ(email_of(ben), "erased");
}

TEST_F(People, keys_without_their_log_are_followed_from_its_beginning) {
    come(ada, "ada@example.org");
    ASSERT_TRUE(key_store->record({{}, {}, {Id128(8, 8), ports::Position(1)}}));
    ask(ada, customer::Erase{.customer_id = ada});
    start();
    EXPECT_EQ(email_of(ada), "erased");
}

} // namespace
} // namespace kontor::services
