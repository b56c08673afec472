#pragma once

/// RecordFile in memory.   Thread: one.

#include "ports/record_file.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <vector>

namespace kontor::memory {

class RecordFile final : public ports::RecordFile {
public:
    explicit RecordFile(std::size_t record_bytes) : record_bytes_(record_bytes) {}

    std::size_t record_bytes() const override { return record_bytes_; }
    std::uint64_t count() const override { return bytes.size() / record_bytes_; }
    Result<void> add(std::span<std::uint8_t const> records) override {
        KONTOR_ASSERT(records.size() % record_bytes_ == 0, "{} bytes are no records",
                      records.size());
        bytes.insert(bytes.end(), records.begin(), records.end());
        return {};
    }
    Result<void> read(std::uint64_t first, std::span<std::uint8_t> into) const override {
        auto const from = first * record_bytes_;
        if (from + into.size() > bytes.size())
            return unexpected(Failure{FailureKind::corrupt, "the file of records ends before"});
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), into.size(), into.begin());
        return {};
    }
    Result<void> cut(std::uint64_t count) override {
        bytes.resize(std::min<std::size_t>(bytes.size(), count * record_bytes_));
        return {};
    }
    Result<void> sync() override { return {}; }

    std::vector<std::uint8_t> bytes; ///< a spec may damage them

private:
    std::size_t record_bytes_;
};

} // namespace kontor::memory
