#include "tests/contract/key_store_contract.hpp"
#include "tests/support/scratch_directory.hpp"

#include "adapters/embedded/sqlite/key_store.hpp"
#include "adapters/memory/key_store.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace kontor::contract {
namespace {

class MemoryKeys final : public KeyStoreUnderTest {
public:
    ports::KeyStore& keys() override { return keys_; }
    void reopen() override {}
    std::string all_bytes() override { return {}; }

private:
    memory::KeyStore keys_;
};

class SqliteKeys final : public KeyStoreUnderTest {
public:
    SqliteKeys() { reopen(); }
    ports::KeyStore& keys() override { return *keys_; }
    void reopen() override {
        keys_.reset();
        keys_ = std::move(sqlite::KeyStore::open(directory_.path() + "/people.sqlite")).value();
    }
    std::string all_bytes() override {
        std::string bytes;
        for (auto const& entry : std::filesystem::directory_iterator(directory_.path())) {
            std::ifstream file(entry.path(), std::ios::binary);
            bytes.append(std::istreambuf_iterator<char>(file), {});
        }
        return bytes;
    }

private:
    testing::ScratchDirectory directory_;
    std::unique_ptr<sqlite::KeyStore> keys_;
};

[[maybe_unused]] bool const memory_registered =
    key_store_contract("memory", [] { return std::make_unique<MemoryKeys>(); });
[[maybe_unused]] bool const sqlite_registered =
    key_store_contract("sqlite", [] { return std::make_unique<SqliteKeys>(); });

} // namespace
} // namespace kontor::contract
