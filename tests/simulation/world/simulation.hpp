#pragma once

/// Simulation: one seed from the first click to the last ending. The shop's real code runs on this
/// thread over a simulated disk, a virtual clock and a provider with its own book; people, faults
/// and the sequence of all steps are drawn from the seed. First it hurts, then it heals, and
/// everything must come to rest.
/// Source: RELIABILITY sections 3 and 4.
///
/// Invariant: a seed and its options give the same trace and the same disk, in every process.

#include "tests/simulation/checkers/audit.hpp"
#include "tests/simulation/checkers/documents.hpp"
#include "tests/simulation/checkers/endings.hpp"
#include "tests/simulation/checkers/money.hpp"
#include "tests/simulation/checkers/oversell.hpp"
#include "tests/simulation/checkers/privacy.hpp"
#include "tests/simulation/checkers/queues.hpp"
#include "tests/simulation/checkers/receivers.hpp"
#include "tests/simulation/checkers/relay.hpp"
#include "tests/simulation/checkers/settlement.hpp"
#include "tests/simulation/checkers/views.hpp"
#include "tests/simulation/world/crowd.hpp"
#include "tests/simulation/world/shop_node.hpp"
#include "tests/simulation/world/trace.hpp"
#include "tests/simulation/world/view_room.hpp"
#include "tests/simulation/world/workers.hpp"

#include "adapters/memory/key_store.hpp"
#include "tests/support/secret_dice.hpp"

namespace kontor::simulation {

struct SimulationOptions {
    std::uint64_t seed{1};
    std::uint64_t until{UINT64_MAX}; ///< steps; then it stops without judging the end
    std::vector<unsigned> mask{};    ///< ills switched off
    bool is_calm{false};             ///< no ills at all
    bool is_canary{false};           ///< the disk lies about syncs: this must be caught
    bool shows_facts{false};         ///< prints every fact
    bool jumps_wall{false};          ///< the machine's wall clock jumps while the shop runs
};

struct SimulationReport {
    std::optional<Violation> violation{};
    std::uint64_t trace_hash{0};
    std::uint64_t disk_hash{0};
    std::uint64_t steps{0};
    std::uint64_t facts{0};
    std::uint64_t lives{0};
    std::uint64_t faults{0};
    std::size_t orders{0};
    std::size_t completed{0};
    Duration lasted{};
    std::string drawn{};      ///< the faults of this seed
    std::string last_lines{}; ///< of a failed run
    std::map<std::string_view, std::uint64_t> marks{};
};

class Simulation {
public:
    explicit Simulation(SimulationOptions options);
    ~Simulation();
    SimulationReport run();

private:
    enum Who : std::uint8_t {
        desk,
        checkout,
        inventory,
        carrier,
        documents,
        keys,
        proofs,
        writer,
        upkeep,
        crowd,
        queues,
        bus,
        marks,
        warehouse,
        workers,
        follower,
        views
    };
    static constexpr std::size_t agents = 17;
    struct Rival {
        StreamId stream;
        ports::StreamVersion head;
        std::uint64_t turns_left;
    };
    /// What a rival was told, and when it will be durable.
    struct Claim {
        ports::Position position;
        StreamId stream;
        std::uint64_t version;
        CommandId command;
    };

    void start_life();
    void die(bool with_power_cut);
    void step();
    bool strike();
    Result<WorkDone> work(Who who, WorkBudget budget);
    Result<WorkDone> follow(std::size_t events_max);
    Result<WorkDone> project(WorkBudget budget);
    void compare_views(bool is_at_rest);
    void remake_a_view();
    void let_rival_act();
    Result<void> append_as_rival();
    void settle_claims();
    Who pick();
    bool is_starved(Who who) const;
    bool all_idle() const;
    /// Lets time pass until something is due. False: nothing ever will be.
    bool pass_time();
    std::optional<Instant> next_due();
    /// Tells the checkers of the heads that were signed.
    void look_at_heads();
    void judge_the_end();
    void judge_privacy();
    void judge_proofs();
    void judge_messages();
    std::uint64_t disk_hash();
    bool is_over() const { return verdict_.violation().has_value() || steps_ >= options_.until; }

    SimulationOptions options_;
    Random seed_;
    Random dice_;
    WorldClock clock_;
    Instant const started_;
    Chaos chaos_;
    memory::Disk disk_;
    payments::Sandbox provider_;
    std::vector<LateReport> late_;
    Verdict verdict_;
    SequenceChecker sequence_;
    OversellChecker oversell_;
    MoneyChecker money_;
    SettlementChecker settlement_;
    ViewsChecker views_;
    ViewRoom view_room_;
    EndingsChecker endings_;
    DocumentsChecker documents_;
    memory::KeyStore keys_;
    testing::SecretDice secrets_;
    PrivacyChecker privacy_;
    ProofRoom proof_room_;
    AuditChecker audit_;
    QueueCheckpoint queue_checkpoint_;
    QueuesChecker queues_;
    ReceiversChecker receivers_;
    RelayChecker relay_;
    DeliveriesChecker deliveries_;
    Trace trace_;
    CrowdPlan plan_;
    Instant heal_at_;
    std::array<std::uint64_t, agents> weights_{};
    Surroundings surroundings_;
    std::unique_ptr<ShopNode> node_;
    Crowd crowd_;
    Workers workers_;
    std::optional<Rival> rival_;
    std::vector<Claim> claims_;
    std::uint64_t rivals_{0};
    Random wall_dice_;
    std::array<bool, agents> is_idle_{};
    std::optional<Who> starved_;
    Instant starved_until_{};
    Instant last_passed_{}; ///< when time was last let go on
    std::uint64_t steps_{0};
    std::uint64_t lives_{0};
    bool is_healed_{false};
    bool was_busy_{true}; ///< the last step did something: only then something new can go wrong
};

} // namespace kontor::simulation
