#pragma once

/// Echo: an exchange that answers each request at once with what it saw of it, for comparing
/// servers and for tools that look for weak spots.   Thread: one.

#include "services/gateway/seams/exchange.hpp"

namespace kontor::testing {

class Echo final : public services::Exchange {
public:
    /// The first words of each answer.
    static constexpr std::string_view mark = "saw: ";

    void start(services::Ticket ticket, services::Request const& request) override {
        services::Reply reply;
        reply.headers.add("Content-Type", "text/plain");
        reply.body.append(mark).append(request.path);
        if (!request.query.empty())
            reply.body.append("?").append(request.query);
        reply.body.append("\n");
        answers_.push_back({ticket, std::move(reply)});
    }
    void collect(std::vector<services::Answered>& answers) override {
        if (answers_.empty())
            return;
        answers.swap(answers_);
        answers_.clear();
    }
    void abandon(services::Ticket) override {}

private:
    std::vector<services::Answered> answers_;
};

} // namespace kontor::testing
