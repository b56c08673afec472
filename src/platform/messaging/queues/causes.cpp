#include "platform/messaging/queues/causes.hpp"

#include "platform/messaging/queues/limits.hpp"

#include "base/assert.hpp"
#include "base/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace kontor::queues {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_a_word(char c) {
    bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || is_digit(c) || c == '-' || c == '_';
}

/// Stable and of all bytes.   Source: Fowler, Noll and Vo, FNV-1a, 64 bits.
std::uint64_t sum_of(std::uint64_t sum, std::string_view text) {
    constexpr std::uint64_t prime = 0x0000'0100'0000'01b3;
    for (char const c : text)
        sum = (sum ^ static_cast<std::uint8_t>(c)) * prime;
    return (sum ^ 0xffU) * prime; // an end, so that "ab" + "c" is not "a" + "bc"
}

/// What is said of one, in full.
std::string said_of(ports::PeekedMessage const& letter) {
    auto const& message = letter.message;
    if (!letter.death) {
        auto const code = ports::value_of(message.attributes, "ERROR_CODE");
        return code.empty() ? std::string("sent here: no queue gave it up")
                            : fmt::format("{}: {}", code,
                                          ports::value_of(message.attributes, "ERROR_MESSAGE"));
    }
    switch (*letter.death) {
    case ports::Death::received_too_often:
        return fmt::format("received {} times and never settled", message.dead_letter_attempts);
    case ports::Death::refused:
        return message.cause.empty() ? std::string("refused, and nobody said why") : message.cause;
    case ports::Death::parked: return "one before it in its group is dead";
    }
    KONTOR_UNREACHABLE();
}

} // namespace

std::string plain_words(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size() && plain.size() <= cause_words_max;) {
        auto end = at;
        while (end < text.size() && is_of_a_word(text[end]))
            ++end;
        auto const word = text.substr(at, end - at);
        if (std::ranges::any_of(word, is_digit)) {
            plain += '#';
        } else if (!word.empty()) {
            plain += word;
        } else {
            char const c = static_cast<unsigned char>(text[at]) <= ' ' ? ' ' : text[at];
            if (c != ' ' || !plain.ends_with(' '))
                plain += c;
            ++end;
        }
        at = end;
    }
    plain.resize(whole_characters(plain, cause_words_max).size());
    return plain;
}

Cause cause_of(ports::PeekedMessage const& letter) {
    constexpr std::uint64_t beginning = 0xcbf2'9ce4'8422'2325;
    Cause cause{{}, std::string(letter.message.dead_letter_source.view()), {}};
    for (auto const* const name : {"RULE_ARN", "SUBSCRIPTION_ARN"})
        if (cause.source.empty())
            cause.source = ports::value_of(letter.message.attributes, name);
    cause.words = plain_words(said_of(letter));
    cause.id = fmt::format("{:016x}", sum_of(sum_of(beginning, cause.source), cause.words));
    return cause;
}

Instant death_time(ports::PeekedMessage const& letter) {
    return letter.died_at.value_or(letter.message.sent_at);
}

void Causes::add(ports::PeekedMessage const& letter) {
    auto cause = cause_of(letter);
    auto found = groups_.find(cause.id);
    if (found == groups_.end()) {
        if (groups_.size() >= causes_max) {
            ++others_;
            return;
        }
        auto id = cause.id;
        found =
            groups_.emplace(std::move(id), CauseGroup{std::move(cause), 0, {}, {}, {}, {}}).first;
    }
    auto& group = found->second;
    auto const at = death_time(letter);
    group.first = group.count == 0 ? at : std::min(group.first, at);
    if (group.count == 0 || at >= group.last) {
        group.last = at;
        group.sample = letter.message.sequence;
        group.said = said_of(letter);
    }
    ++group.count;
}

std::vector<CauseGroup> Causes::groups() const {
    std::vector<CauseGroup> all;
    for (auto const& [id, group] : groups_)
        all.push_back(group);
    std::ranges::stable_sort(all, std::greater{}, &CauseGroup::count);
    return all;
}

} // namespace kontor::queues
