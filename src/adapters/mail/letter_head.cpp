#include "adapters/mail/letter_head.hpp"

#include "adapters/mail/limits.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace kontor::mail {
namespace {

constexpr std::size_t local_part_max = 64;
constexpr std::size_t address_max = 254;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
/// Source: RFC 5322 section 3.2.3, atext.
bool is_atom_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
}
bool is_domain_character(char c) {
    return is_alphanumeric(c) || c == '-';
}
bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20U || c == 0x7f;
}

/// Words of such characters, with single dots between.
template <class Is>
bool is_dotted(std::string_view text, Is&& is) {
    bool after_dot = true;
    for (char const c : text) {
        if (c == '.' ? after_dot : !is(c))
            return false;
        after_dot = c == '.';
    }
    return !after_dot;
}

bool begins_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
}

/// At most so many bytes of it, and no character cut in two.
std::string_view first_bytes(std::string_view text, std::size_t most) {
    if (text.size() <= most)
        return text;
    while (most > 0 && !begins_character(text[most]))
        --most;
    return text.substr(0, most);
}

/// In one line, without blanks around it.
std::string one_line(std::string_view text) {
    std::string line;
    for (char const c : text) {
        char const shown = is_control(c) ? ' ' : c;
        if (shown != ' ' || (!line.empty() && line.back() != ' '))
            line += shown;
    }
    while (line.ends_with(' '))
        line.pop_back();
    return std::string(first_bytes(line, head_text_max));
}

void append_base64(std::string& out, std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const byte = [&](std::size_t at) {
            return at < bytes.size()
                       ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]))
                       : 0U;
        };
        auto const word = (byte(i) << 16U) | (byte(i + 1) << 8U) | byte(i + 2);
        out += digits[(word >> 18U) & 63U];
        out += digits[(word >> 12U) & 63U];
        out += i + 1 < bytes.size() ? digits[(word >> 6U) & 63U] : '=';
        out += i + 2 < bytes.size() ? digits[word & 63U] : '=';
    }
}

/// Each on a line of its own, for a line with encoded words has 76 characters at most.
std::string encoded_words(std::string_view text) {
    constexpr std::size_t bytes_max = 39; // 52 digits, 12 around them, and "Subject: " before
    std::string words;
    while (!text.empty()) {
        auto const some = first_bytes(text, bytes_max);
        if (some.empty()) // no UTF-8 at all
            break;
        text.remove_prefix(some.size());
        words += words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?";
        append_base64(words, some);
        words += "?=";
    }
    return words;
}

std::string mailbox(std::string_view name, std::string_view address) {
    auto const line = one_line(name);
    if (line.empty())
        return std::string(address);
    bool const is_plain = std::ranges::all_of(
        line, [](char c) { return (is_atom_character(c) && c != '=') || c == ' '; });
    return is_plain ? fmt::format("{} <{}>", line, address)
                    : fmt::format("{}\r\n <{}>", encoded_words(line), address);
}

/// Source: RFC 5322 section 3.3.
std::string date_of(Instant at) {
    constexpr std::array<char const*, 7> days{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const time = to_calendar(at);
    auto const day =
        at.unix_microseconds() / Duration::days(1).in_microseconds(); // from a Thursday
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       days[static_cast<std::size_t>(day % 7)], time.day,
                       months[static_cast<std::size_t>(time.month - 1)], time.year, time.hour,
                       time.minute, time.second);
}

} // namespace

bool is_address(std::string_view text) {
    auto const at = text.find('@');
    return at != std::string_view::npos && at <= local_part_max && text.size() <= address_max &&
           is_dotted(text.substr(0, at), is_atom_character) &&
           is_dotted(text.substr(at + 1), is_domain_character);
}

Result<Sender> parse_sender(std::string_view text) {
    Sender sender{std::string(text), {}};
    if (auto const open = text.find('<'); open != std::string_view::npos && text.ends_with('>')) {
        sender.address = text.substr(open + 1, text.size() - open - 2);
        sender.name = one_line(text.substr(0, open));
    }
    if (!is_address(sender.address))
        return unexpected(
            Failure{FailureKind::invalid, "this is no address that letters can come from"});
    return sender;
}

std::string head_text(std::string_view text) {
    auto line = one_line(text);
    bool const is_plain =
        std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x80U; }) &&
        line.find("=?") == std::string::npos;
    return is_plain ? line : encoded_words(line);
}

std::string message_id(ports::MailId id, Sender const& from) {
    return fmt::format("<{}@{}>", id.value().to_string(),
                       from.address.substr(from.address.find('@') + 1));
}

std::vector<std::string> head_lines(ports::MailCall const& call, Sender const& from) {
    auto const& [id, mail] = call;
    KONTOR_ASSERT(is_address(mail.to), "a letter goes to an address");
    return {"From: " + mailbox(from.name, from.address), "To: " + mailbox(mail.to_name, mail.to),
            "Subject: " + head_text(mail.subject),       "Date: " + date_of(mail.written_at),
            "Message-ID: " + message_id(id, from),       "Auto-Submitted: auto-generated"};
}

std::string wire_text(std::string_view text) {
    std::string wire;
    wire.reserve(text.size() + text.size() / 16);
    for (char const c : text) {
        if (c == '\n')
            wire += "\r\n";
        else if (!is_control(c) || c == '\t')
            wire += c;
    }
    if (!wire.ends_with("\r\n"))
        wire += "\r\n";
    return wire;
}

} // namespace kontor::mail
