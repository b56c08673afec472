#include "platform/proofs/checkpoint.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace kontor::proofs {
namespace {

std::string hex(Hash const& hash) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (auto const byte : hash) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

/// Whole nodes in memory.
class Kept final : public Nodes {
public:
    void add(std::vector<std::uint8_t> const& leaf) { edge.add(leaf_hash(leaf), hashes); }
    Result<Hash> node(std::uint64_t number) const override { return hashes.at(number); }

    Hashes hashes;
    Edge edge;
};

/// The leaves of the tests of Certificate Transparency (RFC 6962), which all its logs share.
std::vector<std::vector<std::uint8_t>> const& known_leaves() {
    static std::vector<std::vector<std::uint8_t>> const leaves{
        {},
        {0x00},
        {0x10},
        {0x20, 0x21},
        {0x30, 0x31},
        {0x40, 0x41, 0x42, 0x43},
        {0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57},
        {0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e,
         0x6f}};
    return leaves;
}

Kept known_tree(std::size_t size) {
    Kept tree;
    for (std::size_t i = 0; i < size; ++i)
        tree.add(known_leaves()[i]);
    return tree;
}

TEST(Merkle, the_roots_are_those_that_certificate_transparency_publishes) {
    EXPECT_EQ(hex(empty_root()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    std::string_view const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    for (std::size_t size = 1; size <= std::size(roots); ++size) {
        auto const tree = known_tree(size);
        EXPECT_EQ(hex(tree.edge.root()), roots[size - 1]) << size;
        EXPECT_EQ(hex(root_of(tree, size).value()), roots[size - 1]) << size;
    }
}

TEST(Merkle, the_proofs_are_those_that_certificate_transparency_publishes) {
    auto const tree = known_tree(8);
    auto const first = inclusion_proof(tree, 0, 8).value();
    ASSERT_EQ(first.size(), 3U);
    EXPECT_EQ(hex(first[0]), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    EXPECT_EQ(hex(first[1]), "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
    EXPECT_EQ(hex(first[2]), "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    auto const sixth = inclusion_proof(tree, 5, 8).value();
    ASSERT_EQ(sixth.size(), 3U);
    EXPECT_EQ(hex(sixth[0]), "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    EXPECT_EQ(hex(sixth[1]), "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
    EXPECT_EQ(hex(sixth[2]), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    auto const grown = consistency_proof(tree, 6, 8).value();
    ASSERT_EQ(grown.size(), 3U);
    EXPECT_EQ(hex(grown[0]), "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
    EXPECT_EQ(hex(grown[1]), "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
    EXPECT_EQ(hex(grown[2]), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
}

/// Every leaf differs, so that no proof fits by chance.
Kept counted_tree(std::uint64_t size) {
    Kept tree;
    for (std::uint64_t i = 0; i < size; ++i)
        tree.add({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)});
    return tree;
}

TEST(Merkle, every_leaf_of_every_tree_is_proved_and_no_other) {
    constexpr std::uint64_t most = 40;
    auto const tree = counted_tree(most);
    for (std::uint64_t size = 1; size <= most; ++size) {
        Tree const whole{size, root_of(tree, size).value()};
        for (std::uint64_t index = 0; index < size; ++index) {
            auto const leaf = tree.node(number_of_node(0, index)).value();
            auto const proof = inclusion_proof(tree, index, size).value();
            EXPECT_TRUE(proves_inclusion(proof, leaf, index, whole)) << index << " of " << size;
            EXPECT_FALSE(proves_inclusion(proof, leaf, (index + 1) % size, whole) && size > 1);
            auto other = leaf;
            other[7] ^= 1;
            EXPECT_FALSE(proves_inclusion(proof, other, index, whole));
            auto longer = proof;
            longer.push_back(leaf);
            EXPECT_FALSE(proves_inclusion(longer, leaf, index, whole));
        }
    }
}

TEST(Merkle, every_tree_is_proved_to_be_the_beginning_of_every_later_one) {
    constexpr std::uint64_t most = 40;
    auto const tree = counted_tree(most);
    for (std::uint64_t from = 1; from <= most; ++from)
        for (std::uint64_t to = from; to <= most; ++to) {
            Tree const old{from, root_of(tree, from).value()};
            Tree const grown{to, root_of(tree, to).value()};
            auto const proof = consistency_proof(tree, from, to).value();
            EXPECT_TRUE(proves_consistency(proof, old, grown)) << from << " of " << to;
            auto forged = old;
            forged.root[0] ^= 1;
            EXPECT_FALSE(proves_consistency(proof, forged, grown));
            forged = grown;
            forged.root[31] ^= 128;
            EXPECT_FALSE(proves_consistency(proof, old, forged));
            for (std::size_t i = 0; i < proof.size(); ++i) {
                auto damaged = proof;
                damaged[i][3] ^= 4;
                EXPECT_FALSE(proves_consistency(damaged, old, grown)) << i;
            }
        }
}

RC_GTEST_PROP(MerkleProperty, an_edge_taken_up_again_goes_on_as_if_nothing_had_been, ()) {
    auto const size = *rc::gen::inRange<std::uint64_t>(0, 300);
    auto const more = *rc::gen::inRange<std::uint64_t>(0, 50);
    auto whole = counted_tree(size + more);
    auto half = counted_tree(size);
    RC_ASSERT(half.hashes.size() == nodes_of(size));
    auto edge = Edge::of(half, size).value();
    for (std::uint64_t i = size; i < size + more; ++i) {
        std::vector<std::uint8_t> const leaf{static_cast<std::uint8_t>(i),
                                             static_cast<std::uint8_t>(i >> 8)};
        edge.add(leaf_hash(leaf), half.hashes);
    }
    RC_ASSERT(edge.root() == whole.edge.root());
    RC_ASSERT(half.hashes == whole.hashes);
}

/// The first test of RFC 8032, section 7.1.
std::vector<std::uint8_t> seed() {
    return {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
            0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
            0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
}

TEST(Checkpoint, is_read_again_by_whoever_has_the_key) {
    auto const signer = Signer::of("kontor/test", seed()).value();
    Head const head{"kontor/test", {8, known_tree(8).edge.root()}, 21};
    auto const text = signer.sign(head);
    EXPECT_TRUE(text.starts_with("kontor/test\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
                                 "position 21\n\n\xe2\x80\x94 kontor/test "))
        << text;
    EXPECT_EQ(open_checkpoint(text, signer.verifier_key()).value(), head);
    // The public key of the RFC, behind the mark of Ed25519.
    EXPECT_TRUE(signer.verifier_key().ends_with("+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"))
        << signer.verifier_key();
}

TEST(Checkpoint, with_one_changed_letter_is_nobodys) {
    auto const signer = Signer::of("kontor/test", seed()).value();
    auto const text = signer.sign({"kontor/test", {8, known_tree(8).edge.root()}, 21});
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        // The last letters of base64 have bits that say nothing: those are refused as a spelling.
        EXPECT_FALSE(open_checkpoint(changed, signer.verifier_key())) << i;
    }
    auto other = seed();
    other[0] ^= 1;
    auto const stranger = Signer::of("kontor/test", other).value();
    EXPECT_FALSE(open_checkpoint(text, stranger.verifier_key()));
    EXPECT_FALSE(open_checkpoint("", signer.verifier_key()));
    EXPECT_FALSE(open_checkpoint(text, "kontor/test"));
}

} // namespace
} // namespace kontor::proofs
