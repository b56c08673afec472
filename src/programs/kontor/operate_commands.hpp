#pragma once

/// More functions that each add a noun or a verb, beside those of program.hpp.

#include "programs/kontor/program.hpp"

namespace kontor::programs {

void add_operate_commands(CLI::App& app, std::optional<Command>& chosen);
/// `kontor saga graph`.
void add_saga_commands(CLI::App& app, std::optional<Command>& chosen);
/// What operators did.
void add_audit_commands(CLI::App& app, std::optional<Command>& chosen);
void add_count_command(CLI::App& app, std::optional<Command>& chosen);
void add_timeline_command(CLI::App& app, std::optional<Command>& chosen);
void add_topology_commands(CLI::App& app, std::optional<Command>& chosen);
/// Verbs of the noun audit that prove.
void add_audit_proofs(CLI::App& audit, std::optional<Command>& chosen);
/// Verbs of the noun payment that move money.
void add_payment_commands(CLI::App& app, std::optional<Command>& chosen);
/// Verbs of the noun shipment.
void add_shipment_commands(CLI::App& shipments, std::optional<Command>& chosen);

} // namespace kontor::programs
