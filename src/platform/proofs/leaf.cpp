#include "platform/proofs/leaf.hpp"

#include <string_view>

namespace kontor::proofs {
namespace {

constexpr std::string_view mark = "kontor leaf v1\n";

template <class Number>
void add_number(LeafBytes& leaf, Number number) {
    auto rest = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < sizeof(Number); ++i, rest >>= 8)
        leaf.push_back(static_cast<std::uint8_t>(rest));
}

void add_text(LeafBytes& leaf, std::string_view text) {
    leaf.insert(leaf.end(), text.begin(), text.end());
}

void add_short_text(LeafBytes& leaf, std::string_view text) {
    leaf.push_back(static_cast<std::uint8_t>(text.size()));
    add_text(leaf, text);
}

void add_id(LeafBytes& leaf, Id128 id) {
    for (auto const half : {id.high(), id.low()})
        for (int shift = 56; shift >= 0; shift -= 8)
            leaf.push_back(static_cast<std::uint8_t>(half >> shift));
}

} // namespace

void begin_leaf(LeafBytes& leaf, ports::EventPage const& page, ports::RecordedEvent const& first) {
    auto const& commit = page.commit_of(first);
    auto const& header = commit.header;
    leaf.clear();
    add_text(leaf, mark);
    add_number(leaf, first.position.value());
    add_id(leaf, header.command_id.value());
    add_id(leaf, header.correlation_id);
    add_id(leaf, header.causation_id);
    add_number(leaf, header.occurred_at.unix_microseconds());
    add_number(leaf, commit.recorded_at.unix_microseconds());
    leaf.push_back(static_cast<std::uint8_t>(header.actor.kind));
    add_short_text(leaf, header.actor.id.view());
}

void add_fact(LeafBytes& leaf, ports::RecordedEvent const& event) {
    leaf.push_back(static_cast<std::uint8_t>(event.stream.category()));
    add_short_text(leaf, event.stream.key());
    add_number(leaf, event.version.value());
    add_number(leaf, event.type.value());
    add_number(leaf, static_cast<std::uint32_t>(event.payload.size()));
    leaf.insert(leaf.end(), event.payload.begin(), event.payload.end());
}

} // namespace kontor::proofs
