#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/key_book.hpp"
#include "adapters/aws_wire/signature.hpp"
#include "codec/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>

namespace kontor::aws_wire {
namespace {

using services::Header;
using services::Method;
using services::Request;

/// A request that botocore signed, as an edge sees it.
struct Signed {
    std::string name;
    Method method;
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string secret;
    Instant at;

    /// `visit(request)` while the views into it live.
    template <class Visit>
    auto with(Visit visit) const {
        std::vector<Header> seen;
        for (auto const& [header, value] : headers)
            seen.push_back({header, value});
        Request const request{method, path, query, seen, body, services::Listener::aws,
                              {},     {},   {},    {}};
        return visit(request);
    }
    std::string& header(std::string_view name_wanted) {
        for (auto& [header, value] : headers)
            if (header == name_wanted)
                return value;
        KONTOR_ASSERT(false, "no header {}", name_wanted);
        return headers.front().second;
    }
};

std::string text_of(Value const& line, std::string_view name) {
    return line.find(name)->text();
}

Signed read_signed(std::string const& line) {
    auto const json = read_json(line).value();
    Signed read{text_of(json, "name"),
                {},
                text_of(json, "path"),
                text_of(json, "query"),
                {},
                {},
                text_of(json, "secret"),
                parse_instant(text_of(json, "at")).value()};
    read.method = text_of(json, "method") == "GET" ? Method::get : Method::post;
    for (auto const& pair : json.find("headers")->members())
        read.headers.emplace_back(pair.value.members()[0].value.text(),
                                  pair.value.members()[1].value.text());
    auto const body = codec::parse_base64(text_of(json, "body")).value();
    read.body.assign(body.begin(), body.end());
    return read;
}

std::vector<Signed> const& all_signed() {
    static auto const all = [] {
        std::ifstream file(KONTOR_SOURCE_DIR "/tests/aws/signatures.ndjson");
        std::vector<Signed> read;
        for (std::string line; std::getline(file, line);)
            read.push_back(read_signed(line));
        return read;
    }();
    return all;
}

std::optional<AuthFault> fault_of(Signed const& each, Instant now) {
    return each.with([&](Request const& request) -> std::optional<AuthFault> {
        auto const claim = read_claim(request, now);
        if (!claim)
            return claim.error().fault;
        auto const verified = verify(request, *claim, each.secret);
        return verified ? std::nullopt : std::optional(verified.error().fault);
    });
}

Signed vanilla() {
    return all_signed().front();
}

TEST(Signature, what_botocore_signed_is_verified) {
    ASSERT_GE(all_signed().size(), 132u);
    for (auto const& each : all_signed())
        EXPECT_EQ(fault_of(each, each.at), std::nullopt) << each.name;
}

/// One byte of what is signed, made another.
void change_a_byte(std::string& text) {
    auto const at = static_cast<std::size_t>(
        *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, text.size())));
    auto const step = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(1, 256));
    text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) + step);
}

RC_GTEST_PROP(SignatureProperty, a_changed_byte_is_refused, ()) {
    auto const index =
        *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, all_signed().size()));
    auto each = all_signed()[index];
    std::vector<std::function<void()>> changes;
    if (!each.body.empty())
        changes.push_back([&] { change_a_byte(each.body); });
    changes.push_back([&] { each.path += 'x'; });
    changes.push_back([&] { each.query += each.query.empty() ? "x" : "&x"; });
    changes.push_back([&] { each.header("host") += 'x'; });
    changes.push_back(
        [&] { each.method = each.method == Method::get ? Method::put : Method::get; });
    changes.push_back([&] { each.secret += 'x'; });
    changes.push_back([&] { each.body += 'x'; });
    for (auto& [name, value] : each.headers) // each of them botocore signed
        if (name != "authorization")
            changes.push_back([&value] { value += 'x'; });
    changes[*rc::gen::inRange<std::size_t>(0, changes.size())]();
    RC_ASSERT(fault_of(each, each.at).has_value());
}

RC_GTEST_PROP(SignatureProperty, a_changed_signature_is_refused, ()) {
    auto const index =
        *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, all_signed().size()));
    auto each = all_signed()[index];
    auto& header = each.header("authorization");
    auto const digit = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, 64));
    auto& c = header[header.size() - 1 - digit];
    c = c == '0' ? '1' : '0';
    RC_ASSERT(fault_of(each, each.at) == AuthFault::does_not_match);
}

RC_GTEST_PROP(SignatureProperty, hostile_headers_are_refused_and_nothing_breaks, ()) {
    auto each = vanilla();
    auto& header = each.header("authorization");
    auto const cuts = *rc::gen::inRange(1, 4);
    for (int i = 0; i < cuts; ++i) {
        if (header.empty())
            break;
        auto const at =
            *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, header.size()));
        auto const length = *rc::gen::inRange<std::size_t>(0, 20);
        header.replace(at, length,
                       *rc::gen::container<std::string>(
                           rc::gen::elementOf(std::string("AWS4-,;=/ aCredntilSgHws0123456789"))));
    }
    auto const without_spaces = [](std::string text) {
        std::erase(text, ' ');
        return text;
    };
    bool const is_same =
        without_spaces(header) == without_spaces(vanilla().header("authorization"));
    bool const has_the_same_key = header.find("Credential=AKIDEXAMPLE/") != std::string::npos;
    RC_ASSERT(is_same || !has_the_same_key || fault_of(each, each.at).has_value());
}

TEST(Signature, spaces_and_repetitions_of_a_header_are_folded) {
    auto each = vanilla();
    for (auto const& other : all_signed())
        if (other.name == "published/get-header-value-trim")
            each = other;
    each.header("my-header2") = "\"a b  c\"";
    EXPECT_EQ(fault_of(each, each.at), std::nullopt);
}

TEST(Signature, lives_five_minutes_either_way) {
    auto const each = vanilla();
    auto const moment = Duration::microseconds(1);
    EXPECT_EQ(fault_of(each, each.at + age_max), std::nullopt);
    EXPECT_EQ(fault_of(each, each.at - age_max), std::nullopt);
    EXPECT_EQ(fault_of(each, each.at + age_max + moment), AuthFault::expired);
    EXPECT_EQ(fault_of(each, each.at - age_max - moment), AuthFault::in_the_future);
}

struct Refusal {
    char const* name;
    std::function<void(Signed&)> change;
    AuthFault fault;
};

void replace_in(std::string& text, std::string_view find, std::string_view put) {
    auto const at = text.find(find);
    KONTOR_ASSERT(at != text.npos, "no {} in {}", find, text);
    text.replace(at, find.size(), put);
}

TEST(Signature, what_lacks_a_part_is_refused_by_its_name) {
    auto const in_header = [](char const* find, char const* put) {
        return [=](Signed& each) { replace_in(each.header("authorization"), find, put); };
    };
    Refusal const refusals[] = {
        {"nobody signed", [](Signed& each) { each.headers.pop_back(); }, AuthFault::token_missing},
        {"presigned",
         [](Signed& each) {
             each.headers.pop_back();
             each.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00";
         },
         AuthFault::presigned},
        {"host unsigned", in_header("host;x-amz-date", "x-amz-date"), AuthFault::incomplete},
        {"date unsigned", in_header("host;x-amz-date", "host"), AuthFault::incomplete},
        {"headers unsorted", in_header("host;x-amz-date", "x-amz-date;host"),
         AuthFault::incomplete},
        {"a header that did not come", in_header("host;x-amz-date", "host;x-amz-date;x-more"),
         AuthFault::incomplete},
        {"another algorithm", in_header("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256"),
         AuthFault::incomplete},
        {"no credential", in_header("Credential=", "Credentials="), AuthFault::incomplete},
        {"two signatures", in_header("Signature=", "Signature=00, Signature="),
         AuthFault::incomplete},
        {"a credential of three parts", in_header("/us-east-1/service", "/us-east-1"),
         AuthFault::incomplete},
        {"a scope with another end", in_header("aws4_request", "aws4_requests"),
         AuthFault::incomplete},
        {"no signature", in_header("Signature=", "Signatur="), AuthFault::incomplete},
        {"a signature in capitals", in_header("5fa00f", "5FA00F"), AuthFault::incomplete},
        {"a date that is none",
         [](Signed& each) { each.header("x-amz-date") = "20150230T123600Z"; },
         AuthFault::incomplete},
        {"a scope of another day", in_header("/20150830/", "/20150831/"), AuthFault::scope_wrong},
        {"an unsigned body",
         [](Signed& each) {
             each.headers.emplace_back("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
         },
         AuthFault::payload_unhashed},
        {"a body in signed pieces",
         [](Signed& each) {
             each.headers.emplace_back("x-amz-content-sha256",
                                       "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
         },
         AuthFault::payload_unhashed},
        {"an unsigned target",
         [](Signed& each) { each.headers.emplace_back("x-amz-target", "AmazonSQS.DeleteQueue"); },
         AuthFault::incomplete},
    };
    for (auto const& [name, change, fault] : refusals) {
        auto each = vanilla();
        change(each);
        EXPECT_EQ(fault_of(each, each.at), fault) << name;
    }
}

TEST(KeyBook, knows_its_keys_and_what_each_may_do) {
    auto const book =
        KeyBook::parse(R"({"AKIDA": {"secret": "s", "actions": ["sqs:Send*", "sqs:Get?ueueUrl"],)"
                       R"( "resources": ["arn:aws:sqs:*:*:orders-*"], "sources": ["partner.*"]}})",
                       UnknownKeys::refused);
    ASSERT_TRUE(book);
    EXPECT_EQ(book->size(), 1u);
    AccessKey const key{
        "s", {"sqs:Send*", "sqs:Get?ueueUrl"}, {"arn:aws:sqs:*:*:orders-*"}, {"partner.*"}};
    Caller const caller{"AKIDA", &key};
    EXPECT_TRUE(caller.may("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:orders-new"));
    EXPECT_TRUE(caller.may("sqs:GetQueueUrl", "arn:aws:sqs:us-east-1:1:orders-"));
    EXPECT_FALSE(caller.may("sqs:DeleteQueue", "arn:aws:sqs:us-east-1:1:orders-new"));
    EXPECT_FALSE(caller.may("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:payments"));
    EXPECT_TRUE(caller.may_speak_as("partner.warehouse"));
    EXPECT_FALSE(caller.may_speak_as("kontor.order"));
    EXPECT_TRUE((Caller{"unknown and taken", nullptr}.may("sqs:DeleteQueue", "*")));
}

TEST(KeyBook, refuses_a_file_that_says_something_else) {
    for (auto const* text : {"[]", "{\"A\": 1}", "{\"A\": {}}", "{\"A\": {\"secret\": \"\"}}",
                             "{\"A\": {\"secret\": \"s\", \"action\": [\"*\"]}}",
                             "{\"A\": {\"secret\": \"s\", \"actions\": \"*\"}}"})
        EXPECT_FALSE(KeyBook::parse(text, UnknownKeys::taken)) << text;
}

TEST(KeyBook, takes_an_unknown_key_only_where_it_may_and_a_known_one_only_with_its_secret) {
    auto each =
        *std::ranges::find_if(all_signed(), [](auto const& one) { return one.name == "dice/0"; });
    auto const id_begin = each.header("authorization").find("Credential=") + 11;
    auto const id = each.header("authorization")
                        .substr(id_begin, each.header("authorization").find('/') - id_begin);
    auto book_with = [&](std::string const& secret, UnknownKeys unknown) {
        auto key = Value::object();
        key.set("secret", secret);
        return KeyBook::parse(to_json(Value::object().set(id, std::move(key))), unknown).value();
    };
    auto const outcome = [&](KeyBook const& book) {
        return each.with([&](Request const& request) -> std::optional<AuthFault> {
            auto const caller = book.authenticate(request, each.at);
            return caller ? std::nullopt : std::optional(caller.error().fault);
        });
    };
    EXPECT_EQ(outcome(KeyBook(UnknownKeys::taken)), std::nullopt);
    EXPECT_EQ(outcome(KeyBook(UnknownKeys::refused)), AuthFault::key_unknown);
    EXPECT_EQ(outcome(book_with(each.secret, UnknownKeys::refused)), std::nullopt);
    EXPECT_EQ(outcome(book_with(each.secret + "x", UnknownKeys::taken)), AuthFault::does_not_match);
    each = vanilla(); // of a service that is not here
    EXPECT_EQ(outcome(KeyBook(UnknownKeys::taken)), AuthFault::scope_wrong);
}

} // namespace
} // namespace kontor::aws_wire
