#include "codec/binary_reader.hpp"

#include <fmt/format.h>

namespace kontor::codec {

Result<void> BinaryReader::outcome() const {
    if (ok())
        return {};
    return unexpected(Failure{FailureKind::corrupt, fault_, fmt::format("offset {}", offset_)});
}

std::uint64_t BinaryReader::long_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        auto const part = byte();
        if (!ok())
            return 0;
        if (shift == 63 && part > 1) {
            fail("a number exceeds 64 bits");
            return 0;
        }
        value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
        if (part < 0x80) {
            if (part == 0 && shift != 0) {
                fail("a number has needless bytes");
                return 0;
            }
            return value;
        }
    }
    fail("a number exceeds 64 bits");
    return 0;
}

Currency BinaryReader::currency() {
    auto const number = varint();
    auto const found =
        Currency::from_iso_number(static_cast<std::uint16_t>(number <= 0xffff ? number : 0xffff));
    if (!found) {
        fail("no currency has this number");
        return {};
    }
    return currency_ = *found;
}

Money BinaryReader::money() {
    auto const stored = varint();
    auto const minor = unfolded(stored >> 1);
    if (minor > Money::max || minor < -Money::max) {
        fail("an amount is out of range");
        return {};
    }
    if ((stored & 1) != 0) {
        auto const before = currency_;
        if (currency() == before)
            fail("an amount names the currency that holds already");
    }
    return ok() ? Money::of(minor, currency_) : Money{};
}

} // namespace kontor::codec
