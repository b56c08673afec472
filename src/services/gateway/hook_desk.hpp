#pragma once

/// HookDesk: what the routes of webhooks need: the secrets, how each stands, and how far calls for
/// others go.   Thread: the edge's. All outlive it.

#include "platform/reach/net_address.hpp"
#include "platform/webhooks/secret_maker.hpp"
#include "services/webhooks/figures.hpp"

namespace kontor::services::gateway {

struct HookDesk {
    webhooks::SecretMaker const& secrets;
    hooks::Figures const& figures;
    reach::Reach reach{reach::Reach::open_only};
};

} // namespace kontor::services::gateway
