#include "adapters/embedded/journal/bytes.hpp"

#include <sys/mman.h>
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

bool is_zero(Bytes bytes) {
    return bytes.empty() ||
           (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

Blocks::Blocks(std::size_t bytes) : size_(round_up(bytes)) {
    constexpr std::size_t large_page = 2U << 20;
    bool const is_large = size_ >= large_page;
    std::align_val_t const alignment{is_large ? large_page : ports::disk_block_bytes};
    memory_ = {static_cast<std::uint8_t*>(::operator new(size_, alignment)),
               FreeAligned{alignment}};
    if (is_large) // a wish: without it all is slower and nothing else
        ::madvise(memory_.get(), size_, MADV_HUGEPAGE);
}

} // namespace kontor::journal
