#include "adapters/http/session.hpp"

#include "adapters/http/answers.hpp"

#include <algorithm>

namespace kontor::http {

void Session::answer(services::Ticket ticket, services::Reply&& reply) {
    auto const found = std::find_if(open_.begin(), open_.end(), [&](auto const& request) {
        return request->ticket == ticket && !request->is_answered;
    });
    if (found == open_.end())
        return;
    settle(**found, std::move(reply));
    flush_answers();
}

void Session::settle(InFlight& request, services::Reply&& reply) {
    request.reply = std::move(reply);
    request.is_answered = true;
    --house_.in_flight;
}

/// A refusal in the words of whoever stands behind the listener, or as a problem.
services::Reply Session::told(Fault fault, InFlight const& request, int retry_after_seconds) const {
    if (origin_.refuser == nullptr || *origin_.refuser == nullptr)
        return refusal(fault, request.trace_id, retry_after_seconds);
    auto reply = (*origin_.refuser)({request.method,
                                     {},
                                     {},
                                     request.headers,
                                     {},
                                     origin_.listener,
                                     origin_.peer,
                                     request.trace_id,
                                     house_.now,
                                     {}},
                                    text_of(fault));
    if (!reply)
        return refusal(fault, request.trace_id, retry_after_seconds);
    if (retry_after_seconds > 0)
        reply->headers.add("Retry-After", std::to_string(retry_after_seconds));
    return *std::move(reply);
}

/// Refuses a request whose framing is understood; the connection goes on.
void Session::refuse(std::unique_ptr<InFlight> request, Fault fault) {
    constexpr std::uint64_t retry_spread_seconds = 3;
    bool const is_overload = fault == Fault::overloaded;
    house_.counts.overloaded += is_overload ? 1 : 0;
    auto const retry =
        is_overload ? 1 + static_cast<int>(house_.dice.below(retry_spread_seconds)) : 0;
    request->reply = told(fault, *request, retry);
    request->is_answered = true;
    open_.push_back(std::move(request));
}

/// Refuses what cannot be understood, or comes too slowly: nothing is read behind it.
void Session::refuse_connection(Fault fault) {
    ++(fault == Fault::head_too_slow || fault == Fault::body_too_slow ? house_.counts.too_slow
       : fault == Fault::overloaded                                   ? house_.counts.overloaded
                                                                      : house_.counts.malformed);
    auto request = house_.take_spare();
    name_trace(*request, {});
    request->method = services::Method::other;
    request->is_version_1_1 = true;
    request->closes = was_refused_ = true;
    auto const begin = reading_ == Reading::body ? 0 : read_;
    request->headers = sketch_headers(input_.from(begin), house_.limits.head_bytes_max);
    refuse(std::move(request), fault);
    flush_answers();
}

/// Writes what is answered, up to the first that is not.
void Session::flush_answers() {
    std::size_t written = 0;
    while (written < open_.size() && open_[written]->is_answered && !is_closing_ &&
           stream_ == nullptr) {
        auto& request = *open_[written++];
        bool const is_last = written == open_.size() && read_ == input_.size();
        write_answer(request, request.closes || (house_.is_draining && is_last));
    }
    if (is_closing_ || stream_ != nullptr)
        written += abandon_behind(written);
    for (std::size_t i = 0; i < written; ++i)
        house_.give_back(std::move(open_[i]));
    open_.erase(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(written));
    if (open_.empty() && read_ > 0) {
        input_.erase(0, read_);
        read_ = 0;
        since_ = house_.now;
    }
    if (stream_ != nullptr)
        ask_stream();
}

/// Nothing is answered behind the last answer of a connection.
std::size_t Session::abandon_behind(std::size_t first) {
    for (std::size_t i = first; i < open_.size(); ++i)
        if (!open_[i]->is_answered) {
            house_.exchange.abandon(open_[i]->ticket);
            --house_.in_flight;
        }
    return open_.size() - first;
}

void Session::write_answer(InFlight& request, bool closes) {
    auto& reply = request.reply;
    ++house_.counts.answers;
    if (request.method == services::Method::head)
        reply.stream.reset();
    bool const streams = reply.stream != nullptr;
    note_output();
    append_reply(output_, reply,
                 {house_.standing_lines, request.method == services::Method::head,
                  request.is_version_1_1, closes || streams});
    if (streams) {
        stream_ = std::move(reply.stream);
        is_version_1_1_ = request.is_version_1_1;
        since_ = house_.now;
    } else if (closes) {
        is_closing_ = true;
    }
}

void Session::write(std::string_view bytes) {
    note_output();
    output_.append(bytes);
}

/// A phase of output begins when there was none; how fast it is taken is measured from here.
void Session::note_output() {
    if (!output_.empty())
        return;
    output_since_ = house_.now;
    output_in_phase_ = 0;
}

void Session::sent(std::size_t bytes) {
    constexpr std::size_t kept_bytes_max = 16 * 1024;
    house_.counts.bytes_out += bytes;
    output_sent_ += bytes;
    output_in_phase_ += bytes;
    if (output_sent_ < output_.size())
        return;
    output_sent_ = 0;
    output_.clear();
    if (output_.capacity() > kept_bytes_max)
        output_ = {};
}

void Session::ask_stream() {
    auto const room_max = house_.limits.stream_bytes_max;
    auto const before = output_.size();
    while (output().size() < room_max) {
        auto const piece = stream_->next(room_max - output().size());
        if (!piece)
            return end_stream();
        if (piece->empty())
            break;
        note_output();
        append_piece(output_, *piece, is_version_1_1_);
    }
    if (output_.size() != before) {
        since_ = house_.now;
    } else if (output_.empty() && house_.now - since_ >= house_.limits.stream_comment) {
        since_ = house_.now;
        note_output();
        append_piece(output_, stream_->sign_of_life(), is_version_1_1_);
    }
}

void Session::end_stream() {
    note_output();
    append_stream_end(output_, is_version_1_1_);
    stream_.reset();
    is_closing_ = true;
}

void Session::tick() {
    if (!output_.empty())
        return tick_output();
    if (!open_.empty())
        return tick_open();
    if (stream_ == nullptr && !is_closing_)
        tick_input();
}

/// Whether a transfer that began at `since` is slower than we wait for.
bool Session::is_too_slow(Duration since, std::size_t bytes) const {
    auto const elapsed = house_.now - since;
    auto const wanted = static_cast<std::int64_t>(house_.limits.bytes_per_second_min) *
                        elapsed.in_milliseconds() / 1000;
    return elapsed > house_.limits.slow_grace && static_cast<std::int64_t>(bytes) < wanted;
}

void Session::tick_output() {
    if (!is_too_slow(output_since_, output_in_phase_))
        return;
    ++house_.counts.too_slow;
    is_dead_ = true;
}

void Session::tick_open() {
    for (auto& request : open_) {
        if (request->is_answered || house_.now < request->deadline)
            continue;
        ++house_.counts.late;
        house_.exchange.abandon(request->ticket);
        auto const fault =
            services::is_safe(request->method) ? Fault::deadline_passed : Fault::outcome_unknown;
        settle(*request, told(fault, *request));
    }
    flush_answers();
}

void Session::tick_input() {
    auto const& limits = house_.limits;
    auto const elapsed = house_.now - since_;
    if (reading_ == Reading::body) {
        if (is_too_slow(since_, body_bytes_))
            refuse_connection(Fault::body_too_slow);
    } else if (input_.size() > 0) {
        if (elapsed > limits.head_time_max)
            refuse_connection(Fault::head_too_slow);
    } else if (elapsed > (requests_ == 0 ? limits.head_time_max : limits.idle_time_max)) {
        is_dead_ = true;
    } else {
        input_.shrink();
        output_ = {};
    }
}

} // namespace kontor::http
