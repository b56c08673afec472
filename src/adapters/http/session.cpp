#include "adapters/http/session.hpp"

#include "adapters/http/answers.hpp"
#include "base/assert.hpp"
#include "platform/resilience/deadline.hpp"

#include <fmt/format.h>

#include <utility>

namespace kontor::http {

using services::Ticket;

Session::Session(House& house, Origin origin)
    : house_(house), origin_(origin), input_(house.buffered_bytes), since_(house.now) {}

Session::~Session() {
    abandon_all();
}

HeadRules Session::rules() const {
    auto const& limits = house_.limits;
    return {limits.head_bytes_max, limits.target_bytes_max, limits.headers_max,
            origin_.body_bytes_max, house_.hosts};
}

void Session::receive(std::string_view bytes) {
    KONTOR_ASSERT(wants_bytes(), "{} bytes that nobody wants", bytes.size());
    house_.counts.bytes_in += bytes.size();
    if (input_.size() == 0)
        since_ = house_.now;
    input_.append(bytes);
    if (house_.buffered_bytes > house_.limits.buffered_bytes_max)
        return refuse_connection(Fault::overloaded);
    read_requests();
}

void Session::receive_end() {
    has_ended_ = true;
    if (stream_ != nullptr)
        is_dead_ = true;
    else
        advance();
}

void Session::advance() {
    if (stream_ != nullptr)
        return ask_stream();
    if (!open_.empty() || !output_.empty() || is_closing_)
        return;
    read_requests();
    if (has_ended_ && open_.empty() && output_.empty())
        is_closing_ = true;
}

/// Starts all requests that stand in the buffer as a whole, as far as they may be open together.
void Session::read_requests() {
    bool goes_on = true;
    while (goes_on && !is_closing_ && read_ < input_.size() &&
           open_.size() < house_.limits.pipelined_max && (open_.empty() || !open_.back()->closes))
        goes_on = reading_ == Reading::body ? read_body() : read_one_head();
    flush_answers();
}

/// True: a request was started, and there may be another.
bool Session::read_one_head() {
    auto& head = house_.head;
    auto const bytes = input_.from(read_);
    auto const verdict = read_head(bytes, seen_, rules(), head);
    switch (verdict.state) {
    case HeadState::incomplete: seen_ = bytes.size(); return false;
    case HeadState::refused: refuse_connection(verdict.fault); return false;
    case HeadState::complete: break;
    }
    if (!open_.empty() && services::is_safe(head.method) != services::is_safe(open_.back()->method))
        return false; // it shall see what those before it have done
    bool const is_whole =
        head.body == BodyKind::none ||
        (head.body == BodyKind::length && bytes.size() - head.bytes >= head.body_bytes);
    if (is_whole) {
        auto const begin = read_ + head.bytes;
        read_ = begin + head.body_bytes;
        seen_ = 0;
        on_request({input_.begin() + begin, head.body_bytes});
        return true;
    }
    if (!open_.empty())
        return false; // its body would move the buffer
    begin_body(bytes.size() == head.bytes);
    return true;
}

void Session::begin_body(bool has_only_head) {
    auto const& head = house_.head;
    reading_ = Reading::body;
    since_ = house_.now;
    body_begin_ = head.bytes;
    body_bytes_ = 0;
    body_bytes_told_ = head.body_bytes;
    if (head.body == BodyKind::chunked)
        chunks_.emplace(origin_.body_bytes_max);
    if (head.expects_continue && has_only_head)
        write("HTTP/1.1 100 Continue\r\n\r\n");
}

/// Requires: no request is open, and the buffer begins with the head.
bool Session::read_body() {
    auto const bytes = input_.from(body_begin_ + body_bytes_);
    if (chunks_) {
        auto* const begin = bytes.data();
        auto const progress = chunks_->read(begin, begin + bytes.size(), begin);
        body_bytes_ += progress.body_bytes;
        input_.erase(body_begin_ + body_bytes_, progress.bytes_read - progress.body_bytes);
        if (progress.fault) {
            refuse_connection(*progress.fault);
            return false;
        }
        if (!chunks_->is_complete())
            return false;
    } else {
        body_bytes_ += std::min(bytes.size(), body_bytes_told_ - body_bytes_);
        if (body_bytes_ < body_bytes_told_)
            return false;
    }
    // The buffer has moved since the head was read.
    auto const verdict = read_head(input_.from(0), 0, rules(), house_.head);
    KONTOR_ASSERT(verdict.state == HeadState::complete, "a head of {} bytes changed", body_begin_);
    reading_ = Reading::head;
    chunks_.reset();
    seen_ = 0;
    read_ = body_begin_ + body_bytes_;
    on_request({input_.begin() + body_begin_, body_bytes_});
    return true;
}

/// The head is the house's, and the body is whole.
void Session::on_request(std::string_view body) {
    auto& head = house_.head;
    auto request = house_.take_spare();
    request->method = head.method;
    request->is_version_1_1 = head.is_version_1_1;
    request->closes = head.wants_close || house_.is_draining ||
                      ++requests_ >= house_.limits.requests_per_connection_max;
    request->headers.swap(head.headers);
    ++house_.counts.requests;
    start(std::move(request), body);
}

void Session::start(std::unique_ptr<InFlight> request, std::string_view body) {
    services::Request const seen{request->method,
                                 house_.head.path,
                                 house_.head.query,
                                 request->headers,
                                 body,
                                 origin_.listener,
                                 origin_.peer,
                                 {},
                                 house_.now,
                                 {}};
    auto started = seen;
    name_trace(*request, seen.header("traceparent"));
    started.trace_id = request->trace_id;
    auto const wish = seen.header("kontor-deadline-ms");
    auto const given = resilience::parse_deadline(wish);
    if (!wish.empty() && !given)
        return refuse(std::move(request), Fault::deadline_malformed);
    request->has_own_deadline = given.has_value();
    request->deadline = house_.now + given.value_or(house_.limits.answer_time_max);
    if (given)
        started.deadline = request->deadline;
    if (house_.in_flight >= house_.limits.in_flight_max)
        return refuse(std::move(request), Fault::overloaded);
    ++house_.in_flight;
    request->ticket = make_ticket();
    open_.push_back(std::move(request));
    house_.exchange.start(open_.back()->ticket, started);
}

Ticket Session::make_ticket() {
    return Ticket((std::uint64_t{origin_.index} << ticket_shift) | house_.next_ticket++);
}

/// The trace that the client belongs to, or one of its own.
/// Source: W3C Trace Context, section 3.2.2: 00-<32 digits>-<16 digits>-<2 digits>.
void Session::name_trace(InFlight& request, std::string_view traceparent) {
    constexpr std::size_t length = 55;
    constexpr std::string_view digits = "0123456789abcdef";
    if (traceparent.size() == length && traceparent.starts_with("00-") && traceparent[35] == '-') {
        auto const trace = traceparent.substr(3, 32);
        if (trace.find_first_not_of(digits) == trace.npos &&
            trace.find_first_not_of('0') != trace.npos) {
            request.trace_id = trace;
            return;
        }
    }
    request.trace_id.resize(32);
    for (std::size_t i = 0; i < 32; i += 16) {
        auto dice = house_.dice.next();
        for (std::size_t j = 0; j < 16; ++j, dice >>= 4)
            request.trace_id[i + j] = digits[dice & 15];
    }
}

void Session::begin_drain() {
    if (stream_ == nullptr)
        return;
    auto const farewell = stream_->farewell();
    append_piece(output_, farewell, is_version_1_1_);
    end_stream();
}

void Session::abandon_all() {
    for (auto& request : open_) {
        if (!request->is_answered) {
            house_.exchange.abandon(request->ticket);
            --house_.in_flight;
        }
        house_.give_back(std::move(request));
    }
    open_.clear();
}

} // namespace kontor::http
