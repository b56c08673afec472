#include "platform/messaging/queues/receipts.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace kontor::queues {
namespace {

constexpr std::size_t signed_size = 32;
constexpr std::size_t whole_size = 40;
constexpr std::size_t text_size = 54; // 40 bytes, six bits a letter
using Bytes = std::array<std::uint8_t, whole_size>;

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t no_letter = 0xff;
constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_letter);
    for (std::size_t i = 0; i < letters.size(); ++i)
        table[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(i);
    return table;
}();

Bytes bytes_of(SipKey const& key, Id128 queue, Receipt const& receipt) {
    Bytes bytes{};
    auto const id = queue.bytes();
    std::copy(id.begin(), id.end(), bytes.begin());
    std::memcpy(bytes.data() + 16, &receipt.number, 8);
    std::memcpy(bytes.data() + 24, &receipt.epoch, 8);
    auto const mac = siphash(key, std::span(bytes).first(signed_size));
    std::memcpy(bytes.data() + signed_size, &mac, 8);
    return bytes;
}

} // namespace

ports::ReceiptHandle write_receipt(SipKey const& key, Id128 queue, Receipt const& receipt) {
    auto const bytes = bytes_of(key, queue, receipt);
    std::array<char, text_size> text{};
    std::size_t at = 0;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (auto const byte : bytes) {
        bits = bits << 8 | byte;
        for (held += 8; held >= 6; held -= 6)
            text[at++] = letters[bits >> (held - 6) & 63];
    }
    text[at] = letters[bits << (6 - held) & 63];
    return ports::ReceiptHandle({text.data(), text.size()});
}

std::optional<Receipt> read_receipt(SipKey const& key, Id128 queue, std::string_view text) {
    if (text.size() != text_size)
        return std::nullopt;
    Bytes bytes{};
    std::size_t at = 0;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const letter : text) {
        auto const value = values[static_cast<unsigned char>(letter)];
        if (value == no_letter)
            return std::nullopt;
        bits = bits << 6 | value;
        held += 6;
        if (held >= 8 && at < bytes.size()) {
            held -= 8;
            bytes[at++] = static_cast<std::uint8_t>(bits >> held);
        }
    }
    Receipt receipt{};
    std::memcpy(&receipt.number, bytes.data() + 16, 8);
    std::memcpy(&receipt.epoch, bytes.data() + 24, 8);
    // Written again and compared, so that no second spelling of a receipt passes. The difference is
    // looked at as a whole: time says nothing about how far a guess was right.
    auto const right = write_receipt(key, queue, receipt);
    unsigned difference = 0;
    for (std::size_t i = 0; i < text_size; ++i)
        difference |= static_cast<unsigned>(static_cast<unsigned char>(text[i]) ^
                                            static_cast<unsigned char>(right.view()[i]));
    return difference == 0 ? std::optional(receipt) : std::nullopt;
}

} // namespace kontor::queues
