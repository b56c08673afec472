#pragma once

/// AES-256-GCM, as little of it as we need: a key, a nonce of 12 bytes that is never used twice
/// with it, a tag of 16 behind what was sealed.   Source: NIST SP 800-38D.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct evp_cipher_ctx_st;

namespace kontor::sealing {

inline constexpr std::size_t nonce_bytes = 12;
inline constexpr std::size_t tag_bytes = 16;

using Key = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, nonce_bytes>;

/// A cipher with its working memory, to be used again.   Thread: one at a time.
class Gcm {
public:
    Gcm();

    /// Appends what was sealed, and its tag, to `out`. `beside` is not sealed, but vouched for.
    void seal(Key const& key, Nonce const& nonce, std::span<std::uint8_t const> beside,
              std::span<std::uint8_t const> clear, std::vector<std::uint8_t>& out);

    /// Appends what was sealed to `out`. False: another key, or a bit is not as it was.
    bool open(Key const& key, Nonce const& nonce, std::span<std::uint8_t const> beside,
              std::span<std::uint8_t const> sealed, std::vector<std::uint8_t>& out);

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

/// Makes sure that a key that is of no use any more is not left in memory.
void wipe(Key& key);

} // namespace kontor::sealing
