#include "tests/simulation/world/simulation.hpp"

#include "codec/events.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <numeric>

namespace kontor::simulation {
namespace {

/// Nothing in the shop waits longer than this once nothing goes wrong.
constexpr auto rest_within = Duration::days(400);
constexpr std::uint64_t steps_max = 3'000'000;
/// The hurting ends here, if not before.
constexpr std::uint64_t hurt_steps_max = 200'000;

constexpr std::array<std::string_view, 17> names{
    "desk",   "checkout",  "inventory", "carrier",  "documents", "keys",
    "proofs", "writer",    "upkeep",    "crowd",    "queues",    "bus",
    "marks",  "warehouse", "workers",   "follower", "views"};

CrowdPlan draw_plan(Random dice) {
    CrowdPlan plan;
    plan.orders = static_cast<std::size_t>(dice.between(4, 32));
    plan.skus = static_cast<std::size_t>(dice.between(1, 6));
    constexpr std::array lengths{Duration::minutes(2), Duration::hours(1), Duration::hours(20),
                                 Duration::days(10)};
    plan.load = lengths[dice.below(lengths.size())];
    plan.locations.push_back(Location::parse("main").value());
    if (dice.chance(1, 2))
        plan.locations.push_back(Location::parse("north").value());
    return plan;
}

/// Half of the seeds squeeze early and let files serve again.
void draw_squeezing(journal::Limits& limits, Random dice) {
    limits.padding_percent_max = 100;
    if (dice.chance(1, 2))
        return;
    constexpr std::array<std::uint32_t, 3> paddings{5, 25, 60};
    limits.padding_percent_max = paddings[dice.below(paddings.size())];
    constexpr std::array horizons{Duration::minutes(1), Duration::hours(2), Duration::days(3)};
    limits.cold_after = horizons[dice.below(horizons.size())];
    limits.spares = static_cast<std::size_t>(dice.between(2, 3));
}

journal::Limits draw_limits(Random dice) {
    journal::Limits limits;
    limits.segment_bytes = static_cast<std::uint32_t>(dice.between(12, 40)) << 12;
    limits.frame_bytes_max = 16U << 10;
    limits.window_bytes = 32U << 10;
    limits.chunk_bytes = 16U << 10;
    limits.live_streams_max = static_cast<std::size_t>(dice.between(8, 200));
    limits.unindexed_max = 1;
    limits.spares = 1;
    limits.free_bytes_min = 0;
    limits.checkpoint_after = static_cast<std::uint64_t>(dice.between(1, 4)) * limits.segment_bytes;
    draw_squeezing(limits, dice.fork("squeezing"));
    return limits;
}

} // namespace

Simulation::Simulation(SimulationOptions options)
    : options_(std::move(options)), seed_(options_.seed), dice_(seed_.fork("scheduler")),
      started_(clock_.now()), chaos_(seed_, options_.mask, options_.is_calm),
      disk_(seed_.fork("disk").next()), provider_(clock_, seed_.fork("provider")),
      sequence_(verdict_), oversell_(verdict_), money_(verdict_), settlement_(verdict_),
      views_(verdict_), view_room_(seed_.fork("views")), endings_(verdict_), documents_(verdict_),
      secrets_(seed_.fork("secrets").next()), privacy_(verdict_, keys_, master_key),
      proof_room_(seed_.fork("proofs")), audit_(verdict_), queues_(verdict_), receivers_(verdict_),
      relay_(verdict_), deliveries_(verdict_), plan_(draw_plan(seed_.fork("plan"))),
      heal_at_(started_ + plan_.load + plan_.load),
      surroundings_{disk_, provider_, late_,       clock_,           chaos_,
                    keys_, secrets_,  proof_room_, queue_checkpoint_},
      crowd_(seed_, clock_, chaos_, {sequence_, audit_, verdict_}, plan_),
      workers_(seed_, clock_, chaos_, {receivers_, relay_, deliveries_}, plan_.load),
      wall_dice_(seed_.fork("wall")) {
    auto dice = seed_.fork("setup");
    for (auto& weight : weights_)
        weight = static_cast<std::uint64_t>(dice.between(1, 20));
    surroundings_.shop.locations = plan_.locations;
    if (dice.chance(1, 3))
        surroundings_.shop.capture = checkout::CaptureSetting::once;
    surroundings_.store = {draw_limits(seed_.fork("limits")), {}, Id128(1, 2)};
    surroundings_.states_max =
        chaos_.has(Ill::small_desk) ? static_cast<std::size_t>(dice.between(4, 40)) : 4096;
    surroundings_.carrier_seed = seed_.fork("carrier");
    surroundings_.views_directory = view_room_.directory();
    if (options_.is_canary)
        disk_.ignore_syncs();
}

Simulation::~Simulation() = default;

SimulationReport Simulation::run() {
    start_life();
    while (!is_over()) {
        if (all_idle()) {
            if (!pass_time())
                break;
            continue;
        }
        step();
        if (steps_ >= steps_max)
            verdict_.fail("I3", "it never comes to rest");
    }
    if (!is_over())
        judge_the_end();
    SimulationReport report;
    report.violation = verdict_.violation();
    report.trace_hash = trace_.hash();
    report.disk_hash = disk_hash();
    report.steps = steps_;
    report.facts = sequence_.position();
    report.lives = lives_;
    report.faults = chaos_.struck();
    report.orders = endings_.orders();
    report.completed = endings_.completed();
    report.lasted = clock_.now() - started_;
    report.drawn = chaos_.to_string();
    report.marks = chaos_.marks();
    if (report.violation)
        report.last_lines = trace_.last_lines();
    return report;
}

void Simulation::start_life() {
    for (;;) {
        node_ = std::make_unique<ShopNode>(surroundings_);
        ++lives_;
        if (lives_ > 1 && chaos_.strikes(Ill::death_at_start))
            node_->life().cut_after(chaos_.dice(Ill::death_at_start).below(40), Moment::inside);
        auto const opened = node_->open();
        if (opened && !node_->life().is_cut())
            break;
        if (!node_->life().is_cut()) {
            verdict_.fail("start", to_string(opened.error()));
            return;
        }
        node_.reset();
        disk_.restore_power();
    }
    node_->life().spare();
    trace_.note(clock_.now(), "node", "starts", lives_);
    sequence_.recovered(node_->store());
    compare_views(false);
    crowd_.come_in(node_->door());
    workers_.come_in(node_->messages().queues(), node_->messages().wiring());
    is_idle_ = {};
}

void Simulation::die(bool with_power_cut) {
    trace_.note(clock_.now(), "node", with_power_cut ? "loses power" : "dies", lives_);
    node_.reset();
    rival_.reset();
    claims_.clear();
    if (with_power_cut) {
        disk_.cut_power();
        proof_room_.lose_power();
    }
    disk_.restore_power();
    if (view_room_.survive(with_power_cut))
        chaos_.reached("views.rolled_back");
    if (chaos_.has(Ill::clock_leap) && chaos_.dice(Ill::clock_leap).chance(1, 2))
        clock_.leap(Duration::minutes(chaos_.dice(Ill::clock_leap).between(-24 * 60, 24 * 60)));
    clock_.jump(Duration());
    clock_.restart();
    start_life();
}

void Simulation::step() {
    if (strike())
        return;
    ++steps_;
    if (options_.jumps_wall && wall_dice_.chance(1, 40))
        clock_.jump(
            Duration::hours(wall_dice_.between(1, 24) * (wall_dice_.chance(1, 2) ? 1 : -1)));
    let_rival_act();
    auto const who = pick();
    static constexpr std::array<std::size_t, 4> budgets{1, 3, 64, 1000};
    auto const done = work(who, {budgets[dice_.below(budgets.size())]});
    if (node_->life().is_cut()) {
        die(!disk_.has_power());
        return;
    }
    if (!done) {
        verdict_.fail("node", std::string(names[who]) + " stopped: " + to_string(done.error()));
        return;
    }
    is_idle_[who] = done->items == 0;
    if (done->items == 0)
        return;
    std::ranges::fill(is_idle_, false);
    was_busy_ = true;
    trace_.note(clock_.now(), names[who], "did", done->items);
}

/// What may go wrong between two steps. True: the process died.
bool Simulation::strike() {
    if (!std::exchange(was_busy_, false))
        return false;
    if (!starved_ && chaos_.strikes(Ill::starved_agent)) {
        auto& dice = chaos_.dice(Ill::starved_agent);
        starved_ = static_cast<Who>(dice.below(follower));
        starved_until_ = clock_.now() + Duration::seconds(dice.between(1, 4000));
    }
    if (chaos_.strikes(Ill::clock_leap))
        clock_.leap(Duration::milliseconds(chaos_.dice(Ill::clock_leap).between(1, 60'000)));
    if (chaos_.strikes(Ill::clock_stop))
        clock_.stand(Duration::seconds(chaos_.dice(Ill::clock_stop).between(1, 3600)));
    if (chaos_.strikes(Ill::view_remade))
        remake_a_view();
    if (chaos_.strikes(Ill::death_in_call)) {
        auto& dice = chaos_.dice(Ill::death_in_call);
        node_->life().cut_after(dice.below(6), static_cast<Moment>(dice.below(3)));
    }
    if (chaos_.strikes(Ill::power_cut)) {
        die(true);
        return true;
    }
    if (chaos_.strikes(Ill::kill)) {
        die(false);
        return true;
    }
    return false;
}

Result<WorkDone> Simulation::work(Who who, WorkBudget budget) {
    switch (who) {
    case desk: return node_->desk().do_work(budget);
    case checkout: return node_->checkout().do_work(budget);
    case inventory: return node_->inventory().do_work(budget);
    case carrier: return node_->carrier().do_work(budget);
    case documents: return node_->documents().do_work(budget);
    case keys: return node_->keeper().do_work(budget);
    case proofs: return node_->proofs().do_work(budget);
    case writer: return node_->store().writer().do_work(budget);
    case upkeep: return node_->store().upkeep().do_work(budget);
    case crowd: return WorkDone{crowd_.do_work()};
    case queues: return node_->messages().queues().do_work(budget);
    case bus: return node_->messages().bus().do_work(budget);
    case marks: return node_->messages().marks().do_work(budget);
    case warehouse: return node_->warehouse().do_work(budget);
    case workers: return workers_.do_work();
    case follower: return follow(budget.items_max);
    case views: return project(budget);
    }
    KONTOR_UNREACHABLE();
}

/// The one who looks at everything that may be seen, and lets everybody judge it.
Result<WorkDone> Simulation::follow(std::size_t events_max) {
    KONTOR_TRY(auto const page, node_->store().read_log(ports::Position(sequence_.position()),
                                                        ports::Limit(events_max)));
    for (auto const& event : page.events) {
        KONTOR_TRY(auto const fact, read_fact(page, event));
        if (options_.shows_facts)
            fmt::print("{}\n", in_words(fact));
        sequence_.see(fact);
        sequence_.keep(page, event);
        oversell_.see(fact);
        money_.see(fact);
        settlement_.see(fact);
        endings_.see(fact);
        documents_.see(fact);
        privacy_.see(fact, page, event);
        audit_.see(fact, page, event);
        queues_.see(fact);
        relay_.see(fact);
        deliveries_.see(fact);
        crowd_.see(fact);
        trace_.mix(sequence_.digest());
    }
    settle_claims();
    look_at_heads();
    return WorkDone{page.events.size()};
}

void Simulation::remake_a_view() {
    auto& dice = chaos_.dice(Ill::view_remade);
    auto const& projectors = node_->projectors();
    projectors[dice.below(projectors.size())]->start(dice.chance(1, 2) ? projections::Job::rebuild
                                                                       : projections::Job::verify);
}

/// A rival may bring a stream to the very version that a later commit of the desk's next batch
/// expects, after an earlier one that is refused: then the later one is taken, although it was
/// decided on a past that never was. It is rare, and likelier while the journal is full, so that
/// both never come together. No program has a second writer today.
void Simulation::let_rival_act() {
    if (!rival_ && !chaos_.has(Ill::append_full) && chaos_.strikes(Ill::rival_writer)) {
        auto& dice = chaos_.dice(Ill::rival_writer);
        auto const& at = plan_.locations[dice.below(plan_.locations.size())];
        auto const sku = Sku::parse(fmt::format("SKU-{}", dice.below(plan_.skus))).value();
        auto const stream = StreamId::stock(at, sku);
        auto const head = node_->store().head(stream);
        if (head && head->value() > 0)
            rival_ = Rival{stream, *head, dice.below(12)};
        return;
    }
    if (!rival_ || rival_->turns_left-- > 0)
        return;
    auto const appended = append_as_rival();
    rival_.reset();
    bool const is_lasting = !appended && appended.error().kind != FailureKind::full;
    if (is_lasting && !node_->life().is_cut())
        verdict_.fail("node", "a rival cannot append: " + to_string(appended.error()));
}

Result<void> Simulation::append_as_rival() {
    CommandId const command(Id128(8, ++rivals_));
    auto const& key = rival_->stream.key();
    auto const dot = key.find('.');
    stock::Adjusted fact{};
    fact.sku = Sku::parse(key.substr(dot + 1)).value();
    fact.location = Location::parse(key.substr(0, dot)).value();
    fact.reason = stock::AdjustReason::found;
    ports::Batch batch;
    batch.begin_commit({command, command.value(), {}, clock_.now(), {ActorKind::operator_, {}}});
    auto const stream =
        batch.add_stream(rival_->stream, ports::ExpectedVersion::exactly(rival_->head));
    auto const type = codec::encode(stock::Event(fact), batch.buffer());
    batch.add_event(stream, type);
    KONTOR_TRY(auto const appended, node_->store().append(batch));
    auto const& outcome = appended.outcomes.front();
    chaos_.reached(outcome.accepted ? "rival.won" : "rival.lost");
    if (outcome.accepted)
        claims_.push_back({outcome.last, rival_->stream, rival_->head.value() + 1, command});
    return {};
}

void Simulation::settle_claims() {
    auto const seen = ports::Position(sequence_.position());
    std::erase_if(claims_, [&](Claim const& claim) {
        if (claim.position > seen)
            return false;
        sequence_.won(claim.stream, claim.version, claim.command);
        return true;
    });
}

bool Simulation::is_starved(Who who) const {
    return starved_ == who && !is_healed_;
}

Simulation::Who Simulation::pick() {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < agents; ++i)
        all += is_starved(static_cast<Who>(i)) ? 0 : weights_[i];
    auto lot = dice_.below(all);
    for (std::size_t i = 0; i < agents; ++i) {
        auto const weight = is_starved(static_cast<Who>(i)) ? 0 : weights_[i];
        if (lot < weight)
            return static_cast<Who>(i);
        lot -= weight;
    }
    KONTOR_UNREACHABLE();
}

bool Simulation::all_idle() const {
    for (std::size_t i = 0; i < agents; ++i)
        if (!is_idle_[i] && !is_starved(static_cast<Who>(i)))
            return false;
    return true;
}

/// What is due already and finds nobody, waits for something else: who should take it is starved or
/// rests.
std::optional<Instant> Simulation::next_due() {
    std::optional<Instant> next;
    auto const now = clock_.now();
    auto const take = [&](std::optional<Instant> due) {
        if (due && *due > now && (!next || *due < *next))
            next = due;
    };
    take(node_->checkout().next_deadline());
    take(node_->inventory().next_deadline());
    take(node_->warehouse().next_due());
    take(node_->carrier().next_deadline());
    take(node_->provider().next_due());
    take(crowd_.next_due());
    take(workers_.next_due());
    return next;
}

bool Simulation::pass_time() {
    auto const now = clock_.now();
    if (starved_ && (now >= starved_until_ || is_healed_)) {
        starved_.reset(); // it gets its turn before time goes on
        is_idle_ = {};
        return true;
    }
    if (!is_healed_ && (now >= heal_at_ || steps_ >= hurt_steps_max)) {
        heal_at_ = now;
        is_healed_ = true;
        chaos_.heal();
        clock_.stand(Duration());
        trace_.note(now, "world", "heals", 0);
    }
    auto next = next_due();
    if (is_healed_ && now > heal_at_ + rest_within) {
        verdict_.fail("I3", fmt::format("{} orders are not at rest after {} days", endings_.open(),
                                        rest_within.in_microseconds() / 86'400'000'000));
        return false;
    }
    if (!next && is_healed_ && !starved_)
        return false;
    auto until = next.value_or(heal_at_);
    if (!is_healed_)
        until = std::min(until, heal_at_);
    if (starved_)
        until = std::min(until, starved_until_);
    // A wall clock that was set back is waited for, while everything else goes on.
    auto const least = last_passed_ == now ? Duration::minutes(10) : Duration::microseconds(1);
    last_passed_ = now;
    clock_.pass(std::max(least, until - now));
    is_idle_ = {};
    return true;
}

std::uint64_t Simulation::disk_hash() {
    node_.reset();
    disk_.restore_power();
    std::uint64_t hash = 0;
    auto const names_there = disk_.list();
    for (auto const& name : names_there.value()) {
        auto const bytes = disk_.content(name);
        hash = XXH3_64bits_withSeed(name.data(), name.size(), hash);
        hash = XXH3_64bits_withSeed(bytes.data(), bytes.size(), hash);
    }
    return hash;
}

} // namespace kontor::simulation
