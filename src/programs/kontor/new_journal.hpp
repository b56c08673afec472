#pragma once

/// NewJournal: a directory `journal` in the making, of a backup or of a restored shop; and the keys
/// of persons beside it.   Thread: one.

#include "adapters/embedded/disk.hpp"
#include "programs/kontor/trouble.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace kontor::programs {

/// Appears whole or not at all: it is made under another name, and what is not finished goes away
/// again; after a crash, at the next try.
class NewJournal {
public:
    /// That one may be begun there, and `bytes` are free for it. Looking makes nothing.
    /// Errors: conflict (shop_exists: there is one already), full (disk_full), as
    ///         look_at_directory, unavailable.
    static Result<void, Trouble> check(std::string const& directory, std::uint64_t bytes);
    /// Errors: as check.
    static Result<NewJournal, Trouble> begin(std::string const& directory, std::uint64_t bytes);

    ports::Disk& disk() { return *disk_; }

    /// It came to nothing: the disk is as it was before. For `return target.discard(failure);`
    Unexpected<Trouble> discard(Trouble why);

    /// Gives it its name, durably.   Errors: conflict, broken.
    Result<void> finish();

private:
    explicit NewJournal(std::string directory) : directory_(std::move(directory)) {}
    std::string place() const { return directory_ + "/journal"; }
    std::string unready() const { return directory_ + "/journal.unready"; }

    std::string directory_;
    std::unique_ptr<embedded::Disk> disk_;
    bool is_parent_new_{false};
};

/// What the segments in a data directory take, as their files say.
std::uint64_t segment_bytes_in(std::string const& directory);

/// A copy in the directory of the shop itself would die with it, and be taken for a part of it.
/// Errors: invalid (backup_inside).
Result<void, Trouble> check_is_elsewhere(std::string const& shop, std::string const& target);

bool has_people_keys(std::string const& directory);

/// Whether somebody has the keys open that are copied.
enum class KeysAre : unsigned char { closed, open };

/// The keys of persons as they are, still wrapped: the master key stays where it lies.
/// Errors: conflict (there are others already), unavailable, corrupt, broken.
Result<void, Trouble> copy_people_keys(std::string const& from, std::string const& to, KeysAre how);

} // namespace kontor::programs
