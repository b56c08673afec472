#include "services/notification/letters.hpp"

#include "base/overloaded.hpp"
#include "domain/order/labels.hpp"
#include "services/notification/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kontor::services {
namespace {

/// "4 December 2026".
std::string day_of(Instant at) {
    constexpr std::array<char const*, 12> months{"January",   "February", "March",    "April",
                                                 "May",       "June",     "July",     "August",
                                                 "September", "October",  "November", "December"};
    auto const time = to_calendar(at);
    return fmt::format("{} {} {}", time.day, months[static_cast<std::size_t>(time.month - 1)],
                       time.year);
}

std::string minute_of(Instant at) {
    auto const time = to_calendar(at);
    return fmt::format("{}, {:02}:{:02} UTC", day_of(at), time.hour, time.minute);
}

/// In one line; no character is cut in two.
std::string title_of(std::string_view title) {
    std::string shown;
    for (char const c : title)
        shown += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
    if (shown.size() > letter_title_max) {
        auto end = letter_title_max;
        while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xc0U) == 0x80U)
            --end;
        shown.resize(end);
    }
    return shown;
}

/// "  2 x Oak Mug" in a column, and what stands behind it.
std::string row_of(std::string const& what, std::string const& amount) {
    return amount.empty() ? fmt::format("  {}\n", what)
                          : fmt::format("  {:<48} {:>16}\n", what, amount);
}

/// Everything of the order that is still wanted, and what it comes to.
std::string bill_of(Story const& story) {
    auto const* const book = order::book_of(story.state);
    std::string bill;
    std::size_t shown = 0;
    std::size_t hidden = 0;
    for (auto const& line : story.lines) {
        auto const& tally = order::tally_of(*book, line.line);
        auto const units = tally.ordered - tally.cancelled;
        if (units == 0)
            continue;
        if (shown++ >= letter_lines_max) {
            ++hidden;
            continue;
        }
        bill += row_of(fmt::format("{} x {}", units, title_of(line.title)),
                       line.value.gross().take(units, tally.ordered).to_string());
    }
    if (hidden > 0)
        bill += row_of(fmt::format("and {} more lines", hidden), {});
    if (!story.shipping.gross().is_zero())
        bill += row_of("Shipping", story.shipping.gross().to_string());
    return bill + row_of("Total", order::due(story.state).to_string());
}

std::string parcel_of(Story const& story, fulfilment::Lines const& lines) {
    std::string rows;
    std::size_t shown = 0;
    for (auto const& packed : lines) {
        if (shown++ >= letter_lines_max)
            break;
        auto const sold = std::ranges::find(story.lines, packed.line, &order::Line::line);
        auto const title =
            sold == story.lines.end() ? std::string(packed.sku.view()) : title_of(sold->title);
        rows += row_of(fmt::format("{} x {}", packed.quantity.value(), title), {});
    }
    if (lines.size() > letter_lines_max)
        rows += row_of(fmt::format("and {} more lines", lines.size() - letter_lines_max), {});
    return rows;
}

std::string_view words_of(order::RejectReason reason) {
    switch (reason) {
    case order::RejectReason::no_stock: return "not everything is in stock any more";
    case order::RejectReason::sold_out_while_paying: return "it was sold out while you paid";
    case order::RejectReason::payment_declined: return "the payment was declined";
    case order::RejectReason::payment_unresolved: return "the payment could not be settled";
    case order::RejectReason::not_wanted: return "we cannot deliver it";
    }
    KONTOR_UNREACHABLE();
}

struct Words {
    std::string subject;
    std::string text;
};

/// Requires: the story is about such a fact.
template <class Event, class Fact>
Fact const& fact_in(Story const& story) {
    auto const* const event = std::get_if<Event>(&story.fact);
    auto const* const fact = event == nullptr ? nullptr : std::get_if<Fact>(event);
    KONTOR_ASSERT(fact != nullptr, "a letter is about another fact");
    return *fact;
}

Words confirmed(Story const& story, std::string const& number) {
    auto const& fact = fact_in<order::Event, order::Confirmed>(story);
    return {fmt::format("Your order {} is confirmed", number),
            fmt::format("thank you for your order {}. Everything is there for you:\n\n{}\nIt "
                        "leaves us by {}, and we write again when it does.\n",
                        number, bill_of(story), day_of(fact.ship_by))};
}

Words rejected(Story const& story, std::string const& number) {
    return {fmt::format("Your order {} could not be accepted", number),
            fmt::format("we are sorry: your order {} could not be accepted, because {}.\n\nNothing "
                        "will be charged for it. What was held on your card is released.\n",
                        number, words_of(fact_in<order::Event, order::Rejected>(story).reason))};
}

Words expired(Story const& story, std::string const& number) {
    return {fmt::format("Your order {} has expired", number),
            fmt::format("no payment for your order {} came by {}, so we have let it go and charge "
                        "nothing.\n\nThe goods may still be there: you are welcome to order "
                        "again.\n",
                        number, minute_of(fact_in<order::Event, order::Expired>(story).pay_by))};
}

Words cancelled(Story const& story, std::string const& number) {
    return {fmt::format("Your order {} is cancelled", number),
            fmt::format(
                "your order {} is cancelled, and with it {} that you no longer owe.\n\nWhat "
                "you have paid for it comes back to you; we write again when it is on its "
                "way.\n",
                number, fact_in<order::Event, order::Cancelled>(story).value.gross().to_string())};
}

Words completed(Story const& story, std::string const& number) {
    return {fmt::format("Your order {} is complete", number),
            fmt::format("everything of your order {} has reached you, and it is paid: {}.\n\nThank "
                        "you for shopping with us.\n",
                        number, fact_in<order::Event, order::Completed>(story).net.to_string())};
}

Words refunded(Story const& story, std::string const& number) {
    auto const amount = fact_in<payment::Event, payment::Refunded>(story).amount.to_string();
    return {fmt::format("{} for your order {} is on its way back", amount, number),
            fmt::format("we have sent {} back to you for your order {}.\n\nIt goes to the card or "
                        "account that you paid with; your bank may take a few days to show it.\n",
                        amount, number)};
}

Words dispatched(Story const& story, std::string const& number) {
    auto const& fact = fact_in<fulfilment::Event, fulfilment::Dispatched>(story);
    auto const* const tracking = fact.tracking.value();
    return {fmt::format("A parcel of your order {} is on its way", number),
            fmt::format("a parcel of your order {} has left us on {}:\n\n{}\nCarrier: {}\n{}",
                        number, day_of(story.happened_at), parcel_of(story, fact.lines),
                        fact.carrier.view(),
                        tracking != nullptr && !tracking->empty()
                            ? fmt::format("Tracking: {}\n", title_of(*tracking))
                            : std::string())};
}

Words delivered(Story const& story, std::string const& number) {
    return {
        fmt::format("A parcel of your order {} was delivered", number),
        fmt::format("a parcel of your order {} was delivered on {}.\n\nIf it did not reach you, "
                    "or something is wrong with it, tell us.\n",
                    number, day_of(fact_in<fulfilment::Event, fulfilment::Delivered>(story).at))};
}

/// Empty: what he must do was forgotten with the person.
std::optional<Words> action_required(Story const& story, std::string const& number) {
    auto const& fact = fact_in<payment::Event, payment::ActionRequired>(story);
    if (fact.action_url.value() == nullptr)
        return std::nullopt;
    return Words{fmt::format("Please confirm the payment of your order {}", number),
                 fmt::format("your bank wants you to confirm the payment of your order {}, until "
                             "{}:\n\n  {}\n\nWithout it the order cannot go on.\n",
                             number, minute_of(fact.until), title_of(*fact.action_url.value()))};
}

std::optional<Words> words_for(LetterKind kind, Story const& story) {
    auto const number = order::order_number(story.order);
    switch (kind) {
    case LetterKind::confirmed: return confirmed(story, number);
    case LetterKind::rejected: return rejected(story, number);
    case LetterKind::expired: return expired(story, number);
    case LetterKind::cancelled: return cancelled(story, number);
    case LetterKind::completed: return completed(story, number);
    case LetterKind::action_required: return action_required(story, number);
    case LetterKind::refunded: return refunded(story, number);
    case LetterKind::dispatched: return dispatched(story, number);
    case LetterKind::delivered: return delivered(story, number);
    }
    KONTOR_UNREACHABLE();
}

} // namespace

ports::MailId letter_id(EventId fact) {
    return ports::MailId(Id128::derive(fact.value(), "letter", 0));
}

std::optional<ports::Mail> write_letter(LetterKind kind, Story const& story) {
    auto const* const contact = story.contact.value();
    if (contact == nullptr || contact->email.empty())
        return std::nullopt;
    auto words = words_for(kind, story);
    if (!words)
        return std::nullopt;
    auto const name = title_of(contact->name);
    return ports::Mail{contact->email,
                       name,
                       std::move(words->subject),
                       fmt::format("{}\n\n{}\nYours,\nthe shop\n",
                                   name.empty() ? "Hello," : fmt::format("Hello {},", name),
                                   words->text),
                       story.happened_at,
                       story.customer ? story.customer->value() : story.order.value()};
}

ports::Mail write_alert(Notice const& notice, std::string const& to, Instant now) {
    auto const& severity = notice.severity.value_or("ticket");
    return {
        to, "", fmt::format("[{}] {}", severity, notice.kind),
        fmt::format("The shop wants somebody to look.\n\n  What     {}\n  How bad  {}\n  When    "
                    " {}\n  Stream   {}\n  Order    {}\n  Fact     {}\n\n`kontor attention list` "
                    "has what waits for people.\n",
                    notice.kind, severity, notice.at, notice.stream, notice.order, notice.id),
        now};
}

} // namespace kontor::services
