#include "services/people/key_keeper.hpp"

#include "base/overloaded.hpp"
#include "base/transient.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/order/events.hpp"
#include "platform/processes/follow.hpp"
#include "platform/sealing/address_mark.hpp"
#include "services/people/limits.hpp"

#include <functional>
#include <utility>

namespace kontor::services {
namespace {

Id128 buyer_in(order::Placed const& placed, OrderId id) {
    return placed.customer_id ? placed.customer_id->value() : id.value();
}

/// Whom a fact of an order is about: if it is not the first, that one says it.
/// Errors: unavailable, corrupt.
Result<Id128> buyer_of(ports::EventStore& store, order::Event const& said, OrderId id) {
    if (auto const* const placed = std::get_if<order::Placed>(&said))
        return buyer_in(*placed, id);
    KONTOR_TRY(auto const page,
               store.read_stream(StreamId::order(id), ports::StreamVersion(1), ports::Limit(1)));
    if (page.events.empty())
        return unexpected(Failure{FailureKind::corrupt, "an order without a beginning"});
    auto const& first = page.events.front();
    KONTOR_TRY(auto const fact, codec::decode<order::Event>(first.type, first.payload));
    auto const* const placed = std::get_if<order::Placed>(&fact);
    return placed != nullptr ? buyer_in(*placed, id) : id.value();
}

/// Whether nobody knows the buyer but by this order. Who bought once has an id made of the order's;
/// who bought in a session may have registered since.   Errors: unavailable, corrupt.
Result<bool> is_guest(ports::EventStore& store, Id128 person, OrderId id) {
    if (person == id.value() || person == derive_id<CustomerId>(id, "guest").value())
        return true;
    KONTOR_TRY(auto const page, store.read_stream(StreamId::customer(CustomerId(person)),
                                                  ports::StreamVersion(1), ports::Limit(1)));
    return page.events.empty();
}

/// Where the buyer of an order is reached; null: it says nothing of that, or is sealed for ever.
std::string const* address_in(order::Event const& fact) {
    Contact const* contact = nullptr;
    if (auto const* const placed = std::get_if<order::Placed>(&fact))
        contact = placed->contact.value();
    else if (auto const* const changed = std::get_if<order::AddressChanged>(&fact))
        contact = changed->contact ? changed->contact->value() : nullptr;
    return contact != nullptr ? &contact->email : nullptr;
}

bool has_address(EventType type) {
    return codec::holds<customer::Registered>(type) || codec::holds<customer::Changed>(type) ||
           codec::holds<order::Placed>(type) || codec::holds<order::AddressChanged>(type);
}

} // namespace

Result<void> KeyKeeper::recover() {
    KONTOR_TRY(auto const last, keys_.checkpoint());
    bool const is_of_this_log =
        last.lineage == lineage_ && last.position <= store_.durable().position;
    position_ = is_of_this_log ? last.position : ports::Position();
    KONTOR_TRY(marks_addresses_, keys_.can_mark());
    is_starting_ = true;
    KONTOR_TRY(follow_to_the_end());
    is_starting_ = false;
    if (has_unwritten() || !is_of_this_log || position_ != last.position)
        KONTOR_TRY(write_down());
    KONTOR_TRY(keys_.keep_ahead());
    return marks_addresses_ ? Result<void>() : begin_to_mark();
}

/// The first time there is a key for it: addresses are noted from the beginning of the log.
Result<void> KeyKeeper::begin_to_mark() {
    KONTOR_TRY(keys_.mark_of({}));
    marks_addresses_ = true;
    position_ = ports::Position();
    KONTOR_TRY(follow_to_the_end());
    return write_down();
}

Result<void> KeyKeeper::follow_to_the_end() {
    for (;;) {
        KONTOR_TRY(auto const events,
                   processes::follow(store_, position_, ports::Limit(people_page_events_max),
                                     std::bind_front(&KeyKeeper::take_up, this)));
        if (owners_ + forgotten_.size() + keys_.unwritten_addresses() >= people_unwritten_max)
            KONTOR_TRY(write_down());
        if (events == 0)
            return {};
    }
}

bool KeyKeeper::has_unwritten() const {
    return owners_ + forgotten_.size() + keys_.unwritten_addresses() > 0;
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
                          keys_.unwritten_addresses() > 0 ||
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
    if (may_be_new)
        KONTOR_TRY(note_owner(event));
    bool const is_import = page.commit_of(event).header.actor.kind == ActorKind::import;
    return marks_addresses_ && has_address(event.type) && !is_import ? note_address(page, event)
                                                                     : Result<void>();
}

/// Of whoever is forgotten already nothing can be opened, and nothing is noted. Customers are found
/// by the address of their account, guests by that of their order.
Result<void> KeyKeeper::note_address(ports::EventPage const& page,
                                     ports::RecordedEvent const& event) {
    if (event.stream.category() == StreamCategory::order) {
        OrderId const id(event.stream.id());
        KONTOR_TRY(auto fact, codec::decode<order::Event>(event.type, event.payload));
        KONTOR_TRY(sealing::open_fact(&opener_, fact, page.id_of(event)));
        auto const* const reached = address_in(fact);
        if (reached == nullptr)
            return {};
        KONTOR_TRY(auto const buyer, buyer_of(store_, fact, id));
        KONTOR_TRY(bool const bought_as_guest, is_guest(store_, buyer, id));
        if (!bought_as_guest)
            return {};
        KONTOR_TRY(auto const mark, keys_.mark_of(sealing::guest_address(*reached)));
        keys_.note_address({buyer, mark});
        return {};
    }
    KONTOR_TRY(auto fact, codec::decode<customer::Event>(event.type, event.payload));
    KONTOR_TRY(sealing::open_fact(&opener_, fact, page.id_of(event)));
    auto const* const address =
        std::visit(overloaded{[](customer::Erased const&) -> std::string const* { return nullptr; },
                              [](auto const& about) { return about.email.value(); }},
                   fact);
    if (address == nullptr)
        return {};
    KONTOR_TRY(auto const mark, keys_.mark_of(*address));
    keys_.note_address({event.stream.id(), mark});
    return {};
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
