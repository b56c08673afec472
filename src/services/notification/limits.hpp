#pragma once

/// How many letters are in hand, how long they are, and how long a server that is away is left
/// alone.

#include "base/instant.hpp"
#include "ports/mailer.hpp"

#include <array>
#include <cstddef>

namespace kontor::services {

/// Messages in hand: under way, waiting for their turn, or for the server. The others wait in the
/// queue.
inline constexpr std::size_t notices_in_hand_max = ports::mails_max;

/// Accepted letters whose ids are remembered, so that a message that comes again is no second
/// letter. Beyond it a repetition has the same Message-ID, which mail programs know.
inline constexpr std::size_t letters_remembered_max = 8192;

/// For so long a message is ours; at half of it we ask for more.
/// Source: MESSAGING section 1: visibility 60 s, a handler's deadline is half.
inline constexpr Duration notice_lease = Duration::seconds(60);
inline constexpr Duration notice_lease_renewed_after = Duration::seconds(30);
static_assert(ports::mail_timeout < notice_lease_renewed_after,
              "a letter has its answer while its message is ours");

/// When nobody takes letters: how long until the next try, doubled each time.
inline constexpr Duration mail_rest_min = Duration::seconds(1);
inline constexpr Duration mail_rest_max = Duration::minutes(1);

/// A letter that its server puts off comes again after so long, by how often its message came.
/// Then the queue gives it up. Source: RFC 5321 section 4.5.4.1 (half an hour and more, for days):
/// ours is shorter, for a dead letter is kept and seen.
inline constexpr std::array<Duration, 5> put_off_for{Duration::minutes(1), Duration::minutes(5),
                                                     Duration::minutes(20), Duration::hours(1),
                                                     Duration::minutes(1)};

/// Lines that a letter lists. Of more it says how many.
inline constexpr std::size_t letter_lines_max = 100;
/// Bytes of a title; the rest is cut.
inline constexpr std::size_t letter_title_max = 200;
static_assert(letter_lines_max * (letter_title_max + 64) < ports::mail_text_max / 2);

/// Facts of a stream that are read at a time.
inline constexpr std::size_t story_page_events_max = 4096;

} // namespace kontor::services
