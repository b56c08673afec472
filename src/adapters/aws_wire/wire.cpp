#include "adapters/aws_wire/wire.hpp"

#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/sts.hpp"
#include "adapters/aws_wire/xml_form.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::aws_wire {

using services::Answered;
using services::Request;
using services::Ticket;

Wire::Wire(WireParts parts)
    : parts_(std::move(parts)), sqs_(parts_.doors, parts_.place),
      lane_(parts_.buses, parts_.topics, parts_.place, parts_.wake) {
    parts_.progress.listen(*this);
}

Wire::~Wire() {
    parts_.progress.forget(*this);
}

void Wire::start(Ticket ticket, Request const& request) {
    if (is_for_certificate(request))
        return show_certificate(ticket);
    Writing writing{ticket, {}, {}, make_request_id()};
    auto asked = read_request(request);
    if (!asked) {
        writing.dialect = asked.error().dialect;
        return refuse(writing, asked.error().error);
    }
    writing.dialect = asked->dialect;
    writing.operation = asked->operation;
    if (auto const runs = run(writing, *std::move(asked), request); !runs)
        refuse(writing, runs.error());
}

bool Wire::is_for_certificate(Request const& request) const {
    return request.method == services::Method::get && !parts_.certificate.path.empty() &&
           request.path == parts_.certificate.path;
}

void Wire::show_certificate(Ticket ticket) {
    services::Reply reply;
    reply.headers.add("Content-Type", "application/x-pem-file");
    reply.body = parts_.certificate.text;
    ready_.push_back({ticket, std::move(reply)});
}

Wired<void> Wire::run(Writing const& writing, Asked&& asked, Request const& request) {
    bool const is_link = asked.dialect.service == Service::sns && Sns::is_link(asked.operation) &&
                         request.header("authorization").empty();
    if (is_link && lane_.serves(Service::sns)) // the token in it is what permits it
        return run_slowly(writing, std::move(asked), Caller{});
    auto caller = parts_.keys.authenticate(request, parts_.clock.now());
    if (!caller)
        return unexpected(to_wire(caller.error()));
    if (lane_.serves(asked.dialect.service))
        return run_slowly(writing, std::move(asked), *std::move(caller));
    auto base = parts_.public_url.empty() ? fmt::format("http://{}", request.header("host"))
                                          : parts_.public_url;
    Call const call{asked.operation, Params(asked.params, asked.dialect.protocol), *caller,
                    PublicUrl{std::move(base)}, request.path};
    switch (asked.dialect.service) {
    case Service::sqs: {
        if (asked.operation == "ReceiveMessage")
            return begin_receive(writing, call);
        KONTOR_TRY(auto const done, sqs_.answer(call));
        answer(writing, done);
        return {};
    }
    case Service::sts: {
        KONTOR_TRY(auto identity, answer_sts(call, parts_.place));
        answer(writing, {std::move(identity)});
        return {};
    }
    case Service::sns:
    case Service::events: break;
    }
    return unexpected(unknown_operation(asked.operation, asked.dialect.protocol));
}

Wired<void> Wire::run_slowly(Writing const& writing, Asked&& asked, Caller caller) {
    if (!lane_.take({writing, std::move(asked), std::move(caller)})) {
        auto error = wire_error("ThrottlingException", "Too much waits here: try again.");
        error.query_code = "Throttling";
        return unexpected(std::move(error));
    }
    ++in_lane_;
    return {};
}

void Wire::collect_lane() {
    for (auto& [writing, outcome] : lane_.collect()) {
        --in_lane_;
        if (left_lane_.erase(writing.ticket.value()) > 0)
            continue;
        if (outcome)
            answer(writing, {*std::move(outcome)});
        else
            refuse(writing, outcome.error());
    }
}

Wired<void> Wire::begin_receive(Writing const& writing, Call const& call) {
    KONTOR_TRY(auto receive, sqs_.read_receive(call));
    Waiting waiting{writing, std::move(receive), {}, {}};
    waiting.until = parts_.clock.monotonic() + waiting.call.wait;
    if (hurries_.load(std::memory_order_acquire) || waiting_.size() >= waiting_max)
        waiting.until = {};
    if (!ask_again(waiting))
        waiting_.push_back(std::move(waiting));
    return {};
}

/// True: it was answered.
bool Wire::ask_again(Waiting& waiting) {
    auto const received = sqs_.receive(waiting.call);
    if (!received) {
        refuse(waiting.writing, received.error());
        return true;
    }
    if (!received->has_messages() && parts_.clock.monotonic() < waiting.until) {
        waiting.ask_again_at = received->ask_again_at;
        return false;
    }
    answer(waiting.writing, received->answer);
    return true;
}

void Wire::answer(Writing const& writing, Answer const& answer) {
    services::Reply reply;
    auto const& [service, protocol, version] = writing.dialect;
    if (protocol == Protocol::json) {
        reply.headers.add("Content-Type", fmt::format("application/x-amz-json-{}", version));
        if (!answer.value.is_nothing())
            reply.body = to_json(answer.value);
    } else {
        reply.headers.add("Content-Type", "text/xml");
        reply.body = to_xml(answer.value, {service, writing.operation, writing.request_id});
    }
    reply.headers.add("x-amzn-RequestId", writing.request_id);
    hand_out({writing.ticket, std::move(reply)}, answer.mark);
}

void Wire::refuse(Writing const& writing, WireError const& error) {
    ready_.push_back({writing.ticket, error_reply(error, writing.dialect, writing.request_id)});
}

services::Reply Wire::refuse_unread(Request const& head, std::string_view problem,
                                    std::string_view says) {
    auto const meant = read_head_alone(head);
    return error_reply(unread(meant, problem, says), meant.dialect, make_request_id());
}

void Wire::hand_out(Answered answered, ports::QueueMark mark) {
    if (mark == ports::QueueMark() || mark <= parts_.progress.durable())
        ready_.push_back(std::move(answered));
    else
        held_.push_back({std::move(answered), mark});
}

void Wire::collect(std::vector<Answered>& answers) {
    if (!held_.empty())
        collect_held();
    if (!waiting_.empty())
        collect_waiting();
    if (in_lane_ > 0)
        collect_lane();
    for (auto& each : ready_)
        answers.push_back(std::move(each));
    ready_.clear();
}

void Wire::collect_held() {
    auto const durable = parts_.progress.durable();
    auto const still =
        std::ranges::stable_partition(held_, [&](Held const& held) { return held.mark > durable; });
    for (auto& held : still)
        ready_.push_back(std::move(held.answered));
    held_.erase(still.begin(), still.end());
}

void Wire::collect_waiting() {
    std::set<std::string, std::less<>> rung;
    if (has_rung_.exchange(false, std::memory_order_acq_rel)) {
        std::lock_guard const lock(mutex_);
        rung.swap(rung_);
    }
    bool const hurries = hurries_.load(std::memory_order_acquire);
    auto const now = parts_.clock.now();
    auto const monotonic = parts_.clock.monotonic();
    for (auto each = waiting_.begin(); each != waiting_.end();) {
        if (hurries)
            each->until = {};
        bool const is_due = monotonic >= each->until || rung.contains(each->call.queue.view()) ||
                            (each->ask_again_at && *each->ask_again_at <= now);
        each = is_due && ask_again(*each) ? waiting_.erase(each) : std::next(each);
    }
}

void Wire::abandon(Ticket ticket) {
    auto const found =
        std::erase_if(ready_, [&](Answered const& each) { return each.ticket == ticket; }) +
        std::erase_if(held_, [&](Held const& each) { return each.answered.ticket == ticket; }) +
        std::erase_if(waiting_, [&](Waiting const& each) { return each.writing.ticket == ticket; });
    if (found == 0 && in_lane_ > 0)
        left_lane_.insert(ticket.value());
}

void Wire::hurry() {
    hurries_.store(true, std::memory_order_release);
    parts_.wake();
}

void Wire::ring(ports::QueueName const& queue) {
    {
        std::lock_guard const lock(mutex_);
        rung_.emplace(queue.view());
    }
    has_rung_.store(true, std::memory_order_release);
    parts_.wake();
}

void Wire::ring_durable() {
    parts_.wake();
}

/// Of chance, as AWS's are: a UUID of version 4.   Source: RFC 9562, section 5.4.
std::string Wire::make_request_id() {
    constexpr std::uint64_t version_mask = 0xF000;
    constexpr std::uint64_t version = 0x4000;
    constexpr std::uint64_t variant_mask = 0xC000'0000'0000'0000;
    constexpr std::uint64_t variant = 0x8000'0000'0000'0000;
    return ports::uuid_text(Id128((parts_.random.next() & ~version_mask) | version,
                                  (parts_.random.next() & ~variant_mask) | variant));
}

} // namespace kontor::aws_wire
