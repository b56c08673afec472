#include "programs/kontor/people_keys.hpp"

#include "adapters/embedded/sqlite/key_store.hpp"
#include "programs/kontor/serve_files.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>

namespace kontor::programs {
namespace {

bool exists(std::string const& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

/// Errors: invalid.
Result<sealing::Key> master_in(std::string const& text, std::string const& where) {
    auto key = sealing::parse_master_key(text);
    if (!key)
        return unexpected(Failure{key.error().kind, key.error().what, where});
    return key;
}

/// Where a new master key waits until all keys are wrapped by it.
std::string next_file(std::string const& master_file) {
    return master_file + ".next";
}

/// Errors: unavailable.
Result<void> take_next(std::string const& next, std::string const& file) {
    std::error_code error;
    std::filesystem::rename(next, file, error);
    if (error)
        return unexpected(Failure{FailureKind::unavailable, error.message(), file});
    return sync_directory(std::filesystem::path(file).parent_path().string());
}

/// Errors: invalid, unavailable.
Result<sealing::Key> master_of(Settings const& settings, std::string const& directory,
                               ports::SecretSource& secrets) {
    auto const& variable = settings.text("keys.master.env");
    if (!variable.empty()) {
        auto const* const value = std::getenv(variable.c_str());
        return master_in(value == nullptr ? "" : value, "environment variable " + variable);
    }
    auto const file = master_key_file(settings, directory);
    if (exists(file))
        return master_in(first_line_of(file), file);
    if (exists(people_file(directory)))
        return unexpected(
            Failure{FailureKind::invalid,
                    fmt::format("there are keys of persons, and their master key is not here; "
                                "bring it back, or take {} away to go on without what they open",
                                people_file(directory)),
                    file});
    sealing::Key key{};
    secrets.fill(key);
    KONTOR_TRY(write_private_file(file, sealing::master_key_text(key) + "\n"));
    return key;
}

} // namespace

std::string people_file(std::string const& directory) {
    return directory + "/keys/people.sqlite";
}

std::string master_key_file(Settings const& settings, std::string const& directory) {
    auto const& set = settings.text("keys.master.file");
    return set.empty() ? directory + "/keys/master.key" : set;
}

Result<PeopleKeys> open_people_keys(Settings const& settings, std::string const& directory,
                                    ports::SecretSource& secrets) {
    KONTOR_TRY(auto const master, master_of(settings, directory, secrets));
    PeopleKeys opened;
    KONTOR_TRY(opened.store, sqlite::KeyStore::open(people_file(directory)));
    KONTOR_TRY(sync_directory(directory + "/keys"));
    auto keys = sealing::PersonKeys::open(*opened.store, master, secrets);
    auto const next = next_file(master_key_file(settings, directory));
    if (!keys && keys.error().kind == FailureKind::invalid && exists(next)) {
        KONTOR_TRY(auto const newer, master_in(first_line_of(next), next));
        keys = sealing::PersonKeys::open(*opened.store, newer, secrets);
        if (keys)
            KONTOR_TRY(take_next(next, master_key_file(settings, directory)));
    }
    KONTOR_TRY(opened.keys, std::move(keys));
    return opened;
}

Result<void> rotate_master_key(Settings const& settings, std::string const& directory,
                               std::string const& to, ports::SecretSource& secrets) {
    if (!exists(people_file(directory)))
        return unexpected(
            Failure{FailureKind::not_found, "there are no keys of persons", directory});
    // Opening them finishes what a crash may have left of an earlier change.
    KONTOR_TRY(auto const opened, open_people_keys(settings, directory, secrets));
    KONTOR_TRY(auto const old, master_of(settings, directory, secrets));
    if (!to.empty()) {
        KONTOR_TRY(auto const given, master_in(first_line_of(to), to));
        return sealing::change_master_key(*opened.store, old, given, secrets);
    }
    if (!settings.text("keys.master.env").empty())
        return unexpected(Failure{FailureKind::invalid,
                                  "the master key is in an environment variable; bring the new one "
                                  "in a file with --to, and put it there afterwards"});
    auto const file = master_key_file(settings, directory);
    sealing::Key made{};
    secrets.fill(made);
    KONTOR_TRY(write_private_file(next_file(file), sealing::master_key_text(made) + "\n"));
    KONTOR_TRY(sealing::change_master_key(*opened.store, old, made, secrets));
    return take_next(next_file(file), file);
}

} // namespace kontor::programs
