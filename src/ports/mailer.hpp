#pragma once

/// Mailer: who carries letters to people outside. That world is slow and may not answer, so the
/// port has two steps: `start` hands letters over, `collect` brings what came of them, in the
/// sequence of its arrival.
///
/// Invariants: 1. Every started call is answered once, within `mail_timeout` and a moment.
///             2. `accepted`: somebody who is answerable has the letter. Whether a person reads it
///                is never known.
///             3. A letter that is started again under its id is the same letter again: whoever
///                gets it twice can tell, for its Message-ID derives from the id alone.
///             4. Nothing in a letter's fields becomes another header or another recipient.
/// Source:   RFC 5321, section 4.2.1 (what replies mean); RFC 5322; DOMAIN section 9.

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"
#include "domain/values/id128.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kontor::ports {

/// How long a letter may be under way before it counts as not taken.
inline constexpr Duration mail_timeout = Duration::seconds(20);

/// Letters under way at one time. At the limit `start` refuses with `full`.
inline constexpr std::size_t mails_max = 8;

/// What a letter may hold.
inline constexpr std::size_t mail_text_max = std::size_t{256} * 1024;

/// Names a letter: what brought it about, so that a repetition has the same.
using MailId = Strong<struct MailIdTag, Id128>;

/// A letter to one person, in plain words.
/// Shape: all texts are UTF-8; lines of `text` end with '\n'.
struct Mail {
    std::string to;      ///< an address: "ada@example.org"
    std::string to_name; ///< empty: none
    std::string subject;
    std::string text;
    Instant written_at{};
    Id128 person{}; ///< who is forgotten with it; nil: nobody
    friend bool operator==(Mail const&, Mail const&) = default;
};

struct MailCall {
    MailId id;
    Mail mail;
};

/// What came of a letter.
enum class MailVerdict : std::uint8_t {
    accepted = 1,
    later = 2,      ///< this letter cannot be taken now; another try may succeed
    refused = 3,    ///< it can never be taken as it is
    unavailable = 4 ///< nobody takes any letter now, or nobody knows whether this one was taken
};
BOOST_DESCRIBE_ENUM(MailVerdict, accepted, later, refused, unavailable)

/// `why` names no person: it may be written into logs.
struct MailAnswer {
    MailId id;
    MailVerdict verdict;
    std::string why{};
};

class Mailer {
public:
    virtual ~Mailer() = default;

    /// Hands letters over; their answers come from `collect`. All are taken or none.
    /// Errors: full (mails_max would be passed: nothing was started), unavailable.
    /// Retry:  safe, with the same ids.
    /// Thread: one.
    virtual Result<void> start(std::span<MailCall const> calls) = 0;

    /// Moves letters on without waiting, appends what came of them to `answers`, at most `up_to`,
    /// and says how many; none is no error.
    /// Errors: unavailable.
    /// Thread: the one that starts.
    virtual Result<std::size_t> collect(std::size_t up_to, std::vector<MailAnswer>& answers) = 0;
};

} // namespace kontor::ports
