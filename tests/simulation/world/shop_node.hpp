#pragma once

/// ShopNode: one life of the shop's process: journal, desk, order process, inventory, carrier,
/// documents, read models, the keys of persons, the tree over the log, queues and bus, as the
/// program wires them, over ports that it loses when it dies. Disk, provider, keys and files
/// survive it.
/// Thread: one; the world calls its agents by hand.

#include "tests/simulation/world/message_room.hpp"
#include "tests/simulation/world/mortal_disk.hpp"
#include "tests/simulation/world/mortal_keys.hpp"
#include "tests/simulation/world/mortal_models.hpp"
#include "tests/simulation/world/proof_room.hpp"
#include "tests/simulation/world/rough_provider.hpp"
#include "tests/simulation/world/world_clock.hpp"

#include "adapters/embedded/event_store.hpp"
#include "platform/projections/projector.hpp"
#include "platform/proofs/tree.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "services/documents/document_runner.hpp"
#include "services/inventory/inventory_runner.hpp"
#include "services/people/key_keeper.hpp"
#include "services/workers/queue_worker.hpp"

#include <memory>
#include <optional>

namespace kontor::simulation {

/// The files of the read models are on a real disk, which no simulated cut reaches.
inline constexpr std::string_view only_boot = "simulated";

/// What a node needs of the world, and how it is set up.
struct Surroundings {
    memory::Disk& disk;
    payments::Sandbox& provider;
    std::vector<LateReport>& late;
    WorldClock& clock;
    Chaos& chaos;
    ports::KeyStore& keys; ///< what the operating system promises of them holds
    ports::SecretSource& secrets;
    ProofRoom& proofs;
    QueueCheckpoint& queues;
    services::Shop shop{};
    embedded::StoreOptions store{};
    std::size_t states_max{0};
    Random carrier_seed{0};
    std::string views_directory{};
};

/// What wraps the keys of persons in this world.
inline constexpr sealing::Key master_key{7, 7, 7};

class ShopNode {
public:
    explicit ShopNode(Surroundings& world)
        : disk_(world.disk, life_),
          provider_(world.provider, world.late, world.clock, world.chaos, life_),
          keys_(world.keys, life_), nodes_(world.proofs.nodes, life_),
          leaves_(world.proofs.leaves, life_), world_(world) {}

    /// Recovers from what the disk has. Errors: as embedded::EventStore::open, or the node died.
    Result<void> open();

    Lifeline& life() { return life_; }
    embedded::EventStore& store() { return *store_; }
    services::ShopDeskAgent& desk() { return *desk_; }
    services::CheckoutRunner& checkout() { return *checkout_; }
    services::InventoryRunner& inventory() { return *inventory_; }
    services::QueueWorker& warehouse() { return *warehouse_; }
    services::CarrierRunner& carrier() { return *carrier_; }
    services::DocumentRunner& documents() { return *documents_; }
    services::KeyKeeper& keeper() { return sealing_->keeper; }
    sealing::PersonKeys& people() { return *people_; }
    proofs::ProofTree& proofs() { return *proofs_; }
    MessageRoom& messages() { return *messages_; }
    services::ShopClient& door() { return *door_; }
    /// Lets the projectors work, one behind the other.
    /// Errors: those of the projector.
    Result<WorkDone> project(WorkBudget budget);
    std::vector<std::unique_ptr<projections::Projector>> const& projectors() const {
        return projectors_;
    }
    RoughProvider const& provider() const { return provider_; }

private:
    /// Who seals and opens, each for one agent, and who keeps the keys.
    struct Sealing {
        Sealing(ports::EventStore& store, sealing::PersonKeys& keys, Surroundings& world,
                Id128 lineage)
            : sealer(keys, world.secrets), desk_opener(keys), checkout_opener(keys),
              keeper(store, keys, world.clock, lineage) {}
        sealing::Sealer sealer;
        sealing::Opener desk_opener;
        sealing::Opener checkout_opener;
        services::KeyKeeper keeper;
    };
    Result<void> open_sealing();
    Result<void> open_proofs();
    Result<void> open_messages();

    Lifeline life_;
    MortalDisk disk_;
    RoughProvider provider_;
    MortalKeys keys_;
    MortalRecords nodes_;
    MortalRecords leaves_;
    Surroundings& world_;
    std::unique_ptr<embedded::EventStore> store_;
    std::optional<MessageRoom> messages_;
    std::unique_ptr<sealing::PersonKeys> people_;
    std::unique_ptr<Sealing> sealing_;
    std::unique_ptr<services::ShopDeskAgent> desk_;
    services::ShopClient* door_{nullptr}; ///< the customers'
    std::unique_ptr<services::CheckoutRunner> checkout_;
    std::unique_ptr<services::InventoryRunner> inventory_;
    std::optional<services::QueueWorker> warehouse_;
    std::unique_ptr<services::CarrierRunner> carrier_;
    std::unique_ptr<services::DocumentRunner> documents_;
    std::unique_ptr<MortalModels> models_;
    std::vector<std::unique_ptr<projections::Projector>> projectors_;
    std::optional<proofs::ProofTree> proofs_;
};

} // namespace kontor::simulation
