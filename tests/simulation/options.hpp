#pragma once

/// What kontor_sim can be asked for.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::simulation {

inline constexpr std::string_view usage_text =
    R"(kontor_sim [--seed=N | --from=A --to=B | --count=N] and:
  --help         print this, and do nothing
  --until=STEP   stop after so many steps
  --mask=1,2     switch these faults off, by number
  --calm         no faults at all
  --bug=NAME     run with a planted bug (in kontor_sim_mutants)
  --twice        run every seed again in a second process, and compare
  --canary       let the disk lie: this must be found
  --wall-jumps   let the machine's wall clock jump while the shop runs
  --go-on        go on behind a red seed
  --facts        print every fact as it becomes visible
  --marks        show the rare states that were reached
  --quiet        print one line a seed, and nothing else of good ones
  --kept=FILE    run the seeds that are listed in a file first
  --world=embedded
Without a seed it takes KONTOR_SEED, else draws one; --count begins at 1. A value may also follow its option after a space.
)";

struct Options {
    std::string program;
    std::uint64_t first{0};
    std::uint64_t last{0};
    std::uint64_t until{UINT64_MAX};
    std::vector<unsigned> mask{};
    std::string bug{};
    std::string kept{};
    bool is_calm{false};
    bool is_canary{false};
    bool jumps_wall{false};
    bool is_quiet{false};
    bool goes_on{false};
    bool shows_marks{false};
    bool shows_facts{false};
    bool runs_twice{false};
    bool asks_for_help{false};

    bool is_single() const { return first == last; }
    /// Of a range every tenth seed, at least the first, runs beside a jumping wall clock.
    bool is_jumped(std::uint64_t seed) const {
        return !is_quiet && !is_calm && !is_canary && !jumps_wall && (seed - first) % 10 == 0;
    }
    /// Of a range every fiftieth seed, at least the first, runs twice.
    bool is_twice(std::uint64_t seed) const {
        return runs_twice || (!is_single() && !is_quiet && (seed - first) % 50 == 0);
    }
};

/// Errors: what is wrong, in a sentence.
Result<Options, std::string> parse_options(int count, char const* const* arguments);

} // namespace kontor::simulation
