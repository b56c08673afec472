#include "services/gateway/open_request.hpp"
#include "services/gateway/projection_desk.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/rows.hpp"

namespace kontor::services::gateway {
namespace {

constexpr std::uint64_t wait_ms_default = 1'000;
constexpr std::uint64_t wait_ms_max = 5'000;

} // namespace

/// False: the read model has not come so far yet, and there is time to wait.
Result<bool, Trouble> Gateway::rows_are_there(Open& open) {
    auto& asked = open.asked;
    if (asked.route->model == Model::none)
        return true;
    auto rows = parts_.models.read(shape_of(asked.route->model));
    if (!rows)
        return unexpected(retry(trouble("unavailable", "the read model is not built yet")));
    KONTOR_TRY(auto const seen, or_trouble((*rows)->checkpoint()));
    open.position = seen.position;
    KONTOR_TRY(auto const wait, wait_asked(open));
    KONTOR_TRY(auto const wanted, wanted_position(open));
    if (wanted > seen.position || is_unfolded(seen.position))
        return may_wait(open, wait);
    if (asked.route->needs.stock) {
        KONTOR_TRY(bool const has_stock, stock_is_there(asked));
        if (!has_stock)
            return may_wait(open, wait);
    }
    open.is_stale = !is_followed(asked.route->model);
    asked.rows = *std::move(rows);
    return true;
}

/// Whether somebody keeps the rows up to date, and has not paused.
bool Gateway::is_followed(Model model) const {
    if (parts_.projections == nullptr)
        return true;
    auto const* const projector = parts_.projections->find(shape_of(model).name);
    return projector == nullptr || projector->is_following();
}

/// Whether rows at this position hold nothing of a log that has something: the shop is new, or
/// they were discarded and are folded anew beside. Shown, they would say that there is nothing.
bool Gateway::is_unfolded(ports::Position position) const {
    return position == ports::Position() && parts_.log.durable().position > position;
}

/// False: its rows are not there yet.   Errors: unavailable, corrupt.
Result<bool, Trouble> Gateway::stock_is_there(Asked& asked) {
    auto rows = parts_.models.read(shape_of(Model::stock));
    if (!rows && rows.error().kind == FailureKind::not_found)
        return false;
    KONTOR_TRY(auto stock, or_trouble(std::move(rows)));
    KONTOR_TRY(auto const seen, or_trouble(stock->checkpoint()));
    if (is_unfolded(seen.position))
        return false;
    asked.stock_rows = std::move(stock);
    return true;
}

/// How far the rows must have come.   Errors: parameter_invalid.
Result<ports::Position, Trouble> Gateway::wanted_position(Open& open) {
    if (open.asked.route->needs.newest_rows && open.newest == ports::Position())
        open.newest = parts_.log.durable().position;
    auto const wanted = open.asked.parameter("min_position");
    if (!wanted)
        return open.newest;
    auto const position = number_in(*wanted);
    if (!position)
        return unexpected(bad_parameter("min_position", "it is no Kontor-Position"));
    return std::max(open.newest, ports::Position(*position));
}

/// How long a caller waits for rows.   Errors: parameter_invalid.
Result<Duration, Trouble> Gateway::wait_asked(Open const& open) {
    auto const wait = open.asked.parameter("wait_ms");
    auto const ms = wait ? number_in(*wait) : wait_ms_default;
    if (!ms || *ms > wait_ms_max)
        return unexpected(bad_parameter("wait_ms", "0 to 5000 is wanted"));
    return Duration::milliseconds(static_cast<std::int64_t>(*ms));
}

/// False: the rows are not there yet, and there is time.
/// Errors: read_model_behind.
Result<bool, Trouble> Gateway::may_wait(Open& open, Duration wait) {
    if (open.wait_until == Duration())
        open.wait_until = parts_.clock.monotonic() + wait;
    if (parts_.clock.monotonic() >= open.wait_until)
        return unexpected(retry(trouble("read_model_behind")));
    return false;
}

} // namespace kontor::services::gateway
