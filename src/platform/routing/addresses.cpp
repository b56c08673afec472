#include "platform/routing/addresses.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::routing {
namespace {

/// A number of digits alone.   Units: `base` 10 or 16.
std::optional<unsigned> number_of(std::string_view digits, int base, unsigned largest) {
    unsigned value = 0;
    auto const [end, error] = std::from_chars(digits.begin(), digits.end(), value, base);
    if (digits.empty() || error != std::errc{} || end != digits.end() || value > largest)
        return std::nullopt;
    return value;
}

std::optional<Address> parse_version_4(std::string_view text) {
    Address address;
    for (std::size_t i = 0; i < 4; ++i) {
        auto const dot = text.find('.');
        if ((dot == std::string_view::npos) != (i == 3))
            return std::nullopt;
        auto const octet = number_of(text.substr(0, dot), 10, 255);
        if (!octet)
            return std::nullopt;
        address.bytes[i] = static_cast<std::uint8_t>(*octet);
        text.remove_prefix(i == 3 ? text.size() : dot + 1);
    }
    return address;
}

constexpr std::size_t groups_max = 8;

/// Groups between single colons; an empty text has none.
struct Groups {
    std::array<std::uint16_t, groups_max> values{};
    std::size_t count{0};

    bool read(std::string_view text) {
        while (!text.empty()) {
            auto const colon = text.find(':');
            auto const digits = text.substr(0, colon);
            auto const value = number_of(digits, 16, 0xFFFF);
            if (!value || digits.size() > 4 || count == groups_max)
                return false;
            values[count++] = static_cast<std::uint16_t>(*value);
            if (colon == std::string_view::npos)
                return true;
            text.remove_prefix(colon + 1);
            if (text.empty())
                return false;
        }
        return true;
    }
};

std::optional<Address> parse_version_6(std::string_view text) {
    auto const gap = text.find("::");
    Groups before;
    Groups after;
    if (!before.read(text.substr(0, gap)))
        return std::nullopt;
    if (gap != std::string_view::npos && !after.read(text.substr(gap + 2)))
        return std::nullopt;
    auto const count = before.count + after.count;
    if (gap == std::string_view::npos ? count != groups_max : count >= groups_max)
        return std::nullopt;
    std::copy_n(after.values.begin(), after.count,
                before.values.begin() + static_cast<std::ptrdiff_t>(groups_max - after.count));
    Address address{{}, true};
    for (std::size_t i = 0; i < groups_max; ++i) {
        address.bytes[2 * i] = static_cast<std::uint8_t>(before.values[i] >> 8);
        address.bytes[2 * i + 1] = static_cast<std::uint8_t>(before.values[i] & 0xFF);
    }
    return address;
}

} // namespace

std::optional<Address> parse_address(std::string_view text) {
    auto const first = text.find_first_of(".:");
    if (first == std::string_view::npos)
        return std::nullopt;
    return text[first] == '.' ? parse_version_4(text) : parse_version_6(text);
}

bool Network::contains(Address const& address) const {
    if (address.is_version_6 != base.is_version_6)
        return false;
    auto const whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(base.bytes.begin(), base.bytes.begin() + bits / 8, address.bytes.begin()))
        return false;
    int const rest = bits % 8;
    return rest == 0 || (base.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

std::optional<Network> parse_network(std::string_view text) {
    auto const slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    auto const base = parse_address(text.substr(0, slash));
    if (!base)
        return std::nullopt;
    auto const bits = number_of(text.substr(slash + 1), 10, base->is_version_6 ? 127 : 31);
    if (!bits)
        return std::nullopt;
    return Network{*base, static_cast<int>(*bits)};
}

} // namespace kontor::routing
