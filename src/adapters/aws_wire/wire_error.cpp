#include "adapters/aws_wire/wire_error.hpp"

#include "adapters/aws_wire/xml_form.hpp"
#include "codec/json_text.hpp"

namespace kontor::aws_wire {
namespace {

/// Errors that all services share have the name of their framework before them.
std::string_view shape_prefix(Service service) {
    switch (service) {
    case Service::sqs: return "com.amazonaws.sqs#";
    case Service::events:
    case Service::sns:
    case Service::sts: return "";
    }
    KONTOR_UNREACHABLE();
}

std::string_view query_code_of(WireError const& error) {
    return error.query_code.empty() ? error.code : error.query_code;
}

services::Reply json_reply(WireError const& error, Dialect dialect) {
    services::Reply reply{error.status};
    reply.headers.add("Content-Type", dialect.json_version == "1.1" ? "application/x-amz-json-1.1"
                                                                    : "application/x-amz-json-1.0");
    auto const* const side = error.is_senders_fault ? ";Sender" : ";Receiver";
    if (dialect.service == Service::sqs)
        reply.headers.add("x-amzn-query-error", std::string(query_code_of(error)) + side);
    reply.body = "{\"__type\":";
    codec::append_json_text(reply.body, std::string(shape_prefix(dialect.service)) + error.code);
    reply.body += ",\"message\":";
    codec::append_json_text(reply.body, error.says);
    reply.body += '}';
    return reply;
}

services::Reply xml_reply(WireError const& error, Service service, std::string_view request_id) {
    services::Reply reply{error.status};
    reply.headers.add("Content-Type", "text/xml");
    auto& out = reply.body;
    out = "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"";
    out.append(namespace_of(service)).append("\"><Error><Type>");
    out.append(error.is_senders_fault ? "Sender" : "Receiver").append("</Type><Code>");
    append_xml_text(out, query_code_of(error));
    out.append("</Code><Message>");
    append_xml_text(out, error.says);
    out.append("</Message></Error><RequestId>").append(request_id);
    out.append("</RequestId></ErrorResponse>");
    return reply;
}

} // namespace

std::string_view name_of(Service service) {
    switch (service) {
    case Service::sqs: return "sqs";
    case Service::sns: return "sns";
    case Service::events: return "events";
    case Service::sts: return "sts";
    }
    KONTOR_UNREACHABLE();
}

services::Reply error_reply(WireError const& error, Dialect dialect, std::string_view request_id) {
    auto reply = dialect.protocol == Protocol::json ? json_reply(error, dialect)
                                                    : xml_reply(error, dialect.service, request_id);
    reply.headers.add("x-amzn-RequestId", request_id);
    return reply;
}

} // namespace kontor::aws_wire
