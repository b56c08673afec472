#include "services/gateway/batch_reply.hpp"

#include "codec/json_text.hpp"

#include <fmt/format.h>

namespace kontor::services::gateway {
namespace {

/// The value of a header line that we wrote ourselves; empty: there is none.
std::string_view header_of(Reply const& reply, std::string_view name) {
    auto text = reply.headers.text();
    while (!text.empty()) {
        auto const line = text.substr(0, text.find("\r\n"));
        text.remove_prefix(line.size() + 2);
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
            return line.substr(name.size() + 2);
    }
    return {};
}

} // namespace

Reply batch_reply(std::vector<Result<Reply, Trouble>> const& replies, ProblemPlace const& place) {
    Reply batch;
    batch.status = 207;
    batch.headers.add("Content-Type", "application/json");
    batch.headers.add("Cache-Control", "no-store");
    auto& out = batch.body;
    out = R"({"results":[)";
    for (std::size_t i = 0; i < replies.size(); ++i) {
        out += i == 0 ? "" : ",";
        if (auto const& reply = replies[i]) {
            out += fmt::format(R"({{"status":{})", reply->status);
            if (auto const location = header_of(*reply, "Location"); !location.empty()) {
                out += R"(,"location":)";
                codec::append_json_text(out, location);
            }
            if (auto const etag = header_of(*reply, "ETag"); etag.size() > 3)
                out += fmt::format(R"(,"version":{})", etag.substr(2, etag.size() - 3));
        } else {
            auto const& trouble = reply.error();
            out += fmt::format(R"({{"status":{},"problem":{})", status_of(trouble),
                               problem_reply(trouble, place).body);
        }
        out += '}';
    }
    out += "]}";
    return batch;
}

} // namespace kontor::services::gateway
