#include "adapters/aws_wire/dispatch.hpp"

#include "adapters/aws_wire/form.hpp"
#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/params.hpp"
#include "adapters/aws_wire/sqs_entries.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace kontor::aws_wire {
namespace {

using services::Method;
using services::Request;

struct Target {
    std::string_view prefix;
    Dialect dialect;
};
constexpr std::array<Target, 2> targets{{
    {"AmazonSQS.", {Service::sqs, Protocol::json, "1.0"}},
    {"AWSEvents.", {Service::events, Protocol::json, "1.1"}},
}};

std::optional<Service> service_of_version(std::string_view version) {
    if (version == "2012-11-05")
        return Service::sqs;
    if (version == "2010-03-31")
        return Service::sns;
    if (version == "2011-06-15")
        return Service::sts;
    return std::nullopt;
}

/// The fourth part of Credential=id/day/region/service/aws4_request; SQS when nobody says.
Service service_of_scope(Request const& request) {
    auto const header = request.header("authorization");
    auto at = header.find("Credential=");
    for (int slash = 0; slash < 3 && at != header.npos; ++slash)
        at = header.find('/', at + 1);
    if (at == header.npos)
        return Service::sqs;
    auto const rest = header.substr(at + 1);
    for (auto const service : {Service::sns, Service::sts})
        if (rest.starts_with(name_of(service)))
            return service;
    return Service::sqs;
}

Unexpected<Misasked> misasked(WireError error, Dialect dialect) {
    return unexpected(Misasked{std::move(error), dialect});
}

/// Whoever names a target speaks JSON, whatever it is.
Dialect dialect_of_json(Request const& request) {
    if (request.header("content-type").ends_with("1.1"))
        return {Service::events, Protocol::json, "1.1"};
    return {Service::sqs, Protocol::json, "1.0"};
}

Result<Asked, Misasked> read_target(Request const& request, std::string_view target) {
    for (auto const& [prefix, dialect] : targets) {
        if (!target.starts_with(prefix) || request.method != Method::post)
            continue;
        auto params = read_json(request.body);
        if (!params)
            return misasked(wire_error("SerializationException", params.error().what), dialect);
        return Asked{dialect, std::string(target.substr(prefix.size())), *std::move(params)};
    }
    return misasked(unknown_operation(target, Protocol::json), dialect_of_json(request));
}

bool is_form(std::string_view content_type) {
    constexpr std::string_view form = "application/x-www-form-urlencoded";
    return content_type.starts_with(form);
}

/// The fields of the query, and behind them those of the body.
Wired<std::vector<Field>> read_fields(Request const& request) {
    KONTOR_TRY(auto fields, read_form(request.query));
    if (request.method != Method::post || !is_form(request.header("content-type")))
        return fields;
    KONTOR_TRY(auto const more, read_form(request.body));
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

Value without_protocol(Value&& folded) {
    std::erase_if(folded.members(), [](Member const& member) {
        return member.name == "Action" || member.name == "Version";
    });
    return std::move(folded);
}

Result<Asked, Misasked> read_query(Request const& request) {
    Dialect dialect{service_of_scope(request), Protocol::query, {}};
    auto const fields = read_fields(request);
    if (!fields)
        return misasked(fields.error(), dialect);
    if (auto const service = service_of_version(field_named(*fields, "Version")))
        dialect.service = *service;
    auto const action = field_named(*fields, "Action");
    bool const is_link = action == "ConfirmSubscription" || action == "Unsubscribe";
    if (is_link && field_named(*fields, "Version").empty())
        dialect.service = Service::sns; // the links that it sends out name no version
    if (action.empty()) {
        bool const is_signed = !request.header("authorization").empty();
        auto nobody = to_wire({AuthFault::token_missing, "Missing Authentication Token"});
        return misasked(is_signed ? wire_error("MissingAction",
                                               "The request must contain the parameter Action.")
                                  : std::move(nobody),
                        dialect);
    }
    auto folded = fold_form(*fields, dialect.service);
    if (!folded)
        return misasked(std::move(folded).error(), dialect);
    return Asked{dialect, std::string(action), without_protocol(*std::move(folded))};
}

struct AuthNames {
    std::string_view json;
    std::string_view query;
    std::uint16_t status{403};
};

/// A body that is larger than any: what each service says of one that is too large for it.
WireError too_large(Meant const& meant) {
    switch (meant.dialect.service) {
    case Service::sqs:
        return meant.operation.ends_with("Batch")
                   ? batch_too_long()
                   : wire_error("InvalidParameterValue",
                                fmt::format("One or more parameters are invalid. Reason: Message "
                                            "must be shorter than {} bytes.",
                                            batch_bytes_max));
    case Service::sns: return wire_error("InvalidParameter", "Invalid parameter: Message too long");
    case Service::events:
        return wire_error("ValidationException",
                          meant.operation == "PutEvents"
                              ? "Total size of the entries in the request is over the limit."
                              : "The request is too large.");
    case Service::sts: return wire_error("ValidationError", "The request is too large.");
    }
    KONTOR_UNREACHABLE();
}

AuthNames names_of(AuthFault fault) {
    switch (fault) {
    case AuthFault::token_missing:
        return {"MissingAuthenticationTokenException", "MissingAuthenticationToken"};
    case AuthFault::incomplete: return {"IncompleteSignatureException", "IncompleteSignature", 400};
    case AuthFault::key_unknown: return {"UnrecognizedClientException", "InvalidClientTokenId"};
    case AuthFault::payload_unhashed:
    case AuthFault::expired:
    case AuthFault::in_the_future:
    case AuthFault::scope_wrong:
    case AuthFault::does_not_match: return {"InvalidSignatureException", "SignatureDoesNotMatch"};
    case AuthFault::presigned:
    case AuthFault::not_permitted: return {"AccessDeniedException", "AccessDenied"};
    }
    KONTOR_UNREACHABLE();
}

} // namespace

Result<Asked, Misasked> read_request(Request const& request) {
    auto const target = request.header("x-amz-target");
    return target.empty() ? read_query(request) : read_target(request, target);
}

Meant read_head_alone(Request const& head) {
    auto const target = head.header("x-amz-target");
    for (auto const& [prefix, dialect] : targets)
        if (target.starts_with(prefix))
            return {dialect, target.substr(prefix.size())};
    if (!target.empty() || head.header("content-type").starts_with("application/x-amz-json"))
        return {dialect_of_json(head)};
    return {{service_of_scope(head), Protocol::query, {}}};
}

WireError unread(Meant const& meant, std::string_view problem, std::string_view says) {
    if (problem == "body_too_large")
        return too_large(meant);
    if (problem == "too_slow")
        return {"RequestTimeout", {}, std::string(says), 408};
    if (problem == "overloaded" || problem == "deadline_passed")
        return {"ServiceUnavailable", {}, std::string(says), 503, false};
    if (problem == "timed_out") // it may have been done
        return {"InternalFailure", {}, std::string(says), 500, false};
    return {"SerializationException", "MalformedInput", std::string(says)};
}

WireError to_wire(AuthRefusal const& refusal) {
    auto const names = names_of(refusal.fault);
    return {std::string(names.json), std::string(names.query), refusal.says, names.status};
}

WireError unknown_operation(std::string_view operation, Protocol protocol) {
    return protocol == Protocol::json
               ? wire_error("UnknownOperationException",
                            fmt::format("The operation {} is not known here.", operation))
               : wire_error(
                     "InvalidAction",
                     fmt::format("The action {} is not valid for this endpoint.", operation));
}

} // namespace kontor::aws_wire
