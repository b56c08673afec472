#include "tests/simulation/world/proof_room.hpp"

#include <algorithm>
#include <utility>

namespace kontor::simulation {

void LastingRecords::lose_power(Random& dice) {
    auto const unsynced = bytes.size() - synced;
    bytes.resize(synced + (unsynced == 0 ? 0 : dice.below(unsynced + 1)));
    for (auto at = synced; at < bytes.size(); at += 512)
        if (dice.chance(1, 3))
            std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                        std::min<std::size_t>(512, bytes.size() - at), std::uint8_t{0});
    synced = bytes.size();
}

Result<void> MortalRecords::add(std::span<std::uint8_t const> records) {
    auto const write = [&](std::span<std::uint8_t const> part) -> Result<void> {
        records_.bytes.insert(records_.bytes.end(), part.begin(), part.end());
        return {};
    };
    return life_.pass([&] { return write(records); },
                      [&] { (void)write(records.first(records.size() / 2)); });
}

Result<void> MortalRecords::read(std::uint64_t first, std::span<std::uint8_t> into) const {
    auto const read = [&]() -> Result<void> {
        auto const from = first * records_.record_bytes;
        if (from + into.size() > records_.bytes.size())
            return unexpected(Failure{FailureKind::corrupt, "the file of records ends before"});
        std::copy_n(records_.bytes.begin() + static_cast<std::ptrdiff_t>(from), into.size(),
                    into.begin());
        return {};
    };
    return life_.pass(read, [] {});
}

Result<void> MortalRecords::cut(std::uint64_t count) {
    auto const cut = [&]() -> Result<void> {
        records_.bytes.resize(
            std::min<std::size_t>(records_.bytes.size(), count * records_.record_bytes));
        records_.synced = std::min(records_.synced, records_.bytes.size());
        return {};
    };
    return life_.pass(cut, [] {});
}

Result<void> MortalRecords::sync() {
    auto const sync = [&]() -> Result<void> {
        records_.synced = records_.bytes.size();
        return {};
    };
    return life_.pass(sync, [] {});
}

void ProofRoom::keep(std::string_view head) {
    head_ = head;
    heads_.push_back(head_);
}

std::vector<std::string> ProofRoom::take_heads() {
    return std::exchange(heads_, {});
}

void ProofRoom::lose_power() {
    nodes.lose_power(dice_);
    leaves.lose_power(dice_);
}

} // namespace kontor::simulation
