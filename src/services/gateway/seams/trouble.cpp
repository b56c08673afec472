#include "services/gateway/seams/trouble.hpp"

#include "codec/json_text.hpp"

namespace kontor::services::gateway {
namespace {

void add_text(std::string& out, std::string_view key, std::string_view value) {
    out += out.empty() ? "{" : ",";
    codec::append_json_text(out, key);
    out += ':';
    codec::append_json_text(out, value);
}

} // namespace

Trouble retry(Trouble found) {
    found.headers.emplace_back("Retry-After", "1");
    return found;
}

Trouble instead(Trouble found, std::string remedy) {
    found.remedy = std::move(remedy);
    return found;
}

Trouble bad_field(std::string pointer, std::string message) {
    auto found = trouble("body_invalid", pointer.empty() ? message : pointer + ": " + message);
    found.errors.push_back({std::move(pointer), std::move(message)});
    return found;
}

Trouble bad_parameter(std::string name, std::string message) {
    auto found = trouble("parameter_invalid", name + ": " + message);
    found.errors.push_back({std::move(name), std::move(message)});
    return found;
}

Trouble trouble_of(Failure const& failure) {
    auto const& problem = problems::problem_of(failure.kind);
    // What broke inside is for the log; whoever asks from outside learns that it did.
    Trouble found{&problem, problem.status < 500 ? failure.what : std::string()};
    return problem.status == 503 ? retry(std::move(found)) : found;
}

Reply problem_reply(Trouble const& trouble, ProblemPlace const& place) {
    auto const& problem = *trouble.problem;
    auto const code = problems::code_text(problem);
    Reply reply;
    reply.status = status_of(trouble);
    auto& out = reply.body;
    add_text(out, "type", "/problems/" + code);
    add_text(out, "title", problem.title);
    out += ",\"status\":";
    codec::append_number(out, std::uint64_t{reply.status});
    add_text(out, "detail",
             trouble.detail.empty() ? problem.cause : std::string_view(trouble.detail));
    add_text(out, "remedy",
             trouble.remedy.empty() ? problem.remedy : std::string_view(trouble.remedy));
    add_text(out, "instance", place.instance);
    add_text(out, "code", code);
    add_text(out, "name", problem.name);
    out += problem.retryable ? ",\"retryable\":true" : ",\"retryable\":false";
    add_text(out, "trace_id", place.trace_id);
    if (!trouble.errors.empty()) {
        out += ",\"errors\":[";
        for (auto const& error : trouble.errors) {
            std::string item;
            add_text(item, "pointer", error.pointer);
            add_text(item, "message", error.message);
            out += (&error == &trouble.errors.front() ? "" : ",") + item + "}";
        }
        out += ']';
    }
    out += trouble.members;
    out += '}';
    reply.headers.add("Content-Type", "application/problem+json");
    reply.headers.add("Cache-Control", "no-store");
    for (auto const& [name, value] : trouble.headers)
        reply.headers.add(name, value);
    return reply;
}

} // namespace kontor::services::gateway
