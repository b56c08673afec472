#pragma once

/// The keys of persons as a data directory keeps them: `keys/people.sqlite` holds them, wrapped by
/// a master key that lies in `keys/master.key`, or where the settings say: on another medium, so
/// that whoever takes the directory alone opens nothing.

#include "platform/sealing/person_keys.hpp"
#include "programs/kontor/settings.hpp"
#include "programs/kontor/trouble.hpp"

#include <memory>
#include <string>

namespace kontor::programs {

/// The file of the keys in a data directory, and the master key's where no setting names another.
std::string people_file(std::string const& directory);
std::string master_key_file(Settings const& settings, std::string const& directory);

/// Keys and where they are kept.
struct PeopleKeys {
    std::unique_ptr<ports::KeyStore> store;
    std::unique_ptr<sealing::PersonKeys> keys;
};

/// Makes the master key and the file where there are none yet, but no master key for a file that
/// has keys. The source outlives it.
/// Errors: invalid (no master key, not a master key, or another one's keys), unavailable, corrupt,
///         broken, unsupported.
Result<PeopleKeys> open_people_keys(Settings const& settings, std::string const& directory,
                                    ports::SecretSource& secrets);

/// Wraps the keys of a closed shop by another master key: by the one in the file `to`, or where
/// that is empty by a new one, which takes the place of the old file. A crash on the way leaves one
/// of the two to open them, and the next start finds which.
/// Errors: invalid (as open_people_keys; or there is no file to replace), not_found (no keys),
///         unavailable, corrupt, broken.
Result<void> rotate_master_key(Settings const& settings, std::string const& directory,
                               std::string const& to, ports::SecretSource& secrets);

} // namespace kontor::programs
