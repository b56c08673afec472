#pragma once

/// New files: made under another name, which the next start removes, and given their own when they
/// are durable. What stands under a file's own name is whole, whenever the power fails.

#include "adapters/embedded/journal/bytes.hpp"

#include <string>

namespace kontor::journal {

/// The name under which a file is made.
std::string half_made_name(std::string const& name);
bool is_half_made(std::string_view name);
/// The name it will have.   Requires: is_half_made.
std::string_view finished_name(std::string_view half_made);

/// Begins the file of that name.
/// Errors:   broken.
Result<std::unique_ptr<ports::File>> begin_file(ports::Disk& disk, std::string const& name);
/// Makes it durable and gives it its name, in the place of whatever has it.
/// Errors:   broken.
Result<void> finish_file(ports::Disk& disk, ports::File& file, std::string const& name);
/// Gives it its name.   Requires: it is durable.
/// Errors:   broken.
Result<void> name_file(ports::Disk& disk, std::string const& name);
/// Makes a whole file.
/// Units:    whole disk blocks.
/// Errors:   broken.
Result<void> write_file(ports::Disk& disk, std::string const& name, Bytes blocks);

} // namespace kontor::journal
