#pragma once

/// Session: one connection, without its socket. Bytes go in, requests are started, answers come
/// back in any sequence, bytes go out in the sequence of the requests.   Thread: the edge's.
///
/// Invariants: 1. However the bytes are cut into pieces, the requests are the same.
///             2. While requests are open the buffer does not move: no bytes are taken in.
///             3. Where framing is in doubt, the answer is the last one.
///             4. An idle session holds no buffers.

#include "adapters/http/answers.hpp"
#include "adapters/http/buffer.hpp"
#include "adapters/http/chunks.hpp"
#include "adapters/http/house.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::http {

class Session {
public:
    struct Origin {
        services::Listener listener{};
        services::PeerAddress peer{};
        std::size_t body_bytes_max{};
        std::uint32_t index{};           ///< in the edge's list: part of each ticket
        Refuser const* refuser{nullptr}; ///< outlives the session; null: refusals are problems
    };

    Session(House& house, Origin origin);
    /// Abandons what is open.
    ~Session();
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    /// Where in a ticket the index of its session stands.
    static constexpr int ticket_shift = 40;

    /// Whether bytes may be given: not while requests are open or output waits.
    bool wants_bytes() const {
        return open_.empty() && output_.empty() && stream_ == nullptr && !is_closing_ &&
               !has_ended_;
    }
    /// Whose it is, as a trusted proxy says.   Requires: no bytes were received.
    void set_peer(services::PeerAddress const& peer) { origin_.peer = peer; }

    /// Requires: wants_bytes().
    void receive(std::string_view bytes);
    /// The client will send nothing more.
    void receive_end();

    /// An answer, or nothing when nobody waits for it any more.
    void answer(services::Ticket ticket, services::Reply&& reply);

    /// What may be written now; `sent` says how much of it was.
    std::string_view output() const { return std::string_view(output_).substr(output_sent_); }
    void sent(std::size_t bytes);

    /// Goes on with what stands in the buffer, and asks a stream for more.
    void advance();
    /// Looks at the time: who is too slow, what is too late.
    void tick();
    void begin_drain();

    bool is_streaming() const { return stream_ != nullptr; }
    /// Nothing is owed to the client: the socket may be closed once output() is empty.
    bool is_finished() const { return is_closing_ && output_.empty(); }
    /// The client was refused in the middle: it gets time to read why before the socket is closed.
    bool wants_linger() const { return was_refused_; }
    /// Cut off at once.
    bool is_dead() const { return is_dead_; }
    bool is_idle() const { return open_.empty() && input_.size() == 0 && output_.empty(); }

private:
    enum class Reading : unsigned char { head, body };

    void read_requests();
    bool read_one_head();
    void begin_body(bool has_only_head);
    bool read_body();
    void on_request(std::string_view body);
    void start(std::unique_ptr<InFlight> request, std::string_view body);
    void refuse(std::unique_ptr<InFlight> request, Fault fault);
    void refuse_connection(Fault fault);
    services::Reply told(Fault fault, InFlight const& request, int retry_after_seconds = 0) const;
    services::Ticket make_ticket();
    void name_trace(InFlight& request, std::string_view traceparent);

    void settle(InFlight& request, services::Reply&& reply);
    void flush_answers();
    std::size_t abandon_behind(std::size_t first);
    void write_answer(InFlight& request, bool closes);
    void write(std::string_view bytes);
    void note_output();
    void ask_stream();
    void end_stream();
    void abandon_all();

    bool is_too_slow(Duration since, std::size_t bytes) const;
    void tick_output();
    void tick_open();
    void tick_input();
    HeadRules rules() const;

    House& house_;
    Origin origin_;
    Buffer input_;
    std::size_t read_{0}; ///< of the buffer: what belongs to open requests
    std::size_t seen_{0}; ///< of an unfinished head
    std::size_t body_begin_{0};
    std::size_t body_bytes_{0};      ///< received of it
    std::size_t body_bytes_told_{0}; ///< by Content-Length
    std::optional<ChunkReader> chunks_;
    std::vector<std::unique_ptr<InFlight>> open_;
    std::string output_;
    std::size_t output_sent_{0};
    std::unique_ptr<services::ReplyStream> stream_;
    Duration since_; ///< when the present phase began: idle, head, body
    Duration output_since_;
    std::size_t output_in_phase_{0};
    std::size_t requests_{0};
    Reading reading_{Reading::head};
    bool is_version_1_1_{true};
    bool has_ended_{false};
    bool is_closing_{false};
    bool was_refused_{false};
    bool is_dead_{false};
};

} // namespace kontor::http
