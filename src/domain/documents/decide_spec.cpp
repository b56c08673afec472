#include "domain/documents/documents.hpp"
#include "domain/documents/name.hpp"
#include "tests/support/given.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::documents {
namespace {

using kontor::testing::given;

OrderId const order_id{Id128(7, 1)};
FulfilmentId const parcel{Id128(7, 2)};
RefundId const refund{Id128(7, 3)};
NetTax const value{Money::of(1'000, Currency::gbp()), Money::of(200, Currency::gbp())};

Dispatched left(std::uint64_t position) {
    return {position, order_id, parcel, value};
}
Refunded went_back(std::uint64_t position) {
    return {position, order_id, refund, value};
}
InvoiceIssued invoice(std::uint64_t number, std::uint64_t position) {
    return {number, order_id, parcel, value, position};
}
CreditNoteIssued credit_note(std::uint64_t number, std::uint64_t position) {
    return {number, order_id, refund, value, position};
}

TEST(Documents, the_first_invoice_of_a_year_has_number_one) {
    given<Decider>().when(Issue{{left(9)}}).then(invoice(1, 9));
}

TEST(Documents, invoices_and_credit_notes_are_numbered_apart) {
    given<Decider>(invoice(1, 9))
        .when(Issue{{went_back(11), left(12), went_back(15)}})
        .then(credit_note(1, 11), invoice(2, 12), credit_note(2, 15));
}

TEST(Documents, what_was_documented_gets_no_second_number) {
    given<Decider>(invoice(1, 9), credit_note(1, 11))
        .when(Issue{{left(9), went_back(11)}})
        .then_nothing();
    given<Decider>(invoice(1, 9), credit_note(1, 11))
        .when(Issue{{left(9), went_back(11), left(13)}})
        .then(invoice(2, 13));
}

TEST(Documents, causes_come_in_the_sequence_of_the_log) {
    given<Decider>()
        .when(Issue{{left(9), left(8)}})
        .then_rejected(Rejection::causes_out_of_sequence);
    given<Decider>()
        .when(Issue{{left(9), left(9)}})
        .then_rejected(Rejection::causes_out_of_sequence);
    given<Decider>().when(Issue{}).then_nothing();
}

TEST(DocumentName, is_the_same_for_everybody_who_writes_or_reads_it) {
    EXPECT_EQ(to_string({Kind::invoice, "2026", 17}), "INV-2026-17");
    EXPECT_EQ(to_string({Kind::credit_note, "2026", 3}), "CRN-2026-3");
    for (auto const kind : {Kind::invoice, Kind::credit_note}) {
        Name const name{kind, "2031", 123'456};
        EXPECT_EQ(parse_name(to_string(name)).value(), name);
    }
}

TEST(DocumentName, what_is_none_is_refused) {
    for (auto const* const text :
         {"", "INV", "INV-", "INV-2026", "INV-2026-", "INV-2026-0", "INV-2026-017", "INV-26-1",
          "INV-2026-1x", "INV-2026--1", "inv-2026-1", "CRN-20x6-1", "INV-2026-99999999999999999999",
          "2026-000017"})
        EXPECT_FALSE(parse_name(text)) << text;
}

RC_GTEST_PROP(DocumentsProperty, numbers_have_no_gap_however_often_the_log_is_told, ()) {
    auto const kinds = *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>());
    std::vector<Cause> causes;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        auto const position = static_cast<std::uint64_t>(i + 1) * 3;
        causes.push_back(kinds[i] ? Cause(left(position)) : Cause(went_back(position)));
    }
    auto state = initial();
    std::uint64_t documents = 0;
    // Told in pieces that overlap, as after crashes.
    for (std::size_t from = 0; from < causes.size();) {
        auto const count = *rc::gen::inRange<std::size_t>(1, causes.size() - from + 1);
        auto const first = from - *rc::gen::inRange<std::size_t>(0, from + 1);
        Issue const issue{{causes.begin() + static_cast<std::ptrdiff_t>(first),
                           causes.begin() + static_cast<std::ptrdiff_t>(from + count)}};
        auto const decided = decide(state, issue, Context{});
        RC_ASSERT(decided.has_value());
        for (auto const& event : *decided) {
            state = Decider::evolve(state, event);
            ++documents;
        }
        from += count;
    }
    auto const kept = register_of(state);
    RC_ASSERT(documents == causes.size());
    RC_ASSERT(kept.invoices + kept.credit_notes == causes.size());
}

} // namespace
} // namespace kontor::documents
