#include "domain/payment/payment.hpp"

#include "tests/support/outcome.hpp"

namespace kontor::payment {
namespace {

using testing::given;
using testing::usual_now;

OrderId const order{Id128(1, 1)};
Provider const sandbox{"sandbox"};
ProviderReference const reference{"sb_1"};
Instant const capture_before = usual_now + Duration::days(7);

Money pounds(std::int64_t n) {
    return Money::of(n * 100, Currency::gbp());
}
CaptureId capture_id(std::uint64_t n) {
    return CaptureId(Id128(2, n));
}
RefundId refund_id(std::uint64_t n) {
    return RefundId(Id128(3, n));
}
DisputeId const dispute_id{Id128(4, 1)};

Authorised authorised() {
    return {order, 1, pounds(100), sandbox, reference, capture_before, Initiator::customer};
}
RecordAuthorised record_authorised(Source source = Source::answer) {
    return {order,
            1,
            pounds(100),
            sandbox,
            reference,
            capture_before,
            Initiator::customer,
            Personal<MethodText>(),
            source};
}
RecordDeclined record_declined(Source source = Source::answer) {
    return {order, 1, ProviderCode("no_funds"), true, source};
}
Captured captured(std::int64_t n, bool last = false) {
    return {capture_id(1), pounds(n), last, {}};
}
RecordCaptured record_captured(std::uint64_t id, std::int64_t n, bool last = false) {
    return {capture_id(id), pounds(n), last, {}};
}
RecordUnknown record_unknown(OperationKind operation, Id128 id, std::int64_t n) {
    return {operation, id, pounds(n), UnknownCause::timed_out};
}
OutcomeUnknown unknown(OperationKind operation, Id128 id, std::int64_t n) {
    return {operation, id, pounds(n), UnknownCause::timed_out};
}
RefundPending pending(std::int64_t n) {
    return {refund_id(1), pounds(n)};
}
Refunded refunded(std::int64_t n) {
    return {refund_id(1), pounds(n), reference};
}

testing::Table<Decider> authorisation_table(Instant now = usual_now) {
    ActionRequired const action{order, Personal<std::string>(), capture_before};
    Declined const declined{order, 1, ProviderCode("no_funds"), true};
    Voided const voided{pounds(100), VoidReason::order_closed};
    return {{{"nothing", Decider::initial()},
             {"awaiting the buyer", given<Decider>(action).state()},
             {"unknown", given<Decider>(unknown(OperationKind::authorise, {}, 100)).state()},
             {"declined", given<Decider>(declined).state()},
             {"authorised", given<Decider>(authorised()).state()},
             {"captured in part", given<Decider>(authorised(), captured(40)).state()},
             {"captured", given<Decider>(authorised(), captured(100)).state()},
             {"voided", given<Decider>(authorised(), voided).state()},
             {"expired", given<Decider>(authorised(), AuthorisationExpired{pounds(100)}).state()}},
            now};
}

TEST(Payment, every_outcome_of_an_authorisation_in_every_situation) {
    auto const table = authorisation_table();
    table.row("authorised", record_authorised(),
              {"Authorised", "Authorised", "Authorised", "contradicts", "=", "=", "=", "=", "="});
    table.row("authorised, says the book", record_authorised(Source::book),
              {"Authorised", "Authorised", "Authorised", "Authorised", "=", "=", "=", "=", "="});
    table.row("declined", record_declined(),
              {"Declined", "Declined", "Declined", "=", "contradicts", "contradicts", "contradicts",
               "=", "="});
    table.row("declined, says the book", record_declined(Source::book),
              {"Declined", "Declined", "Declined", "=", "Voided", "contradicts", "contradicts", "=",
               "="});
    table.row("action required", RecordActionRequired{order, Personal<std::string>(), usual_now},
              {"ActionRequired", "=", "ActionRequired", "=", "=", "=", "=", "=", "="});
    table.row("no answer", record_unknown(OperationKind::authorise, {}, 100),
              {"OutcomeUnknown", "OutcomeUnknown", "=", "=", "=", "=", "=", "=", "="});
}

TEST(Payment, every_outcome_of_a_capture_or_void_in_every_situation) {
    auto const table = authorisation_table();
    table.row("captured 40", record_captured(1, 40),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised", "Captured",
               "=", "contradicts", "contradicts", "contradicts"});
    table.row("captured 60 more", record_captured(2, 60),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised", "Captured",
               "Captured", "capture_exceeds_authorised", "contradicts", "contradicts"});
    table.row("captured 70 more", record_captured(2, 70),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised", "Captured",
               "capture_exceeds_authorised", "capture_exceeds_authorised", "contradicts",
               "contradicts"});
    table.row("captured nothing", record_captured(2, 0),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised",
               "bad_amount", "bad_amount", "bad_amount", "bad_amount", "bad_amount"});
    table.row("capture failed", RecordCaptureFailed{capture_id(1), ProviderCode("no")},
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised",
               "CaptureFailed", "contradicts", "contradicts", "CaptureFailed", "CaptureFailed"});
    table.row("no answer to a capture", record_unknown(OperationKind::capture, Id128(2, 2), 60),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised",
               "OutcomeUnknown", "OutcomeUnknown", "=", "=", "="});
    table.row("no answer to a capture too large",
              record_unknown(OperationKind::capture, Id128(2, 2), 101),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised",
               "capture_exceeds_authorised", "capture_exceeds_authorised", "=", "=", "="});
    table.row("no answer to a void", record_unknown(OperationKind::void_, {}, 100),
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised",
               "OutcomeUnknown", "OutcomeUnknown", "=", "=", "="});
    table.row("voided", RecordVoided{},
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised", "Voided",
               "Voided", "void_after_capture", "=", "authorisation_expired"});
    table.row("expired too early", RecordAuthorisationExpired{},
              {"unknown_payment", "not_authorised", "not_authorised", "not_authorised", "too_early",
               "too_early", "=", "=", "="});
    authorisation_table(capture_before)
        .row("expired", RecordAuthorisationExpired{},
             {"unknown_payment", "not_authorised", "not_authorised", "not_authorised",
              "AuthorisationExpired", "AuthorisationExpired", "=", "=", "="});
}

TEST(Payment, every_outcome_of_a_refund_or_dispute_in_every_situation) {
    auto const whole = given<Decider>(authorised(), captured(100)).state();
    auto const on_its_way = given<Decider>(authorised(), captured(100), pending(30)).state();
    auto const settled =
        given<Decider>(authorised(), captured(100), pending(30), refunded(30)).state();
    auto const failed = given<Decider>(authorised(), captured(100), pending(30),
                                       RefundFailed{refund_id(1), ProviderCode("no")})
                            .state();
    Disputed const dispute{dispute_id, pounds(100), capture_before};
    auto const disputed = given<Decider>(authorised(), captured(100), pending(30), dispute).state();
    auto const won = given<Decider>(authorised(), captured(100), dispute,
                                    DisputeClosed{dispute_id, DisputeOutcome::won})
                         .state();
    auto const lost = given<Decider>(authorised(), captured(100), dispute,
                                     DisputeClosed{dispute_id, DisputeOutcome::lost})
                          .state();
    testing::Table<Decider> const table{{"nothing", Decider::initial()},
                                        {"authorised", given<Decider>(authorised()).state()},
                                        {"captured", whole},
                                        {"pending", on_its_way},
                                        {"settled", settled},
                                        {"failed", failed},
                                        {"disputed", disputed},
                                        {"won", won},
                                        {"lost", lost}};
    table.row("refund 30", Refund{refund_id(1), pounds(30)},
              {"unknown_payment", "refund_exceeds_captured", "RefundPending", "=", "=",
               "refund_closed", "=", "RefundPending", "refund_exceeds_captured"});
    table.row("refund 71 more", Refund{refund_id(2), pounds(71)},
              {"unknown_payment", "refund_exceeds_captured", "RefundPending",
               "refund_exceeds_captured", "refund_exceeds_captured", "RefundPending",
               "payment_disputed", "RefundPending", "refund_exceeds_captured"});
    table.row("refund nothing", Refund{refund_id(2), pounds(0)},
              {"unknown_payment", "bad_amount", "bad_amount", "bad_amount", "bad_amount",
               "bad_amount", "bad_amount", "bad_amount", "bad_amount"});
    table.row("refunded", RecordRefunded{refund_id(1), pounds(30), reference},
              {"unknown_payment", "unknown_refund", "unknown_refund", "Refunded", "=",
               "contradicts", "Refunded", "unknown_refund", "unknown_refund"});
    table.row("refunded, says the book",
              RecordRefunded{refund_id(1), pounds(30), reference, Source::book},
              {"unknown_payment", "unknown_refund", "unknown_refund", "Refunded", "=", "Refunded",
               "Refunded", "unknown_refund", "unknown_refund"});
    table.row("refunded another amount", RecordRefunded{refund_id(1), pounds(31), reference},
              {"unknown_payment", "unknown_refund", "unknown_refund", "bad_amount", "bad_amount",
               "bad_amount", "bad_amount", "unknown_refund", "unknown_refund"});
    table.row("refund failed", RecordRefundFailed{refund_id(1), ProviderCode("no")},
              {"unknown_payment", "unknown_refund", "unknown_refund", "RefundFailed", "contradicts",
               "=", "RefundFailed", "unknown_refund", "unknown_refund"});
    table.row("no answer to a refund",
              record_unknown(OperationKind::refund, refund_id(1).value(), 30),
              {"unknown_payment", "unknown_refund", "unknown_refund", "OutcomeUnknown", "=", "=",
               "OutcomeUnknown", "unknown_refund", "unknown_refund"});
    table.row("disputed", RecordDisputed{dispute_id, pounds(100), capture_before},
              {"unknown_payment", "bad_amount", "Disputed", "Disputed", "Disputed", "Disputed", "=",
               "=", "="});
    table.row("dispute won", RecordDisputeClosed{dispute_id, DisputeOutcome::won},
              {"unknown_payment", "unknown_dispute", "unknown_dispute", "unknown_dispute",
               "unknown_dispute", "unknown_dispute", "DisputeClosed", "=", "contradicts"});
    table.row("dispute lost", RecordDisputeClosed{dispute_id, DisputeOutcome::lost},
              {"unknown_payment", "unknown_dispute", "unknown_dispute", "unknown_dispute",
               "unknown_dispute", "unknown_dispute", "DisputeClosed", "contradicts", "="});
}

std::string permission(State const& state, Operation const& operation, Instant now = usual_now) {
    auto const permitted = permits(state, operation, Context{.now = now, .command_id = {}});
    return permitted ? "yes" : std::string(enumerator_name(permitted.error()));
}

TEST(Payment, the_provider_is_called_only_when_it_can_matter) {
    Operation const authorise{OperationKind::authorise, {}, pounds(100)};
    Operation const capture{OperationKind::capture, Id128(2, 1), pounds(60)};
    Operation const void_{OperationKind::void_, {}, pounds(0)};
    Operation const refund{OperationKind::refund, refund_id(1).value(), pounds(30)};
    auto const nothing = Decider::initial();
    auto const resolving = given<Decider>(unknown(OperationKind::authorise, {}, 100)).state();
    auto const open = given<Decider>(authorised()).state();
    auto const part = given<Decider>(authorised(), Captured{capture_id(9), pounds(50)}).state();
    auto const done = given<Decider>(authorised(), captured(60, true)).state();
    auto const voided =
        given<Decider>(authorised(), Voided{pounds(100), VoidReason::order_closed}).state();
    auto const on_its_way = given<Decider>(authorised(), captured(100), pending(30)).state();

    EXPECT_EQ(permission(nothing, authorise), "yes");
    EXPECT_EQ(permission(resolving, authorise), "yes") << "the same key asks again";
    EXPECT_EQ(permission(open, authorise), "outcome_known");
    EXPECT_EQ(permission(nothing, {OperationKind::authorise, {}, pounds(0)}), "nothing_due");
    EXPECT_EQ(permission(nothing, {OperationKind::authorise, {}, pounds(-1)}), "bad_amount");

    EXPECT_EQ(permission(nothing, capture), "unknown_payment");
    EXPECT_EQ(permission(resolving, capture), "not_authorised");
    EXPECT_EQ(permission(open, capture), "yes");
    EXPECT_EQ(permission(open, capture, capture_before), "authorisation_expired");
    EXPECT_EQ(permission(open, capture, capture_before - Duration::microseconds(1)), "yes");
    EXPECT_EQ(permission(part, capture), "capture_exceeds_authorised");
    EXPECT_EQ(permission(done, capture), "outcome_known");
    EXPECT_EQ(permission(done, {OperationKind::capture, Id128(2, 5), pounds(1)}), "nothing_due");
    EXPECT_EQ(permission(voided, capture), "not_authorised");
    EXPECT_EQ(permission(open, {OperationKind::capture, {}, pounds(0)}), "nothing_due");
    EXPECT_EQ(permission(open, {OperationKind::capture, {}, Money::of(5, Currency::eur())}),
              "currency_mixed");

    EXPECT_EQ(permission(open, void_), "yes");
    EXPECT_EQ(permission(part, void_), "yes") << "the rest may be given up";
    EXPECT_EQ(permission(done, void_), "void_after_capture");
    EXPECT_EQ(permission(voided, void_), "outcome_known");

    EXPECT_EQ(permission(open, refund), "unknown_refund");
    EXPECT_EQ(permission(on_its_way, refund), "yes");
    EXPECT_EQ(permission(on_its_way, {OperationKind::refund, refund_id(1).value(), pounds(31)}),
              "bad_amount");
}

TEST(Payment, no_answer_is_not_a_no) {
    auto const unsure =
        given<Decider>(authorised(), unknown(OperationKind::capture, capture_id(1).value(), 60));
    auto const state = unsure.state();
    EXPECT_EQ(permission(state, {OperationKind::capture, Id128(2, 1), pounds(60)}), "yes");
    EXPECT_EQ(permission(state, {OperationKind::capture, Id128(2, 2), pounds(41)}),
              "capture_exceeds_authorised");
    EXPECT_EQ(permission(state, {OperationKind::capture, Id128(2, 2), pounds(40)}), "yes");
    EXPECT_EQ(permission(state, {OperationKind::void_, {}, pounds(0)}), "outcome_unknown");
    unsure.when(RecordVoided{}).then_rejected(Rejection::outcome_unknown);
    unsure.when(record_declined(Source::book)).then_rejected(Rejection::contradicts);
    auto expired = unsure;
    expired.at(capture_before)
        .when(RecordAuthorisationExpired{})
        .then_rejected(Rejection::outcome_unknown);
    auto const resolved = unsure.when(record_captured(1, 60)).then(captured(60)).state();
    EXPECT_EQ(permission(resolved, {OperationKind::void_, {}, pounds(0)}), "yes");
}

TEST(Payment, a_capture_answered_by_the_end_of_the_authorisation_was_not_made) {
    auto const first = unknown(OperationKind::capture, capture_id(1).value(), 60);
    given<Decider>(authorised(), first)
        .at(capture_before)
        .when(RecordAuthorisationExpired{capture_id(1)})
        .then(AuthorisationExpired{pounds(100)});
    given<Decider>(authorised(), first, unknown(OperationKind::capture, capture_id(2).value(), 40))
        .at(capture_before)
        .when(RecordAuthorisationExpired{capture_id(1)})
        .then(CaptureFailed{capture_id(1), ProviderCode("authorisation_expired")});
}

TEST(Payment, a_failed_capture_may_be_tried_again_and_succeed) {
    CaptureFailed const no{capture_id(1), ProviderCode("no")};
    auto const failed = given<Decider>(authorised(), no);
    failed.when(record_captured(1, 60)).then(captured(60));
    auto const tried_again = given<Decider>(
        authorised(), no, unknown(OperationKind::capture, capture_id(1).value(), 60));
    tried_again.when(RecordCaptureFailed{capture_id(1), ProviderCode("no")}).then(no);
}

TEST(Payment, what_is_not_captured_is_given_back_with_the_last_capture) {
    auto const done = given<Decider>(authorised(), captured(40, true));
    done.when(record_captured(2, 1)).then_rejected(Rejection::capture_exceeds_authorised);
    given<Decider>(authorised(), captured(40))
        .when(RecordVoided{VoidReason::rest_unused})
        .then(Voided{pounds(60), VoidReason::rest_unused});
}

TEST(Payment, an_authorisation_of_another_amount_contradicts) {
    auto other = record_authorised(Source::webhook);
    other.amount = pounds(99);
    given<Decider>(authorised()).when(other).then_rejected(Rejection::contradicts);
    other.amount = pounds(0);
    given<Decider>().when(other).then_rejected(Rejection::bad_amount);
}

TEST(Payment, a_refund_that_the_book_settles_late_must_still_fit) {
    auto const failed = given<Decider>(authorised(), captured(100), pending(30),
                                       RefundFailed{refund_id(1), ProviderCode("no")},
                                       RefundPending{refund_id(2), pounds(80)});
    failed.when(RecordRefunded{refund_id(1), pounds(30), reference, Source::book})
        .then_rejected(Rejection::contradicts);
}

TEST(Payment, a_dispute_takes_no_more_than_was_captured) {
    Disputed const dispute{dispute_id, pounds(70), capture_before};
    auto const disputed = given<Decider>(authorised(), captured(100), dispute);
    disputed.when(RecordDisputed{DisputeId(Id128(4, 2)), pounds(31), capture_before})
        .then_rejected(Rejection::bad_amount);
    EXPECT_EQ(
        refundable(std::get<Granted>(given<Decider>(authorised(), captured(100), dispute,
                                                    DisputeClosed{dispute_id, DisputeOutcome::lost})
                                         .state())),
        pounds(30));
}

} // namespace
} // namespace kontor::payment
