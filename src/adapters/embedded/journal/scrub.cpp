#include "adapters/embedded/journal/scrub.hpp"

#include "adapters/embedded/journal/new_file.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

// The file: one block, all of it little-endian.
constexpr std::uint64_t magic = 0x4255524353544e4bULL; // "KNTSCRUB"
constexpr std::size_t magic_at = 0;
constexpr std::size_t lineage_at = 8;
constexpr std::size_t through_at = 24;
constexpr std::size_t is_on_at = 32;
constexpr std::size_t began_at = 40;
constexpr std::size_t all_since_at = 48;
constexpr std::size_t checksum_at = 56; ///< XXH3-64 of what stands before it

} // namespace

void Scrub::load(Id128 lineage) {
    kept_.lineage = lineage;
    auto const file = state_.disk.open(std::string(scrubbed_name), ports::FileUse::read);
    Blocks block(ports::disk_block_bytes);
    if (!file || (*file)->size() != block.size() || !(*file)->read(0, block.span(0, block.size())))
        return;
    auto const* const at = block.at(0);
    bool const is_whole =
        get<std::uint64_t>(at + magic_at) == magic &&
        get<std::uint64_t>(at + checksum_at) == hash64(block.span(0, checksum_at));
    if (!is_whole || get_id(at + lineage_at) != lineage)
        return;
    kept_.through = get<std::uint64_t>(at + through_at);
    kept_.is_on = get<std::uint64_t>(at + is_on_at) != 0;
    kept_.began_at = Instant::from_unix_microseconds(get<std::int64_t>(at + began_at));
    kept_.all_since = Instant::from_unix_microseconds(get<std::int64_t>(at + all_since_at));
    std::lock_guard const lock(mutex_);
    if (kept_.all_since != Instant())
        scrubbed_.all_since = kept_.all_since;
}

Result<void> Scrub::save() {
    Blocks block(ports::disk_block_bytes);
    auto* const at = block.at(0);
    std::fill_n(at, block.size(), std::uint8_t{0});
    put(at + magic_at, magic);
    put_id(at + lineage_at, kept_.lineage);
    put(at + through_at, kept_.through);
    put(at + is_on_at, std::uint64_t{kept_.is_on});
    put(at + began_at, kept_.began_at.unix_microseconds());
    put(at + all_since_at, kept_.all_since.unix_microseconds());
    put(at + checksum_at, hash64(block.span(0, checksum_at)));
    return write_file(state_.disk, std::string(scrubbed_name), block.span(0, block.size()));
}

Result<std::shared_ptr<SegmentIndex const>> Scrub::next_segment() {
    std::shared_ptr<SealedList const> sealed;
    {
        std::lock_guard const lock(state_.mutex);
        sealed = state_.sealed;
    }
    std::shared_ptr<SegmentIndex const> none;
    if (sealed->empty())
        return none;
    if (kept_.lineage != sealed->back()->facts().lineage)
        load(sealed->back()->facts().lineage);
    auto const now = state_.clock.now();
    if (!kept_.is_on) {
        if (now < kept_.began_at + scrub_every)
            return none;
        kept_.is_on = true;
        kept_.began_at = now;
        kept_.through = 0;
    }
    auto const next = std::ranges::find_if(
        *sealed, [&](auto const& index) { return index->facts().generation > kept_.through; });
    if (next != sealed->end())
        return *next;
    kept_.is_on = false;
    kept_.all_since = kept_.began_at;
    KONTOR_TRY(save());
    state_.faults.reached(scrub_through);
    std::lock_guard const lock(mutex_);
    scrubbed_.all_since = kept_.all_since;
    return none;
}

void Scrub::note(Failure const& failure) {
    std::lock_guard const lock(mutex_);
    auto& rotten = scrubbed_.rotten;
    bool const is_known = std::ranges::find(rotten, failure.where, &Failure::where) != rotten.end();
    if (!is_known && rotten.size() < rotten_noted_max)
        rotten.push_back(failure);
}

Result<bool> Scrub::read_piece() {
    if (!reader_) {
        KONTOR_TRY(auto file, state_.files.open(index_->facts().generation));
        reader_.emplace(std::move(file), step_bytes);
        chain_ = index_->start_chain();
        KONTOR_TRY(reader_->head(chain_));
    }
    for (auto const until = reader_->offset() + step_bytes; reader_->offset() < until;) {
        KONTOR_TRY(auto const frame, reader_->next(chain_));
        if (!frame) {
            KONTOR_TRY(check_passed(index_->facts(), chain_, *reader_));
            return true;
        }
    }
    return false;
}

Result<bool> Scrub::work() {
    auto const begun = state_.clock.monotonic();
    if (begun < rests_until_)
        return false;
    if (!index_) {
        KONTOR_TRY(index_, next_segment());
        if (!index_)
            return false;
    }
    auto const is_through = read_piece();
    constexpr std::int64_t rests = 19; // parts of twenty
    auto const now = state_.clock.monotonic();
    rests_until_ = now + (now - begun) * rests;
    if (is_through && !*is_through)
        return true;
    if (!is_through)
        note(is_through.error());
    kept_.through = index_->facts().generation;
    reader_.reset();
    index_.reset();
    {
        std::lock_guard const lock(mutex_);
        ++scrubbed_.segments;
    }
    KONTOR_TRY(save());
    return true;
}

} // namespace kontor::journal
