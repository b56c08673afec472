#include "adapters/embedded/sqlite/key_store.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <type_traits>
#include <unistd.h>

namespace kontor::sqlite {

using ports::Cell;
using ports::CellKind;
using ports::KeyNumber;
using ports::StoredKey;
using ports::WrappedKey;

namespace {

constexpr std::int64_t version = 1;

constexpr char const* small_cache = "PRAGMA cache_size=-4096;";

constexpr char const* tables =
    "CREATE TABLE IF NOT EXISTS keys(number INTEGER PRIMARY KEY, person TEXT UNIQUE, wrapped BLOB,"
    " is_free INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS keys_free ON keys(number) WHERE is_free = 1;"
    "CREATE TABLE IF NOT EXISTS kontor_checkpoint(one INTEGER PRIMARY KEY CHECK (one = 1),"
    " version INTEGER NOT NULL, lineage BLOB NOT NULL, position INTEGER NOT NULL);"
    "INSERT OR IGNORE INTO kontor_checkpoint VALUES(1, 1, zeroblob(16), 0);"
    "CREATE TABLE IF NOT EXISTS addresses(person TEXT PRIMARY KEY, mark BLOB NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS addresses_by_mark ON addresses(mark);";

Result<void> make_private_file(std::string const& path) {
    constexpr ::mode_t owner_only = 0600;
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
    if (file < 0)
        return unexpected(Failure{FailureKind::unavailable, std::strerror(errno), path});
    ::close(file);
    return {};
}

Cell cell_of(std::span<std::uint8_t const> bytes) {
    return Cell::bytes({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

Cell cell_of(KeyNumber number) {
    return Cell::integer(static_cast<std::int64_t>(number.value()));
}

/// Errors: corrupt (it is no wrapped key).
Result<std::optional<WrappedKey>> wrapped_of(Cell cell, std::string const& path) {
    if (cell.is_null())
        return std::optional<WrappedKey>();
    WrappedKey key{};
    if (cell.kind() != CellKind::bytes || cell.characters().size() != key.size())
        return unexpected(Failure{FailureKind::corrupt, "a key of another length", path});
    std::ranges::copy(cell.characters(), key.begin());
    return std::optional(key);
}

/// A row's number and key, which stand first in it.   Errors: corrupt.
Result<StoredKey> stored_key(Statement const& row, std::string const& path) {
    KeyNumber const number(static_cast<std::uint32_t>(row.column(0).number()));
    KONTOR_TRY(auto const wrapped, wrapped_of(row.column(1), path));
    return StoredKey{number, wrapped};
}

} // namespace

Result<std::unique_ptr<KeyStore>> KeyStore::open(std::string const& path) {
    KONTOR_TRY(make_private_file(path));
    std::unique_ptr<KeyStore> store(new KeyStore());
    KONTOR_TRY(store->writer_, Connection::open(path, OpenAs::truth));
    KONTOR_TRY(store->writer_->run(small_cache));
    KONTOR_TRY(store->writer_->run(tables));
    KONTOR_TRY(store->prepare_writes());
    KONTOR_TRY(store->reader_, Connection::open(path, OpenAs::reader));
    KONTOR_TRY(store->reader_->run(small_cache));
    KONTOR_TRY(store->prepare_reads());
    KONTOR_TRY(store->checkpoint());
    return store;
}

Result<void> KeyStore::prepare_writes() {
    auto& to = *writer_;
    KONTOR_TRY(next_number_, to.prepare("SELECT coalesce(max(number), 0) + 1 FROM keys"));
    KONTOR_TRY(add_, to.prepare("INSERT INTO keys(number, wrapped, is_free) VALUES(?1, ?2, 1)"));
    KONTOR_TRY(disown_, to.prepare("UPDATE keys SET person = NULL WHERE person = ?2"
                                   " AND wrapped IS NOT NULL AND EXISTS("
                                   "SELECT 1 FROM keys WHERE number = ?1 AND is_free = 1)"));
    KONTOR_TRY(own_, to.prepare("UPDATE keys SET is_free = 0, person = CASE WHEN EXISTS("
                                "SELECT 1 FROM keys WHERE person = ?2) THEN NULL ELSE ?2 END"
                                " WHERE number = ?1 AND is_free = 1"));
    KONTOR_TRY(burn_, to.prepare("INSERT OR IGNORE INTO keys(number, is_free) VALUES(?1, 0)"));
    KONTOR_TRY(destroy_, to.prepare("UPDATE keys SET wrapped = NULL WHERE person = ?1"));
    KONTOR_TRY(bury_, to.prepare("INSERT OR IGNORE INTO keys(person, is_free) VALUES(?1, 0)"));
    KONTOR_TRY(put_address_,
               to.prepare("INSERT OR REPLACE INTO addresses(person, mark) VALUES(?1, ?2)"));
    KONTOR_TRY(drop_address_, to.prepare("DELETE FROM addresses WHERE person = ?1"));
    KONTOR_TRY(move_checkpoint_,
               to.prepare("UPDATE kontor_checkpoint SET lineage = ?1, position = ?2"));
    KONTOR_TRY(empty_log_, to.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
    KONTOR_TRY(key_behind_, to.prepare("SELECT number, wrapped FROM keys WHERE number > ?1"
                                       " AND wrapped IS NOT NULL ORDER BY number LIMIT 1"));
    KONTOR_TRY(replace_, to.prepare("UPDATE keys SET wrapped = ?2 WHERE number = ?1"));
    return {};
}

Result<void> KeyStore::prepare_reads() {
    auto& from = *reader_;
    KONTOR_TRY(read_checkpoint_,
               from.prepare("SELECT version, lineage, position FROM kontor_checkpoint"));
    KONTOR_TRY(read_free_, from.prepare("SELECT number, wrapped FROM keys WHERE is_free = 1"
                                        " ORDER BY number LIMIT ?1"));
    KONTOR_TRY(find_, from.prepare("SELECT number, wrapped FROM keys WHERE person = ?1"));
    KONTOR_TRY(read_, from.prepare("SELECT wrapped FROM keys WHERE number = ?1"));
    KONTOR_TRY(owners_of_, from.prepare("SELECT person FROM addresses WHERE mark = ?1"
                                        " ORDER BY person LIMIT ?2"));
    return {};
}

Result<ports::KeyCheckpoint> KeyStore::checkpoint() {
    std::lock_guard const guard(reading_);
    read_checkpoint_.reset();
    KONTOR_TRY(bool const is_there, read_checkpoint_.step());
    auto const lineage = is_there ? read_checkpoint_.column(1) : Cell();
    std::array<std::uint8_t, 16> id{};
    if (lineage.kind() != CellKind::bytes || lineage.characters().size() != id.size())
        return unexpected(
            Failure{FailureKind::corrupt, "it does not say where it stands", reader_->path()});
    if (read_checkpoint_.column(0).number() != version)
        return unexpected(
            Failure{FailureKind::unsupported, "a newer release wrote these keys", reader_->path()});
    std::ranges::copy(lineage.characters(), id.begin());
    ports::Position const position(static_cast<std::uint64_t>(read_checkpoint_.column(2).number()));
    read_checkpoint_.reset();
    return ports::KeyCheckpoint{Id128::from_bytes(id), position};
}

template <class Work>
auto KeyStore::in_transaction(Work&& work) -> decltype(work()) {
    KONTOR_TRY(writer_->run("BEGIN IMMEDIATE"));
    auto done = work();
    if (done) {
        if (auto const committed = writer_->run("COMMIT"); !committed)
            done = unexpected(committed.error());
    }
    if (!done) {
        auto const undone = writer_->run("ROLLBACK");
        static_cast<void>(undone); // there may be nothing left to take back
    }
    return done;
}

Result<KeyNumber> KeyStore::add(std::span<WrappedKey const> keys) {
    KONTOR_ASSERT(!keys.empty(), "no key is added");
    std::lock_guard const guard(writing_);
    return in_transaction([&] { return write_keys(keys); });
}

Result<KeyNumber> KeyStore::write_keys(std::span<WrappedKey const> keys) {
    next_number_.reset();
    KONTOR_TRY(bool const is_there, next_number_.step());
    KONTOR_ASSERT(is_there, "a sum without a row");
    KeyNumber const first(static_cast<std::uint32_t>(next_number_.column(0).number()));
    next_number_.reset();
    auto next = first.value();
    for (auto const& key : keys) {
        add_.bind(1, cell_of(KeyNumber(next++)));
        add_.bind(2, cell_of(key));
        KONTOR_TRY(add_.run());
    }
    return first;
}

Result<std::vector<StoredKey>> KeyStore::free_keys(ports::Limit limit) {
    std::lock_guard const guard(reading_);
    read_free_.reset();
    read_free_.bind(1, Cell::integer(static_cast<std::int64_t>(limit.value())));
    std::vector<StoredKey> found;
    for (;;) {
        KONTOR_TRY(bool const is_there, read_free_.step());
        if (!is_there)
            break;
        KONTOR_TRY(auto const key, stored_key(read_free_, reader_->path()));
        found.push_back(key);
    }
    read_free_.reset();
    return found;
}

Result<std::optional<StoredKey>> KeyStore::find(Id128 person) {
    auto const name = person.to_string();
    std::lock_guard const guard(reading_);
    find_.bind(1, Cell::text(name));
    KONTOR_TRY(bool const is_there, find_.step());
    auto found = std::optional<StoredKey>();
    if (is_there) {
        KONTOR_TRY(found, stored_key(find_, reader_->path()));
    }
    find_.reset();
    return found;
}

Result<std::optional<WrappedKey>> KeyStore::read(KeyNumber number) {
    std::lock_guard const guard(reading_);
    read_.bind(1, cell_of(number));
    KONTOR_TRY(bool const is_there, read_.step());
    auto found = std::optional<WrappedKey>();
    if (is_there) {
        KONTOR_TRY(found, wrapped_of(read_.column(0), reader_->path()));
    }
    read_.reset();
    return found;
}

Result<std::vector<Id128>> KeyStore::owners_of(ports::AddressMark const& mark, ports::Limit limit) {
    std::lock_guard const guard(reading_);
    owners_of_.reset(); // a failure may have left it in the middle
    owners_of_.bind(1, cell_of(mark));
    owners_of_.bind(2, Cell::integer(static_cast<std::int64_t>(limit.value())));
    std::vector<Id128> found;
    for (;;) {
        KONTOR_TRY(bool const is_there, owners_of_.step());
        if (!is_there)
            break;
        auto const person = Id128::parse(owners_of_.column(0).characters());
        if (!person)
            return unexpected(
                Failure{FailureKind::corrupt, "a person without a name", reader_->path()});
        found.push_back(*person);
    }
    owners_of_.reset();
    return found;
}

Result<void> KeyStore::record(ports::KeyChanges const& changes) {
    std::lock_guard const guard(writing_);
    KONTOR_TRY(in_transaction([&] { return write_changes(changes); }));
    return changes.forgotten.empty() ? Result<void>() : empty_log();
}

Result<void> KeyStore::write_changes(ports::KeyChanges const& changes) {
    for (auto const& owner : changes.owners) {
        auto const name = owner.person.to_string();
        disown_.bind(1, cell_of(owner.number));
        disown_.bind(2, Cell::text(name));
        KONTOR_TRY(disown_.run());
        own_.bind(1, cell_of(owner.number));
        own_.bind(2, Cell::text(name));
        KONTOR_TRY(own_.run());
        burn_.bind(1, cell_of(owner.number));
        KONTOR_TRY(burn_.run());
    }
    for (auto const& [person, mark] : changes.addresses) {
        auto const name = person.to_string();
        put_address_.bind(1, Cell::text(name));
        put_address_.bind(2, cell_of(mark));
        KONTOR_TRY(put_address_.run());
    }
    for (auto const& person : changes.forgotten) {
        auto const name = person.to_string();
        drop_address_.bind(1, Cell::text(name));
        KONTOR_TRY(drop_address_.run());
        destroy_.bind(1, Cell::text(name));
        KONTOR_TRY(destroy_.run());
        bury_.bind(1, Cell::text(name));
        KONTOR_TRY(bury_.run());
    }
    auto const lineage = changes.up_to.lineage.bytes();
    move_checkpoint_.bind(1, cell_of(lineage));
    move_checkpoint_.bind(2,
                          Cell::integer(static_cast<std::int64_t>(changes.up_to.position.value())));
    return move_checkpoint_.run();
}

Result<void> KeyStore::rewrap(WrapAnew const& wrap_anew) {
    std::lock_guard const guard(writing_);
    KONTOR_TRY(in_transaction([&] { return write_anew(wrap_anew); }));
    return empty_log();
}

Result<void> KeyStore::write_anew(WrapAnew const& wrap_anew) {
    for (KeyNumber at{};;) {
        KONTOR_TRY(auto const key, key_behind(at));
        if (!key)
            return {};
        KONTOR_TRY(auto const wrapped, wrap_anew(*key->wrapped));
        replace_.bind(1, cell_of(key->number));
        replace_.bind(2, cell_of(wrapped));
        KONTOR_TRY(replace_.run());
        at = key->number;
    }
}

/// The next one that is not destroyed.   Errors: unavailable, corrupt, broken.
Result<std::optional<StoredKey>> KeyStore::key_behind(KeyNumber number) {
    key_behind_.bind(1, cell_of(number));
    KONTOR_TRY(bool const is_there, key_behind_.step());
    auto found = std::optional<StoredKey>();
    if (is_there) {
        KONTOR_TRY(found, stored_key(key_behind_, writer_->path()));
    }
    key_behind_.reset();
    return found;
}

/// What was destroyed still stands in the write-ahead log until it is moved into the file.
Result<void> KeyStore::empty_log() {
    KONTOR_TRY(bool const is_there, empty_log_.step());
    bool const is_busy = is_there && empty_log_.column(0).number() != 0;
    empty_log_.reset();
    if (is_busy)
        return unexpected(Failure{FailureKind::unavailable,
                                  "a reader keeps the log of the keys from being emptied",
                                  writer_->path()});
    return {};
}

Result<void> copy_key_store(std::string const& from, std::string const& to) {
    KONTOR_TRY(auto const store, KeyStore::open(from)); // it is one, and what a crash left is in it
    return copy_open_key_store(from, to);
}

Result<void> copy_open_key_store(std::string const& from, std::string const& to) {
    KONTOR_TRY(auto const connection, Connection::open(from, OpenAs::truth));
    KONTOR_TRY(make_private_file(to)); // an empty file is taken for none
    KONTOR_TRY(auto into, connection->prepare("VACUUM INTO ?1"));
    into.bind(1, Cell::text(to));
    KONTOR_TRY(into.run());
    KONTOR_TRY(sync_path(to));
    auto const directory = std::filesystem::path(to).parent_path().string();
    return sync_path(directory.empty() ? "." : directory);
}

} // namespace kontor::sqlite
