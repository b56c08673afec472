#include "ports/queue.hpp"

#include <array>
#include <charconv>

namespace kontor::ports {
namespace {

constexpr std::size_t uuid_length = 36;

} // namespace

bool is_conserved(QueueDepth const& depth) {
    return depth.sent == depth.settled + depth.in_flight + depth.delayed + depth.waiting +
                             depth.dead + depth.expired + depth.purged;
}

std::string uuid_text(Id128 id) {
    auto const digits = fmt::format("{:016x}{:016x}", id.high(), id.low());
    std::string_view const view = digits;
    return fmt::format("{}-{}-{}-{}-{}", view.substr(0, 8), view.substr(8, 4), view.substr(12, 4),
                       view.substr(16, 4), view.substr(20));
}

std::optional<Id128> id_of_uuid(std::string_view text) {
    std::string digits(text);
    std::erase(digits, '-');
    std::array<std::uint64_t, 2> words{};
    constexpr std::size_t half = 16;
    if (text.size() != uuid_length || digits.size() != 2 * half)
        return std::nullopt;
    for (std::size_t i = 0; i < words.size(); ++i) {
        char const* const begin = digits.data() + i * half;
        auto const [end, error] = std::from_chars(begin, begin + half, words[i], 16);
        if (error != std::errc() || end != begin + half)
            return std::nullopt;
    }
    Id128 const id(words[0], words[1]);
    return uuid_text(id) == text ? std::optional(id) : std::nullopt;
}

} // namespace kontor::ports
