#include "adapters/embedded/journal/derived_check.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/merged_filter.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {
namespace {

constexpr std::string_view made_anew =
    "Nothing is lost: it is made anew from the log by the next start, or by the first who meets "
    "the damage. Look after the disk.";

/// The offset of the first byte of a file that is not as expected; empty: all are.
Result<std::optional<std::uint64_t>> first_difference(ports::File& file, Blocks const& expected) {
    std::optional<std::uint64_t> none;
    if (file.size() != expected.size())
        return std::optional(std::min<std::uint64_t>(file.size(), expected.size()));
    Blocks piece(std::min<std::uint64_t>(piece_bytes, expected.size()));
    for (std::uint64_t offset = 0; offset < expected.size(); offset += piece.size()) {
        auto const bytes = std::min<std::uint64_t>(piece.size(), expected.size() - offset);
        KONTOR_TRY(file.read(offset, piece.span(0, bytes)));
        auto const [found, wanted] =
            std::mismatch(piece.at(0), piece.at(0) + bytes, expected.at(offset));
        if (found != piece.at(0) + bytes)
            return std::optional(offset + static_cast<std::uint64_t>(found - piece.at(0)));
    }
    return none;
}

} // namespace

void DerivedCheck::begin(Chain const& start, Id128 lineage) {
    start_ = start;
    builder_.emplace(lineage);
}

Result<void> DerivedCheck::add(SegmentReader::Frame const& frame) {
    if (frame.header.kind == FrameKind::head)
        return {};
    return builder_->add({frame.header.first_position, static_cast<std::uint32_t>(frame.offset),
                          frame.header.events},
                         frame.header.kind == FrameKind::records ? frame.body() : Bytes{});
}

Result<void> DerivedCheck::end(Chain const& next, std::uint64_t end) {
    auto const facts = facts_between(start_, next, end);
    KONTOR_TRY(note(check_index(builder_->bytes(facts))));
    if (std::ranges::binary_search(found_.checkpoints, facts.generation))
        KONTOR_TRY(note(check_checkpoint(facts)));
    return {};
}

Result<void> DerivedCheck::finish() {
    KONTOR_TRY(auto const names, disk_.list());
    for (auto const& name : names)
        if (merged_last(name))
            KONTOR_TRY(note(check_merged(disk_, name)));
    return {};
}

Result<void> DerivedCheck::check_index(Blocks const& expected) {
    auto const name = index_name(start_.generation);
    auto const file = disk_.open(name, ports::FileUse::read);
    if (!file && file.error().kind == FailureKind::not_found)
        return {}; // it was not made yet
    if (!file)
        return unexpected(file.error());
    KONTOR_TRY(auto const differs, first_difference(**file, expected));
    if (!differs)
        return {};
    return unexpected(Failure{FailureKind::corrupt, "a segment index is not what its segment gives",
                              fmt::format("{}, offset {}", name, *differs)});
}

Result<void> DerivedCheck::check_checkpoint(SegmentFacts const& facts) {
    KONTOR_TRY(auto const checkpoint, Checkpoint::load(disk_, facts));
    for (std::size_t n = 0; n < checkpoint->frame_count(); ++n)
        KONTOR_TRY(checkpoint->frame(n));
    return {};
}

Result<void> DerivedCheck::note(Result<void> const& checked) {
    if (checked)
        return {};
    auto const& failure = checked.error();
    if (failure.kind != FailureKind::corrupt)
        return checked;
    damages_.push_back({failure.where, failure.what, std::string(made_anew)});
    return {};
}

} // namespace kontor::journal
