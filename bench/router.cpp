#include "bench/bench.hpp"

#include "bench/field_floor.hpp"
#include "bench/lots.hpp"
#include "platform/routing/definition.hpp"
#include "platform/routing/matching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace kontor::bench {
namespace {

using routing::Matcher;
using routing::Matching;
using routing::Rule;
using routing::RuleNumber;

constexpr std::size_t rounds = 5;

std::vector<Rule> rules_of(std::vector<std::string> const& patterns) {
    std::vector<Rule> rules;
    for (RuleNumber i = 0; i < patterns.size(); ++i)
        rules.push_back({i, patterns[i]});
    return rules;
}

Matcher compiled(std::vector<Rule> const& rules) {
    auto matcher = Matcher::build(rules);
    KONTOR_ASSERT(matcher.has_value(), "rule {}: {}", matcher.error().number,
                  routing::to_string(matcher.error().error));
    return *std::move(matcher);
}

struct Pass {
    double ns_an_event;
    std::uint64_t matches;
};

/// Goes over the events until the time is up, at least once.
Pass measure(Matcher const& matcher, std::vector<std::string_view> const& events, double seconds) {
    using Clock = std::chrono::steady_clock;
    Matching matching(matcher);
    std::uint64_t matches = 0;
    std::uint64_t passes = 0;
    double elapsed = 0;
    auto const start = Clock::now();
    do {
        for (auto const event : events) {
            auto const asked = matching.ask(event);
            KONTOR_ASSERT(asked == routing::Asked::answered, "{} is unreadable", event);
            matches += matching.rules().size();
        }
        ++passes;
        elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    } while (elapsed < seconds);
    auto const asked = static_cast<double>(passes * events.size());
    return {elapsed * 1e9 / asked, matches / passes};
}

/// Holds every answer about some events to the definition's.
void check(std::vector<Rule> const& rules, Matcher const& matcher,
           std::vector<std::string_view> const& events, std::size_t step) {
    std::vector<routing::Pattern> patterns;
    for (auto const& rule : rules)
        patterns.push_back(*routing::compile(rule.pattern));
    Matching matching(matcher);
    for (std::size_t i = 0; i < events.size(); i += step) {
        auto const event = routing::FlatEvent::read(events[i]);
        KONTOR_ASSERT(event.has_value(), "event {}: {}", i, event.error().what);
        matching.ask(events[i]);
        std::vector<RuleNumber> wanted;
        for (RuleNumber rule = 0; rule < patterns.size(); ++rule)
            if (match_by_definition(patterns[rule], *event) == routing::Verdict::match)
                wanted.push_back(rule);
        KONTOR_ASSERT(std::ranges::equal(matching.rules(), wanted),
                      "the matcher errs about event {}: {}", i, events[i]);
    }
}

void add_family(Report& report, RuleFamily const& family,
                std::vector<std::string_view> const& events, double seconds) {
    auto const rules = rules_of(family.patterns);
    auto const matcher = compiled(rules);
    check(rules, matcher, events, 101);
    Figure figure{family.name + ", ns an event", "ns", {}, Goal::at_most, family.goal_ns};
    std::uint64_t matches = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
        auto const pass = measure(matcher, events, seconds / rounds);
        figure.rows.push_back(pass.ns_an_event);
        matches = pass.matches;
    }
    report.notes.push_back(
        fmt::format("{}: {} matches in {} events", family.name, matches, events.size()));
    report.figures.push_back(std::move(figure));
}

} // namespace

Report bench_router(BenchOptions const& options) {
    auto const lots = generate_lots(options.seed, lot_events);
    auto const events = lines_of(lots);
    Report report{"router",
                  fmt::format("{} lot events, {} bytes on average, 5 rules in each family, one "
                              "thread, bytes in and rule numbers out; every hundredth event's "
                              "answer equals the definition's; seed {}",
                              events.size(), lots.size() / events.size(), options.seed),
                  options.seed};
    auto const floor_before = measure_field_floor(events, 0.5);
    for (auto const& family : lot_rules(lots))
        add_family(report, family, events, options.seconds / 10);
    report.floors.push_back(
        {"F3 one string field by simdjson", "ns", floor_before, measure_field_floor(events, 0.5)});
    return report;
}

} // namespace kontor::bench
