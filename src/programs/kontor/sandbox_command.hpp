#pragma once

/// The provider to try things out with, beside the commands of the shop.

#include "programs/kontor/program.hpp"

namespace kontor::programs {

void add_sandbox_command(CLI::App& app, std::optional<Command>& chosen);

} // namespace kontor::programs
