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
    KONTOR_TRY(
        std::visit([&](auto const& todo) { return services::perform(*this, turn, todo); }, work));
    tell_processes(*this, turn);
    return {};
}

} // namespace kontor::services
