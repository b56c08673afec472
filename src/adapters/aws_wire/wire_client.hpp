#pragma once

/// WireClient: a client of the specs that speaks to a Wire as the SDKs do, over queues in RAM and a
/// clock that is moved by hand. Its key is unknown and taken, so its signature counts for nothing.
/// Thread: one.

#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/wire.hpp"
#include "adapters/memory/queues.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace kontor::aws_wire {

/// Queues whose sends are durable only when a spec says so; all else is as it is.
class HeldQueues final : public ports::Queue, public ports::QueueProgress {
public:
    explicit HeldQueues(memory::Queues& queues) : queues_(queues) {}

    Result<ports::QueueAnswers<ports::SentMessage>, ports::QueueFault>
    send(ports::QueueName const& queue, ports::SenderId const& sender,
         std::span<ports::OutgoingMessage const> messages) override {
        auto sent = queues_.queue().send(queue, sender, messages);
        if (sent)
            sent->mark = ports::QueueMark(++sends_);
        return sent;
    }
    Result<ports::Received, ports::QueueFault>
    receive(ports::QueueName const& queue, ports::ReceiveRequest const& request) override {
        return queues_.queue().receive(queue, request);
    }
    Result<ports::QueueAnswers<ports::Settled>, ports::QueueFault>
    settle(ports::QueueName const& queue, std::span<ports::Settlement const> settlements) override {
        return queues_.queue().settle(queue, settlements);
    }
    Result<ports::QueueAnswers<ports::Extended>, ports::QueueFault>
    extend(ports::QueueName const& queue, std::span<ports::Extension const> extensions) override {
        return queues_.queue().extend(queue, extensions);
    }
    Result<ports::QueueDepth, ports::QueueFault> depth(ports::QueueName const& queue) override {
        return queues_.queue().depth(queue);
    }

    ports::QueueMark durable() override { return ports::QueueMark(is_held ? 0 : sends_); }
    void listen(ports::QueueBell& bell) override { queues_.progress().listen(bell); }
    void forget(ports::QueueBell& bell) override { queues_.progress().forget(bell); }

    bool is_held{false};

private:
    memory::Queues& queues_;
    std::uint64_t sends_{0};
};

class WireClient {
public:
    struct Told {
        int status{0}; ///< 0: no answer yet
        std::string headers{};
        std::string body{};

        Value json() const { return read_json(body).value(); }
        /// "QueueDoesNotExist" of a refusal; empty: it is none.
        std::string error() const {
            auto const document = json();
            auto const* const type = document.find("__type");
            return type == nullptr ? "" : type->text().substr(type->text().find('#') + 1);
        }
        bool has(std::string_view part) const {
            return body.find(part) != body.npos || headers.find(part) != headers.npos;
        }
    };

    explicit WireClient(UnknownKeys unknown = UnknownKeys::taken)
        : wire_({{held_, queues_.admin(), queues_.moves()},
                 held_,
                 KeyBook(unknown),
                 clock_,
                 Random(1),
                 {},
                 {},
                 [this] { ++wakes_; },
                 {},
                 {},
                 {"/sns/00.pem", "a certificate"}}) {}

    /// Starts an operation in JSON; its ticket.
    services::Ticket start(std::string_view operation, std::string body) {
        auto const target = fmt::format("AmazonSQS.{}", operation);
        return start_with(
            services::Method::post, "/", std::move(body),
            {{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", target}});
    }
    Told json(std::string_view operation, std::string body) {
        return told(start(operation, std::move(body)));
    }
    Told form(std::string body, std::string path = "/") {
        return told(
            start_with(services::Method::post, std::move(path), std::move(body),
                       {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}));
    }
    Told unsigned_get(std::string query, std::string path = "/") {
        services::Ticket const ticket(++tickets_);
        std::vector<services::Header> const headers{{"host", "localhost:8082"}};
        wire_.start(ticket, {services::Method::get,
                             path,
                             query,
                             headers,
                             {},
                             services::Listener::aws,
                             {},
                             {},
                             {},
                             {}});
        return told(ticket);
    }

    /// How a request is refused of which only these headers could be read.
    Told unread(std::vector<services::Header> const& headers,
                std::string_view problem = "body_too_large") {
        auto const reply = wire_.refuse_unread(
            {services::Method::post, {}, {}, headers, {}, services::Listener::aws, {}, {}, {}, {}},
            problem, "Why.");
        return {reply.status, std::string(reply.headers.text()), reply.body};
    }

    /// What has been answered, if it has.
    Told told(services::Ticket ticket) {
        wire_.collect(answers_);
        for (auto& each : answers_)
            if (each.ticket == ticket)
                return {each.reply.status, std::string(each.reply.headers.text()), each.reply.body};
        return {};
    }

    std::string make_queue(std::string_view name, std::string_view attributes = "{}") {
        auto const made = json("CreateQueue", fmt::format(R"({{"QueueName":"{}","Attributes":{}}})",
                                                          name, attributes));
        auto const document = made.json();
        auto const* const url = document.find("QueueUrl");
        return url == nullptr ? made.body : url->text();
    }
    /// One that no caller may see, with a message.
    void make_house_queue(std::string_view name) {
        ports::QueueName const queue(name);
        auto const made = queues_.admin().create(queue, ports::QueueKind::standard, {},
                                                 ports::QueueOwner::topology);
        ports::OutgoingMessage const message{.body = "for an endpoint"};
        auto const sent =
            queues_.queue().send(queue, ports::SenderId("sns"), std::span(&message, 1));
        KONTOR_ASSERT(made && sent, "a queue of the house cannot be made: {}", name);
    }
    /// Of an operation on a queue: its URL and whatever else is given.
    Told on(std::string_view operation, std::string_view url, std::string_view more = {}) {
        return json(operation,
                    fmt::format(R"({{"QueueUrl":"{}"{}{}}})", url, more.empty() ? "" : ",", more));
    }

    void pass(Duration time) { clock_.pass(time); }
    void work() { static_cast<void>(queues_.agent().do_work({1000})); }
    Wire& wire() { return wire_; }
    /// From now on the disk has nothing, or all that was written.
    void hold_the_disk(bool is_held) { held_.is_held = is_held; }
    int wakes() const { return wakes_; }

private:
    services::Ticket start_with(services::Method method, std::string path, std::string body,
                                std::vector<services::Header> headers) {
        auto const now = to_calendar(clock_.now());
        auto const day = fmt::format("{:04}{:02}{:02}", now.year, now.month, now.day);
        auto const date = fmt::format("{}T{:02}{:02}{:02}Z", day, now.hour, now.minute, now.second);
        auto const authorization =
            fmt::format("AWS4-HMAC-SHA256 Credential=AKIDSPEC/{}/us-east-1/sqs/aws4_request, "
                        "SignedHeaders=host;x-amz-date{}, Signature={:064}",
                        day, headers.size() > 1 ? ";x-amz-target" : "", 0);
        headers.push_back({"host", "localhost:8082"});
        headers.push_back({"x-amz-date", date});
        headers.push_back({"authorization", authorization});
        services::Ticket const ticket(++tickets_);
        wire_.start(ticket,
                    {method, path, {}, headers, body, services::Listener::aws, {}, {}, {}, {}});
        return ticket;
    }

    testing::HandClock clock_;
    testing::SecretDice secrets_;
    memory::Queues queues_{clock_, secrets_};
    HeldQueues held_{queues_};
    int wakes_{0};
    std::uint64_t tickets_{0};
    std::vector<services::Answered> answers_;
    Wire wire_;
};

} // namespace kontor::aws_wire
