#include "adapters/aws_wire/page_tokens.hpp"

#include "adapters/aws_wire/digests.hpp"
#include "codec/json_text.hpp"

#include <optional>

namespace kontor::aws_wire {
namespace {

/// It guards against mistakes alone: what a token names whoever has it may list.
std::string mark_of_page(std::string_view last) {
    constexpr std::size_t digits = 8;
    return md5_hex("page " + std::string(last)).substr(0, digits);
}

std::optional<std::string> name_in_token(std::string_view token) {
    auto const bytes = codec::parse_base64(token);
    if (!bytes)
        return std::nullopt;
    std::string const text(bytes->begin(), bytes->end());
    auto const colon = text.find(':');
    auto last = colon == text.npos ? std::string() : text.substr(colon + 1);
    if (last.empty() || text.substr(0, colon) != mark_of_page(last))
        return std::nullopt;
    return last;
}

} // namespace

std::string page_token(std::string_view last) {
    std::string token;
    if (last.empty())
        return token;
    auto const text = mark_of_page(last) + ":" + std::string(last);
    codec::append_base64(token, {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()});
    return token;
}

Wired<std::string> read_page_token(Params const& params) {
    KONTOR_TRY(auto const token, params.text("NextToken"));
    if (!token || token->empty())
        return std::string();
    if (auto last = name_in_token(*token))
        return *std::move(last);
    return unexpected(invalid_value(*token, "NextToken", "It is not one of ours."));
}

} // namespace kontor::aws_wire
