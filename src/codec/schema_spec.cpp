#include "codec/schema.hpp"

#include "codec/event_types.hpp"
#include "codec/json_document.hpp"
#include "codec/stored_json.hpp"

#include <gtest/gtest.h>

namespace kontor::codec {
namespace {

enum class Size : std::uint8_t { small = 1, default_ = 2 };
BOOST_DESCRIBE_ENUM(Size, small, default_)

struct Item {
    Sku sku;
    Quantity quantity;
    Size size{Size::small};
    std::optional<OrderId> order_id{};
};
BOOST_DESCRIBE_STRUCT(Item, (), (sku, quantity, size, order_id))
static_assert(describes_every_field<Item>());

TEST(Schema, a_described_type_is_a_closed_object_where_unknown_keys_are_refused) {
    EXPECT_EQ(
        schema_of<Item>(UnknownKeys::refused),
        R"({"type":"object","properties":{)"
        R"("sku":{"type":"string","pattern":"^[A-Z0-9][A-Z0-9._-]{0,39}$"},)"
        R"("quantity":{"type":"integer","minimum":1,"maximum":1000000},)"
        R"("size":{"type":"string","enum":["small","default"]},)"
        R"("order_id":{"anyOf":[{"type":"string","pattern":"^ord_[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$"},)"
        R"({"type":"null"}]}},"required":["sku","quantity","size"],"additionalProperties":false})");
    EXPECT_EQ(schema_of<Item>(UnknownKeys::skipped).find("additionalProperties"),
              std::string::npos);
}

TEST(Schema, money_is_minor_units_and_a_code) {
    EXPECT_EQ(
        schema_of<std::vector<Money>>(UnknownKeys::skipped),
        R"({"type":"array","items":{"type":"object","properties":{"amount":{"type":"integer",)"
        R"("minimum":-999999999999999,"maximum":999999999999999},)"
        R"("currency":{"type":"string","pattern":"^[A-Z]{3}$"}},"required":["amount","currency"]}})");
}

TEST(Schema, every_stored_fact_has_one_that_is_json) {
    for (auto const& row : event_types()) {
        auto const schema = stored_schema(row.type);
        ASSERT_TRUE(schema) << row.name;
        EXPECT_TRUE(JsonDocument().parse(*schema)) << row.name << *schema;
    }
    EXPECT_EQ(stored_schema(EventType(9'999)).error().kind, FailureKind::unsupported);
}

} // namespace
} // namespace kontor::codec
