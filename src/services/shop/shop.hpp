#pragma once

/// Shop: how work is performed at the desk, and the desk of the shop itself, compiled once.

#include "platform/commands/desk_agent.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "services/shop/work.hpp"

namespace kontor::services {

struct Shop {
    using Aggregates = services::Aggregates;
    using Work = services::Work;
    using Refusal = services::Refusal;

    /// Errors: the first rejection; then nothing of the work is done.
    Result<void, Refusal> perform(commands::Turn<Shop>& turn, Work const& work) const;

    /// Whether work brings an order that was not there before: it is what is refused first when
    /// room runs out.
    static bool begins_something(Work const& work);

    /// The number of the refusal's problem, as it is remembered with the outcome of a command.
    static std::uint16_t problem(Refusal const& refusal);

    /// What a refusal names beside its problem, packed for the record of the outcome; 0: nothing.
    static std::uint64_t particulars(Refusal const& refusal);
    /// The line and the legal quantity that were packed.
    struct Particulars {
        std::optional<LineNumber> line{};
        std::optional<Count> quantity{};
    };
    static Particulars unpacked(std::uint64_t particulars);

    /// Finds the keys by which the facts of the command will be sealed.
    /// Errors: as sealing::PersonKeys::of; a state that cannot be read fails the command.
    Result<void> prepare(commands::Turn<Shop>& turn) const;

    /// Seals what is personal in a fact that stands at `index` in its command.
    template <class Event>
        requires codec::has_personal_facts<Event>
    void seal(Event& event, std::uint32_t index, EventId id) const {
        if (sealer != nullptr)
            sealer->seal(event, index, id);
    }

    /// A customer's decider compares what is personal; no other state has anything of it.
    /// Errors: unavailable, corrupt.
    Result<void> open(customer::Event& event, EventId id) const {
        return sealing::open_fact(opener, event, id);
    }

    /// Where goods are kept, by rank: the first that has everything serves an order.
    std::vector<Location> locations{};
    /// Whether a parcel is paid when it leaves, or the whole order with the first one.
    checkout::CaptureSetting capture{checkout::CaptureSetting::per_parcel};
    /// The desk's own. None: facts are stored in the clear.
    sealing::Sealer* sealer{nullptr};
    sealing::Opener* opener{nullptr};
};

using ShopDesk = commands::Desk<Shop>;
using ShopRequest = ShopDesk::DeskRequest;
using BoxedShopRequest = ShopDesk::BoxedDeskRequest;
using ShopAnswer = ShopDesk::DeskAnswer;
using ShopDeskAgent = commands::DeskAgent<Shop>;
using ShopClient = commands::DeskClient<Shop>;

} // namespace kontor::services

namespace kontor::commands {
extern template class Turn<services::Shop>;
extern template class Desk<services::Shop>;
extern template class DeskAgent<services::Shop>;
} // namespace kontor::commands
