#pragma once

/// FieldTests: all that all rules ask of the leaves at one path, as flat tables, so that a leaf is
/// looked up a few times however many rules there are. A *predicate* is one distinct list of
/// alternatives at one path; what a leaf finds true are numbers of predicates.
/// Thread: any, each with its own Hits and LeafScratch.

#include "platform/routing/byte_table.hpp"
#include "platform/routing/json_tree.hpp"
#include "platform/routing/pattern.hpp"

namespace kontor::routing {

/// Predicates that were found true, each once. One that may be true, for what it hangs on was not
/// looked at, counts as true and is undecided.
class Hits {
public:
    void fit(std::size_t predicates) {
        bits_.assign((predicates + 63) / 64, 0);
        undecided_bits_.assign(bits_.size(), 0);
        list_.resize(predicates);
        count_ = 0;
        undecided_.clear();
    }
    void add(std::uint32_t predicate) {
        auto& word = bits_[predicate / 64];
        auto const bit = std::uint64_t{1} << predicate % 64;
        if ((word & bit) != 0)
            return;
        word |= bit;
        list_[count_++] = predicate;
    }
    bool has(std::uint32_t predicate) const {
        return (bits_[predicate / 64] >> predicate % 64 & 1) != 0;
    }
    std::span<std::uint32_t const> list() const { return {list_.data(), count_}; }

    /// It stays undecided whatever else is found.
    void leave_undecided(std::uint32_t predicate) {
        if (is_undecided(predicate))
            return;
        undecided_bits_[predicate / 64] |= std::uint64_t{1} << predicate % 64;
        undecided_.push_back(predicate);
    }
    bool is_undecided(std::uint32_t predicate) const {
        return (undecided_bits_[predicate / 64] >> predicate % 64 & 1) != 0;
    }
    bool has_undecided() const { return !undecided_.empty(); }

    void clear() {
        for (auto const predicate : list())
            bits_[predicate / 64] = 0;
        for (auto const predicate : undecided_)
            undecided_bits_[predicate / 64] = 0;
        count_ = 0;
        undecided_.clear();
    }

private:
    std::vector<std::uint64_t> bits_;
    std::vector<std::uint32_t> list_;
    std::size_t count_{0};
    std::vector<std::uint64_t> undecided_bits_;
    std::vector<std::uint32_t> undecided_;
};

/// Room for one leaf at a time.
struct LeafScratch {
    std::vector<char> folded{};            ///< twice the longest text
    std::vector<std::uint64_t> excluded{}; ///< of each anything-but the last leaf that it excludes
    std::uint64_t leaf{0};                 ///< the present leaf, counted through all events
    std::size_t wildcard_bytes{0};         ///< that wildcards may still look through

    /// False: that is more than is left, and is not to be looked at.
    bool take_wildcard(std::size_t bytes) {
        if (bytes > wildcard_bytes)
            return false;
        wildcard_bytes -= bytes;
        return true;
    }
};

class FieldTests {
public:
    /// `text` is decoded; of a number it is the spelling.
    void test(JsonType type, std::string_view text, LeafScratch& scratch, Hits& hits) const;

    std::size_t memory() const;

private:
    friend class FieldTestsBuilder;

    /// A wildcard whose beginning or end was found; whether the rest is there.
    struct Wildcard {
        std::vector<std::string> pieces;
        std::uint32_t posting;
    };
    struct RangeTest {
        Range range;
        std::uint32_t predicate;
    };
    struct NetworkTest {
        Network network;
        std::uint32_t predicate;
    };
    /// Texts that begin or end so, by the lengths that there are.
    struct Ends {
        ByteTable table;
        std::vector<std::uint32_t> lengths;
    };

    struct Leaf;
    void post(std::span<std::uint32_t const> postings, Leaf const& leaf) const;
    void post_one(std::uint32_t posting, Leaf const& leaf) const;
    void post_undecided(std::uint32_t posting, Leaf const& leaf) const;
    void test_text(Leaf const& leaf) const;
    void test_folded(Leaf const& leaf) const;
    void test_address(Leaf const& leaf) const;
    void test_number(Leaf const& leaf) const;
    void post_prefixes(Ends const& ends, std::string_view text, Leaf const& leaf) const;
    void post_suffixes(Ends const& ends, std::string_view text, Leaf const& leaf) const;

    ByteTable texts_;
    Ends prefixes_;
    Ends suffixes_;
    ByteTable folded_texts_;
    Ends folded_prefixes_;
    Ends folded_suffixes_;
    bool has_folded_{false};
    ByteTable addresses_;
    std::vector<NetworkTest> networks_;
    ByteTable decimals_;
    ByteTable spellings_; ///< of numbers that are not comparable
    std::vector<RangeTest> ranges_;
    std::vector<std::uint32_t> true_;
    std::vector<std::uint32_t> false_;
    std::vector<std::uint32_t> null_;
    std::vector<std::uint32_t> any_leaf_;
    std::vector<Wildcard> wildcards_;
    std::vector<std::uint32_t> loose_wildcards_; ///< with a star at both ends
    std::vector<std::uint32_t> buts_;            ///< predicates of anything-but
    std::uint32_t first_but_{0};                 ///< their first place in LeafScratch::excluded
};

/// Gathers what rules ask at one path. `absent` is not among it: the matcher knows what it saw.
class FieldTestsBuilder {
public:
    void add(Alternative const& alternative, std::uint32_t predicate);

    /// Takes places in LeafScratch::excluded from `buts` on.
    FieldTests build(std::uint32_t& buts) &&;

private:
    using Entries = std::vector<ByteTable::Entry>;

    void add_text(std::string const& text, std::uint32_t posting);
    void add_address(std::string const& text, std::uint32_t posting);
    void add_number(Literal const& literal, std::uint32_t posting);
    void add_range(Range const& range, std::uint32_t predicate);
    void add_wildcard(std::string const& text, std::uint32_t posting);
    void add_each_text(Alternative const& alternative, std::uint32_t posting);
    std::uint32_t add_but(std::uint32_t predicate);
    static FieldTests::Ends ends_of(Entries entries);

    FieldTests tests_;
    Entries texts_;
    Entries prefixes_;
    Entries suffixes_;
    Entries folded_texts_;
    Entries folded_prefixes_;
    Entries folded_suffixes_;
    Entries addresses_;
    Entries decimals_;
    Entries spellings_;
};

} // namespace kontor::routing
