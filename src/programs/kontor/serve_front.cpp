#include "programs/kontor/serve_front.hpp"

#include "adapters/prometheus/exposition.hpp"
#include "base/names.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::programs {

using services::Answered;
using services::Listener;
using services::Method;
using services::Reply;
using services::Request;
using services::Ticket;

namespace {

constexpr std::size_t listeners = 3;

constexpr std::string_view name_of(Listener listener) {
    switch (listener) {
    case Listener::shop: return "shop";
    case Listener::console: return "console";
    case Listener::aws: return "aws";
    }
    KONTOR_UNREACHABLE();
}

} // namespace

/// What came in by one port: answers by the first digit of their status, and how long they took.
struct Front::Counted {
    std::array<telemetry::Counter*, 6> by_class{};
    telemetry::Histogram* seconds{nullptr};
};

Front::Front(services::Exchange& gateway, Clock& clock, telemetry::Metrics& metrics,
             FrontOptions options)
    : gateway_(gateway), clock_(clock), options_(std::move(options)) {
    for (std::size_t n = 0; n < listeners; ++n) {
        auto& counted = *counted_.emplace_back(std::make_unique<Counted>());
        std::string const port(name_of(static_cast<Listener>(n)));
        for (std::size_t digit = 1; digit < counted.by_class.size(); ++digit)
            counted.by_class[digit] =
                &metrics.counter("kontor_http_requests_total",
                                 "Requests that were answered, by the class of their status.",
                                 {{"port", port}, {"status", fmt::format("{}xx", digit)}});
        counted.seconds =
            &metrics.histogram("kontor_http_request_seconds",
                               "Time from a whole request to its answer.", {{"port", port}});
    }
}

Front::~Front() = default;

void Front::start(Ticket ticket, Request const& request) {
    auto& counted = *counted_[static_cast<std::size_t>(request.listener)];
    auto& exchange = exchange_of(request.listener);
    under_way_[ticket.value()] = {clock_.monotonic(), &counted, &exchange};
    if (!answer_here(ticket, request))
        exchange.start(ticket, request);
}

services::Exchange& Front::exchange_of(Listener listener) {
    bool const is_wire = listener == Listener::aws && options_.wire != nullptr;
    return is_wire ? *options_.wire : gateway_;
}

bool Front::answer_here(Ticket ticket, Request const& request) {
    bool const reads = request.method == Method::get || request.method == Method::head;
    if (!reads)
        return false;
    if (request.path == "/metrics" && request.listener == Listener::console) {
        Reply reply;
        reply.headers.add("Content-Type", prometheus::exposition_type);
        reply.body = options_.metrics_text();
        own_.push_back({ticket, std::move(reply)});
        return true;
    }
    return false;
}

void Front::collect(std::vector<Answered>& answers) {
    if (options_.each_turn)
        options_.each_turn();
    auto const first = answers.size();
    gateway_.collect(answers);
    if (options_.wire != nullptr)
        options_.wire->collect(answers);
    for (auto& answered : own_)
        answers.push_back(std::move(answered));
    own_.clear();
    for (std::size_t i = first; i < answers.size(); ++i)
        finish(answers[i]);
}

void Front::finish(Answered const& answered) {
    auto const found = under_way_.find(answered.ticket.value());
    if (found == under_way_.end())
        return;
    auto const& [since, counted, exchange] = found->second;
    auto const status = answered.reply.status;
    auto const took = clock_.monotonic() - since;
    if (auto const digit = std::size_t{status} / 100; digit > 0 && digit < counted->by_class.size())
        counted->by_class[digit]->add();
    counted->seconds->record(took);
    under_way_.erase(found);
}

void Front::abandon(Ticket ticket) {
    auto const found = under_way_.find(ticket.value());
    auto& exchange = found == under_way_.end() ? gateway_ : *found->second.exchange;
    under_way_.erase(ticket.value());
    auto const own = std::ranges::find(own_, ticket, &Answered::ticket);
    if (own != own_.end())
        own_.erase(own);
    else
        exchange.abandon(ticket);
}

} // namespace kontor::programs
