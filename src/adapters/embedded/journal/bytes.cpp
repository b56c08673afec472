#include "adapters/embedded/journal/bytes.hpp"

#include <xxhash.h>

namespace kontor::journal {

Hash128 hash128(Bytes bytes, std::uint64_t seed) {
    auto const hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    Hash128 result;
    std::memcpy(result.data(), canonical.digest, result.size());
    return result;
}

std::uint64_t hash64(Bytes bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

} // namespace kontor::journal
