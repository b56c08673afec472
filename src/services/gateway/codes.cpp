#include "services/gateway/codes.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

struct Code {
    std::string_view id;
    Serve serve;
};

constexpr Code table[] = {
    {"index", code::index},
    {"health", code::health},
    {"ready", code::ready},
    {"problem", code::problem},
    {"open_api", code::open_api},
    {"open_session", code::open_session},
    {"show_session", code::show_session},
    {"close_session", code::close_session},
    {"open_guest_session", code::open_guest_session},
    {"list_facts", code::list_facts},
    {"stream_facts", code::stream_facts},
    {"list_products", code::list_products},
    {"show_product", code::show_product},
    {"add_product", code::add_product},
    {"change_product", code::change_product},
    {"set_price", code::set_price},
    {"withdraw_product", code::withdraw_product},
    {"restore_product", code::restore_product},
    {"show_coupon", code::show_coupon},
    {"issue_coupon", code::issue_coupon},
    {"quote", code::quote},
    {"list_shipping_methods", code::list_shipping_methods},
    {"list_stock", code::list_stock},
    {"list_stock_of", code::list_stock_of},
    {"show_stock", code::show_stock},
    {"list_movements", code::list_movements},
    {"show_reservation", code::show_reservation},
    {"receive_stock", code::receive_stock},
    {"adjust_stock", code::adjust_stock},
    {"set_stock_policy", code::set_stock_policy},
    {"release_reservation", code::release_reservation},
    {"place_order", code::place_order},
    {"place_orders", code::place_orders},
    {"list_orders", code::list_orders},
    {"show_order", code::show_order},
    {"order_timeline", code::order_timeline},
    {"cancel_order", code::cancel_order},
    {"change_order", code::change_order},
    {"edit_order", code::edit_order},
    {"abandon_edit", code::abandon_edit},
    {"offer_payment", code::offer_payment},
    {"grant_refund", code::grant_refund},
    {"ask_for_return", code::ask_for_return},
    {"receive_return", code::receive_return},
    {"cancel_return", code::cancel_return},
    {"list_returns", code::list_returns},
    {"show_return", code::show_return},
    {"show_refund", code::show_refund},
    {"list_payment_methods", code::list_payment_methods},
    {"list_payments", code::list_payments},
    {"show_payment", code::show_payment},
    {"take_payment_webhook", code::take_payment_webhook},
    {"list_shipments", code::list_shipments},
    {"show_shipment", code::show_shipment},
    {"dispatch_shipment", code::dispatch_shipment},
    {"deliver_shipment", code::deliver_shipment},
    {"fail_shipment", code::fail_shipment},
    {"return_shipment", code::return_shipment},
    {"hold_shipment", code::hold_shipment},
    {"resume_shipment", code::resume_shipment},
    {"cancel_shipment", code::cancel_shipment},
    {"register_customer", code::register_customer},
    {"list_customers", code::list_customers},
    {"show_customer", code::show_customer},
    {"change_customer", code::change_customer},
    {"set_preferences", code::set_preferences},
    {"export_customer", code::export_customer},
    {"erase_customer", code::erase_customer},
    {"show_stream", code::show_stream},
    {"show_fact", code::show_fact},
    {"show_invoice", code::show_invoice},
    {"show_saga", code::show_saga},
    {"list_attention", code::list_attention},
    {"list_projections", code::list_projections},
    {"show_projection", code::show_projection},
    {"rebuild_projection", code::rebuild_projection},
    {"verify_projection", code::verify_projection},
    {"pause_projection", code::pause_projection},
    {"resume_projection", code::resume_projection},
    {"list_tokens", code::list_tokens},
    {"create_token", code::create_token},
    {"revoke_token", code::revoke_token},
};

} // namespace

Serve find_code(std::string_view id) {
    auto const found = std::ranges::find(table, id, &Code::id);
    return found == std::ranges::end(table) ? nullptr : found->serve;
}

} // namespace kontor::services::gateway
