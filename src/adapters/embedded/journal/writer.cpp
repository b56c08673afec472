#include "adapters/embedded/journal/writer.hpp"

#include <algorithm>

namespace kontor::journal {

constexpr auto confirm_after = Duration::seconds(1);

Result<void> Writer::go_on(Tail const& tail) {
    KONTOR_TRY(file_, state_.disk.open(segment_name(tail.chain.generation), ports::FileUse::log));
    chain_ = tail.chain;
    open_start_ = tail.start;
    offset_ = tail.offset;
    last_ = tail.last;
    written_at_ = state_.clock.monotonic();
    return {};
}

/// The head is written before the file gets its name: a segment that has a name has a head.
Result<void> Writer::begin_segment(Chain const& chain) {
    KONTOR_TRY(auto const spare, upkeep_.take_spare());
    KONTOR_TRY(auto file, state_.disk.open(spare.name, ports::FileUse::log));
    auto next = chain;
    auto const head = head_frame(next, {state_.limits.segment_bytes, state_.types, spare.earlier},
                                 state_.clock.now());
    KONTOR_TRY(file->write(0, head.span(0, head.size())));
    KONTOR_TRY(state_.disk.rename(spare.name, segment_name(chain.generation)));
    KONTOR_TRY(state_.disk.sync_directory());
    if (spare.earlier > 0)
        state_.faults.reached(file_used_again);
    file_ = std::move(file);
    open_start_ = chain;
    chain_ = next;
    offset_ = head.size();
    return {};
}

Result<WorkDone> Writer::do_work(WorkBudget budget) {
    if (state_.is_broken.load(std::memory_order_acquire))
        return unexpected(broken_failure());
    std::size_t frames = 0;
    while (frames < budget.items_max) {
        KONTOR_TRY(bool const wrote, write_one());
        if (!wrote)
            break;
        ++frames;
    }
    if (frames == 0)
        KONTOR_TRY(confirm_when_idle());
    return WorkDone{frames};
}

bool Writer::listen(Bell* bell) {
    std::lock_guard const lock(state_.mutex);
    state_.writer_bell = bell;
    return true;
}

Result<bool> Writer::write_one() {
    // A writer that looks again and again must not get into the desk's way.
    if (state_.accepted_append.load(std::memory_order_acquire) ==
        state_.durable_append.load(std::memory_order_relaxed))
        return false;
    auto job = take();
    if (!job)
        return false;
    KONTOR_TRY(write(*job));
    return true;
}

std::optional<Writer::Job> Writer::take() {
    std::lock_guard const lock(state_.mutex);
    auto const number = state_.durable_frame + 1;
    if (!state_.frames.holds(number))
        return std::nullopt;
    auto& frame = state_.frames[number];
    bool const is_last = state_.is_filling && number + 1 == state_.frames.end();
    if (is_last && frame.length == 0) {
        // Every commit so far was refused: there is nothing to wait for.
        state_.durable_append.store(frame.last_append, std::memory_order_release);
        return std::nullopt;
    }
    if (is_last) {
        state_.frames.close_last();
        state_.is_filling = false;
    }
    return job_of(number, frame.confirms_seal ? FrameKind::confirm : FrameKind::records);
}

std::optional<Writer::Job> Writer::take_control(FrameKind kind) {
    std::lock_guard const lock(state_.mutex);
    auto number = state_.durable_frame + 1;
    bool const is_empty_frame =
        state_.is_filling && number + 1 == state_.frames.end() && state_.frames.back().length == 0;
    if (is_empty_frame) {
        state_.frames.close_last();
        state_.is_filling = false;
    } else if (state_.frames.holds(number)) {
        return std::nullopt;
    } else {
        FrameRef frame;
        frame.first_position = state_.next_position;
        frame.first_group = state_.postings.end();
        frame.last_append = state_.accepted_append.load(std::memory_order_relaxed);
        number = state_.frames.push(std::move(frame));
    }
    return job_of(number, kind);
}

Writer::Job Writer::job_of(std::uint64_t number, FrameKind kind) {
    auto const& frame = state_.frames[number];
    return {number, kind, frame.chunk ? frame.bytes() : control_.at(0),
            FrameHeader{kind,
                        frame.length,
                        {},
                        0,
                        number,
                        frame.first_position,
                        frame.events,
                        frame.appends,
                        {},
                        {}}};
}

Result<void> Writer::write(Job job) {
    if (auto const written = write_to_disk(job); !written) {
        state_.is_broken.store(true, std::memory_order_release);
        return unexpected(written.error());
    }
    publish(job);
    return {};
}

Result<void> Writer::roll() {
    auto const sealed = open_start_;
    auto next = chain_;
    ++next.generation;
    KONTOR_TRY(begin_segment(next));
    state_.faults.reached(segment_rolled);
    std::size_t waiting = 0;
    {
        std::lock_guard const lock(state_.mutex);
        state_.unindexed.push_back(sealed);
        state_.open_chain = next;
        waiting = state_.unindexed.size();
    }
    upkeep_.watch_space();
    if (waiting <= state_.limits.unindexed_max)
        return {};
    auto const indexed = upkeep_.index_one();
    return indexed ? Result<void>{} : unexpected(indexed.error());
}

Result<void> Writer::write_to_disk(Job& job) {
    auto const bytes = frame_blocks_bytes(job.header.length);
    if (offset_ + bytes > state_.limits.segment_bytes)
        KONTOR_TRY(roll());
    KONTOR_ASSERT(job.header.number == chain_.number &&
                      job.header.first_position == chain_.position,
                  "frame {} at position {} where {} at {} is next", job.header.number,
                  job.header.first_position, chain_.number, chain_.position);
    job.header.lineage = chain_.lineage;
    job.header.generation = chain_.generation;
    job.header.previous = chain_.previous;
    job.header.written_at = std::max(state_.clock.now(), chain_.written_at);
    auto const checksum = close_frame(job.bytes, job.header);
    auto const began = state_.clock.monotonic();
    KONTOR_TRY(file_->write(offset_, {job.bytes, bytes}));
    chain_.pass(job.header, checksum);
    offset_ += bytes;
    last_ = job.kind;
    written_at_ = state_.clock.monotonic();
    if (state_.on_written)
        state_.on_written(written_at_ - began, bytes);
    return {};
}

void Writer::publish(Job const& job) {
    std::lock_guard const lock(state_.mutex);
    auto& frame = state_.frames[job.number];
    frame.generation = job.header.generation;
    frame.offset = offset_ - frame_blocks_bytes(job.header.length);
    state_.durable_frame = job.number;
    state_.pending_bytes -= job.header.length;
    state_.durable_position.store(job.header.first_position + job.header.events - 1,
                                  std::memory_order_release);
    state_.durable_append.store(frame.last_append, std::memory_order_release);
    state_.trim();
}

Result<void> Writer::confirm_when_idle() {
    if (last_ != FrameKind::records || state_.clock.monotonic() - written_at_ < confirm_after)
        return {};
    auto job = take_control(FrameKind::confirm);
    if (!job)
        return {};
    KONTOR_TRY(write(*job));
    state_.faults.reached(confirmed);
    return {};
}

Result<void> Writer::close() {
    for (bool more = true; more;) {
        KONTOR_TRY(more, write_one());
    }
    if (last_ == FrameKind::seal)
        return {};
    auto job = take_control(FrameKind::seal);
    KONTOR_ASSERT(job.has_value(), "an append after the store was closed");
    return write(*job);
}

} // namespace kontor::journal
