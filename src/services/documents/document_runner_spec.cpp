#include "services/documents/document_runner.hpp"

#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

auto const gbp = Currency::gbp();

/// A log that is written by hand, a desk and the runner, each called by hand.
class Numbering : public ::testing::Test {
protected:
    void SetUp() override { start(); }

    /// Begins anew on the same log, as after a crash.
    void start() {
        runner.reset();
        desk = std::make_unique<ShopDeskAgent>(store);
        runner = std::make_unique<DocumentRunner>(store, clock, desk->add_client());
        ASSERT_TRUE(runner->recover());
    }

    template <class Fact>
    void happens(Fact fact, Instant at) {
        ports::Batch batch;
        batch.begin_commit({CommandId(Id128(1, ++commands)), order_id.value(), {}, at, {}});
        auto const stream =
            batch.add_stream(StreamId::order(order_id), ports::ExpectedVersion::any());
        batch.add_event(stream, codec::encode(order::Event(std::move(fact)), batch.buffer()));
        ASSERT_TRUE(store.append(batch));
    }
    void dispatch(std::int64_t minor, Instant at) {
        happens(order::Shipped{FulfilmentId(Id128(2, ++parcels)), {}, worth(minor)}, at);
    }
    void give_back(std::int64_t minor, Instant at) {
        order::RefundGranted granted{};
        granted.refund_id = RefundId(Id128(3, ++refunds));
        granted.kind = order::RefundKind::goodwill;
        granted.by = ActorKind::operator_;
        granted.amount = Money::of(minor, gbp);
        granted.value = worth(minor);
        happens(std::move(granted), at);
    }
    static NetTax worth(std::int64_t minor) { return {Money::of(minor, gbp), Money::zero(gbp)}; }

    void settle() {
        for (int idle = 0; idle < 3;) {
            auto const items = desk->do_work({100}).value().items + runner->do_work({100})->items;
            idle = items == 0 ? idle + 1 : 0;
        }
    }

    documents::Register of_year(std::uint16_t year) {
        return documents::register_of(desk->desk().state<Documents>(DocumentYear(year)));
    }
    std::vector<documents::Event> documents_of(std::uint16_t year) {
        auto const page = store
                              .read_stream(Documents::stream(DocumentYear(year)),
                                           ports::StreamVersion(1), ports::Limit(10'000))
                              .value();
        std::vector<documents::Event> found;
        for (auto const& event : page.events)
            found.push_back(codec::decode<documents::Event>(event.type, event.payload).value());
        return found;
    }

    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    std::unique_ptr<ShopDeskAgent> desk;
    std::unique_ptr<DocumentRunner> runner;
    OrderId const order_id{Id128(7, 1)};
    Instant const in_2010{*to_instant({2010, 12, 31, 23, 59})};
    Instant const in_2011{*to_instant({2011, 1, 1, 0, 0})};
    std::uint64_t commands{0};
    std::uint64_t parcels{0};
    std::uint64_t refunds{0};
};

TEST_F(Numbering, each_dispatch_is_invoiced_and_each_refund_credited_in_its_year) {
    dispatch(100, in_2010);
    give_back(40, in_2010);
    dispatch(200, in_2011);
    settle();
    auto const old = documents_of(2010);
    ASSERT_EQ(old.size(), 2U);
    auto const& invoice = std::get<documents::InvoiceIssued>(old[0]);
    EXPECT_EQ(invoice.number, 1U);
    EXPECT_EQ(invoice.order_id, order_id);
    EXPECT_EQ(invoice.value, worth(100));
    EXPECT_EQ(invoice.fulfilment_id, FulfilmentId(Id128(2, 1)));
    EXPECT_EQ(std::get<documents::CreditNoteIssued>(old[1]).value, worth(40));
    EXPECT_EQ(of_year(2011).invoices, 1U);
}

TEST_F(Numbering, who_starts_again_goes_on_behind_the_last_document) {
    for (int day = 0; day < 5; ++day) {
        dispatch(100, in_2010);
        dispatch(100, in_2011);
        settle();
        start();
        EXPECT_GT(runner->position().value(), 0U) << "the log is not read from its beginning";
        settle();
        start();
    }
    EXPECT_EQ(of_year(2010).invoices, 5U);
    EXPECT_EQ(of_year(2011).invoices, 5U);
}

TEST_F(Numbering, a_request_that_was_lost_is_made_again_and_one_that_was_not_counts_once) {
    dispatch(100, in_2010);
    dispatch(100, in_2011);
    ASSERT_TRUE(runner->do_work({100})); // asks, and dies before the desk has heard it
    start();
    ASSERT_TRUE(runner->do_work({100}));
    ASSERT_TRUE(desk->do_work({100})); // the desk heard it, and the runner dies
    runner = std::make_unique<DocumentRunner>(store, clock, desk->add_client());
    settle(); // a runner that begins at the beginning asks for everything again
    EXPECT_EQ(documents_of(2010).size(), 1U);
    EXPECT_EQ(documents_of(2011).size(), 1U);
}

TEST_F(Numbering, more_than_one_request_holds_are_numbered_without_a_gap) {
    for (int n = 0; n < 700; ++n)
        dispatch(100, in_2010);
    settle();
    auto const found = documents_of(2010);
    ASSERT_EQ(found.size(), 700U);
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_EQ(std::get<documents::InvoiceIssued>(found[i]).number, i + 1);
}

} // namespace
} // namespace kontor::services
