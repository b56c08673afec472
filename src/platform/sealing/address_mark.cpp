#include "platform/sealing/address_mark.hpp"

#include "platform/digests/digests.hpp"

#include <algorithm>

namespace kontor::sealing {

std::string normal_address(std::string_view address) {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = address.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    address = address.substr(first, address.find_last_not_of(blanks) - first + 1);
    std::string normal(address);
    for (auto& c : normal)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return normal;
}

std::string guest_address(std::string_view address) {
    return "guest\n" + normal_address(address); // no address has a line end
}

ports::AddressMark mark_of(Key const& key, std::string_view address) {
    auto const digest = digests::hmac_sha256(
        {reinterpret_cast<char const*>(key.data()), key.size()}, normal_address(address));
    ports::AddressMark mark{};
    static_assert(std::tuple_size_v<digests::Sha256> >= std::tuple_size_v<ports::AddressMark>);
    std::copy_n(digest.begin(), mark.size(), mark.begin());
    return mark;
}

} // namespace kontor::sealing
