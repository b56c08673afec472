#include "services/shop/perform.hpp"

#include "services/shop/order_of.hpp"

#include <algorithm>

namespace kontor::services {
namespace {

/// Noun and number by which the id of a step's command derives from the command that the step is
/// part of.
constexpr std::string_view step_noun = "checkout.step";
constexpr std::uint64_t number_of(std::uint32_t index, std::size_t number) {
    return (std::uint64_t{index} << 32) | number;
}

template <class Input>
void go_step(ShopTurn& turn, OrderId order, Input const& input) {
    auto step = turn.advance<Checkouts>(order, input);
    if (step.fact == nullptr)
        return;
    auto const& sent = std::get<checkout::Advanced>(*step.fact).commands;
    auto& commands = step.outputs.commands;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (is_for_the_world(sent[i].step))
            continue;
        auto const fingerprint = fingerprint_of(commands[i]);
        // What caused the step may be about another order: units that it gave back, say.
        turn.follow_up(
            CheckoutStep{order, sent[i].step, sent[i].subject.value_or(Id128()),
                         std::move(commands[i])},
            {step_noun, number_of(step.index, i), fingerprint, order.value(), checkout_actor});
    }
}

/// The facts of a command that processes react to, in their sequence.
struct Concerns {
    using Input =
        std::variant<checkout::OrderFact, checkout::ReservationFact, checkout::PaymentFact,
                     checkout::FulfilmentFact, checkout::CarriedOut>;
    struct One {
        OrderId order_id;
        Input input;
    };

    template <class Aggregate>
    void operator()(typename Aggregate::Key const& key,
                    Events<typename Aggregate::Event> const& facts) {
        // What an import brings is led by nobody, but units of it may fill an order that is.
        if (is_imported && !std::is_same_v<Aggregate, Reservations>)
            return;
        if constexpr (std::is_same_v<Aggregate, Orders> ||
                      std::is_same_v<Aggregate, Reservations> ||
                      std::is_same_v<Aggregate, Payments> || std::is_same_v<Aggregate, Fulfilments>)
            for (auto const& fact : facts)
                if (checkout::concerns_checkout(fact))
                    add(key, fact);
    }

    void add(OrderId order, order::Event const& fact) {
        list.push_back({order, checkout::OrderFact{fact, capture}});
    }
    void add(ReservationId id, reservation::Event const& fact) {
        list.push_back({order_of(fact, correlated), checkout::ReservationFact{id, fact}});
    }
    void add(PaymentId id, payment::Event const& fact) {
        list.push_back({order_of(fact, correlated), checkout::PaymentFact{id, fact}});
    }
    void add(FulfilmentId id, fulfilment::Event const& fact) {
        list.push_back({order_of(fact, correlated), checkout::FulfilmentFact{id, fact}});
    }

    checkout::CaptureSetting capture;
    OrderId correlated;
    bool is_imported;
    checkout::Few<One, 4> list{};
};

} // namespace

CommandId checkout_step_id(CommandId command, std::uint32_t index, std::size_t number) {
    return derive_id<CommandId>(command, step_noun, number_of(index, number));
}

bool is_for_the_world(checkout::Step step) {
    using checkout::Step;
    return step == Step::authorise || step == Step::find || step == Step::capture ||
           step == Step::void_ || step == Step::ask_buyer || step == Step::raise_alarm;
}

void tell_processes(Shop const& shop, ShopTurn& turn, CheckoutStep const* carried_out) {
    Concerns concerns{shop.capture, OrderId(turn.context().correlation_id),
                      turn.actor().kind == ActorKind::import};
    turn.for_each_decided(concerns);
    if (carried_out != nullptr)
        concerns.list.push_back(
            {carried_out->order_id, checkout::CarriedOut{carried_out->step, carried_out->subject}});
    // All are loaded before one of them goes a step, because a step is not taken back.
    for (auto const& one : concerns.list)
        turn.state<Checkouts>(one.order_id);
    if (turn.failure())
        return;
    auto const& list = concerns.list;
    for (auto first = list.begin(); first != list.end(); ++first) {
        auto const is_of_order = [&](Concerns::One const& one) {
            return one.order_id == first->order_id;
        };
        if (std::find_if(list.begin(), first, is_of_order) != first)
            continue;
        for (auto one = first; one != list.end(); ++one)
            if (is_of_order(*one))
                std::visit([&](auto const& input) { go_step(turn, one->order_id, input); },
                           one->input);
    }
}

void tell_refusal(ShopTurn& turn, CheckoutStep const& step, Refusal const& refusal) {
    go_step(turn, step.order_id,
            checkout::Refused{step.step, step.subject, reason_for_process(refusal)});
}

Performed perform(Shop const&, ShopTurn& turn, AdvanceCheckout const& news) {
    if (turn.state<Checkouts>(news.order_id).phase == checkout::Phase::none)
        return unexpected(Refusal(order::Rejection{order::RejectionCode::unknown_order}));
    std::visit([&](auto const& input) { go_step(turn, news.order_id, input); }, news.input);
    return {};
}

Performed perform(Shop const&, ShopTurn& turn, EditOrder const& edit) {
    KONTOR_TRY(decide<Orders>(turn, edit.order_id, order::OpenEdit{edit.editor}));
    turn.follow_up(AdvanceCheckout{edit.order_id, edit.edit}, {.step = "edit"});
    return {};
}

} // namespace kontor::services
