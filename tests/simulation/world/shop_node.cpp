#include "tests/simulation/world/shop_node.hpp"

#include "tests/simulation/checkers/views.hpp"

#include "adapters/embedded/sqlite/read_models.hpp"
#include "services/workers/warehouse_news.hpp"

namespace kontor::simulation {
namespace {

/// Whose key signs the heads of this world's log.
proofs::Signer signer() {
    std::vector<std::uint8_t> const seed(proofs::Signer::seed_bytes, 7);
    return proofs::Signer::of("kontor/simulated", seed).value();
}

} // namespace

/// Before anybody opens or seals.
Result<void> ShopNode::open_sealing() {
    KONTOR_TRY(people_, sealing::PersonKeys::open(keys_, master_key, world_.secrets));
    sealing_ = std::make_unique<Sealing>(*store_, *people_, world_, store_->report().lineage);
    return sealing_->keeper.recover();
}

Result<void> ShopNode::open_proofs() {
    auto const load = [this] { return world_.proofs.head(); };
    auto const save = [this](std::string_view head) {
        auto const keep = [&]() -> Result<void> {
            world_.proofs.keep(head);
            return {};
        };
        return life_.pass(keep, [] {});
    };
    auto const tell = [this](Failure const&) { world_.proofs.note_forged(); };
    proofs_.emplace(*store_, world_.clock, proofs::TreeFiles(nodes_, leaves_), signer(),
                    proofs::ProofTree::Keep{load, save, tell});
    return proofs_->recover();
}

Result<void> ShopNode::open_messages() {
    messages_.emplace(MessageRoom::Parts{*store_, store_->writer(), store_->report().lineage,
                                         world_.clock, world_.secrets, life_, world_.queues});
    KONTOR_TRY(messages_->recover());
    if (messages_->has_read_checkpoint())
        world_.chaos.reached("queues.from_checkpoint");
    return {};
}

Result<void> ShopNode::open() {
    KONTOR_TRY(store_, embedded::EventStore::open(disk_, world_.clock, world_.chaos, world_.store));
    KONTOR_TRY(open_messages());
    KONTOR_TRY(open_sealing());
    auto shop = world_.shop;
    shop.sealer = &sealing_->sealer;
    shop.opener = &sealing_->desk_opener;
    desk_ = std::make_unique<services::ShopDeskAgent>(*store_, shop, world_.states_max);
    door_ = &desk_->add_client();
    checkout_ = std::make_unique<services::CheckoutRunner>(
        *store_, world_.clock, provider_, payment::Provider("sandbox"), desk_->add_client());
    checkout_->open_by(&sealing_->checkout_opener);
    inventory_ =
        std::make_unique<services::InventoryRunner>(*store_, world_.clock, desk_->add_client());
    desk_->desk().settle_by(messages_->queues());
    auto& queues = messages_->queues();
    warehouse_.emplace(services::QueueWorker::Parts{queues.queue(), queues.progress(), world_.clock,
                                                    desk_->add_client()},
                       services::warehouse_job(*store_, world_.shop.locations));
    carrier_ = std::make_unique<services::CarrierRunner>(*store_, world_.clock, world_.carrier_seed,
                                                         desk_->add_client());
    documents_ =
        std::make_unique<services::DocumentRunner>(*store_, world_.clock, desk_->add_client());
    KONTOR_TRY(auto models,
               sqlite::ReadModels::open(world_.views_directory, std::string(only_boot)));
    models_ = std::make_unique<MortalModels>(std::move(models), life_);
    for (auto const& model : watched_models())
        projectors_.push_back(std::make_unique<projections::Projector>(
            *store_, *models_, model.make,
            projections::ProjectorOptions{.lineage = store_->report().lineage}));
    KONTOR_TRY(open_proofs());
    KONTOR_TRY(carrier_->recover());
    KONTOR_TRY(inventory_->recover());
    KONTOR_TRY(documents_->recover());
    return checkout_->recover();
}

Result<WorkDone> ShopNode::project(WorkBudget budget) {
    WorkDone done{0};
    for (auto const& projector : projectors_) {
        KONTOR_TRY(auto const part, projector->do_work(budget));
        done.items += part.items;
    }
    return done;
}

} // namespace kontor::simulation
