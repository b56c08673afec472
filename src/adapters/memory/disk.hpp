#pragma once

/// memory::Disk: a directory in RAM that can lose power. What was written but not made durable
/// survives a power cut in a random part: files by 512-byte sectors, names by a prefix of their
/// changes, as a journaling file system does it. The seed decides which.
///
/// Thread: any; a mutex guards it all.
/// Invariants: 1. What a sync covered survives every power cut.
///             2. After `cut_power_at` was reached, every call fails without effect until
///                `restore_power`.

#include "ports/disk.hpp"

#include "base/random.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace kontor::memory {

class Disk final : public ports::Disk {
public:
    static constexpr std::size_t sector_bytes = 512;

    explicit Disk(std::uint64_t seed = 0);
    ~Disk() override;

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override;
    Result<void> rename(std::string_view from, std::string_view to) override;
    Result<void> remove(std::string_view name) override;
    Result<std::vector<std::string>> list() override;
    Result<void> sync_directory() override;
    Result<ports::DiskState> state() override;

    // What a test or the simulator does to a disk.

    /// Lets `changes` more changing calls (write, reserve, sync, rename, remove, create,
    /// sync_directory) happen; the one after them happens in part, and with it the power goes.
    void cut_power_after(std::uint64_t changes);
    /// The power goes now.
    void cut_power();
    /// What did not survive is gone now; locks are free. Without a cut before it this only frees
    /// locks, as the death of a process does.
    void restore_power();
    bool has_power() const;
    /// Changing calls so far.
    std::uint64_t changes() const;
    /// A disk that lies: writes and syncs return, and nothing is durable.
    void ignore_syncs() { ignores_syncs_ = true; }

    /// Only so many bytes fit from now on; what would be more is refused whole.
    void set_capacity(std::uint64_t bytes);

    /// Direct access for tests that damage files. Empty: no such file.
    std::vector<std::uint8_t> content(std::string_view name) const;
    void set_content(std::string_view name, std::vector<std::uint8_t> bytes);

private:
    struct Node;
    class OpenFile;
    using Names = std::map<std::string, std::shared_ptr<Node>, std::less<>>;

    /// Counts a changing call. Empty: it happens whole; else this call is the last, in part.
    enum class Turn { whole, last, dark };
    Turn next_turn();
    Failure dark(std::string_view name) const;
    void change_names(Names names);
    void write_sectors(Node& node, std::uint64_t offset, std::span<std::uint8_t const> bytes,
                       bool durable);
    void lose_power();
    std::uint64_t used() const;
    /// Whether a file may grow to so many bytes.
    bool has_room_for(Node const& node, std::uint64_t bytes) const;

    mutable std::mutex mutex_;
    Random random_;
    Names names_;
    std::vector<Names> unsynced_names_; ///< what the directory was before each unsynced change
    std::vector<std::shared_ptr<Node>> nodes_;
    std::optional<std::uint64_t> changes_left_;
    std::uint64_t changes_{0};
    std::uint64_t capacity_{std::uint64_t{1} << 41};
    std::uint64_t life_{0}; ///< files opened before a power cut are dead after it
    bool has_power_{true};
    bool ignores_syncs_{false};
};

} // namespace kontor::memory
