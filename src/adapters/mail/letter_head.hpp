#pragma once

/// The lines above a letter's text, and its text as it goes over the wire. Whatever a name or a
/// subject says, it stays in its line: line breaks become blanks, and what is no plain ASCII is
/// encoded.
/// Thread: any.
/// Source: RFC 5322 sections 2.2 and 3.6; RFC 2047; RFC 3834 section 5.

#include "ports/mailer.hpp"

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::mail {

/// Who writes.
struct Sender {
    std::string address{};
    std::string name{};
    friend bool operator==(Sender const&, Sender const&) = default;
};

/// Whether this can be written to: "local@domain" in ASCII, without quotes or literals.
/// Source: RFC 5321 section 4.1.2, but for quoted strings, address literals and RFC 6531: our
///         choice, for nobody has one and each opens a door.
bool is_address(std::string_view text);

/// Reads "The Shop <shop@example.org>" or "shop@example.org".   Errors: invalid.
Result<Sender> parse_sender(std::string_view text);

/// A text of a header: as it is where it is plain, else in encoded words, each on a line of its
/// own.
std::string head_text(std::string_view text);

/// The id in angle brackets, as a Message-ID of the sender's domain.
std::string message_id(ports::MailId id, Sender const& from);

/// The lines of the head, without their ends; one that is folded has "\r\n " in it.
/// Requires: is_address(call.mail.to).
std::vector<std::string> head_lines(ports::MailCall const& call, Sender const& from);

/// The text with the line ends of the wire, and without what is no text.
std::string wire_text(std::string_view text);

} // namespace kontor::mail
