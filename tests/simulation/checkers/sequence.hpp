#pragma once

/// What the log itself promises, whatever its facts say.
/// I4, once:     the facts of one command stand together, and no command id comes again.
/// I5, sequence: positions and versions from 1, without gap or fork.
/// I10, durable: what was seen or acknowledged once stands after every crash.
/// I11, winner:  what a writer was told to have appended under an expected version stands there.

#include "tests/simulation/checkers/history.hpp"

#include "ports/event_store.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace kontor::simulation {

class SequenceChecker {
public:
    explicit SequenceChecker(Verdict& verdict) : verdict_(verdict) {}

    /// A fact that became visible.
    void see(Fact const& fact);
    /// Its bytes, for comparison after a crash.
    void keep(ports::EventPage const& page, ports::RecordedEvent const& event);

    /// The desk said that this command's facts are durable.
    void acknowledged(CommandId command, bool must_have_facts);
    /// A writer was told that the next version of this stream is its command's.
    void won(StreamId const& stream, std::uint64_t version, CommandId command);

    /// Reads a log that was opened again: what was seen must stand there as it was.
    void recovered(ports::EventStore& store);
    void at_rest();

    std::uint64_t position() const { return digests_.size(); }
    std::uint64_t digest() const { return digest_; }

private:
    struct Owner {
        StreamId stream;
        std::uint64_t version;
        CommandId command;
    };
    static std::uint64_t digest_of(ports::EventPage const& page, ports::RecordedEvent const& event);

    Verdict& verdict_;
    std::vector<std::uint64_t> digests_; ///< of every position that was seen
    std::uint64_t digest_{0};
    std::unordered_map<StreamId, std::uint64_t> heads_;
    std::unordered_map<CommandId, std::uint64_t> last_position_;
    std::unordered_map<CommandId, std::uint32_t> facts_;
    std::vector<std::pair<CommandId, bool>> acknowledged_;
    std::vector<Owner> won_;
    std::map<std::pair<std::string, std::uint64_t>, CommandId> owner_;
};

} // namespace kontor::simulation
