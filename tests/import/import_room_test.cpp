#include "services/import/import.hpp"
#include "services/import/text_source.hpp"

#include "adapters/faulty/event_store.hpp"
#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::online_retail {
namespace {

constexpr auto one_sale =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "1,A1,RED MUG,6,2010-12-01 08:26,2.55,7,United Kingdom\n";

/// Runs the sale into a store; ends with what stopped it, or with nothing.
Result<WorkDone> import(ports::EventStore& store) {
    TextSource source("a file", one_sale);
    services::ShopDesk desk(store);
    Import import(read_invoices(source).value(), store, desk);
    Result<WorkDone> done = WorkDone{0};
    for (int calls = 0; done && !import.is_finished() && calls < 10'000; ++calls)
        done = import.do_work({1'000});
    return done;
}

TEST(ImportRoom, a_store_without_room_ends_the_import_and_one_with_room_lets_it_go_on) {
    kontor::testing::HandClock clock;
    memory::EventStore store(clock);
    faulty::EventStore full(store, {.append_full = 1'000}, 1);
    auto const stopped = import(full);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().kind, FailureKind::full);
    faulty::EventStore now_and_then_full(store, {.append_full = 500}, 2);
    EXPECT_TRUE(import(now_and_then_full));
    EXPECT_GT(store.durable().position.value(), 0U);
}

} // namespace
} // namespace kontor::online_retail
