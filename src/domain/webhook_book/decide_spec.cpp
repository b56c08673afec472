#include "domain/webhook_book/webhook_book.hpp"
#include "tests/support/given.hpp"

#include <gtest/gtest.h>

namespace kontor::webhook_book {
namespace {

using kontor::testing::given;

PageKept page(bool is_last = false) {
    return {9,
            {{7, 1, Instant() + Duration::minutes(5)}},
            {{7, 1, Instant(), Outcome::failed, 500, Duration::milliseconds(3), "no"}},
            is_last};
}
KeepPage keep(bool ends = false) {
    auto const kept = page();
    return {kept.through, kept.waiting, kept.tries, ends};
}

TEST(WebhookBook, a_page_is_kept_as_it_was_said) {
    given<Decider>().when(keep()).then(page());
    given<Decider>(page()).when(keep()).then(page());
}

TEST(WebhookBook, the_last_page_closes_the_book) {
    EXPECT_EQ(Decider::decide(Open{pages_max - 2}, keep(), {})->front(), Event(page()));
    EXPECT_EQ(Decider::decide(Open{pages_max - 1}, keep(), {})->front(), Event(page(true)));
    given<Decider>().when(keep(true)).then(page(true));
    given<Decider>(page(true)).when(keep()).then_rejected(Rejection::book_closed);
    EXPECT_TRUE(is_terminal(evolve(Open{}, page(true))));
    EXPECT_EQ(evolve(Open{3}, page()), State(Open{4}));
}

} // namespace
} // namespace kontor::webhook_book
