#include "tests/simulation/world/shop_node.hpp"

namespace kontor::simulation {

Result<void> ShopNode::open() {
    KONTOR_TRY(store_, embedded::EventStore::open(disk_, world_.clock, world_.chaos, world_.store));
    desk_ = std::make_unique<services::ShopDeskAgent>(*store_, world_.shop, world_.states_max);
    door_ = &desk_->add_client();
    checkout_ = std::make_unique<services::CheckoutRunner>(
        *store_, world_.clock, provider_, payment::Provider("sandbox"), desk_->add_client());
    carrier_ = std::make_unique<services::CarrierRunner>(*store_, world_.clock, world_.carrier_seed,
                                                         desk_->add_client());
    return checkout_->recover();
}

} // namespace kontor::simulation
