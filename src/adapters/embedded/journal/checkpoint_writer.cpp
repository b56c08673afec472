#include "adapters/embedded/journal/checkpoint_writer.hpp"

#include "adapters/embedded/journal/checkpoint_layout.hpp"
#include "adapters/embedded/journal/new_file.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace kontor::journal {
namespace {

using enum checkpoint_layout::Offset;
using checkpoint_layout::frame_bytes, checkpoint_layout::magic, checkpoint_layout::version;

constexpr std::uint32_t body_bytes_max = piece_bytes - frame_header_bytes;

void append(std::vector<std::uint8_t>& bytes, std::uint64_t value) {
    bytes.resize(bytes.size() + sizeof value);
    put(bytes.data() + bytes.size() - sizeof value, value);
}

} // namespace

CheckpointWriter::CheckpointWriter(ports::Disk& disk, Cold& cold, SealedList const& sealed,
                                   Checkpoint const* before)
    : disk_(disk), cold_(cold), sealed_(sealed), before_(before), facts_(sealed.back()->facts()),
      frame_(piece_bytes) {
    header_.kind = FrameKind::open;
    header_.lineage = facts_.lineage;
    header_.generation = facts_.generation;
    header_.number = 1;
    header_.previous = facts_.last;
    header_.written_at = Instant::from_unix_microseconds(facts_.written_at);
}

Result<bool> CheckpointWriter::write() {
    KONTOR_TRY(bool const some_rest, choose_streams());
    if (!some_rest)
        return false;
    KONTOR_TRY(find_commits());
    auto const name = checkpoint_name(facts_.generation);
    KONTOR_TRY(file_, begin_file(disk_, name));
    KONTOR_TRY(write_commits());
    KONTOR_TRY(finish());
    KONTOR_TRY(finish_file(disk_, *file_, name));
    return true;
}

/// A stream is open when its last commit did not say that it is at rest; one that nobody touched
/// since the checkpoint before is what it was there.
Result<bool> CheckpointWriter::choose_streams() {
    std::vector<Hash128> known;
    if (before_ != nullptr) {
        KONTOR_TRY(known, before_->open_streams());
    }
    std::vector<Touch> touches;
    for (auto const& index : sealed_) {
        if (before_ != nullptr && index->facts().generation <= before_->generation())
            continue;
        KONTOR_TRY(auto const table, cold_.stream_table(index));
        for (std::uint64_t n = 0; n < table.streams(); ++n) {
            auto const entry = table.stream(n);
            touches.push_back({table.key(n), entry.first_version, entry.is_at_rest});
        }
    }
    std::ranges::stable_sort(touches, {}, &Touch::key);
    std::vector<Hash128> touched;
    for (std::size_t at = 0; at < touches.size();) {
        auto const& first = touches[at];
        while (at < touches.size() && touches[at].key == first.key)
            ++at;
        touched.push_back(first.key);
        if (touches[at - 1].is_at_rest)
            continue;
        open_.push_back(first.key);
        if (first.first_version > 1 && !std::ranges::binary_search(known, first.key))
            reopened_.push_back(first.key);
    }
    bool const some_rest = before_ != nullptr || open_.size() < touched.size();
    for (auto const& key : known)
        if (!std::ranges::binary_search(touched, key))
            open_.push_back(key);
    std::ranges::sort(open_);
    return some_rest;
}

bool CheckpointWriter::is_open(Hash128 const& key) const {
    return std::ranges::binary_search(open_, key);
}

Result<void> CheckpointWriter::find_commits() {
    for (auto const& index : sealed_) {
        auto const generation = index->facts().generation;
        if (before_ != nullptr && generation <= before_->generation()) {
            for (auto const& key : reopened_) {
                KONTOR_TRY(auto const postings, cold_.postings(index, key));
                for (auto const& posting : postings)
                    refs_.push_back({generation, posting.place});
            }
            continue;
        }
        KONTOR_TRY(auto const table, cold_.stream_table(index));
        for (std::uint64_t n = 0; n < table.streams(); ++n) {
            if (!is_open(table.key(n)))
                continue;
            auto const entry = table.stream(n);
            for (std::uint32_t of = 0; of < entry.postings; ++of)
                refs_.push_back({generation, table.place(entry.first_posting + of)});
        }
    }
    auto const where = [](CommitRef const& ref) {
        return std::tuple(ref.generation, ref.place.record, ref.place.commit);
    };
    std::ranges::sort(refs_, {}, where);
    auto const twice = std::ranges::unique(refs_, {}, where);
    refs_.erase(twice.begin(), twice.end());
    return {};
}

Result<void> CheckpointWriter::write_commits() {
    KONTOR_TRY(load_next());
    auto const keep = [&](CommitView const& commit) -> Result<void> {
        KONTOR_TRY(write_up_to(commit.first_position()));
        KONTOR_TRY(bool const is_wanted, has_open_stream(commit));
        return is_wanted ? add(commit) : Result<void>{};
    };
    for (std::size_t n = 0; before_ != nullptr && n < before_->frame_count(); ++n) {
        KONTOR_TRY(auto const frame, before_->frame(n));
        KONTOR_TRY(for_each_record(frame->body,
                                   [&](Bytes record, RecordHeader const& header, std::uint32_t) {
                                       return for_each_commit(record, header, keep);
                                   }));
    }
    return write_up_to(std::numeric_limits<std::uint64_t>::max());
}

Result<void> CheckpointWriter::write_up_to(std::uint64_t position) {
    while (next_ && next_->first_position() <= position) {
        if (next_->first_position() < position)
            KONTOR_TRY(add(*next_));
        KONTOR_TRY(load_next());
    }
    return {};
}

Result<void> CheckpointWriter::load_next() {
    next_.reset();
    if (next_ref_ == refs_.size())
        return {};
    auto const& ref = refs_[next_ref_++];
    KONTOR_TRY(auto const record, cold_.record(ref.generation, ref.place.record, around_));
    KONTOR_TRY(next_, CommitView::read(record, ref.place.commit));
    return {};
}

Result<bool> CheckpointWriter::has_open_stream(CommitView const& commit) const {
    KONTOR_TRY(auto const tallies, commit.tallies());
    for (std::size_t n = 0; n < tallies.size(); ++n) {
        if (tallies[n].events == 0)
            continue;
        KONTOR_TRY(auto const id, commit.name(commit.streams()[n]));
        if (is_open(stream_key(id, facts_.lineage)))
            return true;
    }
    return false;
}

Result<void> CheckpointWriter::add(CommitView const& commit) {
    auto const bytes = commit.alone_bytes_max();
    if (header_.length > 0 && header_.length + bytes > body_bytes_max)
        KONTOR_TRY(close_frame());
    if (frame_header_bytes + bytes > frame_.size())
        frame_ = Blocks(frame_header_bytes + bytes);
    if (header_.length == 0)
        header_.first_position = commit.first_position();
    header_.length += commit.copy_alone(frame_.at(frame_header_bytes + header_.length));
    header_.events += commit.event_count();
    ++header_.appends;
    return {};
}

Result<void> CheckpointWriter::close_frame() {
    append(frames_, header_.first_position);
    append(frames_, offset_);
    header_.previous = journal::close_frame(frame_.at(0), header_);
    auto const bytes = frame_blocks_bytes(header_.length);
    KONTOR_TRY(file_->write(offset_, frame_.span(0, bytes)));
    offset_ += bytes;
    ++header_.number;
    header_.length = header_.events = header_.appends = 0;
    return {};
}

Result<void> CheckpointWriter::finish() {
    if (header_.length > 0)
        KONTOR_TRY(close_frame());
    auto tables = frames_;
    for (auto const& key : open_)
        tables.insert(tables.end(), key.begin(), key.end());
    Blocks tail(round_up(tables.size()) + ports::disk_block_bytes);
    std::memset(tail.at(0), 0, tail.size());
    std::copy(tables.begin(), tables.end(), tail.at(0));
    auto* const last = tail.at(tail.size() - ports::disk_block_bytes);
    std::copy(magic.begin(), magic.end(), last + at_magic);
    put(last + at_version, version);
    put_id(last + at_lineage, facts_.lineage);
    put(last + at_generation, facts_.generation);
    put(last + at_up_to, facts_.next_position - 1);
    put(last + at_last, facts_.last);
    put(last + at_tables, offset_);
    put(last + at_frames, std::uint64_t{frames_.size() / frame_bytes});
    put(last + at_keys, std::uint64_t{open_.size()});
    put(last + at_tables_checksum, hash128(tables));
    put(last + at_checksum, hash128({last + at_version, ports::disk_block_bytes - at_version}));
    return file_->write(offset_, tail.span(0, tail.size()));
}

} // namespace kontor::journal
