#include "services/gateway/tables.hpp"

namespace kontor::services::gateway {

Reply table_reply(std::string text, std::string_view next) {
    Reply reply;
    reply.headers.add("Content-Type", "text/csv; charset=utf-8; header=present");
    reply.headers.add("Cache-Control", "no-store");
    if (!next.empty())
        reply.headers.add("Link", "<" + std::string(next) + ">; rel=\"next\"");
    reply.body = std::move(text);
    return reply;
}

std::vector<BadLineAnswer> answers_of(std::vector<sheets::BadLine> const& bad) {
    std::vector<BadLineAnswer> answers;
    answers.reserve(bad.size());
    for (auto const& [line, column, what] : bad)
        answers.push_back({line, column, what});
    return answers;
}

} // namespace kontor::services::gateway
