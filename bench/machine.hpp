#pragma once

/// What a result was measured on: a figure without its machine is a rumour.

#include <boost/json/object.hpp>

#include <string>

namespace kontor::bench {

/// Compiler and flags, processor and what instructions it has, kernel, memory, file system of the
/// data directory and how it is mounted, commit and whether the tree was clean, time of the run.
boost::json::object describe_machine(std::string const& data_directory);

/// The mean number of threads that wanted a core in the last minute.
double load_average();

/// "ext4", "xfs", "tmpfs", "overlay" or a number in hexadecimal.
std::string file_system_of(std::string const& directory);

} // namespace kontor::bench
