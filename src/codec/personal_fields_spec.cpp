#include "codec/personal_fields.hpp"

#include "codec/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/order/events.hpp"
#include "domain/stock/events.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kontor::codec {
namespace {

static_assert(has_personal_facts<order::Event>);
static_assert(has_personal_facts<customer::Event>);
static_assert(!has_personal_facts<stock::Event>);

/// Seals by turning the bytes over, and remembers where it was called.
class Mirror final : public FieldSealer, public FieldOpener {
public:
    bool seal(std::string_view path, std::span<std::uint8_t const> clear,
              std::vector<std::uint8_t>& sealed) override {
        sealed.assign(clear.rbegin(), clear.rend());
        seen[std::string(path)] = sealed;
        return !forgets;
    }
    Result<bool> open(std::string_view path, std::span<std::uint8_t const> sealed,
                      std::vector<std::uint8_t>& clear) override {
        EXPECT_EQ(seen[std::string(path)], std::vector(sealed.begin(), sealed.end()));
        clear.assign(sealed.rbegin(), sealed.rend());
        return !forgets;
    }

    std::map<std::string, std::vector<std::uint8_t>> seen{};
    bool forgets{false};
};

customer::Event ada() {
    customer::Registered fact{};
    fact.email = Personal<std::string>("ada@example.org");
    fact.addresses = {Personal<Address>(Address{"Ada", {"1 Quay"}, "Bristol", "BS1"}),
                      Personal<Address>(Address{"Ada", {"2 Quay"}, "Bristol", "BS1"})};
    fact.name = Personal<std::string>("Ada");
    return fact;
}

TEST(PersonalFields, every_clear_field_is_sealed_under_its_path_and_comes_back) {
    Mirror mirror;
    auto fact = ada();
    EXPECT_TRUE(has_clear_fields(fact));
    seal_fields(fact, mirror);
    EXPECT_FALSE(has_clear_fields(fact));
    std::vector<std::string> paths;
    for (auto const& [path, bytes] : mirror.seen)
        paths.push_back(path);
    EXPECT_EQ(paths, (std::vector<std::string>{"addresses.0", "addresses.1", "email", "name"}));
    EXPECT_EQ(first_sealed_field(fact).size(), mirror.seen["email"].size());
    ASSERT_TRUE(open_fields(fact, mirror));
    EXPECT_EQ(fact, ada());
}

TEST(PersonalFields, a_field_inside_another_has_both_names) {
    Mirror mirror;
    order::Placed placed{};
    placed.payment = order::PaymentOffer{PaymentMethod("card"), Personal<std::string>("tok")};
    order::Event fact(std::move(placed));
    seal_fields(fact, mirror);
    ASSERT_EQ(mirror.seen.size(), 1U);
    EXPECT_EQ(mirror.seen.begin()->first, "payment.token");
}

TEST(PersonalFields, nothing_is_left_of_who_is_forgotten) {
    Mirror mirror;
    auto late = ada();
    mirror.forgets = true;
    seal_fields(late, mirror);
    EXPECT_TRUE(std::get<customer::Registered>(late).email.is_erased());

    auto fact = ada();
    mirror.forgets = false;
    seal_fields(fact, mirror);
    mirror.forgets = true;
    ASSERT_TRUE(open_fields(fact, mirror));
    EXPECT_TRUE(std::get<customer::Registered>(fact).addresses[1].is_erased());
}

TEST(PersonalFields, what_does_not_read_is_damage) {
    class Liar final : public FieldOpener {
        Result<bool> open(std::string_view, std::span<std::uint8_t const>,
                          std::vector<std::uint8_t>& clear) override {
            clear = {200};
            return true;
        }
    } liar;
    Mirror mirror;
    auto fact = ada();
    seal_fields(fact, mirror);
    EXPECT_EQ(open_fields(fact, liar).error().kind, FailureKind::corrupt);
}

} // namespace
} // namespace kontor::codec
