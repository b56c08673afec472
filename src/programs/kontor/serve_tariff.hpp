#pragma once

/// The tariff of a shop that has not been told another one: British and German taxes, two ways of
/// shipping.

#include "domain/pricing/tariff.hpp"

namespace kontor::programs {

pricing::Tariff built_in_tariff();

} // namespace kontor::programs
