#include "services/gateway/asked.hpp"

#include "services/shop/shop.hpp"

#include <fmt/format.h>

namespace kontor::services::gateway {
namespace {

void add_particulars(Trouble& found, Shop::Particulars const& named) {
    if (named.line)
        found.members += fmt::format(",\"line\":{}", named.line->value());
    if (named.quantity)
        found.members += fmt::format(",\"quantity_max\":{}", named.quantity->value());
}

Trouble named(std::uint16_t problem, std::uint64_t particulars) {
    auto const* const row = problems::find_problem(problem);
    KONTOR_ASSERT(row != nullptr, "no problem has the code {}", problem);
    Trouble found{row};
    add_particulars(found, Shop::unpacked(particulars));
    return found;
}

} // namespace

Trouble trouble_of(Refusal const& refusal) {
    return named(Shop::problem(refusal), Shop::particulars(refusal));
}

Trouble trouble_of(ports::OutcomeRecord const& record) {
    return named(record.problem, record.version.value());
}

} // namespace kontor::services::gateway
