#pragma once

/// Lane: all that is known of the deliveries to one webhook: how far the log was read for it, what
/// waits and since how many tries, what is under way, and which tries are in no page yet. It knows
/// no log and no wire, and time only as it is told.
/// Thread: one.
///
/// Invariants: 1. At most in_flight_max deliveries are under way, waiting_max wait, those under way
///                among them, and tries_unkept_max tries are in no page.
///             2. What was looked at and wanted is waiting, or its end is among the tries, or in a
///                page. So a page loses nothing, whenever the program ends after it.
///             3. While the webhook is disabled nothing is read and nothing starts.

#include "domain/values/ids.hpp"
#include "domain/webhook/webhook.hpp"
#include "domain/webhook_book/webhook_book.hpp"
#include "ports/positions.hpp"
#include "services/webhooks/limits.hpp"

#include <map>
#include <optional>
#include <vector>

namespace kontor::services::hooks {

using webhook_book::Outcome;
using webhook_book::Try;

/// What came of a try, as its lane wants to know it.
struct Answer {
    std::uint16_t status{0}; ///< 0: there was none
    Duration took{};
    std::string text{};              ///< the beginning of it, or why there was none
    std::optional<Duration> pause{}; ///< the receiver asks to be left alone for so long
};

/// A page that is on its way into the log.
struct PageOfLane {
    std::uint32_t book{1};
    std::uint64_t number{1}; ///< in its book, from 1
    webhook_book::KeepPage page{};
    std::optional<webhook::Disable> disable{};
};

class Lane {
public:
    /// Nothing before this position concerns it.
    Lane(WebhookId webhook, ports::Position read) : webhook_(webhook), read_(read) {}

    WebhookId webhook() const { return webhook_; }
    webhook::State const& state() const { return state_; }
    /// Null: it was removed.
    webhook::Standing const* standing() const { return std::get_if<webhook::Standing>(&state_); }
    ports::Position read() const { return read_; }
    std::size_t waiting() const { return waiting_.size(); }
    std::size_t under_way() const { return under_way_; }
    std::uint32_t book() const { return book_; }

    /// A fact of the webhook itself.
    void see(webhook::Event const& event);
    /// A page that an earlier life kept.
    void take_up(webhook_book::PageKept const& page, std::uint32_t book, std::uint64_t number);

    /// Whether one more fact may be looked at.
    bool may_read() const;
    /// The next fact was looked at.   Requires: may_read().
    void pass(ports::Position fact, bool is_wanted, Instant now);
    /// A fact is wanted, whether it was delivered before or not.   Requires: may_read().
    void want(std::uint64_t position, Instant now);

    /// The delivery that is due longest and may start; nothing: none.
    std::optional<std::uint64_t> due(Instant now) const;
    /// Requires: it is due.
    void begin(std::uint64_t position, Instant now);
    /// The try ended.   Requires: it is under way.
    Outcome settle(std::uint64_t position, Answer answer, Instant now);
    /// It cannot be shown to anybody: it is given up.   Requires: it is under way.
    void drop(std::uint64_t position, std::string why, Instant now);

    /// The page that should be kept now; nothing: none, or one is on its way.
    std::optional<PageOfLane> page(Instant now);
    void page_is_kept(Instant now);
    /// What it says is said again by the next one.
    void page_is_not_kept();
    /// Nothing is left to do, ever.
    bool has_ended() const;

private:
    struct Delivery {
        std::uint32_t tries{0};
        Instant due{};
        std::optional<Instant> began{}; ///< present: it is under way
    };

    bool is_open() const;
    Outcome outcome_of(std::uint64_t position, Delivery& delivery, Answer const& answer,
                       Instant now);
    bool wants_page(Instant now) const;

    WebhookId webhook_;
    webhook::State state_{webhook::initial()};
    ports::Position read_;
    std::map<std::uint64_t, Delivery> waiting_; ///< by position of the fact
    std::size_t under_way_{0};
    Instant paused_until_{};
    std::vector<Try> tries_;                    ///< in no page
    std::optional<webhook::Disable> disabling_; ///< until the log says so
    std::uint32_t book_{1};
    std::uint64_t pages_{0}; ///< in the book
    std::uint64_t kept_read_{0};
    Instant kept_at_{};
    std::size_t tries_on_their_way_{0};
    std::uint64_t read_on_its_way_{0};
    bool is_page_on_its_way_{false};
    bool ends_on_its_way_{false};
    bool has_closed_{false}; ///< the last page of all was kept
};

} // namespace kontor::services::hooks
