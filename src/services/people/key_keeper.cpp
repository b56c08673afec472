#include "services/people/key_keeper.hpp"

#include "base/transient.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/order/events.hpp"
#include "platform/processes/follow.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "services/people/limits.hpp"

#include <functional>
#include <utility>

namespace kontor::services {

Result<void> KeyKeeper::recover() {
    KONTOR_TRY(auto const last, keys_.checkpoint());
    bool const is_of_this_log =
        last.lineage == lineage_ && last.position <= store_.durable().position;
    position_ = is_of_this_log ? last.position : ports::Position();
    is_starting_ = true;
    for (;;) {
        KONTOR_TRY(auto const events,
                   processes::follow(store_, position_, ports::Limit(people_page_events_max),
                                     std::bind_front(&KeyKeeper::take_up, this)));
        if (owners_ + forgotten_.size() >= people_unwritten_max)
            KONTOR_TRY(write_down());
        if (events == 0)
            break;
    }
    is_starting_ = false;
    if (owners_ + forgotten_.size() > 0 || !is_of_this_log || position_ != last.position)
        KONTOR_TRY(write_down());
    return keys_.keep_ahead();
}

Result<WorkDone> KeyKeeper::do_work(WorkBudget budget) {
    auto const limit = std::min(budget.items_max, people_page_events_max);
    auto done = std::size_t{0};
    if (forgotten_.size() < people_unwritten_max) {
        KONTOR_TRY(done, processes::follow(store_, position_, ports::Limit(limit),
                                           std::bind_front(&KeyKeeper::take_up, this)));
    }
    Result<void> kept;
    if (is_time_to_write())
        kept = write_down();
    if (kept)
        kept = keys_.keep_ahead();
    if (!kept && !is_transient(kept.error().kind))
        return unexpected(kept.error());
    return WorkDone{done};
}

bool KeyKeeper::is_time_to_write() const {
    bool const rests = clock_.monotonic() < written_at_ + people_written_every;
    bool const has_some = !forgotten_.empty() || keys_.unwritten() > 0 ||
                          position_.value() - written_.value() >= people_events_unwritten_max;
    return has_some && (!rests || !forgotten_.empty());
}

/// Errors: full, unavailable, corrupt, broken; then it is tried again.
Result<void> KeyKeeper::write_down() {
    written_at_ = clock_.monotonic();
    KONTOR_TRY(keys_.forget(forgotten_, here()));
    forgotten_.clear();
    owners_ = 0;
    written_ = position_;
    return {};
}

/// Imports bring nothing personal.
Result<void> KeyKeeper::take_up(ports::EventPage const& page, ports::RecordedEvent const& event) {
    if (codec::holds<customer::Erased>(event.type))
        forgotten_.push_back(event.stream.id());
    bool const may_be_new = is_starting_ &&
                            (event.stream.category() == StreamCategory::customer ||
                             event.stream.category() == StreamCategory::order) &&
                            page.commit_of(event).header.actor.kind != ActorKind::import;
    return may_be_new ? note_owner(event) : Result<void>();
}

/// The first facts about a person are the ones that a key can be new in.
Result<void> KeyKeeper::note_owner(ports::RecordedEvent const& event) {
    auto person = event.stream.id();
    std::optional<ports::KeyNumber> number;
    if (codec::holds<order::Placed>(event.type)) {
        KONTOR_TRY(auto const fact, codec::decode<order::Event>(event.type, event.payload));
        number = sealing::key_number_of(codec::first_sealed_field(fact));
        if (auto const& customer = std::get<order::Placed>(fact).customer_id)
            person = customer->value();
    } else if (codec::holds<customer::Registered>(event.type) ||
               codec::holds<customer::Changed>(event.type)) {
        KONTOR_TRY(auto const fact, codec::decode<customer::Event>(event.type, event.payload));
        number = sealing::key_number_of(codec::first_sealed_field(fact));
    }
    if (!number)
        return {};
    ++owners_;
    keys_.remember({*number, person});
    return {};
}

} // namespace kontor::services
