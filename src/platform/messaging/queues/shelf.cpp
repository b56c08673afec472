#include "platform/messaging/queues/shelf.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace kontor::queues {

std::size_t bytes_of(Content const& content) {
    auto bytes = sizeof(Content) + content.body.size() + content.group_id.size() +
                 content.deduplication_id.size() + content.trace_header.size();
    for (auto const& attribute : content.attributes)
        bytes += sizeof attribute + attribute.name.size() + attribute.type.size() +
                 attribute.value.size();
    return bytes;
}

std::unique_ptr<Shelf::Chunk> Shelf::take_spare() {
    return spare_ != nullptr ? std::move(spare_) : std::make_unique<Chunk>();
}

Record& Shelf::add(std::uint64_t sequence) {
    auto const number = sequence / chunk_size;
    if (chunks_.empty())
        base_ = number;
    for (; base_ > number; --base_)
        chunks_.emplace_front();
    while (number - base_ >= chunks_.size())
        chunks_.emplace_back();
    auto& chunk = chunks_[static_cast<std::size_t>(number - base_)];
    if (chunk == nullptr)
        chunk = take_spare();
    auto& record = chunk->records[sequence % chunk_size];
    KONTOR_ASSERT(record.state == State::gone, "number {} is given twice", sequence);
    record.sequence = sequence;
    low_ = size_ == 0 ? sequence : std::min(low_, sequence);
    ++chunk->alive;
    ++size_;
    return record;
}

Record* Shelf::find(std::uint64_t sequence) {
    auto* const found = chunk(sequence / chunk_size);
    if (found == nullptr)
        return nullptr;
    auto& record = found->records[sequence % chunk_size];
    return record.state == State::gone ? nullptr : &record;
}

void Shelf::remove(Record& record) {
    auto const number = record.sequence / chunk_size;
    auto& chunk = chunks_[static_cast<std::size_t>(number - base_)];
    record = Record();
    --size_;
    if (--chunk->alive == 0)
        spare_ = std::move(chunk);
    while (!chunks_.empty() && chunks_.front() == nullptr) {
        chunks_.pop_front();
        ++base_;
    }
}

Record* Shelf::first() {
    auto* const found = first_from(low_);
    if (found != nullptr)
        low_ = found->sequence;
    return found;
}

Record* Shelf::first_from(std::uint64_t from) {
    auto number = std::max(from / chunk_size, base_);
    auto at = number == from / chunk_size ? from % chunk_size : 0;
    for (; number - base_ < chunks_.size(); ++number, at = 0) {
        auto* const here = chunk(number);
        for (; here != nullptr && at < chunk_size; ++at)
            if (here->records[at].state != State::gone)
                return &here->records[at];
    }
    return nullptr;
}

} // namespace kontor::queues
