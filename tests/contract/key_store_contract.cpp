#include "tests/contract/key_store_contract.hpp"

#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

namespace kontor::contract {
namespace {

using ports::KeyChanges;
using ports::KeyNumber;
using ports::Limit;
using ports::Position;
using ports::StoredKey;
using ports::WrappedKey;

Id128 const ada(1, 1);
Id128 const ben(2, 2);

WrappedKey key(char letter) {
    WrappedKey key{};
    key.fill(static_cast<std::uint8_t>(letter));
    return key;
}

std::string text_of(WrappedKey const& key) {
    return {key.begin(), key.end()};
}

/// Three keys, of which the first is Ada's.
void begin(ports::KeyStore& keys) {
    std::vector const made{key('a'), key('b'), key('c')};
    EXPECT_EQ(keys.add(made).value(), KeyNumber(1));
    EXPECT_TRUE(keys.record({{{KeyNumber(1), ada}}, {}, {Id128(7, 7), Position(10)}}));
}

void an_empty_store_holds_nothing(KeyStoreUnderTest& it) {
    EXPECT_EQ(it.keys().checkpoint().value(), ports::KeyCheckpoint{});
    EXPECT_TRUE(it.keys().free_keys(Limit(5)).value().empty());
    EXPECT_EQ(it.keys().find(ada).value(), std::nullopt);
    EXPECT_EQ(it.keys().read(KeyNumber(1)).value(), std::nullopt);
}

void a_key_is_free_until_it_is_somebodys(KeyStoreUnderTest& it) {
    begin(it.keys());
    EXPECT_EQ(it.keys().free_keys(Limit(5)).value(),
              (std::vector{StoredKey{KeyNumber(2), key('b')}, StoredKey{KeyNumber(3), key('c')}}));
    EXPECT_EQ(it.keys().free_keys(Limit(1)).value().size(), 1U);
    EXPECT_EQ(it.keys().find(ada).value(), (StoredKey{KeyNumber(1), key('a')}));
    EXPECT_EQ(it.keys().find(ben).value(), std::nullopt);
    EXPECT_EQ(it.keys().read(KeyNumber(3)).value(), key('c'));
}

void the_store_outlives_the_process(KeyStoreUnderTest& it) {
    begin(it.keys());
    it.reopen();
    EXPECT_EQ(it.keys().checkpoint().value(), (ports::KeyCheckpoint{Id128(7, 7), Position(10)}));
    EXPECT_EQ(it.keys().find(ada).value(), (StoredKey{KeyNumber(1), key('a')}));
    EXPECT_EQ(it.keys().free_keys(Limit(5)).value().size(), 2U);
}

/// The first one sealed what a crash took away; it is nobody's then, and given to nobody.
void a_person_has_the_key_that_came_last(KeyStoreUnderTest& it) {
    begin(it.keys());
    EXPECT_TRUE(it.keys().record({{{KeyNumber(2), ada}, {KeyNumber(1), ben}}, {}, {}}));
    it.reopen();
    EXPECT_EQ(it.keys().find(ada).value()->number, KeyNumber(2));
    EXPECT_EQ(it.keys().find(ben).value(), std::nullopt);
    EXPECT_EQ(it.keys().free_keys(Limit(5)).value().size(), 1U);
    EXPECT_TRUE(it.keys().record({{{KeyNumber(1), ada}}, {}, {}}));
    EXPECT_EQ(it.keys().find(ada).value()->number, KeyNumber(2)) << "it is not free any more";
}

void the_key_of_a_forgotten_person_is_nowhere(KeyStoreUnderTest& it) {
    begin(it.keys());
    bool const has_files = !it.all_bytes().empty();
    EXPECT_EQ(it.all_bytes().find(text_of(key('a'))) != std::string::npos, has_files);
    EXPECT_TRUE(it.keys().record({{}, {ada}, {}}));
    EXPECT_EQ(it.all_bytes().find(text_of(key('a'))), std::string::npos);
    EXPECT_EQ(it.all_bytes().find(text_of(key('b'))) != std::string::npos, has_files);
    it.reopen();
    EXPECT_EQ(it.keys().find(ada).value(), (StoredKey{KeyNumber(1), std::nullopt}));
    EXPECT_EQ(it.keys().read(KeyNumber(1)).value(), std::nullopt);
}

void a_forgotten_person_gets_no_other_key(KeyStoreUnderTest& it) {
    begin(it.keys());
    EXPECT_TRUE(it.keys().record({{}, {ada, ben, ben}, {}}));
    EXPECT_TRUE(it.keys().record({{{KeyNumber(2), ada}, {KeyNumber(3), ben}}, {ada}, {}}));
    for (auto const person : {ada, ben}) {
        auto const found = it.keys().find(person).value();
        ASSERT_TRUE(found);
        EXPECT_EQ(found->wrapped, std::nullopt);
    }
}

void a_number_of_another_store_is_given_to_nobody(KeyStoreUnderTest& it) {
    begin(it.keys());
    EXPECT_TRUE(it.keys().record({{{KeyNumber(90), ben}}, {}, {}}));
    EXPECT_EQ(it.keys().find(ben).value(), std::nullopt);
    EXPECT_EQ(it.keys().read(KeyNumber(90)).value(), std::nullopt);
    EXPECT_EQ(it.keys().add(std::vector{key('d')}).value(), KeyNumber(91));
}

void keys_are_wrapped_anew_all_or_none(KeyStoreUnderTest& it) {
    begin(it.keys());
    EXPECT_TRUE(it.keys().record({{}, {ben}, {}}));
    int calls = 0;
    auto const fail_at_the_second = [&](WrappedKey const&) -> Result<WrappedKey> {
        if (++calls == 2)
            return unexpected(Failure{FailureKind::invalid, "no"});
        return key('x');
    };
    EXPECT_EQ(it.keys().rewrap(fail_at_the_second).error().kind, FailureKind::invalid);
    EXPECT_EQ(it.keys().read(KeyNumber(1)).value(), key('a'));
    EXPECT_TRUE(it.keys().rewrap([](WrappedKey const& old) -> Result<WrappedKey> {
        return key(static_cast<char>(old.front() - 'a' + 'A'));
    }));
    it.reopen();
    EXPECT_EQ(it.keys().find(ada).value(), (StoredKey{KeyNumber(1), key('A')}));
    EXPECT_EQ(it.keys().free_keys(Limit(5)).value().front().wrapped, key('B'));
    EXPECT_EQ(it.keys().find(ben).value()->wrapped, std::nullopt);
    EXPECT_EQ(it.all_bytes().find(text_of(key('a'))), std::string::npos);
}

constexpr ports::AddressMark mark_one{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr ports::AddressMark mark_two{16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

std::string text_of(ports::AddressMark const& mark) {
    return {mark.begin(), mark.end()};
}

void a_person_is_found_by_the_address_that_holds_now(KeyStoreUnderTest& it) {
    using Persons = std::vector<Id128>;
    begin(it.keys());
    EXPECT_EQ(it.keys().owners_of(mark_one, Limit(5)).value(), Persons());
    EXPECT_TRUE(it.keys().record({{}, {}, {}, {{ben, mark_one}, {ada, mark_one}}}));
    EXPECT_EQ(it.keys().owners_of(mark_one, Limit(5)).value(), (Persons{ada, ben}));
    EXPECT_EQ(it.keys().owners_of(mark_one, Limit(1)).value(), Persons{ada});
    EXPECT_TRUE(it.keys().record({{}, {}, {}, {{ada, mark_two}}}));
    it.reopen();
    EXPECT_EQ(it.keys().owners_of(mark_one, Limit(5)).value(), Persons{ben});
    EXPECT_EQ(it.keys().owners_of(mark_two, Limit(5)).value(), Persons{ada});
}

void nothing_is_left_of_a_forgotten_persons_address(KeyStoreUnderTest& it) {
    begin(it.keys());
    bool const has_files = !it.all_bytes().empty();
    EXPECT_TRUE(it.keys().record({{}, {}, {}, {{ada, mark_one}, {ben, mark_two}}}));
    EXPECT_EQ(it.all_bytes().find(text_of(mark_one)) != std::string::npos, has_files);
    EXPECT_TRUE(it.keys().record({{}, {ada}, {}, {{ada, mark_one}}}));
    EXPECT_TRUE(it.keys().owners_of(mark_one, Limit(5)).value().empty());
    EXPECT_EQ(it.all_bytes().find(text_of(mark_one)), std::string::npos);
    EXPECT_EQ(it.keys().owners_of(mark_two, Limit(5)).value().size(), 1U);
}

constexpr Sentence<KeyStoreUnderTest> sentences[] = {
    {"a_person_is_found_by_the_address_that_holds_now",
     a_person_is_found_by_the_address_that_holds_now},
    {"nothing_is_left_of_a_forgotten_persons_address",
     nothing_is_left_of_a_forgotten_persons_address},
    {"an_empty_store_holds_nothing", an_empty_store_holds_nothing},
    {"a_key_is_free_until_it_is_somebodys", a_key_is_free_until_it_is_somebodys},
    {"the_store_outlives_the_process", the_store_outlives_the_process},
    {"a_person_has_the_key_that_came_last", a_person_has_the_key_that_came_last},
    {"the_key_of_a_forgotten_person_is_nowhere", the_key_of_a_forgotten_person_is_nowhere},
    {"a_forgotten_person_gets_no_other_key", a_forgotten_person_gets_no_other_key},
    {"keys_are_wrapped_anew_all_or_none", keys_are_wrapped_anew_all_or_none},
    {"a_number_of_another_store_is_given_to_nobody", a_number_of_another_store_is_given_to_nobody},
};

} // namespace

bool key_store_contract(std::string const& name, MakeKeyStore make) {
    return hold_to("KeyStoreContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract
