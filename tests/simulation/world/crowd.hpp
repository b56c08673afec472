#pragma once

/// Crowd: the people around the shop. Buyers place orders, click twice, pay again, cancel, edit,
/// send back; some are known to the shop, and some of those ask to be forgotten; the warehouse
/// takes returns in; the operator fills and counts the shelves, and lays things aside for orders
/// that never come; support looks into suspicious orders, and moves money by hand. They know what
/// they were told and what they see in the log, nothing else. Whoever got no answer asks again with
/// the same key.
/// Thread: one.

#include "tests/simulation/checkers/audit.hpp"
#include "tests/simulation/checkers/sequence.hpp"
#include "tests/simulation/world/chaos.hpp"

#include "base/clock.hpp"
#include "services/shop/shop.hpp"

#include <deque>
#include <functional>
#include <map>

namespace kontor::simulation {

struct CrowdPlan {
    std::size_t orders{0};
    std::size_t skus{1};
    Duration load{}; ///< within this time the orders are placed
    std::vector<Location> locations{};
};

/// Who is told what people asked for and what they were answered.
struct CrowdJudges {
    SequenceChecker& log;
    AuditChecker& audit;
    Verdict& verdict;
};

class Crowd {
public:
    Crowd(Random const& seed, Clock& clock, Chaos& chaos, CrowdJudges judges, CrowdPlan plan);

    /// A new process opened its door: what was not answered is asked again.
    void come_in(services::ShopClient& door);
    /// Takes answers and does what is due; says how much that was.
    std::size_t do_work();
    std::optional<Instant> next_due() const;
    /// A fact that people are told of.
    void see(Fact const& fact);

    std::size_t asked() const { return asked_.size(); }
    std::size_t unanswered() const { return open_.size(); }

private:
    using Request = services::ShopRequest;
    /// What somebody wanted, and what the shop said first.
    struct Wish {
        Request request;
        bool must_have_facts{false};
        bool is_answered{false};
        std::uint16_t problem{0}; ///< 0: accepted
    };
    struct Order {
        std::vector<order::Line> lines{};
        std::uint32_t offers{1};
        std::uint64_t returns{0};
        std::optional<CustomerId> buyer{};
        bool is_placed{false};
        bool has_ended{false};
        std::int64_t disputes{0}; ///< that are open
    };
    /// Somebody who comes more than once.
    struct Person {
        std::uint64_t changes{0};
        std::uint64_t refusals{0}; ///< of the wish to be forgotten
    };

    void plan_orders();
    void plan_shelves();
    void plan_moves();
    void at(Instant when, std::function<void()> act);
    void later(Duration least, Duration most, std::function<void()> act);
    std::uint64_t ask(OrderId order, ActorKind who, services::Work work);
    services::Work noted(CommandId command, std::uint64_t number, services::Work work);
    void send(std::uint64_t wish);
    void click_again(std::uint64_t wish);
    void take(services::ShopAnswer answer);
    void settle(Wish& wish, std::uint16_t problem, bool is_replay);

    void place();
    order::Quote draw_quote();
    std::string draw_card();
    void pay_again(OrderId order);
    void change_mind(OrderId order);
    void wish_to_edit(OrderId order);
    void edit(OrderId order);
    checkout::EditAsked draw_more(OrderId order);
    checkout::EditAsked draw_less(OrderId order);
    void send_back(OrderId order, std::vector<LineQuantity> lines);
    void take_in(OrderId order, order::ReturnRequested const& wanted);
    void see_order(OrderId order, order::Event const& event);
    void stock_up(Location const& location, Sku const& sku, std::int64_t units);
    void recount(Location const& location, Sku const& sku);
    void move_units(Sku const& sku);
    void suspect(OrderId order);
    void review(FulfilmentId parcel, OrderId order);
    void plan_holds();
    void hold_at_the_counter();
    void plan_people();
    customer::Profile draw_profile(CustomerId person);
    void describe_buyer(order::Place& wish);
    void move_house(OrderId order);
    void wish_to_be_forgotten(CustomerId person);
    void see_money(PaymentId payment, OrderId order, payment::Event const& event);
    void move_by_hand(PaymentId payment, OrderId order);
    void see_hand_move(checkout::Advanced const& step);

    Random dice_;
    Random edit_dice_;
    Random counter_dice_;
    Random risk_dice_;
    Random people_dice_;
    Random hand_dice_;
    Random move_dice_;
    Clock& clock_;
    Chaos& chaos_;
    CrowdJudges judges_;
    CrowdPlan plan_;
    Instant end_;
    std::vector<Sku> skus_;
    services::ShopClient* door_{nullptr};
    std::multimap<Instant, std::function<void()>> agenda_;
    std::deque<Wish> asked_;                      ///< by number, from 1
    std::map<std::uint64_t, std::uint64_t> open_; ///< tickets without an answer, with their wish
    std::deque<std::unique_ptr<Request>> waiting_;
    std::uint64_t tickets_{0};
    std::uint64_t moves_{0};
    std::map<OrderId, Order> orders_;
    std::map<CustomerId, Person> people_;
};

} // namespace kontor::simulation
