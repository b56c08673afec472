#include "adapters/payments/http/wire.hpp"

#include "base/overloaded.hpp"
#include "codec/json.hpp"

#include <array>

namespace kontor::ports {

BOOST_DESCRIBE_STRUCT(AuthoriseCall, (), (amount, method, token, initiator))
static_assert(describes_every_field<AuthoriseCall>());
BOOST_DESCRIBE_STRUCT(CaptureCall, (), (capture_id, amount, last))
static_assert(describes_every_field<CaptureCall>());
BOOST_DESCRIBE_STRUCT(RefundCall, (), (refund_id, amount))
static_assert(describes_every_field<RefundCall>());

BOOST_DESCRIBE_STRUCT(MoneyAuthorised, (), (amount, reference, capture_before))
static_assert(describes_every_field<MoneyAuthorised>());
BOOST_DESCRIBE_STRUCT(CardDeclined, (), (code, may_retry))
static_assert(describes_every_field<CardDeclined>());
BOOST_DESCRIBE_STRUCT(BuyerMustAct, (), (action_url, until))
static_assert(describes_every_field<BuyerMustAct>());
BOOST_DESCRIBE_STRUCT(MoneyCaptured, (), (capture_id, amount, last))
static_assert(describes_every_field<MoneyCaptured>());
BOOST_DESCRIBE_STRUCT(CaptureRefused, (), (capture_id, code))
static_assert(describes_every_field<CaptureRefused>());
BOOST_DESCRIBE_STRUCT(AuthorisationVoided, (), (amount))
static_assert(describes_every_field<AuthorisationVoided>());
BOOST_DESCRIBE_STRUCT(AuthorisationLapsed, (), (amount))
static_assert(describes_every_field<AuthorisationLapsed>());
BOOST_DESCRIBE_STRUCT(RefundStarted, (), (refund_id, amount))
static_assert(describes_every_field<RefundStarted>());
BOOST_DESCRIBE_STRUCT(MoneyRefunded, (), (refund_id, amount, reference))
static_assert(describes_every_field<MoneyRefunded>());
BOOST_DESCRIBE_STRUCT(RefundRefused, (), (refund_id, code))
static_assert(describes_every_field<RefundRefused>());
BOOST_DESCRIBE_STRUCT(DisputeOpened, (), (dispute_id, amount, answer_by))
static_assert(describes_every_field<DisputeOpened>());
BOOST_DESCRIBE_ENUM(DisputeEnd, won, lost)
BOOST_DESCRIBE_STRUCT(DisputeEnded, (), (dispute_id, end))
static_assert(describes_every_field<DisputeEnded>());
BOOST_DESCRIBE_STRUCT(NothingFound, (), ())
BOOST_DESCRIBE_STRUCT(Unknown, (), (cause))
static_assert(describes_every_field<Unknown>());

} // namespace kontor::ports

namespace kontor::codec {

template <>
inline constexpr std::array<std::string_view, 14> alternative_names<ports::ProviderOutcome>{
    "money_authorised",     "card_declined",   "buyer_must_act",
    "money_captured",       "capture_refused", "authorisation_voided",
    "authorisation_lapsed", "refund_started",  "money_refunded",
    "refund_refused",       "dispute_opened",  "dispute_ended",
    "nothing_found",        "unknown"};

} // namespace kontor::codec

namespace kontor::payments {
namespace {

using codec::UnknownKeys;
using ports::ProviderCall;

constexpr std::string_view root = "/v1/payments/";

struct Report {
    ports::ProviderKey key;
    PaymentId payment_id;
    ports::ProviderOutcome outcome;
};
BOOST_DESCRIBE_STRUCT(Report, (), (key, payment_id, outcome))
static_assert(describes_every_field<Report>());

Failure nothing_here(std::string const& path) {
    return {FailureKind::not_found, "nothing lies at this address", path};
}

Result<ports::ProviderKey> key_in(std::string_view text) {
    KONTOR_TRY(auto const id, Id128::parse(text));
    return ports::ProviderKey(id);
}

template <class Content>
Result<ProviderCall> call_with(ports::ProviderKey key, PaymentId payment, std::string_view body) {
    KONTOR_TRY(auto content, codec::from_json<Content>(body, UnknownKeys::skipped));
    return ProviderCall{key, payment, std::move(content)};
}

} // namespace

WireRequest request_of(ProviderCall const& call) {
    auto const path = std::string(root) + call.payment_id.to_string();
    return std::visit(
        overloaded{
            [&](ports::AuthoriseCall const& wanted) {
                return WireRequest{"POST", path + "/authorise", codec::to_json(wanted)};
            },
            [&](ports::CaptureCall const& wanted) {
                return WireRequest{"POST", path + "/capture", codec::to_json(wanted)};
            },
            [&](ports::VoidCall const&) { return WireRequest{"POST", path + "/void", "{}"}; },
            [&](ports::RefundCall const& wanted) {
                return WireRequest{"POST", path + "/refund", codec::to_json(wanted)};
            },
            [&](ports::FindCall const& wanted) {
                return WireRequest{"GET", path + "/calls/" + wanted.sought.value().to_string(), {}};
            },
        },
        call.call);
}

Result<ProviderCall> call_in(WireRequest const& request, std::string_view key_text) {
    std::string_view path = request.path;
    auto const slash = path.find('/', std::min(root.size(), path.size()));
    if (!path.starts_with(root) || slash == std::string_view::npos)
        return unexpected(nothing_here(request.path));
    KONTOR_TRY(auto const payment, PaymentId::parse(path.substr(root.size(), slash - root.size())));
    auto const operation = path.substr(slash + 1);
    constexpr std::string_view calls = "calls/";
    if (request.method == "GET" && operation.starts_with(calls)) {
        KONTOR_TRY(auto const sought, key_in(operation.substr(calls.size())));
        return ProviderCall{{}, payment, ports::FindCall{sought}};
    }
    bool const is_known = operation == "authorise" || operation == "capture" ||
                          operation == "void" || operation == "refund";
    if (request.method != "POST" || !is_known)
        return unexpected(nothing_here(request.path));
    KONTOR_TRY(auto const key, key_in(key_text));
    if (operation == "authorise")
        return call_with<ports::AuthoriseCall>(key, payment, request.body);
    if (operation == "capture")
        return call_with<ports::CaptureCall>(key, payment, request.body);
    if (operation == "refund")
        return call_with<ports::RefundCall>(key, payment, request.body);
    return ProviderCall{key, payment, ports::VoidCall{}};
}

std::string outcome_text(ports::ProviderOutcome const& outcome) {
    return codec::to_json(outcome);
}

Result<ports::ProviderOutcome> outcome_in(std::string_view text) {
    return codec::from_json<ports::ProviderOutcome>(text, UnknownKeys::skipped);
}

std::string report_text(ports::ProviderAnswer const& report) {
    return codec::to_json(Report{report.key, report.payment_id, report.outcome});
}

Result<ports::ProviderAnswer> report_in(std::string_view text) {
    KONTOR_TRY(auto report, codec::from_json<Report>(text, UnknownKeys::skipped));
    return ports::ProviderAnswer{report.key, report.payment_id, ports::OutcomeSource::webhook,
                                 std::move(report.outcome)};
}

} // namespace kontor::payments
