#pragma once

/// The SQL of a read model's file, made from its shape. Names of tables and columns are constants
/// of our code; values are always parameters.   Thread: any.

#include "ports/read_models.hpp"

#include <string>

namespace kontor::sqlite {

/// All tables and the first checkpoint, in one transaction.
std::string create_statements(ports::ModelShape const& shape);
std::string put_statement(ports::TableShape const& table);
std::string remove_statement(ports::TableShape const& table);
std::string find_statement(ports::TableShape const& table);
/// What of the key to begin after is to be compared: within a prefix only what follows it, for over
/// whole keys SQLite would walk all of the prefix to get there.
std::span<ports::Cell const> compared_after(ports::Scan const& scan);
/// Parameters: the prefix, what compared_after says, the limit.
std::string scan_statement(ports::TableShape const& table, ports::Scan const& scan);

} // namespace kontor::sqlite
