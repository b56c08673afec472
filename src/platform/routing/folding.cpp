#include "platform/routing/folding.hpp"

#include "platform/routing/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace kontor::routing {
namespace {

struct Fold {
    std::uint32_t first;
    std::uint32_t last;
    std::uint32_t step;
    std::int32_t difference;
};

constexpr Fold folds[] = {
#include "platform/routing/folding_table.inc"
};

/// Reads a code point of well-formed UTF-8; of anything else, some code point.
std::uint32_t take_point(char const*& at, char const* end) {
    auto const lead = static_cast<unsigned char>(*at++);
    if (lead < 0x80)
        return lead;
    std::uint32_t point = lead & (lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU);
    while (at < end && is_continuation(*at))
        point = point << 6 | (static_cast<unsigned char>(*at++) & 0x3FU);
    return point & 0x1FFFFFU;
}

} // namespace

std::uint32_t fold_point(std::uint32_t point) {
    auto const after =
        std::upper_bound(std::begin(folds), std::end(folds), point,
                         [](auto value, Fold const& fold) { return value < fold.first; });
    // Two runs of step two may lie in each other, so the one before counts, too.
    for (auto fold = after; fold != std::begin(folds) && after - fold < 2;) {
        --fold;
        if (point <= fold->last && (point - fold->first) % fold->step == 0)
            return point + static_cast<std::uint32_t>(fold->difference);
    }
    return point;
}

char* fold_case(std::string_view text, char* out) {
    char const* at = text.data();
    char const* const end = at + text.size();
    while (at < end) {
        auto const byte = static_cast<unsigned char>(*at);
        if (byte < 0x80) {
            *out++ = static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
            ++at;
        } else {
            out = write_utf8(out, fold_point(take_point(at, end)));
        }
    }
    return out;
}

std::string fold_case(std::string_view text) {
    std::string folded(2 * text.size() + 4, '\0');
    folded.resize(static_cast<std::size_t>(fold_case(text, folded.data()) - folded.data()));
    return folded;
}

} // namespace kontor::routing
