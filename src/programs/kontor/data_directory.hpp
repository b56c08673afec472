#pragma once

/// The data directory of a shop, before anybody opens its log: what stands in its place, whether it
/// may be read and written, and what a failure of its disk comes from. What cannot be a shop's
/// directory is refused by name, and nothing is made in it.

#include "adapters/embedded/disk.hpp"
#include "programs/kontor/settings.hpp"
#include "programs/kontor/trouble.hpp"

#include <string>
#include <type_traits>

namespace kontor::programs {

/// What stands at a path where a directory is wanted.
enum class Standing : unsigned char { nothing, directory };

/// Looks, and makes nothing.
/// Errors: not_found (dangling_link: a link leads nowhere), invalid (not_a_directory: here or on
///         the way), unavailable (not_readable; too_many_files).
Result<Standing, Trouble> look_at_directory(std::string const& path);

/// Where the log of the shop in a data directory lies. Looking makes nothing.
/// Errors: not_found (no_shop: none was ever begun there), as look_at_directory, corrupt (the log
///         is gone, and read models that followed it are there).
Result<std::string, Trouble> existing_journal(std::string const& directory);

/// That a shop may be begun here: a directory that is not there yet, or one that may be written and
/// holds nothing but what shops make. `bytes` must be free.
/// Errors: conflict (foreign_directory), unavailable (not_writable), full (disk_full), as
///         look_at_directory.
Result<void, Trouble> check_may_begin(std::string const& directory, std::uint64_t bytes);

/// That so many bytes are free where a directory is or will be.
/// Errors: full (disk_full), unavailable (also not_writable: nothing can be kept there at all).
Result<void, Trouble> check_has_room(std::string const& directory, std::uint64_t bytes);

/// Under data.require_durable a disk that may forget is refused, before anything is made on it.
/// Errors: unavailable.
Result<void, Trouble> check_durability(Settings const& settings, std::string const& place);

/// Makes a directory, for its owner alone; one that is there stays as it is.
/// Errors: unavailable (also not_writable), full, invalid (not_a_directory).
Result<void, Trouble> make_data_directory(std::string const& path);

/// A log needs some files at once. Where fewer may be open, the limit is raised as far as it goes.
/// Errors: unavailable (too_many_files).
Result<void, Trouble> allow_enough_files();

/// What a failure of the disk comes from, as far as looking again can tell: a file that may not be
/// read or written, no room, too many open files. Any other failure stays what it is.
Trouble explained(Failure const& failure, std::string const& directory);
/// A trouble that says more than its failure's kind stays as it is.
Trouble explained(Trouble const& trouble, std::string const& directory);

/// The same for what a command came to: `KONTOR_TRY(explaining(directory, disk.list()))`.
/// Errors: those of `result`, explained.
template <class T>
Result<T, Trouble> explaining(std::string const& directory, Result<T> result) {
    if (!result)
        return unexpected(explained(result.error(), directory));
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return *std::move(result);
}

} // namespace kontor::programs
