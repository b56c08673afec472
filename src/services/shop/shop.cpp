#include "services/shop/shop.hpp"

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

namespace {

// A line in the 16 bits at the top, a quantity in those below it, each raised by one: 0 is none.
constexpr int line_shift = 48;
constexpr std::uint64_t quantity_mask = (std::uint64_t{1} << line_shift) - 1;

} // namespace

std::uint64_t Shop::particulars(Refusal const& refusal) {
    auto const* const of_order = std::get_if<order::Rejection>(&refusal);
    if (of_order == nullptr)
        return 0;
    std::uint64_t packed = 0;
    if (of_order->line && of_order->line->value() < UINT16_MAX)
        packed = std::uint64_t{of_order->line->value() + 1U} << line_shift;
    if (of_order->quantity &&
        static_cast<std::uint64_t>(of_order->quantity->value()) < quantity_mask)
        packed |= static_cast<std::uint64_t>(of_order->quantity->value()) + 1;
    return packed;
}

Shop::Particulars Shop::unpacked(std::uint64_t particulars) {
    Particulars found;
    if (auto const line = particulars >> line_shift; line > 0)
        found.line = LineNumber(static_cast<std::uint16_t>(line - 1));
    if (auto const quantity = particulars & quantity_mask; quantity > 0)
        found.quantity = Count(static_cast<std::int64_t>(quantity - 1));
    return found;
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
