#include "adapters/http/loop.hpp"

#include <algorithm>

namespace kontor::http {

Result<void> Edge::Loop::run() {
    while (!wants_stop_.load(std::memory_order_acquire)) {
        KONTOR_TRY(wait());
        working_.swap(touched_);
        for (auto const index : working_)
            read(index);
        collect();
        working_.insert(working_.end(), touched_.begin(), touched_.end());
        touched_.clear();
        for (auto const index : working_)
            connections_[index]->is_touched = false;
        for (auto const index : working_)
            write(index);
        working_.clear();
        if (house_.now >= next_streams_)
            ask_streams();
        if (house_.now >= next_tick_)
            tick();
        forget_gone();
        if (house_.is_draining && open_connections_ == 0)
            break;
    }
    end_all();
    return {};
}

/// Sends what is ready and goes on with what was read ahead, until the client must act, or others
/// shall have their turn.
void Edge::Loop::write(std::uint32_t index) {
    auto& connection = *connections_[index];
    auto& session = connection.session;
    constexpr int rounds_max = 4;
    bool has_more = true;
    for (int round = 0; round < rounds_max && has_more; ++round) {
        if (connection.is_gone || connection.lingers)
            break;
        if (session.is_dead() || !send_output(connection))
            return retire(index);
        if (!session.output().empty())
            return; // the system says when there is room again
        if (session.is_finished())
            return finish(index);
        session.advance();
        has_more = !session.output().empty() || session.is_finished();
    }
    if (connection.lingers && connection.lingers_until <= house_.now)
        return retire(index);
    if (session.is_streaming() && !connection.is_streaming) {
        connection.is_streaming = true;
        streaming_.push_back(index);
    }
    if (!connection.lingers && (has_more || (connection.is_readable && session.wants_bytes())))
        touch(index);
}

/// False: the client is gone.
bool Edge::Loop::send_output(Connection& connection) {
    auto& session = connection.session;
    while (connection.is_writable && !session.output().empty()) {
        auto const left = send_some(connection.socket, session.output());
        if (left.outcome == Transfer::failed)
            return false;
        connection.is_writable = left.outcome == Transfer::some;
        session.sent(left.bytes);
    }
    return true;
}

/// Closing a socket with bytes unread takes back what was sent: who may still send is heard out.
void Edge::Loop::finish(std::uint32_t index) {
    auto& connection = *connections_[index];
    bool const may_send = connection.session.wants_linger() || connection.is_readable;
    if (!may_send)
        return retire(index);
    end_sending(connection.socket);
    connection.lingers = true;
    connection.lingers_until = house_.now + house_.limits.linger_time_max;
    touch(index);
}

/// Closes a connection; its place is used again after this turn.
void Edge::Loop::retire(std::uint32_t index) {
    auto& connection = *connections_[index];
    if (std::exchange(connection.is_gone, true))
        return;
    connection.socket.close();
    if (connection.is_streaming)
        std::erase(streaming_, index);
    count_out(connection);
    --open_connections_;
    gone_.push_back(index);
}

void Edge::Loop::forget_gone() {
    std::erase_if(touched_, [&](auto const index) { return connections_[index]->is_gone; });
    for (auto const index : gone_) {
        connections_[index].reset();
        free_.push_back(index);
    }
    gone_.clear();
}

void Edge::Loop::end_all() {
    for (std::uint32_t index = 0; index < connections_.size(); ++index)
        if (connections_[index] != nullptr)
            retire(index);
    forget_gone();
    listening_.clear();
}

void Edge::Loop::tick() {
    bool const is_busy = house_.in_flight > 0 || house_.is_draining;
    next_tick_ = house_.now + Duration::milliseconds(is_busy ? 50 : 250);
    for (std::uint32_t index = 0; index < connections_.size(); ++index) {
        if (connections_[index] == nullptr || connections_[index]->is_gone)
            continue;
        auto& connection = *connections_[index];
        if (!connection.lingers)
            connection.session.tick();
        if (house_.is_draining)
            tick_drain(index);
        if (connection.lingers || connection.session.is_dead() ||
            connection.session.is_finished() || !connection.session.output().empty())
            touch(index);
    }
}

void Edge::Loop::ask_streams() {
    next_streams_ = house_.now + house_.limits.stream_turn;
    for (auto const index : streaming_) {
        auto& session = connections_[index]->session;
        if (session.output().empty())
            session.advance();
        if (!session.output().empty() || session.is_finished())
            touch(index);
    }
}

/// Who waits to be accepted is accepted: the client believes to be connected already.
void Edge::Loop::begin_drain() {
    for (std::size_t i = 0; i < listening_.size(); ++i)
        accept(i, house_.limits.connections_max);
    for (auto& listening : listening_)
        listening.socket.close();
    house_.is_draining = true;
    drain_began_ = house_.now;
    next_tick_ = house_.now;
    for (std::uint32_t index = 0; index < connections_.size(); ++index)
        if (connections_[index] != nullptr && !connections_[index]->is_gone) {
            connections_[index]->session.begin_drain();
            touch(index);
        }
}

/// For a moment a client that is just sending its next request still gets an answer, and is told
/// that it is the last.
void Edge::Loop::tick_drain(std::uint32_t index) {
    auto const elapsed = house_.now - drain_began_;
    bool const is_idle = connections_[index]->session.is_idle() && !connections_[index]->lingers;
    if ((is_idle && elapsed >= house_.limits.drain_grace) ||
        elapsed >= house_.limits.drain_time_max)
        retire(index);
}

} // namespace kontor::http
