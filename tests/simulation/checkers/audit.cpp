#include "tests/simulation/checkers/audit.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>

namespace kontor::simulation {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_number(Bytes& out, std::uint64_t number, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

void put_text(Bytes& out, std::string_view text) {
    out.insert(out.end(), text.begin(), text.end());
}

void put_short_text(Bytes& out, std::string_view text) {
    put_number(out, text.size(), 1);
    put_text(out, text);
}

void put_id(Bytes& out, Id128 id) {
    auto const bytes = id.bytes();
    out.insert(out.end(), bytes.begin(), bytes.end());
}

std::array<std::uint8_t, 32> sha256(Bytes const& bytes) {
    std::array<std::uint8_t, 32> hash{};
    auto const* const done = ::SHA256(bytes.data(), bytes.size(), hash.data());
    KONTOR_ASSERT(done != nullptr, "OpenSSL refuses to hash");
    return hash;
}

std::array<std::uint8_t, 32> hash_of_two(std::array<std::uint8_t, 32> const& left,
                                         std::array<std::uint8_t, 32> const& right) {
    Bytes bytes{1};
    bytes.insert(bytes.end(), left.begin(), left.end());
    bytes.insert(bytes.end(), right.begin(), right.end());
    return sha256(bytes);
}

} // namespace

void AuditChecker::asked(CommandId command, std::string object) {
    wishes_[command].object = std::move(object);
}

void AuditChecker::acknowledged(CommandId command) {
    if (auto const wish = wishes_.find(command); wish != wishes_.end())
        wish->second.is_acknowledged = true;
}

void AuditChecker::note(Fact const& fact, audit::ActionTaken const& entry) {
    auto const wish = wishes_.find(fact.header.command_id);
    bool const is_his = wish != wishes_.end() && wish->second.object == entry.object &&
                        fact.header.actor.kind == ActorKind::operator_;
    if (!is_his || ++wish->second.entries > 1)
        verdict_.fail("I13",
                      fmt::format("at position {} the record has {}, which {}", fact.position,
                                  entry.object, is_his ? "is there already" : "no operator did"));
}

void AuditChecker::begin_leaf(ports::EventPage const& page, ports::RecordedEvent const& first) {
    auto const& commit = page.commit_of(first);
    leaf_.assign(1, 0); // RFC 9162: a leaf is hashed behind a zero
    put_text(leaf_, "kontor leaf v1\n");
    put_number(leaf_, first.position.value(), 8);
    put_id(leaf_, commit.header.command_id.value());
    put_id(leaf_, commit.header.correlation_id);
    put_id(leaf_, commit.header.causation_id);
    put_number(leaf_, static_cast<std::uint64_t>(commit.header.occurred_at.unix_microseconds()), 8);
    put_number(leaf_, static_cast<std::uint64_t>(commit.recorded_at.unix_microseconds()), 8);
    put_number(leaf_, static_cast<std::uint64_t>(commit.header.actor.kind), 1);
    put_short_text(leaf_, commit.header.actor.id.view());
}

void AuditChecker::add_fact(ports::RecordedEvent const& event) {
    put_number(leaf_, static_cast<std::uint64_t>(event.stream.category()), 1);
    put_short_text(leaf_, event.stream.key());
    put_number(leaf_, event.version.value(), 8);
    put_number(leaf_, event.type.value(), 2);
    put_number(leaf_, event.payload.size(), 4);
    leaf_.insert(leaf_.end(), event.payload.begin(), event.payload.end());
}

void AuditChecker::end_leaf() {
    if (leaf_.empty())
        return;
    peaks_.push_back({0, sha256(leaf_)});
    leaf_.clear();
    while (peaks_.size() > 1 && peaks_[peaks_.size() - 2].height == peaks_.back().height) {
        auto const right = peaks_.back();
        peaks_.pop_back();
        peaks_.back() = {right.height + 1, hash_of_two(peaks_.back().root, right.root)};
    }
    auto root = peaks_.back().root;
    for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak)
        root = hash_of_two(peak->root, root);
    stands_.push_back({root, position_});
    for (auto const& head : std::exchange(ahead_, {}))
        compare(head);
}

void AuditChecker::see(Fact const& fact, ports::EventPage const& page,
                       ports::RecordedEvent const& event) {
    if (fact.index_in_command == 0) {
        end_leaf();
        begin_leaf(page, event);
    }
    add_fact(event);
    position_ = fact.position;
    if (auto const* const entry = std::get_if<audit::Event>(&fact.content))
        note(fact, std::get<audit::ActionTaken>(*entry));
}

void AuditChecker::keep(std::string_view text, std::string const& verifier_key) {
    auto const head = proofs::open_checkpoint(text, verifier_key);
    if (!head) {
        verdict_.fail("I13", "a head does not verify: " + to_string(head.error()));
        return;
    }
    ++heads_;
    if (head->tree.size < size_before_)
        verdict_.fail("I13", fmt::format("a head of {} leaves is signed after one of {}",
                                         head->tree.size, size_before_));
    size_before_ = head->tree.size;
    compare(*head);
}

void AuditChecker::compare(proofs::Head const& head) {
    if (head.tree.size > stands_.size()) {
        ahead_.push_back(head);
        return;
    }
    if (head.tree.size == 0)
        return;
    auto const& stand = stands_[head.tree.size - 1];
    if (!std::ranges::equal(stand.root, head.tree.root) || stand.position != head.position)
        verdict_.fail("I13", fmt::format("the head of {} leaves, to position {}, is not that of "
                                         "the log, which has them to position {}",
                                         head.tree.size, head.position, stand.position));
}

void AuditChecker::at_rest(proofs::Head const& last) {
    end_leaf();
    compare(last);
    if (!ahead_.empty() || last.tree.size != stands_.size())
        verdict_.fail("I13", fmt::format("the tree has {} leaves at rest, the log {} commands",
                                         last.tree.size, stands_.size()));
    for (auto const& [command, wish] : wishes_)
        if (wish.is_acknowledged && wish.entries == 0)
            verdict_.fail("I13", wish.object + " was done by an operator and is not recorded");
}

} // namespace kontor::simulation
