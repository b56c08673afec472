#include "codec/json.hpp"
#include "codec/json_fault.hpp"

#include "base/describe.hpp"

#include <gtest/gtest.h>

namespace kontor::codec {
namespace {

enum class Colour : std::uint8_t { red = 1, default_ = 2 };
BOOST_DESCRIBE_ENUM(Colour, red, default_)

struct Part {
    Sku sku;
    Quantity quantity;
    friend bool operator==(Part const&, Part const&) = default;
};
BOOST_DESCRIBE_STRUCT(Part, (), (sku, quantity))
static_assert(describes_every_field<Part>());

struct Fact {
    OrderId order_id;
    Colour colour{Colour::red};
    std::vector<Part> parts;
    Money price;
    Instant at;
    Personal<std::string> name;
    std::optional<std::string> note{};
    std::optional<Personal<std::string>> phone{};
    friend bool operator==(Fact const&, Fact const&) = default;
};
BOOST_DESCRIBE_STRUCT(Fact, (), (order_id, colour, parts, price, at, name, note, phone))
static_assert(describes_every_field<Fact>());

struct Numbers {
    std::int64_t exact{};
    std::uint64_t large{};
    std::uint8_t small{};
    friend bool operator==(Numbers const&, Numbers const&) = default;
};
BOOST_DESCRIBE_STRUCT(Numbers, (), (exact, large, small))
static_assert(describes_every_field<Numbers>());

struct Text {
    std::string text;
    friend bool operator==(Text const&, Text const&) = default;
};
BOOST_DESCRIBE_STRUCT(Text, (), (text))
static_assert(describes_every_field<Text>());

using Payload = std::variant<Text, Part>;

struct Chosen {
    Payload payload;
    friend bool operator==(Chosen const&, Chosen const&) = default;
};
BOOST_DESCRIBE_STRUCT(Chosen, (), (payload))
static_assert(describes_every_field<Chosen>());

} // namespace

template <>
inline constexpr std::array<std::string_view, 2> alternative_names<Payload>{"text", "part"};

namespace {

Fact example() {
    return {OrderId(Id128(1, 2)),
            Colour::default_,
            {{Sku::parse("85123A").value(), Quantity::of(6)}},
            Money::of(1'999, Currency::gbp()),
            parse_instant("2010-12-01T08:26:00Z").value(),
            Personal<std::string>("Ada \"Countess\"\n")};
}

constexpr std::string_view example_text =
    R"({"order_id":"ord_0000000000000G000000000002","colour":"default",)"
    R"("parts":[{"sku":"85123A","quantity":6}],"price":{"amount":1999,"currency":"GBP"},)"
    R"("at":"2010-12-01T08:26:00Z","name":"Ada \"Countess\"\n"})";

std::string fault(std::string_view text, UnknownKeys keys = UnknownKeys::refused) {
    auto const read = from_json<Fact>(text, keys);
    return read ? "none" : read.error().where + ": " + read.error().what;
}

std::string with(std::string_view from, std::string_view to) {
    std::string text(example_text);
    text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(Json, what_no_enumerator_stands_for_is_not_written) {
    auto wrong = example();
    wrong.colour = Colour(0);
    EXPECT_DEATH((void)to_json(wrong), "0 is written where one of red, default is wanted");
}

TEST(Json, a_fact_is_an_object_of_its_fields) {
    EXPECT_EQ(to_json(example()), example_text);
    EXPECT_EQ(from_json<Fact>(example_text, UnknownKeys::refused).value(), example());
}

TEST(Json, our_api_names_the_key_it_does_not_know_and_a_reader_of_facts_skips_it) {
    auto const text = with(R"("quantity":6)", R"("quantity":6,"qty":[{"deep":1}])");
    EXPECT_EQ(fault(text), "/parts/0/qty: there is no such key: qty");
    EXPECT_EQ(from_json<Fact>(text, UnknownKeys::skipped).value(), example());
}

TEST(Json, a_fault_is_named_with_its_pointer) {
    EXPECT_EQ(fault(with(R"("quantity":6)", R"("quantity":0)")),
              "/parts/0/quantity: an integer from 1 to 1000000 is wanted");
    EXPECT_EQ(fault(with(R"("quantity":6)", R"("quantity":6.0)")),
              "/parts/0/quantity: an integer from 1 to 1000000 is wanted");
    EXPECT_EQ(fault(with(R"("quantity":6)", R"("quantity":"6")")),
              "/parts/0/quantity: an integer from 1 to 1000000 is wanted");
    EXPECT_EQ(fault(with(R"(,"quantity":6)", "")), "/parts/0: quantity is missing");
    EXPECT_EQ(fault(with(R"("quantity":6)", R"("quantity":6,"quantity":6)")),
              "/parts/0/quantity: this key stands twice");
    EXPECT_EQ(fault(with("default", "green")), "/colour: one of red, default is wanted");
    EXPECT_EQ(fault(with("ord_", "pay_")), "/order_id: an id of this kind starts with ord_");
    EXPECT_EQ(fault(with("85123A", "")).substr(0, 14), "/parts/0/sku: ");
    EXPECT_EQ(fault(with("85123A", "85123a")), "none") << "whoever types it need not know";
    EXPECT_EQ(fault(with("85123A", "85123a"), UnknownKeys::skipped).substr(0, 14), "/parts/0/sku: ")
        << "what we stored was spelled as it is";
    EXPECT_EQ(fault(with("1999", "1000000000000000")),
              "/price/amount: an amount has at most 15 digits");
    EXPECT_EQ(fault(with("08:26", "8:26")).substr(0, 5), "/at: ");
    EXPECT_EQ(fault(with(R"("parts":[)", R"("a/b~c":1,"parts":[)")),
              "/a~1b~0c: there is no such key: a/b~c");
}

TEST(Json, what_is_no_json_is_refused_as_a_whole) {
    for (auto const* text : {"", "{", "[1,]", "nul", R"({"text":"\ud800"})", "{\"text\":\"\xff\"}",
                             R"({"text":"a"} x)", "{\"text\":\"a\nb\"}"})
        EXPECT_FALSE(from_json<Text>(text, UnknownKeys::skipped)) << text;
    EXPECT_FALSE(from_json<Text>(std::string(100'000, '['), UnknownKeys::skipped));
    EXPECT_FALSE(from_json<Text>("[]", UnknownKeys::skipped));
    EXPECT_FALSE(
        from_json<Text>(R"({"text":"a","x":)" + std::string(40, '[') + std::string(40, ']') + "}",
                        UnknownKeys::skipped));
}

TEST(Json, integers_are_exact_to_64_bits) {
    Numbers const edges{std::numeric_limits<std::int64_t>::min(),
                        std::numeric_limits<std::uint64_t>::max(), 255};
    EXPECT_EQ(to_json(edges),
              R"({"exact":-9223372036854775808,"large":18446744073709551615,"small":255})");
    EXPECT_EQ(from_json<Numbers>(to_json(edges), UnknownKeys::refused).value(), edges);
    EXPECT_FALSE(from_json<Numbers>(R"({"exact":0,"large":-1,"small":0})", UnknownKeys::refused));
    EXPECT_FALSE(from_json<Numbers>(R"({"exact":0,"large":0,"small":256})", UnknownKeys::refused));
    auto const beyond = JsonDocument().parse(R"({"large":18446744073709551616})");
    EXPECT_NE(beyond.error().what.find("too large"), std::string::npos) << beyond.error().what;
    auto const broken = JsonDocument().parse(R"({"large":1.2.3})");
    EXPECT_NE(broken.error().what.find("no JSON"), std::string::npos) << broken.error().what;
}

TEST(Json, texts_are_escaped_and_always_utf_8) {
    EXPECT_EQ(to_json(Text{"\x01\x1f\"\\/\b\f\n\r\t\x7f"}),
              "{\"text\":\"\\u0001\\u001f\\\"\\\\/\\b\\f\\n\\r\\t\x7f\"}");
    EXPECT_EQ(to_json(Text{"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\xa6"}),
              "{\"text\":\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\xa6\"}");
    for (auto const* broken : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
        auto const text = to_json(Text{broken});
        EXPECT_TRUE(from_json<Text>(text, UnknownKeys::refused)) << text;
        EXPECT_NE(text.find("\xef\xbf\xbd"), std::string::npos);
    }
}

TEST(Json, personal_values_are_clear_sealed_erased_or_withheld) {
    auto fact = example();
    fact.phone = Personal<std::string>();
    fact.name = Personal<std::string>(Sealed{{1, 2, 3, 255}});
    auto const text = to_json(fact);
    EXPECT_NE(text.find(R"("name":{"sealed":"AQID/w=="},"phone":null)"), std::string::npos) << text;
    EXPECT_EQ(from_json<Fact>(text, UnknownKeys::refused).value(), fact);
    auto const shown = to_json(example(), PersonalFields::withheld);
    EXPECT_EQ(shown.find("Ada"), std::string::npos);
    EXPECT_FALSE(from_json<Fact>(shown, UnknownKeys::refused));
}

TEST(Json, base_64_has_one_spelling) {
    for (std::size_t length = 0; length < 10; ++length) {
        std::vector<std::uint8_t> const bytes(length, 0xfb);
        std::string text;
        append_base64(text, bytes);
        EXPECT_EQ(parse_base64(text), bytes);
    }
    for (auto const* text : {"A", "AA", "AAA", "AB==", "AAB=", "A===", "AA=A", "AA*A"})
        EXPECT_FALSE(parse_base64(text)) << text;
}

TEST(Json, a_choice_is_an_object_named_after_the_alternative) {
    Chosen const chosen{Part{Sku::parse("X1").value(), Quantity::of(2)}};
    EXPECT_EQ(to_json(chosen), R"({"payload":{"part":{"sku":"X1","quantity":2}}})");
    EXPECT_EQ(from_json<Chosen>(to_json(chosen), UnknownKeys::refused).value(), chosen);
    EXPECT_FALSE(from_json<Chosen>(R"({"payload":{}})", UnknownKeys::refused));
    EXPECT_FALSE(from_json<Chosen>(R"({"payload":{"other":{}}})", UnknownKeys::skipped));
}

TEST(Json, absent_and_null_optionals_are_the_same) {
    EXPECT_EQ(
        from_json<Fact>(with(R"("at":)", R"("note":null,"at":)"), UnknownKeys::refused).value(),
        example());
}

TEST(JsonFault, is_the_first_byte_that_does_not_fit) {
    EXPECT_EQ(json_fault_at(R"({"a":[1,-2.5e3,"x\u00e9\n",true,null],"b":{}})"), std::nullopt);
    EXPECT_EQ(json_fault_at(""), 0U);
    EXPECT_EQ(json_fault_at(R"({"a":1,})"), 7U);
    EXPECT_EQ(json_fault_at("[1 2]"), 3U);
    EXPECT_EQ(json_fault_at("[01]"), 2U);
    EXPECT_EQ(json_fault_at(R"(["a)"), 3U) << "it ends too early";
    EXPECT_EQ(json_fault_at("{} x"), 3U);
    EXPECT_EQ(json_fault_at(R"(["\x"])"), 3U);
    EXPECT_EQ(json_fault_at("tru"), 3U);
    EXPECT_EQ(json_fault_at(std::string(100'000, '[')), JsonDocument::depth_max);
}

} // namespace
} // namespace kontor::codec
