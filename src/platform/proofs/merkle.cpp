#include "platform/proofs/merkle.hpp"

#include "base/assert.hpp"

#include <bit>

namespace kontor::proofs {
namespace {

constexpr std::uint8_t leaf_mark = 0;
constexpr std::uint8_t node_mark = 1;

/// The largest power of two below a number.   Requires: number > 1.
std::uint64_t half_of(std::uint64_t number) {
    return std::bit_floor(number - 1);
}

/// The hash of the leaves from `begin` on.   Requires: count > 0.
Result<Hash> hash_of(Nodes const& nodes, std::uint64_t begin, std::uint64_t count) {
    if (std::has_single_bit(count) && begin % count == 0)
        return nodes.node(
            number_of_node(static_cast<unsigned>(std::countr_zero(count)), begin / count));
    auto const half = half_of(count);
    KONTOR_TRY(auto const left, hash_of(nodes, begin, half));
    KONTOR_TRY(auto const right, hash_of(nodes, begin + half, count - half));
    return node_hash(left, right);
}

/// PATH of the RFC, for the leaves from `begin` on.
Result<void> add_path(Hashes& path, Nodes const& nodes, std::uint64_t index, std::uint64_t begin,
                      std::uint64_t count) {
    if (count == 1)
        return {};
    auto const half = half_of(count);
    bool const is_left = index < begin + half;
    if (is_left)
        KONTOR_TRY(add_path(path, nodes, index, begin, half));
    else
        KONTOR_TRY(add_path(path, nodes, index, begin + half, count - half));
    KONTOR_TRY(auto const other,
               is_left ? hash_of(nodes, begin + half, count - half) : hash_of(nodes, begin, half));
    path.push_back(other);
    return {};
}

/// A part of the later tree: the leaves from `begin` on.
struct Part {
    std::uint64_t begin;
    std::uint64_t count;
    bool is_known; ///< whoever checks has the hash of its leaves in the earlier tree
};

/// SUBPROOF of the RFC, of the first `from` leaves of a part.
Result<void> add_subproof(Hashes& proof, Nodes const& nodes, std::uint64_t from, Part part) {
    if (from == part.count) {
        if (part.is_known)
            return {};
        KONTOR_TRY(auto const hash, hash_of(nodes, part.begin, part.count));
        proof.push_back(hash);
        return {};
    }
    auto const half = half_of(part.count);
    bool const is_left = from <= half;
    if (is_left)
        KONTOR_TRY(add_subproof(proof, nodes, from, {part.begin, half, part.is_known}));
    else
        KONTOR_TRY(
            add_subproof(proof, nodes, from - half, {part.begin + half, part.count - half, false}));
    KONTOR_TRY(auto const other, is_left ? hash_of(nodes, part.begin + half, part.count - half)
                                         : hash_of(nodes, part.begin, half));
    proof.push_back(other);
    return {};
}

bool is_odd(std::uint64_t number) {
    return (number & 1) != 0;
}

} // namespace

Hash empty_root() {
    Sha256 sha;
    sha.begin();
    return sha.end();
}

Hash leaf_hash(Bytes leaf) {
    Sha256 sha;
    sha.begin();
    sha.add(leaf_mark);
    sha.add(leaf);
    return sha.end();
}

Hash node_hash(Hash const& left, Hash const& right) {
    thread_local Sha256 sha;
    sha.begin();
    sha.add(node_mark);
    sha.add(left);
    sha.add(right);
    return sha.end();
}

std::uint64_t nodes_of(std::uint64_t leaves) {
    return 2 * leaves - static_cast<std::uint64_t>(std::popcount(leaves));
}

std::uint64_t number_of_node(unsigned level, std::uint64_t index) {
    auto const last_leaf = ((index + 1) << level) - 1;
    return nodes_of(last_leaf) + level;
}

Result<Hash> root_of(Nodes const& nodes, std::uint64_t size) {
    return size == 0 ? empty_root() : hash_of(nodes, 0, size);
}

Result<Hashes> inclusion_proof(Nodes const& nodes, std::uint64_t index, std::uint64_t size) {
    KONTOR_ASSERT(index < size, "leaf {} of {}", index, size);
    Hashes path;
    KONTOR_TRY(add_path(path, nodes, index, 0, size));
    return path;
}

Result<Hashes> consistency_proof(Nodes const& nodes, std::uint64_t from, std::uint64_t to) {
    KONTOR_ASSERT(0 < from && from <= to, "{} leaves of {}", from, to);
    Hashes proof;
    KONTOR_TRY(add_subproof(proof, nodes, from, {0, to, true}));
    return proof;
}

bool proves_inclusion(Hashes const& proof, Hash const& leaf, std::uint64_t index,
                      Tree const& tree) {
    if (index >= tree.size)
        return false;
    auto at = index;
    auto last = tree.size - 1;
    auto hash = leaf;
    for (auto const& other : proof) {
        if (last == 0)
            return false;
        if (is_odd(at) || at == last) {
            hash = node_hash(other, hash);
            while (!is_odd(at) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == tree.root;
}

bool proves_consistency(Hashes const& proof, Tree const& from, Tree const& to) {
    if (from.size == 0 || from.size > to.size)
        return false;
    if (from.size == to.size)
        return proof.empty() && from.root == to.root;
    auto rest = std::span(proof);
    auto first = from.root;
    if (!std::has_single_bit(from.size)) {
        if (rest.empty())
            return false;
        first = rest.front();
        rest = rest.subspan(1);
    }
    auto at = from.size - 1;
    auto last = to.size - 1;
    while (is_odd(at)) {
        at >>= 1;
        last >>= 1;
    }
    auto old_root = first;
    auto new_root = first;
    for (auto const& other : rest) {
        if (last == 0)
            return false;
        if (is_odd(at) || at == last) {
            old_root = node_hash(other, old_root);
            new_root = node_hash(other, new_root);
            while (!is_odd(at) && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_root = node_hash(new_root, other);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && old_root == from.root && new_root == to.root;
}

void Edge::add(Hash const& leaf, Hashes& made) {
    made.push_back(leaf);
    auto whole = leaf;
    for (auto rest = size_; is_odd(rest); rest >>= 1) {
        whole = node_hash(peaks_.back(), whole);
        peaks_.pop_back();
        made.push_back(whole);
    }
    peaks_.push_back(whole);
    ++size_;
}

Hash Edge::root() const {
    if (peaks_.empty())
        return empty_root();
    auto root = peaks_.back();
    for (auto i = peaks_.size() - 1; i-- > 0;)
        root = node_hash(peaks_[i], root);
    return root;
}

Result<Edge> Edge::of(Nodes const& nodes, std::uint64_t size) {
    Edge edge;
    edge.size_ = size;
    std::uint64_t begin = 0;
    for (unsigned level = 64; level-- > 0;) {
        auto const width = std::uint64_t{1} << level;
        if ((size & width) == 0)
            continue;
        KONTOR_TRY(auto const peak, nodes.node(number_of_node(level, begin >> level)));
        edge.peaks_.push_back(peak);
        begin += width;
    }
    return edge;
}

} // namespace kontor::proofs
