#include "bench/bench.hpp"

#include "base/random.hpp"
#include "platform/routing/rule_set.hpp"

#include <fmt/format.h>

#include <chrono>

namespace kontor::bench {
namespace {

using routing::Matcher;
using routing::Matching;
using routing::Rule;
using routing::RuleNumber;
using Clock = std::chrono::steady_clock;

constexpr std::size_t rounds = 5;
constexpr std::size_t events_each = 20'000;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Rules of two fields. One, two or three in turn ask for the same customer and article.
std::vector<std::string> exact_patterns(std::size_t count) {
    std::vector<std::string> patterns;
    for (std::size_t pair = 0; patterns.size() < count; ++pair)
        for (std::size_t i = 0; i <= pair % 3 && patterns.size() < count; ++i)
            patterns.push_back(fmt::format(
                R"({{"detail":{{"customer":["c-{:07}"],"sku":["s-{:05}"]}}}})", pair, pair % 4000));
    return patterns;
}

/// Orders, each of a customer and an article that some rules ask for.
std::vector<std::string> orders(Random dice, std::size_t rules) {
    std::vector<std::string> events;
    auto const pairs = rules / 2; // six rules ask for three pairs
    for (std::size_t i = 0; i < events_each; ++i) {
        auto const pair = dice.below(pairs);
        events.push_back(fmt::format(
            R"({{"version":"0","id":"{:016x}","detail-type":"order.placed","source":"kontor.order",)"
            R"("time":"2026-11-26T18:00:00Z","region":"local","resources":["ord_{:08}"],"detail":{{)"
            R"("customer":"c-{:07}","currency":"GBP","total":{},"sku":"s-{:05}","quantity":{},)"
            R"("note":"leave it with the neighbour"}}}})",
            dice.next(), i, pair, dice.below(100'000), pair % 4000, 1 + dice.below(9)));
    }
    return events;
}

std::vector<Rule> rules_of(std::vector<std::string> const& patterns) {
    std::vector<Rule> rules;
    for (RuleNumber i = 0; i < patterns.size(); ++i)
        rules.push_back({i, patterns[i]});
    return rules;
}

struct Pass {
    double events_a_second;
    double matches_an_event;
};

Pass measure(Matcher const& matcher, std::vector<std::string> const& events, double seconds) {
    Matching matching(matcher);
    std::uint64_t matches = 0;
    std::uint64_t asked = 0;
    auto const start = Clock::now();
    double elapsed = 0;
    do {
        for (auto const& event : events) {
            matching.ask(event);
            matches += matching.rules().size();
        }
        asked += events.size();
        elapsed = seconds_since(start);
    } while (elapsed < seconds);
    auto const count = static_cast<double>(asked);
    return {count / elapsed, static_cast<double>(matches) / count};
}

Figure measure_rounds(Report& report, std::string name, Matcher const& matcher,
                      std::vector<std::string> const& events, double seconds) {
    Figure figure{std::move(name), "/s", {}};
    Pass pass{};
    for (std::size_t round = 0; round < rounds; ++round) {
        pass = measure(matcher, events, seconds / rounds);
        figure.rows.push_back(pass.events_a_second);
    }
    report.notes.push_back(
        fmt::format("{}: {:.2f} matches an event", figure.name, pass.matches_an_event));
    return figure;
}

Matcher compiled(std::vector<std::string> const& patterns) {
    auto matcher = Matcher::build(rules_of(patterns));
    KONTOR_ASSERT(matcher.has_value(), "rule {}: {}", matcher.error().number,
                  routing::to_string(matcher.error().error));
    return *std::move(matcher);
}

void add_exact_rules(Report& report, BenchOptions const& options) {
    double few = 0;
    for (std::size_t const count : {10, 1'000, 10'000, 100'000}) {
        auto const patterns = exact_patterns(count);
        auto const start = Clock::now();
        auto const matcher = compiled(patterns);
        auto const compiling = seconds_since(start);
        auto const events = orders(Random(options.seed).fork("orders"), count);
        auto figure = measure_rounds(report, fmt::format("events matched by {} rules", count),
                                     matcher, events, options.seconds / 10);
        few = few > 0 ? few : median(figure.rows);
        if (count == routing::rules_max) {
            figure.direction = Goal::at_least;
            figure.goal = few / 2;
        }
        report.figures.push_back(std::move(figure));
        if (count < routing::rules_max)
            continue;
        auto const rules = static_cast<double>(count);
        report.figures.push_back(
            {"rules compiled", "/s", {rules / compiling}, Goal::at_least, 50'000});
        report.figures.push_back({"memory of a rule",
                                  "bytes",
                                  {static_cast<double>(matcher.memory()) / rules},
                                  Goal::at_most,
                                  512,
                                  {},
                                  0,
                                  true});
    }
}

/// So many wildcards with a star at both ends, all of which a value may be in the middle of.
void add_wildcards(Report& report, BenchOptions const& options) {
    for (std::size_t const complexity : {1, 17, 34, 50, 100}) {
        std::vector<std::string> patterns;
        for (std::size_t i = 0; i < complexity; ++i)
            patterns.push_back(
                fmt::format(R"({{"detail":{{"note":[{{"wildcard":"*e*i*th*{:02}*"}}]}}}})", i));
        auto const events = orders(Random(options.seed).fork("orders"), 1'000);
        auto figure =
            measure_rounds(report, fmt::format("events matched by {} wildcards", complexity),
                           compiled(patterns), events, options.seconds / 10);
        if (complexity == 100) {
            figure.direction = Goal::at_least;
            figure.goal = 125'000;
        }
        report.figures.push_back(std::move(figure));
    }
}

/// How long until a rule beside a hundred thousand is live, while the delta fills.
void add_puts(Report& report) {
    auto const patterns = exact_patterns(routing::rules_max - routing::delta_rules_max);
    routing::RuleSet rules;
    for (auto const& [number, pattern] : rules_of(patterns)) {
        auto const put = rules.put(number, pattern);
        KONTOR_ASSERT(put.has_value(), "rule {} was refused", number);
    }
    Figure slowest{"a rule beside 100,000 is live", "ms", {}, Goal::at_most, 10};
    routing::RuleMatching matching;
    double worst = 0;
    for (RuleNumber i = 0; i < routing::delta_rules_max; ++i) {
        auto const number = static_cast<RuleNumber>(routing::rules_max) + i;
        auto const start = Clock::now();
        auto const put =
            rules.put(number, fmt::format(R"({{"detail":{{"customer":["new-{}"]}}}})", i));
        matching.ask(rules.snapshot(), fmt::format(R"({{"detail":{{"customer":"new-{}"}}}})", i));
        worst = std::max(worst, seconds_since(start) * 1e3);
        KONTOR_ASSERT(put.has_value() && matching.rules().size() == 1 &&
                          matching.rules().front() == number,
                      "rule {} is not live", number);
    }
    slowest.rows.push_back(worst);
    report.figures.push_back(std::move(slowest));
}

} // namespace

Report bench_router_scale(BenchOptions const& options) {
    Report report{"router-scale",
                  fmt::format("10 to 100,000 exact rules of two fields, one to three matches an "
                              "event of 300 bytes; 1 to 100 wildcards at once; one thread; seed {}",
                              options.seed),
                  options.seed};
    add_exact_rules(report, options);
    add_wildcards(report, options);
    add_puts(report);
    return report;
}

} // namespace kontor::bench
