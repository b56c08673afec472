#include "platform/reach/net_address.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

namespace kontor::reach {
namespace {

/// Addresses that share their first bits.
struct Block {
    std::array<std::uint8_t, 16> base;
    int bits;
    Region region;
};

/// The smaller block stands before one that holds it.
constexpr Block version_4[] = {
    {{168, 63, 129, 16}, 32, Region::metadata}, // Azure's
    {{0}, 8, Region::unspecified},
    {{10}, 8, Region::private_},
    {{100, 64}, 10, Region::shared},
    {{127}, 8, Region::loopback},
    {{169, 254}, 16, Region::link_local},
    {{172, 16}, 12, Region::private_},
    {{192, 0, 0}, 24, Region::reserved},
    {{192, 0, 2}, 24, Region::reserved},
    {{192, 88, 99}, 24, Region::translated},
    {{192, 168}, 16, Region::private_},
    {{198, 18}, 15, Region::reserved},
    {{198, 51, 100}, 24, Region::reserved},
    {{203, 0, 113}, 24, Region::reserved},
    {{224}, 4, Region::multicast},
    {{240}, 4, Region::reserved}, // and the broadcast
};

/// What is in none of them is reserved: of version 6 only 2000::/3 is given out.
constexpr Block version_6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, Region::loopback},
    {{}, 128, Region::unspecified},
    {{}, 96, Region::translated}, // ::a.b.c.d, as it once was
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, Region::translated},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, Region::translated},
    {{0x00, 0x64, 0xff, 0x9b}, 32, Region::translated},
    {{0x20, 0x01, 0x00, 0x00}, 32, Region::translated},
    {{0x20, 0x01, 0x00}, 23, Region::reserved},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, Region::reserved},
    {{0x20, 0x02}, 16, Region::translated},
    {{0x3f, 0xff, 0x00}, 20, Region::reserved},
    {{0x20}, 3, Region::open},
    {{0xfc}, 7, Region::private_},
    {{0xfe, 0x80}, 10, Region::link_local},
    {{0xfe, 0xc0}, 10, Region::private_},
    {{0xff}, 8, Region::multicast},
};

bool is_in(Block const& block, NetAddress const& address) {
    auto const whole = static_cast<std::size_t>(block.bits / 8);
    if (!std::equal(block.base.begin(), block.base.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes.begin()))
        return false;
    auto const rest = block.bits % 8;
    if (rest == 0)
        return true;
    auto const differs = block.base[whole] ^ address.bytes[whole];
    return differs >> (8 - rest) == 0;
}

Region region_in(std::span<Block const> blocks, NetAddress const& address, Region otherwise) {
    auto const found =
        std::ranges::find_if(blocks, [&](Block const& block) { return is_in(block, address); });
    return found == blocks.end() ? otherwise : found->region;
}

/// A number without a sign, and without a leading zero where it is decimal: with one, some readers
/// take it for octal.
std::optional<unsigned> number_of(std::string_view digits, int base, unsigned most) {
    unsigned number = 0;
    auto const [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    bool const is_doubtful = base == 10 && digits.size() > 1 && digits.front() == '0';
    if (error != std::errc{} || end != digits.data() + digits.size() || number > most ||
        is_doubtful)
        return std::nullopt;
    return number;
}

std::optional<NetAddress> parse_version_4(std::string_view text) {
    NetAddress address;
    constexpr std::size_t octets = 4;
    for (std::size_t i = 0; i < octets; ++i) {
        auto const dot = text.find('.');
        auto const octet = number_of(text.substr(0, dot), 10, 255);
        if (!octet || (dot == std::string_view::npos) != (i + 1 == octets))
            return std::nullopt;
        address.bytes[i] = static_cast<std::uint8_t>(*octet);
        text.remove_prefix(std::min(dot, text.size() - 1) + 1);
    }
    return address;
}

using Groups = std::vector<std::uint8_t>;

/// "2001:db8:1"; empty: no group.
std::optional<Groups> groups_of(std::string_view text) {
    Groups bytes;
    bool goes_on = !text.empty();
    while (goes_on) {
        auto const colon = text.find(':');
        auto const group = number_of(text.substr(0, colon), 16, 0xffff);
        if (!group || text.substr(0, colon).size() > 4)
            return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*group >> 8));
        bytes.push_back(static_cast<std::uint8_t>(*group & 0xff));
        goes_on = colon != std::string_view::npos;
        text.remove_prefix(goes_on ? colon + 1 : text.size());
    }
    return bytes;
}

/// Eight groups, or fewer around one `::` that stands for zeros.
std::optional<NetAddress> parse_version_6(std::string_view text) {
    NetAddress address{.is_version_6 = true};
    auto const gap = text.find("::");
    auto const front = groups_of(text.substr(0, gap));
    auto const back =
        gap == std::string_view::npos ? std::optional(Groups()) : groups_of(text.substr(gap + 2));
    if (!front || !back)
        return std::nullopt;
    auto const given = front->size() + back->size();
    bool const fits = gap == std::string_view::npos ? given == address.bytes.size()
                                                    : given < address.bytes.size();
    if (!fits)
        return std::nullopt;
    std::ranges::copy(*front, address.bytes.begin());
    std::ranges::copy_backward(*back, address.bytes.end());
    return address;
}

} // namespace

std::optional<NetAddress> parse_net_address(std::string_view text) {
    return text.find(':') == std::string_view::npos ? parse_version_4(text) : parse_version_6(text);
}

std::string to_string(NetAddress const& address) {
    auto const& bytes = address.bytes;
    if (!address.is_version_6)
        return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 2)
        text += fmt::format("{}{:x}", i == 0 ? "" : ":", bytes[i] * 256 + bytes[i + 1]);
    return text;
}

std::string_view name_of(Region region) {
    switch (region) {
    case Region::open: return "open";
    case Region::unspecified: return "unspecified";
    case Region::loopback: return "loopback";
    case Region::private_: return "private";
    case Region::link_local: return "link-local";
    case Region::shared: return "shared";
    case Region::metadata: return "metadata";
    case Region::multicast: return "multicast";
    case Region::translated: return "translated";
    case Region::reserved: return "reserved";
    }
    KONTOR_UNREACHABLE();
}

Region region_of(NetAddress const& address) {
    return address.is_version_6 ? region_in(version_6, address, Region::reserved)
                                : region_in(version_4, address, Region::open);
}

bool may_be_called(NetAddress const& address, Reach reach) {
    auto const region = region_of(address);
    return region == Region::open || (region == Region::loopback && reach == Reach::loopback_too);
}

} // namespace kontor::reach
