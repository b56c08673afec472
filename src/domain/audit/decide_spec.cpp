#include "domain/audit/audit.hpp"
#include "tests/support/given.hpp"

#include <gtest/gtest.h>

namespace kontor::audit {
namespace {

using kontor::testing::given;

TakeNote note() {
    return {"set_limit", "/v1/ops/limits/address", "a crawler", R"({"count_max":50})",
            R"({"count_max":10})"};
}
ActionTaken noted() {
    return {"set_limit", "/v1/ops/limits/address", "a crawler", R"({"count_max":50})",
            R"({"count_max":10})"};
}

TEST(Audit, what_an_operator_does_is_kept_as_it_was_said) {
    given<Decider>().when(note()).then(noted());
}

TEST(Audit, the_same_thing_done_twice_is_two_entries) {
    given<Decider>(noted()).when(note()).then(noted());
    auto const state = Decider::evolve(Decider::evolve(initial(), noted()), noted());
    EXPECT_EQ(std::get<Kept>(state).entries, 2U);
}

TEST(Audit, what_has_no_name_is_refused) {
    auto nameless = note();
    nameless.verb.clear();
    given<Decider>().when(nameless).then_rejected(Rejection::verb_missing);
}

} // namespace
} // namespace kontor::audit
