#pragma once

/// The table of the order process: for each step what takes it back, for each wait how long it may
/// last. A step without an undo or a wait without an end does not compile.
/// Source: DOMAIN section 8.

#include "domain/checkout/words.hpp"

#include "base/instant.hpp"

#include <boost/mp11/list.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace kontor::checkout {

enum class Undo : std::uint8_t {
    by_step,   ///< another step takes it back
    is_undo,   ///< it takes something back itself, and is final
    tells_only ///< it only asks or tells: nothing to take back
};

struct Compensation {
    Step step;
    Undo undo;
    std::optional<Step> by{};
};

inline constexpr std::array compensations{
    Compensation{Step::reserve, Undo::by_step, Step::release},
    Compensation{Step::extend_hold, Undo::by_step, Step::release},
    Compensation{Step::release, Undo::is_undo},
    Compensation{Step::authorise, Undo::by_step, Step::void_},
    Compensation{Step::find, Undo::tells_only},
    Compensation{Step::capture, Undo::by_step, Step::refund},
    Compensation{Step::void_, Undo::is_undo},
    Compensation{Step::refund, Undo::is_undo},
    Compensation{Step::confirm_order, Undo::by_step, Step::cancel_order},
    Compensation{Step::reject_order, Undo::is_undo},
    Compensation{Step::expire_order, Undo::is_undo},
    Compensation{Step::cancel_order, Undo::is_undo},
    Compensation{Step::create_parcel, Undo::by_step, Step::cancel_parcel},
    Compensation{Step::cancel_parcel, Undo::is_undo},
    Compensation{Step::hold_parcel, Undo::by_step, Step::resume_parcel},
    Compensation{Step::resume_parcel, Undo::is_undo},
    Compensation{Step::deliver_parcel, Undo::by_step, Step::request_return},
    Compensation{Step::cancel_lines, Undo::is_undo},
    Compensation{Step::request_return, Undo::by_step, Step::cancel_return},
    Compensation{Step::cancel_return, Undo::is_undo},
    Compensation{Step::commit_edit, Undo::by_step, Step::cancel_lines},
    Compensation{Step::abandon_edit, Undo::is_undo},
    Compensation{Step::complete_order, Undo::by_step, Step::request_return},
    Compensation{Step::ask_buyer, Undo::tells_only},
    Compensation{Step::raise_alarm, Undo::tells_only},
    Compensation{Step::ship_services, Undo::by_step, Step::request_return},
};

/// Where the length of a wait comes from.
enum class From : std::uint8_t {
    here,       ///< `lasts` says it
    order,      ///< the order promised the instant
    provider,   ///< the provider named the instant, less `lasts`
    reservation ///< the hold's end, and `lasts` beyond
};

struct Wait {
    Deadline deadline;
    From from;
    Duration lasts;
    bool ends_with_phase; ///< lifted by itself when the process goes to another phase
};

inline constexpr std::array waits{
    Wait{Deadline::phase_alarm, From::here, Duration::minutes(5), true},
    Wait{Deadline::pay_by, From::order, {}, true},
    Wait{Deadline::resolve_by, From::reservation, Duration::minutes(30), true},
    Wait{Deadline::call, From::here, Duration::minutes(5), false},
    Wait{Deadline::ship_by, From::order, {}, false},
    Wait{Deadline::backorder_by, From::here, Duration::days(30), false},
    Wait{Deadline::renew, From::provider, Duration::hours(24), false},
    Wait{Deadline::buyer_answer, From::here, Duration::hours(48), false},
    Wait{Deadline::delivery, From::here, Duration::days(14), false},
    Wait{Deadline::return_by, From::here, Duration::days(30), false},
    Wait{Deadline::inspection, From::here, Duration::days(14), false},
    Wait{Deadline::dispute, From::provider, {}, false},
    Wait{Deadline::review, From::here, Duration::hours(48), false},
    Wait{Deadline::edit, From::order, {}, false},
    Wait{Deadline::complete, From::here, Duration::hours(1), false},
};

constexpr Wait const& wait_of(Deadline deadline) {
    return waits[static_cast<std::size_t>(deadline) - 1];
}
constexpr Compensation const& compensation_of(Step step) {
    return compensations[static_cast<std::size_t>(step) - 1];
}

/// `unwinding` is given longer before it alarms: others have to acknowledge.
inline constexpr Duration unwinding_alarm = Duration::minutes(15);
/// An unanswered call is looked up after a second, made again with the same key after two more, and
/// so on in turns, 4, 8 … and at most this long apart. A provider that is back after it was down
/// knows nothing of the call: two such pauses, and it has it.
inline constexpr Duration find_pause_max = Duration::seconds(20);
inline constexpr std::uint32_t finds_before_repeating = 1;
/// A refused capture is tried again after 1, 2, 4 … hours, at most this long apart.
inline constexpr Duration capture_pause_first = Duration::hours(1);
inline constexpr Duration capture_pause_max = Duration::hours(24);
/// A refund that the provider keeps pending is looked up this often.
inline constexpr Duration refund_pause = Duration::days(7);
/// How often the buyer may offer a way to pay. Past it: the order is rejected.
inline constexpr std::uint32_t offers_max = 3;
/// Payments and reservations that the process makes for itself are numbered from here, above those
/// the buyer brings about.
inline constexpr std::uint32_t own_attempts_from = 16;
/// How many payments the process makes for one order. Past it nothing more is authorised, and what
/// is missing is uncollected.
inline constexpr std::uint32_t own_payments_max = 64;
/// A payment of our own that the provider says nothing about is given up after that many tries to
/// find it, about half an hour.
inline constexpr std::uint32_t finds_max = 94;
/// SKUs in one parcel.   Source: DOMAIN section 1.
inline constexpr std::size_t parcel_skus_max = 40;

namespace table_checks {

constexpr bool every_step_has_an_undo() {
    for (std::size_t i = 0; i < compensations.size(); ++i) {
        auto const& entry = compensations[i];
        if (static_cast<std::size_t>(entry.step) != i + 1)
            return false;
        if ((entry.undo == Undo::by_step) != entry.by.has_value())
            return false;
    }
    return true;
}
constexpr bool every_wait_has_an_end() {
    for (std::size_t i = 0; i < waits.size(); ++i) {
        auto const& wait = waits[i];
        if (static_cast<std::size_t>(wait.deadline) != i + 1)
            return false;
        if ((wait.from == From::here || wait.from == From::reservation) && wait.lasts <= Duration{})
            return false;
    }
    return true;
}
template <class Enum>
inline constexpr std::size_t words =
    boost::mp11::mp_size<boost::describe::describe_enumerators<Enum>>::value;

static_assert(compensations.size() == words<Step>, "a step has no entry in the table");
static_assert(every_step_has_an_undo(), "the table has a step out of place, or without an undo");
static_assert(waits.size() == words<Deadline>, "a wait has no entry in the table");
static_assert(every_wait_has_an_end(), "the table has a wait out of place, or without an end");
static_assert(own_attempts_from > offers_max, "the buyer's numbers and our own must not meet");

} // namespace table_checks
} // namespace kontor::checkout
