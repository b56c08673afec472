/// kontor_sim: runs seeds of the simulator and says what it found.
///
/// Exit: 0 all good, 1 an invariant was violated, 2 usage.

#include "tests/mutants/planted.hpp"
#include "tests/simulation/options.hpp"
#include "tests/simulation/world/simulation.hpp"

#include "adapters/embedded/journal/faults.hpp"
#include "base/assert.hpp"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace kontor::simulation {
namespace {

constexpr int good = 0;
constexpr int violated = 1;
/// So many seeds must have reached every rare state.
constexpr std::uint64_t seeds_for_all_marks = 500;

SimulationOptions options_of(Options const& options, std::uint64_t seed) {
    SimulationOptions chosen;
    chosen.seed = seed;
    chosen.until = options.until;
    chosen.mask = options.mask;
    chosen.is_calm = options.is_calm;
    chosen.is_canary = options.is_canary;
    chosen.jumps_wall = options.jumps_wall;
    if (options.jumps_wall) // a clock that is set for good is followed, and so changes what happens
        for (auto const ill : {Ill::clock_leap, Ill::clock_stop})
            chosen.mask.push_back(static_cast<unsigned>(ill));
    chosen.shows_facts = options.shows_facts;
    return chosen;
}

std::string line_to_paste(Options const& options, std::uint64_t seed) {
    auto line = fmt::format("kontor_sim --seed={} --world=embedded", seed);
    for (std::size_t i = 0; i < options.mask.size(); ++i)
        line += fmt::format("{}{}", i == 0 ? " --mask=" : ",", options.mask[i]);
    if (!options.bug.empty())
        line += " --bug=" + options.bug;
    if (options.is_calm)
        line += " --calm";
    if (options.is_canary)
        line += " --canary";
    if (options.jumps_wall)
        line += " --wall-jumps";
    return line;
}

std::string one_line(std::uint64_t seed, SimulationReport const& report) {
    return fmt::format("seed={} trace={:016x} disk={:016x} steps={} facts={} orders={} "
                       "completed={} lives={} faults={} days={}",
                       seed, report.trace_hash, report.disk_hash, report.steps, report.facts,
                       report.orders, report.completed, report.lives, report.faults,
                       report.lasted.in_microseconds() / 86'400'000'000);
}

void print_failure(Options const& options, std::uint64_t seed, SimulationReport const& report) {
    fmt::print("VIOLATED {}: {}\n  {}\n  faults of this seed: {}\n  the last transitions:\n{}"
               "  again: {} --until={}\n",
               report.violation->invariant, report.violation->what, one_line(seed, report),
               report.drawn, report.last_lines, line_to_paste(options, seed), report.steps);
}

/// What another process, with its heap filled otherwise, says of the same seed.
std::string run_elsewhere(Options const& options, std::uint64_t seed) {
    auto const command = fmt::format("MALLOC_PERTURB_=165 '{}' {} --quiet", options.program,
                                     line_to_paste(options, seed).substr(11));
    auto* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr)
        return "no second process";
    std::string said;
    for (int letter = std::fgetc(pipe); letter != EOF && letter != '\n'; letter = std::fgetc(pipe))
        said += static_cast<char>(letter);
    ::pclose(pipe);
    return said;
}

struct Tally {
    std::uint64_t seeds{0};
    std::uint64_t red{0};
    std::uint64_t orders{0};
    std::uint64_t completed{0};
    std::uint64_t facts{0};
    std::uint64_t faults{0};
    std::uint64_t lives{0};
    std::uint64_t twice{0};
    std::map<std::string, std::uint64_t> marks{};
};

void add(Tally& tally, SimulationReport const& report) {
    ++tally.seeds;
    tally.red += report.violation ? 1 : 0;
    tally.orders += report.orders;
    tally.completed += report.completed;
    tally.facts += report.facts;
    tally.faults += report.faults;
    tally.lives += report.lives;
    for (auto const& [name, count] : report.marks)
        tally.marks[std::string(name)] += count;
}

/// I15: whether the same is decided while the machine's wall clock jumps by up to a day.
bool is_same_with_jumps(Options const& options, std::uint64_t seed) {
    auto jumping = options;
    jumping.jumps_wall = true;
    auto chosen = options_of(jumping, seed);
    auto const jumped = Simulation(chosen).run();
    chosen.jumps_wall = false;
    auto const steady = Simulation(chosen).run();
    if (jumped.trace_hash == steady.trace_hash && jumped.disk_hash == steady.disk_hash)
        return true;
    fmt::print(
        "VIOLATED I15: the shop decides otherwise while the wall clock jumps\n  {}\n  steady: {}\n"
        "  again: {}\n",
        one_line(seed, jumped), one_line(seed, steady), line_to_paste(jumping, seed));
    return false;
}

/// False: the seed is red.
bool run_seed(Options const& options, std::uint64_t seed, Tally& tally) {
    set_defect_seed(seed);
    auto const report = Simulation(options_of(options, seed)).run();
    add(tally, report);
    if (report.violation) {
        print_failure(options, seed, report);
        return false;
    }
    auto const line = one_line(seed, report);
    if (options.is_quiet || options.is_single())
        fmt::print("{}\n", line);
    if (options.is_jumped(seed) && !is_same_with_jumps(options, seed)) {
        ++tally.red;
        return false;
    }
    if (!options.is_twice(seed))
        return true;
    ++tally.twice;
    auto const elsewhere = run_elsewhere(options, seed);
    if (elsewhere == line)
        return true;
    ++tally.red;
    fmt::print("VIOLATED determinism: here  {}\n                      there {}\n", line, elsewhere);
    return false;
}

/// Rare states that no seed reached: then the run has proved nothing about them.
std::uint64_t unreached(Tally const& tally) {
    std::vector<std::string_view> wanted{journal::tail_cut.name,
                                         journal::segment_rolled.name,
                                         journal::index_built.name,
                                         journal::index_rebuilt.name,
                                         journal::confirmed.name,
                                         journal::became_full.name,
                                         journal::read_cold.name,
                                         "rival.won",
                                         "rival.lost",
                                         "order.edited.more",
                                         "order.edited.less",
                                         "order.edit.abandoned",
                                         "hold.without_order",
                                         "hold.ran_out",
                                         "order.in_review",
                                         "hand.capture",
                                         "hand.void",
                                         "hand.retry",
                                         "person.erased",
                                         "person.not_forgotten_yet",
                                         "person.opened",
                                         "person.unopened",
                                         "head.signed",
                                         "views.compared",
                                         "views.rolled_back",
                                         "journal.scrub_through",
                                         "message.brought",
                                         "delivery.booked",
                                         "delivery.sent_twice",
                                         "message.sent_twice",
                                         "message.received_again",
                                         "message.dead",
                                         "message.brought_back",
                                         "receipt.late",
                                         "queues.from_checkpoint"};
    for (std::size_t ill = 0; ill < ills; ++ill)
        if (static_cast<Ill>(ill) != Ill::small_desk)
            wanted.push_back(name_of(static_cast<Ill>(ill)));
    std::uint64_t missing = 0;
    for (auto const name : wanted)
        if (!tally.marks.contains(std::string(name))) {
            fmt::print("NEVER REACHED {}\n", name);
            ++missing;
        }
    return missing;
}

/// Lines of "seed name"; a # begins a comment. False: one of them is red, or there is no such file.
bool run_kept(Options const& options, Tally& tally) {
    std::ifstream lines(options.kept);
    bool is_good = lines.is_open();
    for (std::string line; std::getline(lines, line);) {
        std::uint64_t seed = 0;
        auto const [end, error] = std::from_chars(line.data(), line.data() + line.size(), seed);
        if (error == std::errc{})
            is_good = run_seed(options, seed, tally) && is_good;
    }
    if (!is_good)
        fmt::print("a kept seed of {} is red\n", options.kept);
    return is_good;
}

int run(Options const& options) {
    Tally tally;
    if (!options.kept.empty() && !run_kept(options, tally))
        return violated;
    for (auto seed = options.first;; ++seed) {
        bool const is_good = run_seed(options, seed, tally);
        std::fflush(stdout);
        if (!is_good && !options.goes_on)
            break;
        if (seed == options.last)
            break;
    }
    if (options.last - options.first + 1 >= seeds_for_all_marks && !options.is_calm)
        tally.red += unreached(tally);
    if (options.is_quiet)
        return tally.red == 0 ? good : violated;
    if (!options.is_single() || options.shows_marks) {
        for (auto const& [name, count] : tally.marks)
            fmt::print("  {:>9}  {}\n", count, name);
        fmt::print("{} seeds from {}, {} red, {} orders, {} completed, {} facts, {} faults, "
                   "{} lives, {} run twice\n",
                   tally.seeds, options.first, tally.red, tally.orders, tally.completed,
                   tally.facts, tally.faults, tally.lives, tally.twice);
    }
    return tally.red == 0 ? good : violated;
}

} // namespace
} // namespace kontor::simulation

int main(int argc, char** argv) {
    auto const options = kontor::simulation::parse_options(argc, argv);
    if (!options) {
        fmt::print(stderr, "{}\n{}", options.error(), kontor::simulation::usage_text);
        return 2;
    }
    if (options->asks_for_help) {
        fmt::print("{}", kontor::simulation::usage_text);
        return 0;
    }
    if (!options->bug.empty() && !kontor::choose_planted(options->bug)) {
        fmt::print(stderr, "no bug '{}' was built in; kontor_sim_mutants has them\n", options->bug);
        return 2;
    }
    return kontor::simulation::run(*options);
}
