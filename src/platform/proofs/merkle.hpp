#pragma once

/// The Merkle tree of RFC 9162, as functions over its nodes: what a leaf and a node hash to, which
/// hashes prove that a leaf is in a tree and that one tree is the beginning of another, and whether
/// such a proof holds. Pure; whoever keeps the nodes stands behind `Nodes`.
///
/// A node is whole when all the leaves under it are there; only whole nodes are kept, each is made
/// once and never changes. They are numbered as they are made: leaf after leaf, and behind each the
/// nodes that it completes, from below.
/// Source: RFC 9162 section 2.1. Hashes of leaves and nodes are those of RFC 6962.

#include "platform/proofs/sha256.hpp"

#include "base/result.hpp"

#include <vector>

namespace kontor::proofs {

using Hashes = std::vector<Hash>;

Hash empty_root();
Hash leaf_hash(Bytes leaf);
Hash node_hash(Hash const& left, Hash const& right);

/// How many nodes a tree of so many leaves has, leaves included, whole ones alone.
std::uint64_t nodes_of(std::uint64_t leaves);
/// The number of a whole node: the `index`-th of its level; leaves have level 0.
std::uint64_t number_of_node(unsigned level, std::uint64_t index);

class Nodes {
public:
    virtual ~Nodes() = default;
    /// Requires: it was made.   Errors: unavailable, corrupt.
    virtual Result<Hash> node(std::uint64_t number) const = 0;
};

/// The hash of a tree of the first `size` leaves.   Errors: as Nodes::node.
Result<Hash> root_of(Nodes const& nodes, std::uint64_t size);
/// What proves that the leaf `index` is in the tree of the first `size` leaves.
/// Requires: index < size.   Errors: as Nodes::node.
Result<Hashes> inclusion_proof(Nodes const& nodes, std::uint64_t index, std::uint64_t size);
/// What proves that the tree of the first `from` leaves is the beginning of that of the first `to`.
/// Requires: 0 < from <= to.   Errors: as Nodes::node.
Result<Hashes> consistency_proof(Nodes const& nodes, std::uint64_t from, std::uint64_t to);

struct Tree {
    std::uint64_t size{0};
    Hash root{};
    friend bool operator==(Tree const&, Tree const&) = default;
};

bool proves_inclusion(Hashes const& proof, Hash const& leaf, std::uint64_t index, Tree const& tree);
bool proves_consistency(Hashes const& proof, Tree const& from, Tree const& to);

/// The right edge of a tree that grows: all that is needed to add the next leaf.
class Edge {
public:
    /// Adds a leaf and appends the nodes that are whole with it, the leaf first.
    void add(Hash const& leaf, Hashes& made);
    std::uint64_t size() const { return size_; }
    Hash root() const;

    /// The edge of the first `size` leaves.   Errors: as Nodes::node.
    static Result<Edge> of(Nodes const& nodes, std::uint64_t size);

private:
    std::uint64_t size_{0};
    Hashes peaks_; ///< of the whole trees side by side, the largest first
};

} // namespace kontor::proofs
