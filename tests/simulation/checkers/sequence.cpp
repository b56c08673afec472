#include "tests/simulation/checkers/sequence.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace kontor::simulation {

std::uint64_t SequenceChecker::digest_of(ports::EventPage const& page,
                                         ports::RecordedEvent const& event) {
    auto const stream = event.stream.to_string();
    auto const command = page.commit_of(event).header.command_id.value().bytes();
    auto hash = XXH3_64bits_withSeed(stream.data(), stream.size(), event.version.value());
    hash = XXH3_64bits_withSeed(command.data(), command.size(), hash + event.type.value());
    return XXH3_64bits_withSeed(event.payload.data(), event.payload.size(), hash);
}

void SequenceChecker::keep(ports::EventPage const& page, ports::RecordedEvent const& event) {
    digests_.push_back(digest_of(page, event));
    digest_ = XXH3_64bits_withSeed(&digests_.back(), sizeof digests_.back(), digest_);
}

void SequenceChecker::see(Fact const& fact) {
    auto const expected = digests_.size() + 1;
    if (fact.position != expected)
        verdict_.fail("I5", fmt::format("position {} where {} is next", fact.position, expected));
    auto& head = heads_[fact.stream];
    if (fact.version != ++head)
        verdict_.fail("I5", fmt::format("{}: version {} where {} is next", fact.stream.to_string(),
                                        fact.version, head));
    auto const command = fact.header.command_id;
    auto& count = facts_[command];
    auto& last = last_position_[command];
    if (fact.index_in_command != count || (count > 0 && last + 1 != fact.position))
        verdict_.fail("I4",
                      fmt::format("{} acts a second time, at position {} in {}",
                                  command.to_string(), fact.position, fact.stream.to_string()));
    ++count;
    last = fact.position;
    owner_[{fact.stream.to_string(), fact.version}] = command;
}

void SequenceChecker::acknowledged(CommandId command, bool must_have_facts) {
    acknowledged_.emplace_back(command, must_have_facts);
}

void SequenceChecker::won(StreamId const& stream, std::uint64_t version, CommandId command) {
    won_.push_back({stream, version, command});
}

void SequenceChecker::recovered(ports::EventStore& store) {
    std::uint64_t at = 0;
    while (at < digests_.size()) {
        auto const page = store.read_log(ports::Position(at), ports::Limit(1024));
        if (!page) {
            verdict_.fail("I10", "the log cannot be read: " + to_string(page.error()));
            return;
        }
        if (page->empty()) {
            verdict_.fail("I10", fmt::format("the log ends at {}, {} was seen before the crash", at,
                                             digests_.size()));
            return;
        }
        for (auto const& event : page->events) {
            if (at == digests_.size())
                return;
            if (digest_of(*page, event) != digests_[at]) {
                verdict_.fail(
                    "I10", fmt::format("position {} is not what it was before the crash", at + 1));
                return;
            }
            ++at;
        }
    }
}

void SequenceChecker::at_rest() {
    for (auto const& [command, must_have_facts] : acknowledged_)
        if (must_have_facts && !facts_.contains(command))
            verdict_.fail("I10", command.to_string() + " was acknowledged and is lost");
    for (auto const& owner : won_) {
        auto const found = owner_.find({owner.stream.to_string(), owner.version});
        if (found == owner_.end() || found->second != owner.command)
            verdict_.fail("I11", fmt::format("{} version {} was promised to another writer",
                                             owner.stream.to_string(), owner.version));
    }
}

} // namespace kontor::simulation
