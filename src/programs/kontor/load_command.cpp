#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/load_report.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace kontor::programs {
namespace {

struct LoadFlags {
    std::string url;
    std::string rates{"200"};
    double seconds{10};
    double warm_up{1};
    std::size_t connections{32};
    std::string mix{"orders"};
    std::size_t batch{1};
    std::uint32_t batched_percent{100};
    std::uint64_t seed{42};
    bool find_knee{false};
    double within_ms{10};
    std::string report;
};

constexpr std::pair<std::string_view, LoadMix> mixes[] = {
    {"orders", LoadMix::orders}, {"browse", LoadMix::browse}, {"shop", LoadMix::shop}};
constexpr double rate_min = 0.1;
constexpr double load_rate_max = 1e6;
/// Shares of the knee at which a server is looked at more closely.   Source: PERFORMANCE section 8.
constexpr double shares[] = {0.25, 0.5, 0.75, 0.9};

Duration in_seconds(double s) {
    return Duration::microseconds(static_cast<std::int64_t>(s * 1e6));
}

LoadPlan plan_of(LoadFlags const& flags, double rate) {
    LoadPlan plan{rate, in_seconds(flags.warm_up), in_seconds(flags.seconds)};
    for (auto const& [name, mix] : mixes)
        if (name == flags.mix)
            plan.mix = mix;
    plan.batch = flags.batch;
    plan.batched_percent = flags.batch > 1 ? flags.batched_percent : 0;
    return plan;
}

/// "500,1000,2000"
Result<std::vector<double>, Trouble> rates_in(std::string const& text) {
    std::vector<double> rates;
    for (std::size_t at = 0; at <= text.size();) {
        auto const comma = std::min(text.find(',', at), text.size());
        double rate = 0;
        auto const read = std::from_chars(text.data() + at, text.data() + comma, rate);
        if (read.ec != std::errc{} || read.ptr != text.data() + comma || rate < rate_min ||
            rate > load_rate_max)
            return unexpected(
                Trouble("usage", {FailureKind::invalid,
                                  "--rate takes orders or looks a second, 0.1 to 1000000; "
                                  "several are parted by commas",
                                  text}));
        rates.push_back(rate);
        at = comma + 1;
    }
    return rates;
}

bool holds(LoadLevel const& level, double within_ms) {
    return level.failures() == 0 && !level.is_void() &&
           static_cast<double>(level.all.percentile(99).in_microseconds()) <= within_ms * 1e3;
}

/// Runs levels one after the other and says how each went.
class LoadTest {
public:
    LoadTest(Program& program, LoadFlags const& flags, LoadRun& run, LoadResult& result)
        : program_(program), flags_(flags), run_(run), result_(result) {}

    /// Errors: unavailable.
    Result<LoadLevel const*> level(double rate) {
        program_.output.notice(fmt::format("{:.0f} {} a second for {} s, after {} s to warm up …",
                                           rate, counted_in(flags_.mix), flags_.seconds,
                                           flags_.warm_up));
        KONTOR_TRY(auto level, run_.run(plan_of(flags_, rate)));
        result_.levels.push_back(std::move(level));
        return result_.levels.back().get();
    }

    /// Doubles the rate until the server falls behind, then halves the gap until it is a twentieth.
    /// Zero: already the first rate was too much.   Errors: unavailable.
    Result<double> knee(double first) {
        constexpr double close_enough = 1.05;
        double good = 0;
        double bad = 0;
        for (auto rate = first; bad == 0 && rate <= load_rate_max && !was_interrupted();
             rate *= 2) {
            KONTOR_TRY(auto const* const level, this->level(rate));
            (holds(*level, flags_.within_ms) ? good : bad) = rate;
        }
        while (good > 0 && bad > good * close_enough && !was_interrupted()) {
            auto const rate = (good + bad) / 2;
            KONTOR_TRY(auto const* const level, this->level(rate));
            (holds(*level, flags_.within_ms) ? good : bad) = rate;
        }
        return good;
    }

private:
    Program& program_;
    LoadFlags const& flags_;
    LoadRun& run_;
    LoadResult& result_;
};

/// Errors: unavailable.
Result<void> run_levels(LoadTest& test, LoadFlags const& flags, std::vector<double> rates,
                        LoadResult& result) {
    if (flags.find_knee) {
        auto const first = rates.front();
        KONTOR_TRY(result.knee, test.knee(first));
        result.knee_within_ms = flags.within_ms;
        result.levels.clear(); // the way to the knee is no measurement
        rates.clear();
        for (auto const share : shares)
            rates.push_back((*result.knee > 0 ? *result.knee : first) * share);
    }
    for (auto const rate : rates) {
        if (was_interrupted())
            break;
        KONTOR_TRY(test.level(rate));
    }
    return {};
}

void show(Output const& output, LoadResult const& result) {
    if (output.options().format == Format::json) {
        output.object(load_json(result));
        return;
    }
    std::vector<boost::json::object> rows;
    for (auto const& level : result.levels) {
        auto row = load_level_json(*level);
        for (auto const& [name, value] : row.at("all").as_object())
            row[name] = fmt::format("{:.6g}", value.to_number<double>());
        row["asked_per_s"] = fmt::format("{:.0f}", level->plan.rate);
        row["answered_per_s"] = fmt::format("{:.1f}", level->answered_per_second());
        rows.push_back(std::move(row));
    }
    constexpr auto right = Column::Align::right;
    output.rows({{"asked/s", "asked_per_s", right},
                 {"answered/s", "answered_per_s", right},
                 {"failures", "failures", right},
                 {"p50 ms", "p50_ms", right},
                 {"p90 ms", "p90_ms", right},
                 {"p99 ms", "p99_ms", right},
                 {"p99.9 ms", "p999_ms", right},
                 {"slowest ms", "max_ms", right},
                 {"left late", "left_late", right}},
                rows);
    if (result.knee)
        output.say(fmt::format("Up to {:.0f} {} a second 99 % of the requests were answered within "
                               "{:g} ms.",
                               *result.knee, counted_in(result.mix), result.knee_within_ms));
    output.say(fmt::format("Rates and failures count {}. Each time is that of a request and counts "
                           "from the moment it was meant to go out.",
                           counted_in(result.mix)));
}

Outcome write_report(Program& program, std::string const& path, LoadResult const& result) {
    std::ofstream file(path, std::ios::trunc);
    file << load_page(result);
    if (!file.flush())
        return unexpected(Failure{FailureKind::unavailable, "the report cannot be written", path});
    program.output.say("The report with its plots is in " + path + ".");
    return ExitCode::ok;
}

Outcome load(Program& program, LoadFlags const& flags) {
    if (!flags.url.empty())
        program.url = flags.url;
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const target, load_target(remote.url()));
    KONTOR_TRY(auto const rates, rates_in(flags.rates));
    watch_for_interrupts();
    auto dice = Random(flags.seed).fork("script");
    KONTOR_TRY(auto const script, write_load_script(remote, target, dice));
    KONTOR_TRY(auto const swarm,
               swarm::Swarm::open({target.address, target.port, flags.connections, flags.batch > 1},
                                  program.clock));
    LoadRun run(script, program.clock, *swarm, Random(flags.seed).fork("load"));
    auto const plan = plan_of(flags, rates.front());
    LoadResult result{remote.url(),        to_string(program.clock.now()),
                      flags.seed,          flags.connections,
                      flags.mix,           plan.batch,
                      plan.batched_percent};
    LoadTest test(program, flags, run, result);
    KONTOR_TRY(run_levels(test, flags, rates, result));
    show(program.output, result);
    if (!flags.report.empty())
        KONTOR_TRY(write_report(program, flags.report, result));
    for (auto const& level : result.levels)
        if (level->is_void())
            program.output.notice(
                fmt::format("at {:.0f} a second {} of {} requests left late: there "
                            "the machine was too slow to ask, do not count it",
                            level->plan.rate, level->late, level->asked));
    if (was_interrupted())
        return ExitCode::interrupted;
    bool const failed = std::ranges::any_of(
        result.levels, [](auto const& level) { return level->failures() > 0 || level->is_void(); });
    return failed ? ExitCode::partly_failed : ExitCode::ok;
}

} // namespace

void add_load_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<LoadFlags>();
    auto& command = add_command(
        app, chosen,
        {"load", "Asks a running shop so often a second, whatever it answers, and measures",
         "  kontor load --rate 500 --for 20\n"
         "  kontor load --rate 500,1000,2000 --report load.html\n"
         "  kontor load --rate 50000 --batch 256 --batched 80\n"
         "  kontor load http://127.0.0.1:8080 --mix shop --find-knee --connections 64 --json"},
        load, flags);
    command.add_option("server", flags->url, "its address (default: the one that has --data open)");
    command.add_option(
        "--rate", flags->rates,
        "orders and looks a second, on average (200); several, parted by commas, run "
        "one after the other");
    command.add_option("--for", flags->seconds, "seconds of each rate that count (10)")
        ->check(number_between(0.1, 3600));
    command.add_option("--warm-up", flags->warm_up, "seconds before, that do not count (1)");
    command.add_option("--connections", flags->connections, "at most so many calls at once (32)")
        ->check(whole_number(1, 10'000));
    command.add_option("--mix", flags->mix, "orders, browse, or shop: one order to four looks")
        ->check(one_of({"orders", "browse", "shop"}));
    command
        .add_option("--batch", flags->batch,
                    "orders in one request (1: each alone); rates still count orders")
        ->check(whole_number(1, 256));
    command
        .add_option("--batched", flags->batched_percent,
                    "percent of the orders that go in batches, the others go alone (100)")
        ->check(whole_number(1, 100));
    command.add_option("--seed", flags->seed, "of baskets and moments (42)");
    command.add_flag("--find-knee", flags->find_knee,
                     "find the rate up to which it keeps up, then measure at shares of it");
    command
        .add_option("--within", flags->within_ms,
                    "milliseconds in which 99 % are to be answered, for the knee (10)")
        ->check(number_between(0.1, 10'000));
    command.add_option("--report", flags->report, "also write a page with plots to this file");
}

} // namespace kontor::programs
