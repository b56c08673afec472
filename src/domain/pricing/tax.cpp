#include "domain/pricing/tax.hpp"

#include <algorithm>

namespace kontor::pricing {
namespace {

Money tax_on(Money cost, BasisPoints rate, order::RoundingPolicy const& policy) {
    switch (policy.tax) {
    case order::TaxMode::included: return cost - cost.without_included(rate, policy.mode);
    case order::TaxMode::excluded: return cost.share(rate, policy.mode);
    }
    KONTOR_UNREACHABLE();
}

NetTax with_tax(Money cost, Money tax, order::TaxMode mode) {
    switch (mode) {
    case order::TaxMode::included: return {cost - tax, tax};
    case order::TaxMode::excluded: return {cost, tax};
    }
    KONTOR_UNREACHABLE();
}

/// The tax of all costs of one rate, rounded once.
void tax_rate(std::span<TaxedCost const> costs, BasisPoints rate,
              order::RoundingPolicy const& policy, std::span<NetTax> values) {
    auto sum = Money::zero(costs.front().cost.currency());
    std::vector<std::int64_t> weights;
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        if (costs[i].rate != rate)
            continue;
        sum += costs[i].cost;
        weights.push_back(costs[i].cost.minor());
        indices.push_back(i);
    }
    auto const parts = tax_on(sum, rate, policy).allocate(weights);
    for (std::size_t i = 0; i < parts.size(); ++i)
        values[indices[i]] = with_tax(costs[indices[i]].cost, parts[i], policy.tax);
}

} // namespace

std::vector<NetTax> taxed(std::span<TaxedCost const> costs, order::RoundingPolicy const& policy) {
    std::vector<NetTax> values(costs.size());
    if (policy.level == order::TaxLevel::line) {
        std::ranges::transform(costs, values.begin(), [&](TaxedCost const& cost) {
            return with_tax(cost.cost, tax_on(cost.cost, cost.rate, policy), policy.tax);
        });
        return values;
    }
    std::vector<BasisPoints> rates;
    for (auto const& cost : costs)
        if (std::ranges::find(rates, cost.rate) == rates.end())
            rates.push_back(cost.rate);
    for (auto const rate : rates)
        tax_rate(costs, rate, policy, values);
    return values;
}

} // namespace kontor::pricing
