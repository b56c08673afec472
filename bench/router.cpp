#include "bench/bench.hpp"

#include "bench/event_ruler.hpp"
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

/// Which rules matched which event, in one number; a peer makes the same.
std::uint64_t digest_of(Matcher const& matcher, std::vector<std::string_view> const& events) {
    Matching matching(matcher);
    std::uint64_t digest = 0;
    for (auto const event : events) {
        std::uint64_t rules = 0;
        matching.ask(event);
        for (auto const rule : matching.rules())
            rules |= std::uint64_t{1} << rule;
        digest = digest * 31 + rules;
    }
    return digest;
}

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

constexpr double times_goal = 10;

/// Adds what event-ruler takes in the same minutes, and how many times as long that is. Where it
/// finds other rules there is no ratio.
void compare_with_event_ruler(Report& report, std::vector<RuleFamily> const& families,
                              std::string const& lots, BenchOptions const& options) {
    auto const events = lines_of(lots);
    std::vector<RulerFamily> asked;
    for (auto const& family : families)
        asked.push_back({family.name, family.patterns});
    double logarithms = 0;
    std::size_t compared = 0;
    for (auto const& theirs : ask_event_ruler(report, options, lots, asked)) {
        auto const& name = theirs.family;
        auto const family = std::find_if(families.begin(), families.end(),
                                         [&](auto const& each) { return each.name == name; });
        auto const matcher = compiled(rules_of(family->patterns));
        if (fmt::format("{:016x}", digest_of(matcher, events)) != theirs.digest) {
            report.notes.push_back(name + ": event-ruler finds other rules, so no ratio");
            continue;
        }
        auto const times = theirs.ns_an_event / measure(matcher, events, 0.5).ns_an_event;
        report.figures.push_back({"event-ruler, " + name, "ns", {theirs.ns_an_event}});
        report.figures.push_back(
            {"times event-ruler, " + name, "x", {times}, Goal::at_least, times_goal});
        logarithms += std::log(times);
        ++compared;
    }
    if (compared > 0)
        report.figures.push_back({"times event-ruler, geometric mean",
                                  "x",
                                  {std::exp(logarithms / static_cast<double>(compared))},
                                  Goal::at_least,
                                  times_goal});
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
    auto const families = lot_rules(lots);
    for (auto const& family : families)
        add_family(report, family, events, options.seconds / 10);
    report.floors.push_back(
        {"F3 one string field by simdjson", "ns", floor_before, measure_field_floor(events, 0.5)});
    if (options.with_peers)
        compare_with_event_ruler(report, families, lots, options);
    return report;
}

} // namespace kontor::bench
