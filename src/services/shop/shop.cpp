#include "services/shop/perform.hpp"

#include "base/overloaded.hpp"
#include "platform/problems/problems.hpp"

#include <algorithm>

namespace kontor::commands {
template class Turn<services::Shop>;
template class Desk<services::Shop>;
template class DeskAgent<services::Shop>;
} // namespace kontor::commands

namespace kontor::services {

bool Shop::begins_something(Work const& work) {
    auto const* const compound = std::get_if<Compound>(&work);
    return compound != nullptr && std::ranges::any_of(compound->commands, [](Single const& single) {
               auto const* const order = std::get_if<On<Orders>>(&single);
               return order != nullptr && std::holds_alternative<order::Place>(order->command);
           });
}

std::uint16_t Shop::problem(Refusal const& refusal) {
    auto const code_of = overloaded{
        [](order::Rejection const& rejection) { return problems::problem_of(rejection.code).code; },
        [](auto const& rejection) { return problems::problem_of(rejection).code; },
    };
    return std::visit(code_of, refusal);
}

Result<void, Refusal> Shop::perform(commands::Turn<Shop>& turn, Work const& work) const {
    auto const performed =
        std::visit([&](auto const& todo) { return services::perform(*this, turn, todo); }, work);
    auto const* const step = std::get_if<CheckoutStep>(&work);
    if (!performed && step == nullptr)
        return performed;
    if (!performed) {
        turn.abandon();
        tell_refusal(turn, *step, performed.error());
        return {};
    }
    fill_reservations(turn);
    give_back_coupons(turn);
    if (turn.failure())
        return {};
    bool const is_unanswered = step != nullptr && fingerprint_of(step->command).has_value();
    tell_processes(*this, turn, is_unanswered ? step : nullptr);
    return {};
}

} // namespace kontor::services
