#include "codec/binary.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"

#include "domain/stock/events.hpp"

#include <gtest/gtest.h>

namespace kontor::codec {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Inner {
    std::uint32_t number{};
    std::int32_t signed_number{};
    friend bool operator==(Inner const&, Inner const&) = default;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (number, signed_number))
static_assert(describes_every_field<Inner>());

/// The first version of a fact, and the same fact after two optional fields were added at its end.
struct Before {
    std::string text;
    std::vector<Inner> list;
    friend bool operator==(Before const&, Before const&) = default;
};
BOOST_DESCRIBE_STRUCT(Before, (), (text, list))
static_assert(describes_every_field<Before>());

struct After {
    std::string text;
    std::vector<Inner> list;
    std::optional<Money> price{};
    std::optional<bool> flag{};
    friend bool operator==(After const&, After const&) = default;
};
BOOST_DESCRIBE_STRUCT(After, (), (text, list, price, flag))
static_assert(describes_every_field<After>());

struct Amounts {
    std::vector<Money> amounts;
    friend bool operator==(Amounts const&, Amounts const&) = default;
};
BOOST_DESCRIBE_STRUCT(Amounts, (), (amounts))
static_assert(describes_every_field<Amounts>());

struct Choice {
    std::variant<bool, Inner> chosen;
    Personal<std::string> person;
    friend bool operator==(Choice const&, Choice const&) = default;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (chosen, person))
static_assert(describes_every_field<Choice>());

enum class Ending : std::uint8_t { sold = 1, returned_ = 2 };
BOOST_DESCRIBE_ENUM(Ending, sold, returned_)
enum class Wide : std::uint16_t { near = 1, far = 700 };
BOOST_DESCRIBE_ENUM(Wide, near, far)

struct Ended {
    Ending ending;
    Wide wide{Wide::far};
    friend bool operator==(Ended const&, Ended const&) = default;
};
BOOST_DESCRIBE_STRUCT(Ended, (), (ending, wide))
static_assert(describes_every_field<Ended>());

template <class T>
Bytes encoded(T const& value) {
    Bytes out;
    encode_binary(value, out);
    return out;
}

Money pounds(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}

TEST(Binary, a_fact_is_its_fields_in_sequence) {
    Before const fact{"ab", {{300, -2}, {0, 1}}};
    EXPECT_EQ(encoded(fact), (Bytes{2, 'a', 'b', 2, 0xac, 0x02, 3, 0, 2}));
    EXPECT_EQ(decode_binary<Before>(encoded(fact)).value(), fact);
}

TEST(Binary, a_currency_is_named_once_while_it_holds) {
    Amounts const fact{{pounds(5), pounds(-1), Money::of(7, Currency::eur()), pounds(0)}};
    EXPECT_EQ(encoded(fact), (Bytes{4, 21, 0xba, 0x06, 2, 29, 0xd2, 0x07, 1, 0xba, 0x06}));
    EXPECT_EQ(decode_binary<Amounts>(encoded(fact)).value(), fact);
}

TEST(Binary, amounts_at_the_edges_survive) {
    Amounts const fact{{pounds(Money::max), pounds(-Money::max), Money{}}};
    EXPECT_EQ(decode_binary<Amounts>(encoded(fact)).value(), fact);
}

TEST(Binary, an_older_fact_is_read_with_its_new_fields_empty) {
    Before const before{"ab", {{1, 1}}};
    EXPECT_EQ(decode_binary<After>(encoded(before)).value(), (After{"ab", {{1, 1}}}));
}

TEST(Binary, optional_fields_that_were_added_later_do_not_change_the_bytes_of_older_facts) {
    EXPECT_EQ(encoded(After{"ab", {{1, 1}}}), encoded(Before{"ab", {{1, 1}}}));
    EXPECT_EQ(encoded(After{"", {}, {}, true}), (Bytes{0, 0, 0, 1, 1}));
}

TEST(Binary, an_older_reader_skips_what_a_newer_writer_added) {
    After const after{"ab", {{1, 1}}, pounds(12), true};
    EXPECT_EQ(decode_binary<Before>(encoded(after)).value(), (Before{"ab", {{1, 1}}}));
}

TEST(Binary, choices_and_personal_values_keep_their_form) {
    for (auto const& fact :
         {Choice{true, Personal<std::string>("Ada")}, Choice{Inner{1, 2}, Personal<std::string>()},
          Choice{false, Personal<std::string>(Sealed{{1, 2, 3}})}})
        EXPECT_EQ(decode_binary<Choice>(encoded(fact)).value(), fact);
}

void expect_fault(Bytes const& bytes, std::string const& what, std::string const& where) {
    auto const read = decode_binary<Before>(bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), (Failure{FailureKind::corrupt, what, where}));
}

TEST(Binary, a_fault_is_named_with_its_offset) {
    expect_fault({}, "the bytes end inside a value", "offset 0");
    expect_fault({2, 'a'}, "a length reaches beyond the end", "offset 1");
    expect_fault({0x80, 0}, "a number has needless bytes", "offset 2");
    expect_fault({0, 200}, "the bytes end inside a value", "offset 2");
    expect_fault({0, 3, 1, 1, 1, 1}, "a list is longer than the bytes that are left", "offset 2");
    expect_fault({0, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2},
                 "a number exceeds 64 bits", "offset 12");
    expect_fault({0, 1, 0xff, 0xff, 0xff, 0xff, 0x1f, 0}, "a number is out of range", "offset 7");
}

TEST(Binary, what_no_enumerator_stands_for_is_neither_stored_nor_read) {
    EXPECT_EQ(encoded(Ended{Ending::returned_}), (Bytes{2, 0xbc, 0x05}));
    EXPECT_DEATH((void)encoded(Ended{}), "0 is stored where one of these is wanted: sold 1 or ret");
    EXPECT_DEATH((void)encoded(Ended{Ending::sold, Wide(3)}), "near 1 or far 700");
    for (auto const& bytes : {Bytes{0, 1}, Bytes{3, 1}, Bytes{1, 2}, Bytes{0x81, 0x02, 1}}) {
        auto const read = decode_binary<Ended>(bytes);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().kind, FailureKind::corrupt);
    }
}

TEST(Binary, a_currency_that_holds_already_is_not_named_again) {
    EXPECT_TRUE(decode_binary<Amounts>(Bytes{2, 21, 0xba, 0x06, 2}));
    EXPECT_FALSE(decode_binary<Amounts>(Bytes{2, 21, 0xba, 0x06, 3, 0xba, 0x06}));
    EXPECT_FALSE(decode_binary<Amounts>(Bytes{1, 21, 1}));
}

TEST(Binary, a_count_that_the_bytes_cannot_hold_allocates_nothing) {
    Bytes bytes{0, 0xff, 0xff, 0xff, 0xff, 0x0f};
    bytes.resize(64);
    EXPECT_FALSE(decode_binary<Before>(bytes));
}

TEST(Binary, a_large_fact_is_appended_behind_what_is_there) {
    Before large{std::string(100'000, 'x'), std::vector<Inner>(1'000, Inner{7, -7})};
    Bytes out{42};
    encode_binary(large, out);
    EXPECT_EQ(out[0], 42);
    EXPECT_EQ(decode_binary<Before>(std::span(out).subspan(1)).value(), large);
}

TEST(Facts, a_fact_is_stored_under_its_number) {
    stock::Event const event = stock::Reserved{ReservationId(Id128(1, 2)), Count(3), Count(0)};
    Bytes out;
    auto const type = encode(event, out);
    EXPECT_EQ(type, event_type<stock::Reserved>);
    EXPECT_EQ(out.size(), 18U);
    EXPECT_EQ(find_event_type(type)->name, "stock.reserved");
    EXPECT_EQ(category_of(type), StreamCategory::stock);
    EXPECT_EQ(decode<stock::Event>(type, out).value(), event);
}

TEST(Facts, a_number_of_a_newer_release_is_unsupported) {
    EXPECT_EQ(decode<stock::Event>(EventType(9'999), {}).error().kind, FailureKind::unsupported);
    EXPECT_EQ(find_event_type(EventType(9'999)), nullptr);
    EXPECT_EQ(find_event_type("order.placed", 9), nullptr);
    EXPECT_EQ(find_event_type("order.placed", 1)->type.value(), 101);
}

} // namespace
} // namespace kontor::codec
