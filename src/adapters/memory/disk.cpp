#include "adapters/memory/disk.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::memory {

using ports::FileUse;

namespace {

bool is_lock(FileUse use) {
    return use == FileUse::lock || use == FileUse::lock_as_it_is;
}

} // namespace

/// A file's bytes as the running system sees them, and for each sector that is not durable yet what
/// a power cut would go back to.
struct Disk::Node {
    std::vector<std::uint8_t> bytes;
    std::size_t durable_size{0};
    std::map<std::size_t, std::array<std::uint8_t, sector_bytes>> before; ///< by sector
    bool is_locked{false};
};

class Disk::OpenFile final : public ports::File {
public:
    OpenFile(Disk& disk, std::shared_ptr<Node> node, std::string name, FileUse use)
        : disk_(disk), node_(std::move(node)), name_(std::move(name)), use_(use),
          life_(disk.life_) {}
    ~OpenFile() override {
        std::lock_guard const lock(disk_.mutex_);
        if (is_lock(use_) && life_ == disk_.life_)
            node_->is_locked = false;
    }

    Result<void> write(std::uint64_t offset, std::span<std::uint8_t const> blocks) override {
        KONTOR_ASSERT(offset % ports::disk_block_bytes == 0 &&
                          blocks.size() % ports::disk_block_bytes == 0,
                      "a write of {} bytes at {} is not whole blocks", blocks.size(), offset);
        KONTOR_ASSERT(use_ == FileUse::log || use_ == FileUse::create, "{} is not open for writing",
                      name_);
        std::lock_guard const lock(disk_.mutex_);
        auto const turn = is_dead() ? Turn::dark : disk_.next_turn();
        if (turn == Turn::dark)
            return unexpected(disk_.dark(name_));
        if (!disk_.has_room_for(*node_, offset + blocks.size()))
            return unexpected(Failure{FailureKind::broken, "no space left on device", name_});
        bool const durable = use_ == FileUse::log && turn == Turn::whole && !disk_.ignores_syncs_;
        disk_.write_sectors(*node_, offset, blocks, durable);
        if (turn == Turn::last) {
            disk_.lose_power();
            return unexpected(disk_.dark(name_));
        }
        return {};
    }

    Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) override {
        KONTOR_ASSERT(offset % ports::disk_block_bytes == 0 &&
                          blocks.size() % ports::disk_block_bytes == 0,
                      "a read of {} bytes at {} is not whole blocks", blocks.size(), offset);
        std::lock_guard const lock(disk_.mutex_);
        if (is_dead() || !disk_.has_power_)
            return unexpected(disk_.dark(name_));
        if (offset + blocks.size() > node_->bytes.size())
            return unexpected(
                Failure{FailureKind::corrupt, "a file ends before what should be read", name_});
        std::memcpy(blocks.data(), node_->bytes.data() + offset, blocks.size());
        return {};
    }

    Result<void> reserve(std::uint64_t bytes) override {
        KONTOR_ASSERT(bytes % ports::disk_block_bytes == 0, "{} bytes are not whole blocks", bytes);
        std::lock_guard const lock(disk_.mutex_);
        KONTOR_TRY(take_turn());
        if (!disk_.has_room_for(*node_, bytes))
            return unexpected(Failure{FailureKind::broken, "no space left on device", name_});
        node_->bytes.resize(std::max<std::size_t>(node_->bytes.size(), bytes));
        return {};
    }

    Result<void> sync() override {
        std::lock_guard const lock(disk_.mutex_);
        KONTOR_TRY(take_turn());
        if (disk_.ignores_syncs_)
            return {};
        node_->before.clear();
        node_->durable_size = node_->bytes.size();
        return {};
    }

    std::uint64_t size() const override {
        std::lock_guard const lock(disk_.mutex_);
        return node_->bytes.size();
    }

private:
    bool is_dead() const { return life_ != disk_.life_; }
    /// For what happens whole or not at all.   Errors: broken (the power is gone, or goes now).
    Result<void> take_turn() {
        auto const turn = is_dead() ? Turn::dark : disk_.next_turn();
        if (turn == Turn::last)
            disk_.lose_power();
        if (turn != Turn::whole)
            return unexpected(disk_.dark(name_));
        return {};
    }

    Disk& disk_;
    std::shared_ptr<Node> node_;
    std::string name_;
    FileUse use_;
    std::uint64_t life_;
};

Disk::Disk(std::uint64_t seed) : random_(Random(seed).fork("memory.disk")) {}
Disk::~Disk() = default;

Disk::Turn Disk::next_turn() {
    if (!has_power_)
        return Turn::dark;
    ++changes_;
    if (!changes_left_)
        return Turn::whole;
    return (*changes_left_)-- > 0 ? Turn::whole : Turn::last;
}

Failure Disk::dark(std::string_view name) const {
    return {FailureKind::broken, "the disk has no power", std::string(name)};
}

Result<std::unique_ptr<ports::File>> Disk::open(std::string_view name, FileUse use) {
    std::lock_guard const lock(mutex_);
    auto found = names_.find(name);
    bool const makes = use == FileUse::create || (use == FileUse::lock && found == names_.end());
    if (makes) {
        auto const turn = next_turn();
        if (turn == Turn::dark)
            return unexpected(dark(name));
        auto names = names_;
        names.insert_or_assign(std::string(name), nodes_.emplace_back(std::make_shared<Node>()));
        change_names(std::move(names));
        if (turn == Turn::last) {
            lose_power();
            return unexpected(dark(name));
        }
        found = names_.find(name);
    }
    if (!has_power_)
        return unexpected(dark(name));
    if (found == names_.end())
        return unexpected(Failure{FailureKind::not_found, "no such file", std::string(name)});
    if (is_lock(use)) {
        if (found->second->is_locked)
            return unexpected(Failure{FailureKind::unavailable,
                                      "another process has this directory open",
                                      std::string(name)});
        found->second->is_locked = true;
    }
    return std::unique_ptr<ports::File>(
        std::make_unique<OpenFile>(*this, found->second, std::string(name), use));
}

void Disk::change_names(Names names) {
    unsynced_names_.push_back(std::exchange(names_, std::move(names)));
}

Result<void> Disk::rename(std::string_view from, std::string_view to) {
    std::lock_guard const lock(mutex_);
    auto const found = names_.find(from);
    if (has_power_ && found == names_.end())
        return unexpected(Failure{FailureKind::not_found, "no such file", std::string(from)});
    auto const turn = next_turn();
    if (turn == Turn::dark)
        return unexpected(dark(from));
    auto names = names_;
    names.insert_or_assign(std::string(to), found->second);
    names.erase(names.find(from));
    change_names(std::move(names));
    if (turn == Turn::whole)
        return {};
    lose_power();
    return unexpected(dark(from));
}

Result<void> Disk::remove(std::string_view name) {
    std::lock_guard const lock(mutex_);
    auto const turn = next_turn();
    if (turn == Turn::dark)
        return unexpected(dark(name));
    auto names = names_;
    if (auto const found = names.find(name); found != names.end()) {
        names.erase(found);
        change_names(std::move(names));
    }
    if (turn == Turn::whole)
        return {};
    lose_power();
    return unexpected(dark(name));
}

Result<std::vector<std::string>> Disk::list() {
    std::lock_guard const lock(mutex_);
    if (!has_power_)
        return unexpected(dark("."));
    std::vector<std::string> all;
    for (auto const& [name, node] : names_)
        all.push_back(name);
    return all;
}

Result<void> Disk::sync_directory() {
    std::lock_guard const lock(mutex_);
    auto const turn = next_turn();
    if (turn == Turn::dark)
        return unexpected(dark("."));
    if (turn == Turn::last) {
        lose_power();
        return unexpected(dark("."));
    }
    if (!ignores_syncs_)
        unsynced_names_.clear();
    return {};
}

Result<ports::DiskState> Disk::state() {
    std::lock_guard const lock(mutex_);
    if (!has_power_)
        return unexpected(dark("."));
    auto const free = capacity_ - std::min(capacity_, used());
    return ports::DiskState{ports::Durability::durable, true, free, capacity_, "simulated"};
}

std::uint64_t Disk::used() const {
    std::uint64_t bytes = 0;
    for (auto const& [name, node] : names_)
        bytes += node->bytes.size();
    return bytes;
}

bool Disk::has_room_for(Node const& node, std::uint64_t bytes) const {
    return bytes <= node.bytes.size() || used() - node.bytes.size() + bytes <= capacity_;
}

void Disk::set_capacity(std::uint64_t bytes) {
    std::lock_guard const lock(mutex_);
    capacity_ = bytes;
}

void Disk::write_sectors(Node& node, std::uint64_t offset, std::span<std::uint8_t const> bytes,
                         bool durable) {
    if (offset + bytes.size() > node.bytes.size())
        node.bytes.resize(offset + bytes.size());
    auto const first = offset / sector_bytes;
    for (std::size_t n = 0; n < bytes.size() / sector_bytes; ++n) {
        auto* const sector = node.bytes.data() + (first + n) * sector_bytes;
        if (durable) {
            node.before.erase(first + n);
        } else {
            auto const [saved, is_new] = node.before.try_emplace(first + n);
            if (is_new)
                std::memcpy(saved->second.data(), sector, sector_bytes);
        }
        std::memcpy(sector, bytes.data() + n * sector_bytes, sector_bytes);
    }
    if (durable)
        node.durable_size = std::max(node.durable_size, node.bytes.size());
}

void Disk::lose_power() {
    has_power_ = false;
    changes_left_.reset();
    ++life_;
    for (auto& node : nodes_) {
        for (auto const& [sector, before] : node->before)
            if (random_.chance(1, 2))
                std::memcpy(node->bytes.data() + sector * sector_bytes, before.data(),
                            sector_bytes);
        node->before.clear();
        if (node->bytes.size() > node->durable_size && random_.chance(1, 2))
            node->bytes.resize(node->durable_size);
        node->durable_size = node->bytes.size();
        node->is_locked = false;
    }
    auto const kept = random_.below(unsynced_names_.size() + 1);
    if (kept < unsynced_names_.size())
        names_ = unsynced_names_[kept];
    unsynced_names_.clear();
    std::erase_if(nodes_, [this](auto const& node) {
        return std::none_of(names_.begin(), names_.end(),
                            [&](auto const& entry) { return entry.second == node; });
    });
}

void Disk::cut_power_after(std::uint64_t changes) {
    std::lock_guard const lock(mutex_);
    changes_left_ = changes;
}

void Disk::cut_power() {
    std::lock_guard const lock(mutex_);
    if (has_power_)
        lose_power();
}

void Disk::restore_power() {
    std::lock_guard const lock(mutex_);
    has_power_ = true;
    changes_left_.reset();
    ++life_;
    for (auto& node : nodes_)
        node->is_locked = false;
}

bool Disk::has_power() const {
    std::lock_guard const lock(mutex_);
    return has_power_;
}

std::uint64_t Disk::changes() const {
    std::lock_guard const lock(mutex_);
    return changes_;
}

std::vector<std::uint8_t> Disk::content(std::string_view name) const {
    std::lock_guard const lock(mutex_);
    auto const found = names_.find(name);
    return found == names_.end() ? std::vector<std::uint8_t>{} : found->second->bytes;
}

void Disk::set_content(std::string_view name, std::vector<std::uint8_t> bytes) {
    std::lock_guard const lock(mutex_);
    auto const node = nodes_.emplace_back(std::make_shared<Node>());
    node->bytes = std::move(bytes);
    node->durable_size = node->bytes.size();
    names_.insert_or_assign(std::string(name), node);
}

} // namespace kontor::memory
