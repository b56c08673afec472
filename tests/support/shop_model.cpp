#include "tests/support/shop_model.hpp"

namespace kontor::checkout::spec {

ShopModel::ShopModel(std::uint64_t seed)
    : dice_(seed), hand_dice_(Random(seed).fork("hand")),
      unreliable_(static_cast<int>(Random(seed).fork("faults").below(6))) {
    words_.lines = static_cast<int>(dice_.between(1, 4));
    words_.price = dice_.chance(1, 12) ? 0 : 100;
    words_.setting = dice_.chance(1, 3) ? CaptureSetting::once : CaptureSetting::per_parcel;
    open_.assign(static_cast<std::size_t>(words_.lines), 2);
}

void ShopModel::live() {
    later({}, [this] {
        auto placed = words_.placed();
        placed.pay_by = placed.pay_by + offset_;
        tell(placed);
    });
    buyer_acts();
    if (moves_by_hand)
        support_acts();
    for (int turn = 0; turn < 5'000; ++turn) {
        auto const due = next_deadline(state());
        if (plan_.empty() && !due)
            return;
        if (!plan_.empty() && (!due || plan_.begin()->first <= *due)) {
            auto const what = std::move(plan_.begin()->second);
            process_.at(std::max(process_.now(), plan_.begin()->first));
            plan_.erase(plan_.begin());
            what();
        } else {
            process_.at(std::max(process_.now(), *due));
            take_step([](auto& process) { return process.when(DeadlineReached{}); });
        }
    }
}

template <class Input>
void ShopModel::take_step(Input const& make) {
    auto const before = state();
    auto const step = make(process_);
    for (auto const& event : step.outputs().events) {
        ++steps_;
        if (on_step && before.phase != Phase::none)
            on_step(before, std::get<Advanced>(event), process_.context());
    }
    if (keep_told)
        told_.push_back(
            [make](testing::GivenProcess<Process>& other) { return make(other).outputs(); });
    for (auto const& command : step.outputs().commands)
        later(Duration::milliseconds(dice_.between(0, 50)), [this, command] {
            carry_out(command);
            if (dice_.chance(1, 8))
                later(soon(), [this, command] { carry_out(command); });
        });
}

void ShopModel::tell(order::Event fact) {
    auto const setting = words_.setting;
    auto const make = [fact, setting](auto& process) {
        return process.when(OrderFact{fact, setting});
    };
    take_step(make);
    if (tell_twice)
        repeated_steps_ += static_cast<int>(make(process_).outputs().events.size());
}
void ShopModel::tell(ReservationId id, reservation::Event fact) {
    auto const make = [id, fact](auto& process) { return process.when(ReservationFact{id, fact}); };
    take_step(make);
    if (tell_twice)
        repeated_steps_ += static_cast<int>(make(process_).outputs().events.size());
}
void ShopModel::tell(PaymentId id, payment::Event fact) {
    auto const make = [id, fact](auto& process) { return process.when(PaymentFact{id, fact}); };
    take_step(make);
    if (tell_twice)
        repeated_steps_ += static_cast<int>(make(process_).outputs().events.size());
}
void ShopModel::tell(FulfilmentId id, fulfilment::Event fact) {
    auto const make = [id, fact](auto& process) { return process.when(FulfilmentFact{id, fact}); };
    take_step(make);
    if (tell_twice)
        repeated_steps_ += static_cast<int>(make(process_).outputs().events.size());
}
void ShopModel::refuse(Step step, RefusalReason reason, Id128 subject) {
    auto const make = [step, reason, subject](auto& process) {
        return process.when(Refused{step, subject, reason});
    };
    take_step(make);
    if (tell_twice)
        repeated_steps_ += static_cast<int>(make(process_).outputs().events.size());
}

/// Asked twice it is a second wish, and may well be granted.
void ShopModel::tell(MoneyAsked const& wish) {
    auto const before = steps_;
    auto const id = CommandId(Id128(2, ++requests_));
    take_step([wish, id](auto& process) { return process.under(id).when(wish); });
    hand_moves_ += steps_ - before;
}

void ShopModel::later(Duration by, Tell what) {
    plan_.emplace(process_.now() + by, std::move(what));
}

void ShopModel::carry_out(Command const& command) {
    std::visit([this](auto const& wanted) { perform(wanted); }, command);
}

std::int64_t ShopModel::held() const {
    std::int64_t sum = 0;
    for (auto const& [id, account] : accounts_)
        sum += account.over ? 0 : account.held - account.captured;
    return sum;
}
std::int64_t ShopModel::captured() const {
    std::int64_t sum = 0;
    for (auto const& [id, account] : accounts_)
        sum += account.captured;
    return sum;
}
std::int64_t ShopModel::refunded() const {
    std::int64_t sum = 0;
    for (auto const& [id, account] : accounts_)
        sum += account.refunded;
    return sum;
}
int ShopModel::open_reservations() const {
    int count = 0;
    for (auto const& [id, hold] : holds_)
        count += hold == Hold::held || hold == Hold::asked ? 1 : 0;
    return count;
}
int ShopModel::open_parcels() const {
    int count = 0;
    for (auto const& [id, box] : boxes_)
        count += box.is_open && !box.has_arrived ? 1 : 0;
    return count;
}

std::int64_t ShopModel::value_of(std::vector<LineQuantity> const& lines) const {
    std::int64_t units = 0;
    for (auto const& unit : lines)
        units += unit.quantity.value();
    return units * words_.price / 2;
}

// Stock.

void ShopModel::perform(ReserveLines const& command) {
    auto const known = holds_.find(command.reservation_id);
    if (known != holds_.end())
        return;
    if (dice_.chance(1, 10)) {
        holds_[command.reservation_id] = Hold::closed;
        later(soon(), [this, command] {
            tell(command.reservation_id, reservation::Rejected{order_id, command.attempt, {}});
        });
        return;
    }
    holds_[command.reservation_id] = Hold::held;
    reservation::Held held{order_id, command.attempt, {}, command.expires_at};
    auto const backordered = dice_.chance(1, 5);
    for (auto const& line : command.lines)
        held.items.push_back({line.sku, main_store(),
                              Count(backordered ? 0 : line.quantity.value()),
                              Count(backordered ? line.quantity.value() : 0)});
    later(soon(), [this, command, held] { tell(command.reservation_id, held); });
    if (backordered && dice_.chance(1, 2))
        later(Duration::days(dice_.between(1, 28)), [this, command, held] {
            reservation::Filled filled{order_id, {}};
            for (auto const& item : held.items)
                filled.items.push_back({item.sku, item.location, item.backordered, Count(0)});
            tell(command.reservation_id, filled);
        });
    if (dice_.chance(1, 6))
        later(Duration::minutes(dice_.between(1, 15)), [this, command] {
            auto& hold = holds_[command.reservation_id];
            if (hold != Hold::held)
                return;
            hold = Hold::closed;
            tell(command.reservation_id, reservation::Expired{order_id, {}});
        });
}

void ShopModel::perform(ReleaseReservation const& command) {
    if (!command.items.empty())
        return;
    auto& hold = holds_[command.reservation_id];
    if (hold == Hold::closed)
        return;
    hold = Hold::closed;
    later(soon(),
          [this, command] { tell(command.reservation_id, reservation::Released{order_id, {}}); });
}

// Money.

void ShopModel::hold_money(PaymentId id, std::uint32_t attempt, std::int64_t amount) {
    auto& account = accounts_[id];
    if (account.settled)
        return;
    account.settled = true;
    account.held = amount;
    auto fact = words_.authorised(amount, static_cast<std::uint16_t>(attempt));
    auto const life = dice_.chance(1, 6) ? Duration::minutes(1) : Duration::days(7);
    fact.capture_before = process_.now() + life;
    later(life, [this, id] {
        auto& lapsed = accounts_[id];
        if (lapsed.over)
            return;
        lapsed.over = true;
        tell(id, payment::AuthorisationExpired{pounds(lapsed.held - lapsed.captured)});
    });
    tell(id, fact);
}

void ShopModel::answer_authorisation(PaymentId id, std::uint32_t attempt, std::int64_t amount) {
    auto& account = accounts_[id];
    if (account.settled)
        return;
    if (dice_.chance(1, 6)) {
        account.settled = true;
        account.over = true;
        tell(id, payment::Declined{order_id, static_cast<std::uint16_t>(attempt), {}, true});
        if (!confirmed_ && !closed_ && offers_ < 3)
            later(Duration::minutes(dice_.between(1, 4)),
                  [this] { tell(order::PaymentOffered{++offers_, {}, {}}); });
    } else {
        hold_money(id, attempt, dice_.chance(1, 15) ? amount - 1 : amount);
    }
}

void ShopModel::perform(Authorise const& command) {
    auto const amount = command.amount.minor();
    if (dice_.below(10) < static_cast<std::uint64_t>(unreliable_)) {
        later(Duration::seconds(10), [this, command] {
            if (!accounts_[command.payment_id].settled)
                tell(command.payment_id, payment::OutcomeUnknown{});
        });
        if (dice_.chance(1, 2))
            later(Duration::minutes(dice_.between(0, 90)), [this, command, amount] {
                if (!accounts_[command.payment_id].over)
                    hold_money(command.payment_id, command.attempt, amount);
            });
        return;
    }
    later(soon(), [this, command, amount] {
        answer_authorisation(command.payment_id, command.attempt, amount);
    });
}

void ShopModel::perform(FindPayment const& command) {
    auto& account = accounts_[command.payment_id];
    if (command.operation != payment::OperationKind::authorise || account.settled)
        return;
    if (command.if_nothing != IfNothingFound::give_up || dice_.chance(1, 4))
        return;
    account.settled = true;
    account.over = true;
    later(soon(),
          [this, command] { tell(command.payment_id, payment::Declined{order_id, 1, {}, false}); });
}

void ShopModel::perform(Capture const& command) {
    auto& account = accounts_[command.payment_id];
    auto const id = command.capture_id;
    if (account.captures.contains(id.value()))
        return;
    if (account.over) {
        refuse(Step::capture, RefusalReason::authorisation_expired, id.value());
        return;
    }
    auto const dice = dice_.below(10);
    if (dice == 0 || account.held - account.captured < command.amount.minor()) {
        later(soon(),
              [this, command, id] { tell(command.payment_id, payment::CaptureFailed{id, {}}); });
        return;
    }
    if (dice <= static_cast<std::uint64_t>(unreliable_) / 2) {
        later(Duration::seconds(10), [this, command, id] {
            if (!accounts_[command.payment_id].captures.contains(id.value()))
                tell(command.payment_id, payment::OutcomeUnknown{payment::OperationKind::capture,
                                                                 id.value(), pounds(0)});
        });
        return;
    }
    account.captures.insert(id.value());
    account.captured += command.amount.minor();
    account.over = account.over || command.last || account.captured == account.held;
    later(soon(), [this, command, id] {
        tell(command.payment_id,
             payment::Captured{id, command.amount, command.last, command.fulfilment_id});
    });
}

void ShopModel::perform(VoidPayment const& command) {
    auto& account = accounts_[command.payment_id];
    if (account.over)
        return;
    account.over = true;
    later(soon(), [this, command] {
        tell(command.payment_id, payment::Voided{pounds(0), command.reason});
    });
}

void ShopModel::perform(RefundPayment const& command) {
    auto& account = accounts_[command.payment_id];
    auto const id = command.refund_id.value();
    if (account.refunds.contains(id))
        return;
    auto const amount = command.amount.minor();
    if (account.captured - account.refunded < amount) {
        refuse(Step::refund, RefusalReason::other, id);
        return;
    }
    account.refunds[id] = amount;
    account.refunded += amount;
    tell(command.payment_id, payment::RefundPending{command.refund_id, command.amount});
    auto const pause = dice_.chance(1, 10) ? Duration::days(8) : soon();
    later(pause, [this, command] {
        tell(command.payment_id, payment::Refunded{command.refund_id, command.amount, {}});
    });
}

} // namespace kontor::checkout::spec
