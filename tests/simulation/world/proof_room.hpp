#pragma once

/// ProofRoom: where the files of the tree over the log outlive every process, and the heads that
/// were signed. Of records that nobody synced a power cut leaves a part, and rot behind it.
/// Thread: one.

#include "tests/simulation/world/lifeline.hpp"

#include "base/random.hpp"
#include "ports/record_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::simulation {

/// A file of records on a disk.
struct LastingRecords {
    explicit LastingRecords(std::size_t bytes_each) : record_bytes(bytes_each) {}

    std::size_t record_bytes;
    std::vector<std::uint8_t> bytes{};
    std::size_t synced{0}; ///< of the bytes

    void lose_power(Random& dice);
};

/// The file as one process sees it.
class MortalRecords final : public ports::RecordFile {
public:
    MortalRecords(LastingRecords& records, Lifeline& life) : records_(records), life_(life) {}

    std::size_t record_bytes() const override { return records_.record_bytes; }
    std::uint64_t count() const override { return records_.bytes.size() / records_.record_bytes; }
    Result<void> add(std::span<std::uint8_t const> records) override;
    Result<void> read(std::uint64_t first, std::span<std::uint8_t> into) const override;
    Result<void> cut(std::uint64_t count) override;
    Result<void> sync() override;

private:
    LastingRecords& records_;
    Lifeline& life_;
};

class ProofRoom {
public:
    explicit ProofRoom(Random dice) : dice_(dice) {}

    /// Keeps a signed head, durably.
    void keep(std::string_view head);
    std::string const& head() const { return head_; }
    /// All that were kept, in their sequence, since the last call.
    std::vector<std::string> take_heads();
    /// The log was taken for another than the one whose head was signed.
    void note_forged() { was_taken_for_forged_ = true; }
    bool was_taken_for_forged() const { return was_taken_for_forged_; }

    void lose_power();

    LastingRecords nodes{32};
    LastingRecords leaves{8};

private:
    Random dice_;
    std::string head_;
    std::vector<std::string> heads_;
    bool was_taken_for_forged_{false};
};

} // namespace kontor::simulation
