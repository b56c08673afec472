#pragma once

/// I1, no oversell: each shelf folded from its own facts alone. What is promised is there, what
/// leaves was promised, and what was given back never leaves. Units that move between shelves are
/// as many before as after, in one command: none appears, none vanishes.
///
/// Shares no code with domain/stock; only the words of its facts.

#include "tests/simulation/checkers/history.hpp"

#include <map>
#include <set>

namespace kontor::simulation {

class OversellChecker {
public:
    explicit OversellChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    /// Everybody went home: no promise is open, and what parcels carry has left the shelves.
    void at_rest();

private:
    struct Promise {
        std::int64_t reserved{0};
        std::int64_t backordered{0};
    };
    struct Shelf {
        std::int64_t on_hand{0};
        std::int64_t reserved{0};
        std::int64_t backordered{0};
        std::int64_t backorder_max{0};
        std::map<ReservationId, Promise> open{};
        std::set<ReservationId> ended{};
    };
    void see(Shelf& shelf, stock::Reserved const& fact);
    void see(Shelf& shelf, stock::Released const& fact);
    void see(Shelf& shelf, stock::Issued const& fact);
    template <class Other>
    void see(Shelf& shelf, Other const& fact);
    void see_move(Fact const& fact);
    void check_move();
    void fill(Shelf& shelf, stock::Fills const& fills);
    void end_if_empty(Shelf& shelf, ReservationId id);
    void fail(std::string what);

    Verdict& verdict_;
    std::map<std::string, Shelf> shelves_;
    std::map<FulfilmentId, std::int64_t> issued_;
    std::map<FulfilmentId, std::int64_t> dispatched_;
    /// The move between shelves that is being told; facts of one command follow each other.
    struct Move {
        CommandId command;
        TransferId transfer;
        std::string sku;
        std::int64_t balance; ///< what arrived less what left
        std::string where;
    };
    std::optional<Move> move_;
    std::string where_;
};

} // namespace kontor::simulation
