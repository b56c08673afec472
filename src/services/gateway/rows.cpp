#include "services/gateway/rows.hpp"

#include "base/assert.hpp"
#include "base/names.hpp"
#include "services/views/models.hpp"

namespace kontor::services::gateway {
namespace {

ports::ModelShape made(std::string_view name) {
    auto const* const model = views::find_model(name);
    KONTOR_ASSERT(model != nullptr, "there is no read model {}", name);
    return model->make()->shape();
}

} // namespace

ports::ModelShape const& shape_of(Model model) {
    static ports::ModelShape const orders = made("orders");
    static ports::ModelShape const stock = made("stock");
    static ports::ModelShape const catalog = made("catalog");
    static ports::ModelShape const customers = made("customers");
    static ports::ModelShape const attention = made("attention");
    switch (model) {
    case Model::none: break;
    case Model::orders: return orders;
    case Model::stock: return stock;
    case Model::catalog: return catalog;
    case Model::customers: return customers;
    case Model::attention: return attention;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::services::gateway
