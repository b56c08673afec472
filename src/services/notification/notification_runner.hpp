#pragma once

/// NotificationRunner: takes notices from the queue, writes letters, hands them to the mailer, and
/// settles each message once its letter was accepted.
///
///   received → waiting → under way → accepted: settled
///                 ↑          │          put off: back into the queue, for a while
///                 └──────────┘          refused: dead letter
///                 nobody takes letters: again later, and its message stays ours meanwhile
///
/// Invariants: 1. A message is settled after its letter was accepted, or when it gives none.
///             2. Of what is in hand, letters about one order go one after the other, in the
///                sequence in which their messages came.
///             3. A fact gives one letter id. One that was accepted lately is not sent again.
///             4. While nobody takes letters one at a time asks; nothing else is received.
/// Delivery: at least once. After a crash those under way come again, under their ids.
/// Thread:   do_work on one at a time; `figures` from any.
/// Source:   MESSAGING section 1, queue `notifications`.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "platform/sealing/recent.hpp"
#include "ports/queue.hpp"
#include "services/notification/letters.hpp"
#include "services/notification/limits.hpp"

#include <array>
#include <functional>
#include <mutex>

namespace kontor::services {

/// What came of a message.
enum class NoticeOutcome : std::uint8_t {
    sent,       ///< its letter was accepted
    known,      ///< it came again, and its letter had been accepted
    put_off,    ///< the server wants this letter later
    refused,    ///< the server will never take it
    unreadable, ///< it is no notice of the topology
    erased,     ///< the person is forgotten
    unwanted,   ///< the person wants no letters about it
    imported,   ///< it is about an order of the past
    alerted,    ///< it is an alert, and was sent
    noted       ///< it is an alert, and there is nobody to send it to but the log
};
BOOST_DESCRIBE_ENUM(NoticeOutcome, sent, known, put_off, refused, unreadable, erased, unwanted,
                    imported, alerted, noted)
inline constexpr std::size_t notice_outcomes = 10;

struct NotificationFigures {
    std::array<std::uint64_t, notice_outcomes> outcomes{}; ///< by NoticeOutcome
    std::size_t in_hand{0};                                ///< messages that wait for their letters
    std::optional<Instant> oldest{};                       ///< when the first of them was sent
    bool is_up{true};                                      ///< somebody takes letters
    std::string why{};                                     ///< nobody does
    Duration since{};                                      ///< on the monotonic clock
    std::uint64_t failures{0};                             ///< letters that nobody took
};

/// Something that operators should read; it names no person.
struct NotificationNote {
    enum class Level : std::uint8_t { notice, warning };
    Level level;
    std::string what;
    std::string about; ///< a fact's name, an order
    std::string why;
};

class NotificationRunner final : public Agent {
public:
    struct Parts {
        ports::Queue& queue;
        ports::EventStore& log;
        ports::Mailer& mailer;
        Clock& clock;
        sealing::Opener* opener; ///< its own; null: nothing is sealed
        Random random;
        std::string operators{}; ///< where alerts go; empty: into the log
        std::function<void(NotificationNote const&)> note{};
    };
    /// All outlive it.
    explicit NotificationRunner(Parts parts);

    std::string_view name() const override { return "notification"; }
    /// Errors: corrupt, unsupported, broken, of the log.
    Result<WorkDone> do_work(WorkBudget budget) override;

    NotificationFigures figures() const;

private:
    enum class Stage : std::uint8_t { waiting, under_way, ending, put_off };

    /// A message in hand.
    struct InHand {
        ports::ReceivedMessage message;
        Duration leased_at;
        Stage stage{Stage::waiting};
        ports::Ending ending{ports::Ending::done};
        std::string cause{};
        NoticeOutcome outcome{NoticeOutcome::sent};
        std::string about{}; ///< the order; letters about one go one by one
        ports::MailId letter{};
    };

    Result<std::size_t> receive();
    void take(ports::ReceivedMessage message);
    Result<std::size_t> send_waiting();
    Result<void> prepare(InHand& each, std::vector<ports::MailCall>& calls);
    Result<std::optional<ports::Mail>> compose(InHand& each, Notice const& notice);
    Result<std::optional<ports::Mail>> compose_letter(InHand& each, Told const& told);
    std::optional<ports::Mail> compose_alert(InHand& each, Notice const& notice);
    void end(InHand& each, NoticeOutcome outcome, std::string cause = {});
    std::size_t take_answers();
    void take_answer(ports::MailAnswer const& answer);
    void nobody_takes_letters(std::string const& why);
    void somebody_takes_letters();
    std::size_t settle();
    std::size_t put_off();
    void keep_leases();
    bool is_resting() const { return parts_.clock.monotonic() < rests_until_; }
    void note(NotificationNote::Level level, std::string what, InHand const& each,
              std::string why) const;
    void count(NoticeOutcome outcome);
    void publish();

    Parts parts_;
    std::vector<InHand> in_hand_; ///< in the sequence of their receipt
    sealing::Recent<ports::MailId, bool> accepted_{letters_remembered_max};
    Duration rest_{}; ///< how long the last rest was; zero: somebody takes letters
    Duration rests_until_{};
    std::vector<ports::MailAnswer> answers_;
    NotificationFigures now_;
    mutable std::mutex mutex_;
    NotificationFigures shown_; ///< guarded by `mutex_`
};

} // namespace kontor::services
