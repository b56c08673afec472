#pragma once

/// The mark of a directory that is written without syncs. What a dead process wrote is still there,
/// for the system keeps it; what was written before the power went may be there in part. So whoever
/// writes leaves a mark with the machine's boot, and takes it away when all is synced: a mark of
/// another boot says that the files beside it cannot be trusted.
///
/// Thread: one.

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace kontor::sqlite {

/// The machine's boot, another after every power cut and every restart. Where the system does not
/// say it is empty, and a mark without a boot is never trusted.
/// Source: random(4), "/proc/sys/kernel/random/boot_id".
std::string this_boot();

/// Whether the files of this directory were written before another boot and not synced since.
bool has_stale_mark(std::string const& directory, std::string_view boot);

/// Durable when it returns.   Errors: full, broken.
Result<void> set_mark(std::string const& directory, std::string_view boot);

/// Syncs all files of the directory and takes the mark away.
/// Errors: full, broken (the mark stays, and says that no boot may trust the files).
Result<void> clear_mark(std::string const& directory);

/// Syncs a file or a directory.   Errors: full, broken.
Result<void> sync_path(std::string const& path);

/// What the system has just refused, as a Failure: full or broken.
Failure refused(std::string_view what, std::string const& path);

} // namespace kontor::sqlite
