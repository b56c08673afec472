#include "programs/sandbox/provider_exchange.hpp"

#include "adapters/payments/http/wire.hpp"
#include "codec/json.hpp"
#include "platform/digests/digests.hpp"
#include "services/gateway/seams/trouble.hpp"

#include <algorithm>

namespace kontor::payments {

BOOST_DESCRIBE_STRUCT(BookEntry, (),
                      (payment_id, authorised, captured, refunded, held, captures, refunds))
static_assert(describes_every_field<BookEntry>());

} // namespace kontor::payments

namespace kontor::programs {

using services::Reply;
using services::Request;
using services::Ticket;
using services::gateway::trouble;
using services::gateway::Trouble;

namespace {

/// Outcomes taken in one turn.
constexpr std::size_t outcomes_max = 1'024;

struct Book {
    std::vector<payments::BookEntry> entries;
    std::uint64_t total;
};
BOOST_DESCRIBE_STRUCT(Book, (), (entries, total))
static_assert(describes_every_field<Book>());

Reply json_reply(std::string body) {
    Reply reply;
    reply.headers.add("Content-Type", "application/json");
    reply.headers.add("Cache-Control", "no-store");
    reply.body = std::move(body);
    return reply;
}

Reply problem(Trouble const& found, Request const& request) {
    return services::gateway::problem_reply(found, {request.path, std::string(request.trace_id)});
}

bool has_key(Request const& request, std::string_view key) {
    return digests::equal_in_constant_time(request.header("authorization"),
                                           "Bearer " + std::string(key));
}

Trouble trouble_of(Failure const& failure) {
    if (failure.kind == FailureKind::not_found)
        return trouble("not_found", failure.what);
    return trouble("malformed", failure.what);
}

} // namespace

void ProviderExchange::start(Ticket ticket, Request const& request) {
    auto reply = refuse_or_start(ticket, request);
    if (!keys_.contains(ticket.value()))
        answered_.push_back({ticket, std::move(reply)});
}

/// What is answered at once; of no meaning when the call was started.
Reply ProviderExchange::refuse_or_start(Ticket ticket, Request const& request) {
    if (!has_key(request, key_)) {
        auto refused = trouble("unauthenticated");
        refused.headers.emplace_back("WWW-Authenticate", "Bearer");
        return problem(refused, request);
    }
    if (request.method == services::Method::get && request.path == "/v1/book")
        return book();
    auto call = payments::call_in({std::string(name_of(request.method)), std::string(request.path),
                                   std::string(request.body)},
                                  request.header("idempotency-key"));
    if (!call)
        return problem(trouble_of(call.error()), request);
    bool const begins = std::holds_alternative<ports::AuthoriseCall>(call->call);
    if (begins && sandbox_.payments() >= payments_max)
        return problem(retry(trouble("full", "the book is full")), request);
    if (std::holds_alternative<ports::FindCall>(call->call))
        call->key = ports::ProviderKey(Id128(~std::uint64_t{0}, ticket.value()));
    auto const key = call->key.value();
    if (auto const started = sandbox_.start(std::span(&*call, 1)); !started)
        return problem(retry(trouble("full", started.error().what)), request);
    waiting_[key].push_back(ticket);
    keys_.emplace(ticket.value(), key);
    return {};
}

void ProviderExchange::collect(std::vector<services::Answered>& answers) {
    came_.clear();
    if (sandbox_.collect(outcomes_max, came_))
        for (auto const& each : came_)
            answer(each);
    if (sender_ != nullptr)
        sender_->collect(receipts_);
    if (sandbox_.receipt(receipts_))
        receipts_.clear();
    std::ranges::move(answered_, std::back_inserter(answers));
    answered_.clear();
}

void ProviderExchange::answer(ports::ProviderAnswer const& came) {
    if (came.source == ports::OutcomeSource::webhook) {
        if (sender_ != nullptr)
            sender_->send(came);
        else
            receipts_.push_back(came.delivery);
        return;
    }
    auto const found = waiting_.find(came.key.value());
    if (found == waiting_.end())
        return; // it was given up, or answered before: nobody gets two answers over HTTP
    auto const ticket = found->second.front();
    found->second.erase(found->second.begin());
    if (found->second.empty())
        waiting_.erase(found);
    keys_.erase(ticket.value());
    auto const* const unknown = std::get_if<ports::Unknown>(&came.outcome);
    if (unknown == nullptr) {
        answered_.push_back({ticket, json_reply(payments::outcome_text(came.outcome))});
    } else if (unknown->cause != ports::UnknownCause::timed_out) {
        answered_.push_back({ticket, services::gateway::problem_reply(trouble("defect"), {})});
    }
    // A time that is over is no answer: who asked has gone, or is told so by the edge.
}

Reply ProviderExchange::book() const {
    auto rows = sandbox_.book();
    auto const count = rows.size();
    if (count > rows_max)
        rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(rows_max));
    return json_reply(codec::to_json(Book{std::move(rows), count}));
}

void ProviderExchange::abandon(Ticket ticket) {
    std::erase_if(answered_, [&](auto const& each) { return each.ticket == ticket; });
    auto const known = keys_.find(ticket.value());
    if (known == keys_.end())
        return;
    auto const found = waiting_.find(known->second);
    std::erase(found->second, ticket);
    if (found->second.empty())
        waiting_.erase(found);
    keys_.erase(known);
}

} // namespace kontor::programs
