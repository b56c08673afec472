#include "domain/catalog/coupon/decide.hpp"

namespace kontor::coupon {

namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

bool is_above_zero(Money amount) {
    return !amount.is_zero() && !amount.is_negative();
}

Result<void, Rejection> check_terms(Issue const& command) {
    bool const one_discount = command.bp.has_value() != command.amount.has_value();
    bool const takes_off = !command.bp || command.bp->value() > 0;
    bool const amounts = (!command.amount || is_above_zero(*command.amount)) &&
                         (!command.minimum || !command.minimum->is_negative());
    if (!one_discount || !takes_off || !amounts || command.uses.value() == 0 ||
        command.from >= command.until)
        return unexpected(Rejection::bad_terms);
    if (command.amount && command.minimum &&
        command.amount->currency() != command.minimum->currency())
        return unexpected(Rejection::currency_mixed);
    return {};
}

Result<void, Rejection> check_goods(Issued const& terms, Money goods) {
    if (terms.amount && terms.amount->currency() != goods.currency())
        return unexpected(Rejection::currency_mixed);
    if (!terms.minimum)
        return {};
    if (terms.minimum->currency() != goods.currency())
        return unexpected(Rejection::currency_mixed);
    if (goods < *terms.minimum)
        return unexpected(Rejection::below_minimum);
    return {};
}

} // namespace

Decision decide(State const& state, Issue const& command, Context const&) {
    Issued const terms{command.code, command.from,   command.until,  command.uses,
                       command.bp,   command.amount, command.minimum};
    if (auto const* const valid = std::get_if<Valid>(&state)) {
        if (valid->terms != terms)
            return unexpected(Rejection::code_exists);
        return nothing_happens();
    }
    KONTOR_TRY(check_terms(command));
    return facts<Event>(terms);
}

Decision decide(State const& state, Use const& command, Context const& context) {
    auto const* const valid = std::get_if<Valid>(&state);
    if (valid == nullptr)
        return unexpected(Rejection::unknown_code);
    if (is_used_by(*valid, command.order_id))
        return nothing_happens();
    if (context.now < valid->terms.from)
        return unexpected(Rejection::not_yet_valid);
    if (context.now >= valid->terms.until)
        return unexpected(Rejection::no_longer_valid);
    if (static_cast<std::int64_t>(valid->used_by.size()) >= valid->terms.uses.value())
        return unexpected(Rejection::used_up);
    KONTOR_TRY(check_goods(valid->terms, command.goods));
    return facts<Event>(Used{command.code, command.order_id});
}

Decision decide(State const& state, GiveBack const& command, Context const&) {
    auto const* const valid = std::get_if<Valid>(&state);
    if (valid == nullptr || !is_used_by(*valid, command.order_id))
        return nothing_happens();
    return facts<Event>(GivenBack{command.code, command.order_id});
}

} // namespace kontor::coupon
