#include "services/gateway/roles.hpp"

namespace kontor::services::gateway {

std::vector<Role> list_of(Roles roles) {
    std::vector<Role> list;
    for (auto const role : {Role::customer, Role::support, Role::operations, Role::service})
        if (roles.has(role))
            list.push_back(role);
    return list;
}

} // namespace kontor::services::gateway
