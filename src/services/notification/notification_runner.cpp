#include "services/notification/notification_runner.hpp"

#include "base/names.hpp"
#include "base/transient.hpp"

#include <algorithm>
#include <utility>

namespace kontor::services {

using ports::Ending;
using ports::MailVerdict;

namespace {

ports::QueueName const notices("notifications");

/// An outcome that people should look at leaves a dead letter.
Ending ending_of(NoticeOutcome outcome) {
    return outcome == NoticeOutcome::refused || outcome == NoticeOutcome::unreadable ? Ending::dead
                                                                                     : Ending::done;
}

} // namespace

NotificationRunner::NotificationRunner(Parts parts) : parts_(std::move(parts)) {}

Result<WorkDone> NotificationRunner::do_work(WorkBudget budget) {
    auto items = take_answers();
    items += settle() + put_off();
    keep_leases();
    if (budget.items_max > 0) {
        KONTOR_TRY(auto const received, receive());
        KONTOR_TRY(auto const sent, send_waiting());
        items += received + sent;
    }
    publish();
    return WorkDone{items};
}

Result<std::size_t> NotificationRunner::receive() {
    auto const most = rest_ == Duration() ? notices_in_hand_max : std::size_t{1};
    if (is_resting() || in_hand_.size() >= most)
        return std::size_t{0};
    auto received = parts_.queue.receive(
        notices, {.up_to = most - in_hand_.size(), .visibility = notice_lease, .attempt_id = {}});
    if (!received) {
        auto const* const failure = std::get_if<Failure>(&received.error());
        if (failure != nullptr && !is_transient(failure->kind))
            return unexpected(*failure);
        return std::size_t{0}; // the queue is full or not declared: nothing to do for now
    }
    auto const count = received->messages.size();
    for (auto& message : received->messages)
        take(std::move(message));
    return count;
}

/// One that is in hand comes again when its time was over: the latest receipt counts.
void NotificationRunner::take(ports::ReceivedMessage message) {
    auto const now = parts_.clock.monotonic();
    auto const known =
        std::ranges::find_if(in_hand_, [&](auto const& it) { return it.message.id == message.id; });
    if (known == in_hand_.end()) {
        auto& fresh = in_hand_.emplace_back(InHand{std::move(message), now});
        if (auto notice = parse_notice(fresh.message.body); notice && !notice->severity)
            fresh.about = std::move(notice->order);
        return;
    }
    known->message = std::move(message);
    known->leased_at = now;
}

Result<std::size_t> NotificationRunner::send_waiting() {
    if (is_resting())
        return std::size_t{0};
    std::vector<ports::MailCall> calls;
    auto under_way = std::ranges::count(in_hand_, Stage::under_way, &InHand::stage);
    bool const is_try = rest_ != Duration(); // one letter asks for all
    for (auto each = in_hand_.begin(); each != in_hand_.end(); ++each) {
        if (is_try && under_way + static_cast<std::ptrdiff_t>(calls.size()) > 0)
            break;
        bool const is_first_of_order =
            each->about.empty() || std::none_of(in_hand_.begin(), each, [&](auto const& earlier) {
                return earlier.about == each->about && earlier.stage != Stage::ending;
            });
        if (each->stage == Stage::waiting && is_first_of_order)
            KONTOR_TRY(prepare(*each, calls));
    }
    if (calls.empty())
        return std::size_t{0};
    if (auto const started = parts_.mailer.start(calls); !started) {
        for (auto& each : in_hand_)
            if (each.stage == Stage::under_way &&
                std::ranges::count(calls, each.letter, &ports::MailCall::id) > 0)
                each.stage = Stage::waiting;
        nobody_takes_letters(started.error().what);
    }
    return calls.size();
}

/// Writes the letter of a message, or ends it without one.   Errors: as do_work.
Result<void> NotificationRunner::prepare(InHand& each, std::vector<ports::MailCall>& calls) {
    auto const notice = parse_notice(each.message.body);
    if (!notice) {
        end(each, NoticeOutcome::unreadable, "it is no notice: " + notice.error().what);
        return {};
    }
    auto mail = compose(each, *notice);
    if (!mail && is_transient(mail.error().kind))
        return {}; // the log cannot be read now: again in the next turn
    if (!mail)
        return unexpected(mail.error());
    if (!*mail)
        return {};
    if (accepted_.find(each.letter) != nullptr) {
        end(each, NoticeOutcome::known);
        return {};
    }
    // Two messages about one fact: the second waits for the fate of the first.
    if (std::ranges::any_of(in_hand_, [&](auto const& other) {
            return other.stage == Stage::under_way && other.letter == each.letter;
        }))
        return {};
    each.stage = Stage::under_way;
    calls.push_back({each.letter, **std::move(mail)});
    return {};
}

/// Empty: there is nothing to send, and the message is ended.
/// Errors: of the log, but not not_found.
Result<std::optional<ports::Mail>> NotificationRunner::compose(InHand& each, Notice const& notice) {
    if (notice.severity)
        return compose_alert(each, notice);
    auto const told = understand(notice);
    if (!told) {
        end(each, NoticeOutcome::unreadable,
            told.error().what + ": " +
                (told.error().where.empty() ? notice.kind : told.error().where));
        return std::optional<ports::Mail>();
    }
    each.letter = letter_id(told->id);
    auto letter = compose_letter(each, *told);
    if (!letter && letter.error().kind == FailureKind::not_found) {
        end(each, NoticeOutcome::unreadable, letter.error().what + ": " + notice.kind);
        return std::optional<ports::Mail>();
    }
    return letter;
}

Result<std::optional<ports::Mail>> NotificationRunner::compose_letter(InHand& each,
                                                                      Told const& told) {
    KONTOR_TRY(auto const story, read_story(parts_.log, parts_.opener, told));
    if (story.channel == order::Channel::import) {
        end(each, NoticeOutcome::imported);
        return std::optional<ports::Mail>();
    }
    auto mail = write_letter(told.kind, story);
    if (!mail) {
        end(each, NoticeOutcome::erased);
        return mail;
    }
    if (story.customer) {
        KONTOR_TRY(bool const is_wanted,
                   wants_mail(parts_.log, *story.customer, topic_of(told.kind)));
        if (!is_wanted) {
            end(each, NoticeOutcome::unwanted);
            return std::optional<ports::Mail>();
        }
    }
    return mail;
}

std::optional<ports::Mail> NotificationRunner::compose_alert(InHand& each, Notice const& notice) {
    if (parts_.operators.empty()) {
        note(NotificationNote::Level::notice, "an alert for operators: " + notice.kind, each,
             notice.stream);
        end(each, NoticeOutcome::noted);
        return std::nullopt;
    }
    auto const id = EventId::parse(notice.id);
    each.letter = id ? letter_id(*id) : ports::MailId(each.message.id.value());
    each.outcome = NoticeOutcome::alerted;
    return write_alert(notice, parts_.operators, parts_.clock.now());
}

/// From now on it is only to be settled.
void NotificationRunner::end(InHand& each, NoticeOutcome outcome, std::string cause) {
    each.stage = Stage::ending;
    each.outcome = outcome;
    each.ending = ending_of(outcome);
    if (each.ending == Ending::dead)
        note(NotificationNote::Level::warning, "a notice becomes a dead letter", each, cause);
    each.cause = std::move(cause);
    count(outcome);
}

std::size_t NotificationRunner::take_answers() {
    answers_.clear();
    if (auto const collected = parts_.mailer.collect(ports::mails_max, answers_); !collected)
        nobody_takes_letters(collected.error().what);
    for (auto const& answer : answers_)
        take_answer(answer);
    return answers_.size();
}

void NotificationRunner::take_answer(ports::MailAnswer const& answer) {
    auto const each = std::ranges::find_if(in_hand_, [&](auto const& it) {
        return it.letter == answer.id && it.stage == Stage::under_way;
    });
    KONTOR_ASSERT(each != in_hand_.end(), "a letter is answered that nobody sent");
    switch (answer.verdict) {
    case MailVerdict::accepted:
        accepted_.put(answer.id, true);
        end(*each, each->outcome);
        return somebody_takes_letters();
    case MailVerdict::refused:
        end(*each, NoticeOutcome::refused, answer.why);
        return somebody_takes_letters();
    case MailVerdict::later:
        each->stage = Stage::put_off;
        count(NoticeOutcome::put_off);
        return somebody_takes_letters();
    case MailVerdict::unavailable:
        each->stage = Stage::waiting;
        return nobody_takes_letters(answer.why);
    }
    KONTOR_UNREACHABLE();
}

/// Half of a rest is chance, so that shops that were cut off together do not come back together.
void NotificationRunner::nobody_takes_letters(std::string const& why) {
    ++now_.failures;
    if (is_resting())
        return; // one of those that were under way when it began
    rest_ = std::clamp(rest_ * 2, mail_rest_min, mail_rest_max);
    auto const half = rest_.in_microseconds() / 2;
    rests_until_ =
        parts_.clock.monotonic() + Duration::microseconds(half + parts_.random.between(0, half));
    if (now_.is_up) {
        now_.since = parts_.clock.monotonic();
        if (parts_.note)
            parts_.note({NotificationNote::Level::warning, "nobody takes letters", "mail", why});
    }
    now_.is_up = false;
    now_.why = why;
}

void NotificationRunner::somebody_takes_letters() {
    rest_ = {};
    rests_until_ = {};
    if (!now_.is_up && parts_.note)
        parts_.note({NotificationNote::Level::notice, "letters are taken again", "mail", ""});
    if (!now_.is_up)
        now_.since = parts_.clock.monotonic();
    now_.is_up = true;
    now_.why.clear();
}

/// What the queue cannot take now is settled in the next turn.
std::size_t NotificationRunner::settle() {
    std::vector<ports::Settlement> settlements;
    for (auto const& each : in_hand_)
        if (each.stage == Stage::ending)
            settlements.push_back({each.message.receipt, each.ending, each.cause});
    if (settlements.empty())
        return 0;
    auto const answered = parts_.queue.settle(notices, settlements);
    if (!answered)
        return 0;
    std::erase_if(in_hand_, [](auto const& each) { return each.stage == Stage::ending; });
    return settlements.size();
}

/// Gives back what its server wants later; the queue counts how often that may be.
std::size_t NotificationRunner::put_off() {
    std::vector<ports::Extension> extensions;
    for (auto const& each : in_hand_)
        if (each.stage == Stage::put_off) {
            auto const time = std::min<std::size_t>(each.message.receive_count, put_off_for.size());
            extensions.push_back(
                {each.message.receipt, put_off_for[std::max<std::size_t>(time, 1) - 1]});
        }
    if (extensions.empty() || !parts_.queue.extend(notices, extensions))
        return 0;
    std::erase_if(in_hand_, [](auto const& each) { return each.stage == Stage::put_off; });
    return extensions.size();
}

/// What is not ours any more comes again; of a letter that is under way the answer is awaited.
void NotificationRunner::keep_leases() {
    auto const now = parts_.clock.monotonic();
    std::vector<ports::Extension> extensions;
    std::vector<ports::MessageId> asked;
    for (auto const& each : in_hand_)
        if (now - each.leased_at >= notice_lease_renewed_after) {
            extensions.push_back({each.message.receipt, notice_lease});
            asked.push_back(each.message.id);
        }
    if (extensions.empty())
        return;
    auto const answered = parts_.queue.extend(notices, extensions);
    if (!answered)
        return;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        auto const each = std::ranges::find_if(
            in_hand_, [&](auto const& it) { return it.message.id == asked[i]; });
        if (answered->entries[i] || each->stage == Stage::under_way)
            each->leased_at = now;
        else
            in_hand_.erase(each);
    }
}

void NotificationRunner::note(NotificationNote::Level level, std::string what, InHand const& each,
                              std::string why) const {
    if (parts_.note)
        parts_.note({level, std::move(what), each.about, std::move(why)});
}

void NotificationRunner::count(NoticeOutcome outcome) {
    ++now_.outcomes[static_cast<std::size_t>(outcome)];
}

void NotificationRunner::publish() {
    now_.in_hand = in_hand_.size();
    now_.oldest.reset();
    for (auto const& each : in_hand_)
        if (!now_.oldest || each.message.sent_at < *now_.oldest)
            now_.oldest = each.message.sent_at;
    std::lock_guard const guard(mutex_);
    shown_ = now_;
}

NotificationFigures NotificationRunner::figures() const {
    std::lock_guard const guard(mutex_);
    return shown_;
}

} // namespace kontor::services
