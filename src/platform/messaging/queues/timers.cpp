#include "platform/messaging/queues/timers.hpp"

#include "base/assert.hpp"

namespace kontor::queues {

void Timers::add(Record& record) {
    KONTOR_ASSERT(record.timer_at == 0, "message {} waits for two times", record.sequence);
    heap_.push_back(&record);
    record.timer_at = static_cast<std::uint32_t>(heap_.size());
    rise(heap_.size() - 1);
}

void Timers::remove(Record& record) {
    if (record.timer_at == 0)
        return;
    std::size_t const at = record.timer_at - 1;
    record.timer_at = 0;
    auto* const last = heap_.back();
    heap_.pop_back();
    if (at == heap_.size())
        return;
    put(at, last);
    rise(at);
    sink(last->timer_at - 1);
}

void Timers::rise(std::size_t at) {
    auto* const record = heap_[at];
    while (at > 0) {
        auto const above = (at - 1) / 2;
        if (!is_before(*record, *heap_[above]))
            break;
        put(at, heap_[above]);
        at = above;
    }
    put(at, record);
}

void Timers::sink(std::size_t at) {
    auto* const record = heap_[at];
    for (;;) {
        auto below = 2 * at + 1;
        if (below >= heap_.size())
            break;
        if (below + 1 < heap_.size() && is_before(*heap_[below + 1], *heap_[below]))
            ++below;
        if (!is_before(*heap_[below], *record))
            break;
        put(at, heap_[below]);
        at = below;
    }
    put(at, record);
}

} // namespace kontor::queues
