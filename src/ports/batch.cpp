#include "ports/batch.hpp"

namespace kontor::ports {

void Batch::clear() {
    buffer_.clear();
    events_.clear();
    streams_.clear();
    commits_.clear();
}

void Batch::begin_commit(CommitHeader const& header) {
    commits_.push_back({header, static_cast<std::uint32_t>(streams_.size()),
                        static_cast<std::uint32_t>(events_.size()), std::nullopt});
}

std::uint32_t Batch::add_stream(StreamId const& id, ExpectedVersion expected) {
    KONTOR_ASSERT(!commits_.empty(), "a stream outside a commit");
    streams_.push_back({id, expected});
    return static_cast<std::uint32_t>(streams_.size()) - commits_.back().first_stream - 1;
}

void Batch::add_event(std::uint32_t stream, EventType type) {
    KONTOR_ASSERT(!commits_.empty() && stream < streams_.size() - commits_.back().first_stream,
                  "an event of a stream that its commit does not name");
    auto const begin = events_.empty() ? 0 : events_.back().end;
    events_.push_back({stream, type, begin, static_cast<std::uint32_t>(buffer_.size())});
}

void Batch::set_outcome(OutcomeRecord const& outcome) {
    KONTOR_ASSERT(!commits_.empty(), "an outcome outside a commit");
    commits_.back().outcome = outcome;
}

void Batch::set_at_rest(std::uint32_t stream) {
    KONTOR_ASSERT(!commits_.empty() && stream < streams_.size() - commits_.back().first_stream,
                  "rest for a stream that its commit does not name");
    streams_[commits_.back().first_stream + stream].is_at_rest = true;
}

void Batch::abandon_commit() {
    KONTOR_ASSERT(!commits_.empty(), "no commit to abandon");
    auto const commit = commits_.back();
    commits_.pop_back();
    streams_.resize(commit.first_stream, {StreamId{}, ExpectedVersion::any()});
    events_.resize(commit.first_event, {0, EventType{}, 0, 0});
    buffer_.resize(events_.empty() ? 0 : events_.back().end);
}

} // namespace kontor::ports
