#pragma once

/// A shop around the order process, small and by its own rules, driven by a seed: it carries out
/// what the process sends, answers when and how the dice say, refuses as the deciders do, and lets
/// buyer and warehouse act. Its books are kept apart from the process, so that they judge it.
/// Thread: one test at a time.

#include "domain/checkout/checkout.hpp"
#include "tests/support/purchase.hpp"

#include "base/random.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace kontor::checkout::spec {

class ShopModel {
public:
    explicit ShopModel(std::uint64_t seed);

    /// Lives until nothing is planned and the process waits for nothing.
    void live();
    void start_later(Duration by) {
        offset_ = by;
        process_.at(noon + by);
    }

    State const& state() const { return process_.state(); }
    Phase phase() const { return state().phase; }
    Instant now() const { return process_.now() - offset_; }
    int steps() const { return steps_; }
    int steps_by_repetition() const { return repeated_steps_; }

    std::int64_t held() const;
    std::int64_t captured() const;
    std::int64_t refunded() const;
    std::int64_t uncollected() const { return uncollected_; }
    std::int64_t shipped() const { return shipped_; }
    std::int64_t returned() const { return returned_; }
    bool is_order_over() const { return closed_ || completed_; }
    int open_reservations() const;
    int open_parcels() const;

    /// Somebody of support moves money at any moment, wisely or not.
    bool moves_by_hand{false};
    /// How often a move of theirs made the process go a step.
    int hand_moves() const { return hand_moves_; }

    bool tell_twice{false};
    bool keep_told{false};
    std::function<void(State const&, Advanced const&, Context const&)> on_step{};
    std::size_t told() const { return told_.size(); }
    Outputs retell(std::size_t index, testing::GivenProcess<Process>& other) const {
        return told_[index](other);
    }

private:
    using Tell = std::function<void()>;
    struct Account {
        std::int64_t held{0};
        std::int64_t captured{0};
        std::int64_t refunded{0};
        bool settled{false}; ///< a definite answer was given
        bool over{false};
        std::set<Id128> captures{};
        std::map<Id128, std::int64_t> refunds{};
    };
    struct Box {
        std::vector<LineQuantity> lines{};
        bool is_open{true};
        bool has_left{false};
        bool has_arrived{false};
    };
    enum class Hold : std::uint8_t { asked, held, confirmed, closed };

    // What the process is told.
    template <class Input>
    void take_step(Input const& make);
    void tell(order::Event fact);
    void tell(ReservationId id, reservation::Event fact);
    void tell(PaymentId id, payment::Event fact);
    void tell(FulfilmentId id, fulfilment::Event fact);
    void refuse(Step step, RefusalReason reason, Id128 subject = {});
    void tell(MoneyAsked const& wish);

    void later(Duration by, Tell what);
    Duration soon() { return Duration::milliseconds(dice_.between(1, 3'000)); }
    void carry_out(Command const& command);
    void perform(ReserveLines const& command);
    void perform(ExtendHold const&) {}
    void perform(ReleaseReservation const& command);
    void perform(Authorise const& command);
    void perform(FindPayment const& command);
    void perform(Capture const& command);
    void perform(VoidPayment const& command);
    void perform(RefundPayment const& command);
    void perform(ConfirmOrder const& command);
    void perform(RejectOrder const& command);
    void perform(ExpireOrder const& command);
    void perform(CancelOrder const& command);
    void perform(CreateFulfilment const& command);
    void perform(CancelFulfilment const& command);
    void perform(HoldFulfilment const&) {}
    void perform(ResumeFulfilment const&) {}
    void perform(DeliverFulfilment const& command);
    void perform(CancelLines const& command);
    void perform(RequestReturn const& command);
    void perform(CancelReturn const& command);
    void perform(CommitEdit const&) {}
    void perform(AbandonEdit const&) {}
    void perform(CompleteOrder const& command);
    void perform(AskBuyer const&) {}
    void perform(RaiseAlarm const&) {}
    void perform(ShipServices const&) {}

    void buyer_acts();
    void support_acts();
    void move_by_hand();
    void cancel_order();
    void cancel_lines(std::vector<LineQuantity> const& wanted);
    void answer_authorisation(PaymentId id, std::uint32_t attempt, std::int64_t amount);
    void hold_money(PaymentId id, std::uint32_t attempt, std::int64_t amount);
    void dispatch(FulfilmentId id);
    void arrive(FulfilmentId id);
    void bring_back(FulfilmentId id);
    void receive(ReturnId id, std::vector<LineQuantity> const& lines);
    std::int64_t value_of(std::vector<LineQuantity> const& lines) const;

    Purchase words_{};
    testing::GivenProcess<Process> process_{};
    Random dice_;
    Random hand_dice_;
    Duration offset_{};
    std::multimap<Instant, Tell> plan_{};
    std::vector<std::function<Outputs(testing::GivenProcess<Process>&)>> told_{};
    int steps_{0};
    int repeated_steps_{0};
    int hand_moves_{0};

    std::map<PaymentId, Account> accounts_{};
    std::map<ReservationId, Hold> holds_{};
    std::map<FulfilmentId, Box> boxes_{};
    std::map<ReturnId, bool> returns_{}; ///< true: still open
    std::vector<std::int64_t> open_{};   ///< units of each line, neither shipped nor cancelled
    std::uint64_t requests_{0};
    std::uint32_t offers_{1};
    int unreliable_; ///< of 10 calls so many give no answer, while faults last
    bool confirmed_{false};
    bool closed_{false};
    bool completed_{false};
    std::int64_t shipped_{0};
    std::int64_t returned_{0};
    std::int64_t uncollected_{0};
};

} // namespace kontor::checkout::spec
