#pragma once

/// TextTable: each different text once, with a small number for it. Numbers are given from 0 in the
/// sequence of first sight, so that two runs over one file give the same ones.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::online_retail {

class TextTable {
public:
    TextTable() : slots_(1024, none) {}

    /// The text's number; a new one for a new text.
    std::uint32_t number_of(std::string_view text);
    std::optional<std::uint32_t> try_find(std::string_view text) const;
    /// Until the next number_of.   Requires: a number that was given.
    std::string_view text(std::uint32_t number) const;
    std::size_t size() const { return entries_.size(); }
    std::size_t bytes() const { return characters_.size(); }

private:
    static constexpr std::uint32_t none = UINT32_MAX;
    struct Entry {
        std::uint64_t hash;
        std::uint32_t begin;
        std::uint32_t length;
    };
    std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
    void grow();

    std::string characters_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> slots_; ///< a power of two, at most half full
};

/// FNV-1a, the same on every machine.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 14'695'981'039'346'656'037U);

} // namespace kontor::online_retail
