#include "tests/simulation/world/shop_node.hpp"

#include "tests/simulation/checkers/views.hpp"

#include "adapters/embedded/sqlite/read_models.hpp"

namespace kontor::simulation {

Result<void> ShopNode::open() {
    KONTOR_TRY(store_, embedded::EventStore::open(disk_, world_.clock, world_.chaos, world_.store));
    desk_ = std::make_unique<services::ShopDeskAgent>(*store_, world_.shop, world_.states_max);
    door_ = &desk_->add_client();
    checkout_ = std::make_unique<services::CheckoutRunner>(
        *store_, world_.clock, provider_, payment::Provider("sandbox"), desk_->add_client());
    inventory_ =
        std::make_unique<services::InventoryRunner>(*store_, world_.clock, desk_->add_client());
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
