#pragma once

/// sqlite::KeyStore: the keys of persons in one file, the only one of SQLite's here that is truth
/// and no view. Every write is synced (`synchronous=FULL`), what is destroyed is overwritten
/// (`secure_delete`), and the write-ahead log is emptied behind it.
///
///   keys               {number, person, wrapped, is_free}; wrapped is null where it was destroyed
///   addresses          {person, mark}; no row is left of a forgotten person
///   kontor_checkpoint  one row {version, lineage, position}
///
/// Reads go through a connection of their own, so that none waits for a sync.   Thread: any.

#include "adapters/embedded/sqlite/connection.hpp"

#include "ports/key_store.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace kontor::sqlite {

class KeyStore final : public ports::KeyStore {
public:
    /// Makes the file, for its owner alone, where there is none.
    /// Errors: unsupported (a newer release wrote it), unavailable, corrupt, broken.
    static Result<std::unique_ptr<KeyStore>> open(std::string const& path);

    Result<ports::KeyCheckpoint> checkpoint() override;
    Result<ports::KeyNumber> add(std::span<ports::WrappedKey const> keys) override;
    Result<std::vector<ports::StoredKey>> free_keys(ports::Limit limit) override;
    Result<std::optional<ports::StoredKey>> find(Id128 person) override;
    Result<std::optional<ports::WrappedKey>> read(ports::KeyNumber number) override;
    Result<std::vector<Id128>> owners_of(ports::AddressMark const& mark,
                                         ports::Limit limit) override;
    Result<void> record(ports::KeyChanges const& changes) override;
    Result<void> rewrap(WrapAnew const& wrap_anew) override;

private:
    KeyStore() = default;
    Result<void> prepare_writes();
    Result<void> prepare_reads();
    Result<ports::KeyNumber> write_keys(std::span<ports::WrappedKey const> keys);
    Result<void> write_changes(ports::KeyChanges const& changes);
    Result<void> write_anew(WrapAnew const& wrap_anew);
    Result<std::optional<ports::StoredKey>> key_behind(ports::KeyNumber number);
    Result<void> empty_log();
    template <class Work>
    auto in_transaction(Work&& work) -> decltype(work());

    std::mutex writing_; ///< guards the connection that writes, with its statements
    std::unique_ptr<Connection> writer_{};
    Statement next_number_{};
    Statement add_{};
    Statement disown_{};
    Statement own_{};
    Statement burn_{};
    Statement destroy_{};
    Statement bury_{};
    Statement put_address_{};
    Statement drop_address_{};
    Statement move_checkpoint_{};
    Statement empty_log_{};
    Statement key_behind_{};
    Statement replace_{};

    std::mutex reading_; ///< guards the one that reads
    std::unique_ptr<Connection> reader_{};
    Statement read_checkpoint_{};
    Statement read_free_{};
    Statement find_{};
    Statement read_{};
    Statement owners_of_{};
};

/// Makes a whole and synced copy of a store that nobody has open.
/// Errors: unavailable (also: there is a file already), corrupt, broken.
Result<void> copy_key_store(std::string const& from, std::string const& to);
/// The same of one that is open, as it stands at one moment; its owner goes on.
/// Errors: as above.   Thread: any.
Result<void> copy_open_key_store(std::string const& from, std::string const& to);

} // namespace kontor::sqlite
