#include "bench/judges.hpp"

#include "bench/phase.hpp"
#include "bench/stores.hpp"
#include "tests/simulation/checkers/endings.hpp"
#include "tests/simulation/checkers/money.hpp"
#include "tests/simulation/checkers/oversell.hpp"
#include "tests/simulation/checkers/sequence.hpp"
#include "tests/simulation/checkers/settlement.hpp"

#include <fmt/core.h>

namespace kontor::bench {
namespace {

using simulation::EndingsChecker;
using simulation::Fact;
using simulation::MoneyChecker;
using simulation::OversellChecker;
using simulation::read_fact;
using simulation::SequenceChecker;
using simulation::SettlementChecker;
using simulation::Verdict;

/// A payment in the log is judged by the log: no provider's book lies beside it.
struct Judges {
    Verdict verdict{};
    OversellChecker oversell{verdict};
    MoneyChecker money{verdict};
    SequenceChecker sequence{verdict};
    EndingsChecker endings{verdict};
    SettlementChecker settlement{verdict};

    void see(Fact const& fact) {
        oversell.see(fact);
        money.see(fact);
        sequence.see(fact);
        endings.see(fact);
        settlement.see(fact);
    }
    void at_rest() {
        oversell.at_rest();
        endings.at_rest();
        settlement.at_rest();
    }
};

} // namespace

std::string judge(ports::EventStore& store) {
    Phase const phase("judges");
    Judges judges;
    ports::Position position{};
    std::uint64_t facts = 0;
    for (;;) {
        auto const page = must(store.read_log(position, ports::Limit(4096)));
        if (page.empty())
            break;
        for (auto const& event : page.events) {
            judges.see(must(read_fact(page, event)));
            ++facts;
        }
        position = page.events.back().position;
    }
    judges.at_rest();
    auto const& violation = judges.verdict.violation();
    KONTOR_ASSERT(!violation, "{} is violated: {}", violation->invariant, violation->what);
    KONTOR_ASSERT(judges.endings.open() == 0, "{} orders are open", judges.endings.open());
    return fmt::format("I1, I2, I3, I4, I5 and I15 hold in {} facts of {} orders, {} of them "
                       "completed, by the simulator's checkers",
                       facts, judges.endings.orders(), judges.endings.completed());
}

} // namespace kontor::bench
