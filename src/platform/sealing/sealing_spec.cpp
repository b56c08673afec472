#include "platform/sealing/sealed_value.hpp"

#include "adapters/memory/key_store.hpp"
#include "codec/events.hpp"
#include "domain/customer/events.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace kontor::sealing {
namespace {

using ports::KeyNumber;

using Dice = kontor::testing::SecretDice;

Id128 const ada(1, 1);
Id128 const ben(2, 2);
EventId const registered_event(Id128(5, 5));
EventId const other_event(Id128(5, 6));

Key master_of(std::uint8_t letter) {
    Key key{};
    key.fill(letter);
    return key;
}

customer::Event registered() {
    customer::Registered fact{};
    fact.email = Personal<std::string>("ada@example.org");
    fact.name = Personal<std::string>("Ada Ashdown");
    return fact;
}

struct House {
    memory::KeyStore store{};
    Dice dice{};
    std::unique_ptr<PersonKeys> keys{PersonKeys::open(store, master_of('m'), dice).value()};
    Sealer sealer{*keys, dice};
    Opener opener{*keys};

    customer::Event sealed(Id128 person, EventId id = registered_event) {
        auto fact = registered();
        sealer.begin();
        EXPECT_TRUE(sealer.plan(0, person));
        sealer.seal(fact, 0, id);
        return fact;
    }
    std::string email(customer::Event fact, EventId id = registered_event) {
        EXPECT_TRUE(open_fact(&opener, fact, id));
        auto const& email = std::get<customer::Registered>(fact).email;
        return email.value() != nullptr ? *email.value() : email.is_erased() ? "erased" : "sealed";
    }
    void restart() {
        keys = PersonKeys::open(store, master_of('m'), dice).value();
        std::destroy_at(&sealer);
        std::construct_at(&sealer, *keys, dice);
        std::destroy_at(&opener);
        std::construct_at(&opener, *keys);
    }
};

TEST(Sealing, what_is_sealed_opens_for_its_own_fact_alone) {
    House house;
    auto const fact = house.sealed(ada);
    EXPECT_FALSE(codec::has_clear_fields(fact));
    std::vector<std::uint8_t> bytes;
    codec::encode(fact, bytes);
    std::string const text(bytes.begin(), bytes.end());
    EXPECT_EQ(text.find("ada@"), std::string::npos);
    EXPECT_EQ(text.find("Ashdown"), std::string::npos);
    EXPECT_EQ(house.email(fact), "ada@example.org");
    EXPECT_EQ(house.email(fact, other_event), "erased");
    EXPECT_GT(house.opener.unreadable(), 0U);
}

TEST(Sealing, a_value_is_not_taken_for_that_of_another_field) {
    House house;
    auto fact = house.sealed(ada);
    auto& customer = std::get<customer::Registered>(fact);
    customer.email = *customer.name;
    EXPECT_EQ(house.email(fact), "erased");
}

TEST(Sealing, one_flipped_bit_opens_nothing) {
    House house;
    auto const fact = house.sealed(ada);
    auto const sealed = std::get<customer::Registered>(fact).email.sealed()->bytes;
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto bytes = sealed;
        bytes[at] ^= 1U;
        std::vector<std::uint8_t> clear;
        auto const opened = house.opener.of(registered_event).open("email", bytes, clear);
        EXPECT_FALSE(opened.has_value() && *opened) << at;
        EXPECT_TRUE(clear.empty());
    }
}

TEST(Sealing, no_two_values_look_alike) {
    House house;
    std::set<std::vector<std::uint8_t>> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(std::get<customer::Registered>(house.sealed(ada)).email.sealed()->bytes);
    EXPECT_EQ(seen.size(), 1000U);
}

/// The vector of docs/reference/journal-format.md, made by another implementation.
TEST(Sealing, sealed_values_read_as_they_did_when_they_were_new) {
    Key key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::uint8_t>(i);
    Nonce const nonce{0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab};
    auto const id = EventId::parse("evt_01J8ZQ4YB0A1B2C3D4E5F6G7H8").value();
    auto const id_bytes = id.value().bytes();
    std::vector<std::uint8_t> beside(id_bytes.begin(), id_bytes.end());
    std::string_view const path = "contact";
    beside.insert(beside.end(), path.begin(), path.end());
    std::string clear("\x0f"
                      "ada@example.org");
    clear.append(2, '\0');
    std::vector<std::uint8_t> sealed;
    Gcm gcm;
    gcm.seal(key, nonce, beside, std::vector<std::uint8_t>(clear.begin(), clear.end()), sealed);
    std::string text;
    for (auto const byte : sealed) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    EXPECT_EQ(text, "e979184c05ae7ade0f15ebb62915b2b970"
                    "ac87b66736ad5936921ad8cb8820e154bd");
}

TEST(PersonKeys, a_person_has_one_key_and_keeps_it_over_a_restart) {
    House house;
    auto const first = house.keys->of(ada).value()->number;
    EXPECT_NE(house.keys->of(ben).value()->number, first);
    EXPECT_EQ(house.keys->of(ada).value()->number, first);
    auto const fact = house.sealed(ada);
    ASSERT_TRUE(house.keys->record({Id128(7, 7), ports::Position(3)}));
    EXPECT_EQ(house.keys->unwritten(), 0U);
    house.restart();
    EXPECT_EQ(house.keys->checkpoint().value(),
              (ports::KeyCheckpoint{Id128(7, 7), ports::Position(3)}));
    EXPECT_EQ(house.keys->of(ada).value()->number, first);
    EXPECT_EQ(house.email(fact), "ada@example.org");
}

TEST(PersonKeys, the_log_says_whose_a_key_is_that_was_not_written_down) {
    House house;
    auto const fact = house.sealed(ada);
    house.restart(); // nothing was recorded
    auto const sealed = codec::first_sealed_field(fact);
    house.keys->remember({key_number_of(sealed).value(), ada});
    ASSERT_TRUE(house.keys->record({}));
    EXPECT_NE(house.keys->of(ben).value()->number, key_number_of(sealed).value());
    EXPECT_EQ(house.keys->of(ada).value()->number, key_number_of(sealed).value());
    EXPECT_EQ(house.email(fact), "ada@example.org");
}

TEST(PersonKeys, of_a_forgotten_person_nothing_opens_and_nothing_new_is_kept) {
    House house;
    auto const fact = house.sealed(ada);
    auto const of_ben = house.sealed(ben);
    ASSERT_TRUE(house.keys->forget({ada}, {}));
    EXPECT_EQ(house.email(fact), "erased");
    EXPECT_EQ(house.email(house.sealed(ada)), "erased");
    EXPECT_EQ(house.email(of_ben), "ada@example.org");
    house.restart();
    EXPECT_EQ(house.email(fact), "erased");
    EXPECT_EQ(house.keys->of(ada).value(), std::nullopt);
    EXPECT_EQ(house.email(of_ben), "ada@example.org");
}

TEST(PersonKeys, a_person_who_never_had_a_key_can_be_forgotten_too) {
    House house;
    ASSERT_TRUE(house.keys->forget({ada}, {}));
    EXPECT_EQ(house.keys->of(ada).value(), std::nullopt);
}

TEST(PersonKeys, keys_of_a_lost_store_are_given_to_nobody) {
    House house;
    auto const fact = house.sealed(ada);
    House other;
    other.keys->remember({key_number_of(codec::first_sealed_field(fact)).value(), ada});
    ASSERT_TRUE(other.keys->record({}));
    EXPECT_EQ(other.email(fact), "erased");
    auto const again = other.sealed(ada);
    EXPECT_NE(key_number_of(codec::first_sealed_field(again)),
              key_number_of(codec::first_sealed_field(fact)));
    EXPECT_EQ(other.email(again), "ada@example.org");
}

TEST(PersonKeys, keys_are_made_ahead_until_there_are_enough) {
    House house;
    ASSERT_TRUE(house.keys->keep_ahead());
    auto const ahead = house.store.free_keys(ports::Limit(10'000)).value().size();
    EXPECT_GT(ahead, keys_ahead_max / 2);
    EXPECT_LE(ahead, keys_ahead_max);
}

TEST(PersonKeys, another_master_key_opens_no_store) {
    House house;
    ASSERT_TRUE(house.keys->of(ada));
    auto const opened = PersonKeys::open(house.store, master_of('x'), house.dice);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, FailureKind::invalid);
}

TEST(PersonKeys, another_master_key_can_take_over) {
    House house;
    auto const fact = house.sealed(ada);
    ASSERT_TRUE(house.keys->record({}));
    EXPECT_EQ(
        change_master_key(house.store, master_of('z'), master_of('n'), house.dice).error().kind,
        FailureKind::invalid);
    ASSERT_TRUE(change_master_key(house.store, master_of('m'), master_of('n'), house.dice));
    EXPECT_FALSE(PersonKeys::open(house.store, master_of('m'), house.dice));
    auto const keys = PersonKeys::open(house.store, master_of('n'), house.dice).value();
    Opener opener(*keys);
    auto opened = fact;
    ASSERT_TRUE(open_fact(&opener, opened, registered_event));
    EXPECT_EQ(opened, registered());
}

TEST(PersonKeys, owners_are_written_down_at_the_limit) {
    House house;
    for (std::uint64_t i = 0; i <= unwritten_owners_max; ++i)
        ASSERT_TRUE(house.keys->of(Id128(9, i)));
    EXPECT_LE(house.keys->unwritten(), unwritten_owners_max);
    EXPECT_TRUE(house.store.find(Id128(9, 0)).value());
}

TEST(MasterKey, is_written_and_read_as_64_digits) {
    auto const key = master_of(0xa7);
    EXPECT_EQ(parse_master_key(master_key_text(key) + "\n").value(), key);
    for (auto const* text : {"", "a7", "A7a7", "zz"})
        EXPECT_EQ(parse_master_key(text).error().kind, FailureKind::invalid);
}

TEST(Recent, keeps_what_was_used_and_stays_within_its_limit) {
    Recent<int, int> recent(10);
    for (int i = 0; i < 100; ++i) {
        recent.put(i, i);
        EXPECT_NE(recent.find(0), nullptr) << i;
        EXPECT_LE(recent.size(), 10U);
    }
    EXPECT_EQ(recent.find(50), nullptr);
    recent.drop(0);
    EXPECT_EQ(recent.find(0), nullptr);
}

} // namespace
} // namespace kontor::sealing
