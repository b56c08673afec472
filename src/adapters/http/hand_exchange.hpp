#pragma once

/// HandExchange: an exchange that a test answers by hand. It keeps what was started as text, so
/// that a view that does not live long enough is seen.   Thread: one.

#include "services/gateway/seams/exchange.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace kontor::http {

class HandExchange final : public services::Exchange {
public:
    struct Started {
        services::Ticket ticket;
        services::Request request; ///< views into the session
        std::string text;          ///< "3 /path?query body", as it was when it started
    };

    void start(services::Ticket ticket, services::Request const& request) override {
        started.push_back({ticket, request, text_of(request)});
    }
    void collect(std::vector<services::Answered>& answers) override {
        for (auto& each : ready)
            answers.push_back(std::move(each));
        ready.clear();
    }
    void abandon(services::Ticket ticket) override { abandoned.push_back(ticket); }

    static std::string text_of(services::Request const& request) {
        return std::to_string(static_cast<int>(request.method)) + " " + std::string(request.path) +
               "?" + std::string(request.query) + " " + std::string(request.body);
    }
    /// All that was started, as text.
    std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (auto const& each : started)
            all.push_back(each.text);
        return all;
    }

    std::vector<Started> started;
    std::vector<services::Answered> ready;
    std::vector<services::Ticket> abandoned;
};

} // namespace kontor::http
