#pragma once

/// What a letter says: a page of plain words for each kind of fact.   Thread: any.

#include "ports/mailer.hpp"
#include "services/notification/story.hpp"

namespace kontor::services {

/// The letter's name: the same for the same fact, whenever and however often it is written.
ports::MailId letter_id(EventId fact);

/// To whoever placed the order. Empty: the story has nobody to write to any more.
/// Requires: the story's fact is of this kind.
std::optional<ports::Mail> write_letter(LetterKind kind, Story const& story);

/// An alert, to the operators.
ports::Mail write_alert(Notice const& notice, std::string const& to, Instant now);

} // namespace kontor::services
