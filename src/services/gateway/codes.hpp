#pragma once

/// The code of each route, by its id in the table.   Thread: the edge's.

#include "services/gateway/asked.hpp"

namespace kontor::services::gateway::code {

Served index(Parts& parts, Asked& asked);
Served health(Parts& parts, Asked& asked);
Served ready(Parts& parts, Asked& asked);
Served problem(Parts& parts, Asked& asked);
Served open_api(Parts& parts, Asked& asked);
Served open_session(Parts& parts, Asked& asked);
Served show_session(Parts& parts, Asked& asked);
Served close_session(Parts& parts, Asked& asked);
Served open_guest_session(Parts& parts, Asked& asked);
Served list_facts(Parts& parts, Asked& asked);
Served stream_facts(Parts& parts, Asked& asked);
Served list_products(Parts& parts, Asked& asked);
Served show_product(Parts& parts, Asked& asked);
Served add_product(Parts& parts, Asked& asked);
Served change_product(Parts& parts, Asked& asked);
Served set_price(Parts& parts, Asked& asked);
Served withdraw_product(Parts& parts, Asked& asked);
Served restore_product(Parts& parts, Asked& asked);
Served show_coupon(Parts& parts, Asked& asked);
Served issue_coupon(Parts& parts, Asked& asked);
Served quote(Parts& parts, Asked& asked);
Served list_shipping_methods(Parts& parts, Asked& asked);
Served list_stock(Parts& parts, Asked& asked);
Served list_stock_of(Parts& parts, Asked& asked);
Served show_stock(Parts& parts, Asked& asked);
Served list_movements(Parts& parts, Asked& asked);
Served show_reservation(Parts& parts, Asked& asked);
Served receive_stock(Parts& parts, Asked& asked);
Served adjust_stock(Parts& parts, Asked& asked);
Served set_stock_policy(Parts& parts, Asked& asked);
Served release_reservation(Parts& parts, Asked& asked);
Served place_order(Parts& parts, Asked& asked);
Served place_orders(Parts& parts, Asked& asked);
Served list_orders(Parts& parts, Asked& asked);
Served show_order(Parts& parts, Asked& asked);
Served order_timeline(Parts& parts, Asked& asked);
Served cancel_order(Parts& parts, Asked& asked);
Served change_order(Parts& parts, Asked& asked);
Served edit_order(Parts& parts, Asked& asked);
Served abandon_edit(Parts& parts, Asked& asked);
Served offer_payment(Parts& parts, Asked& asked);
Served grant_refund(Parts& parts, Asked& asked);
Served ask_for_return(Parts& parts, Asked& asked);
Served receive_return(Parts& parts, Asked& asked);
Served cancel_return(Parts& parts, Asked& asked);
Served list_returns(Parts& parts, Asked& asked);
Served show_return(Parts& parts, Asked& asked);
Served show_refund(Parts& parts, Asked& asked);
Served list_payment_methods(Parts& parts, Asked& asked);
Served list_payments(Parts& parts, Asked& asked);
Served show_payment(Parts& parts, Asked& asked);
Served take_payment_webhook(Parts& parts, Asked& asked);
Served list_shipments(Parts& parts, Asked& asked);
Served show_shipment(Parts& parts, Asked& asked);
Served dispatch_shipment(Parts& parts, Asked& asked);
Served deliver_shipment(Parts& parts, Asked& asked);
Served fail_shipment(Parts& parts, Asked& asked);
Served return_shipment(Parts& parts, Asked& asked);
Served hold_shipment(Parts& parts, Asked& asked);
Served resume_shipment(Parts& parts, Asked& asked);
Served cancel_shipment(Parts& parts, Asked& asked);
Served register_customer(Parts& parts, Asked& asked);
Served list_customers(Parts& parts, Asked& asked);
Served show_customer(Parts& parts, Asked& asked);
Served change_customer(Parts& parts, Asked& asked);
Served set_preferences(Parts& parts, Asked& asked);
Served export_customer(Parts& parts, Asked& asked);
Served erase_customer(Parts& parts, Asked& asked);
Served show_stream(Parts& parts, Asked& asked);
Served show_fact(Parts& parts, Asked& asked);
Served show_invoice(Parts& parts, Asked& asked);
Served show_saga(Parts& parts, Asked& asked);
Served list_attention(Parts& parts, Asked& asked);
Served list_projections(Parts& parts, Asked& asked);
Served show_projection(Parts& parts, Asked& asked);
Served rebuild_projection(Parts& parts, Asked& asked);
Served verify_projection(Parts& parts, Asked& asked);
Served pause_projection(Parts& parts, Asked& asked);
Served resume_projection(Parts& parts, Asked& asked);
Served list_tokens(Parts& parts, Asked& asked);
Served create_token(Parts& parts, Asked& asked);
Served revoke_token(Parts& parts, Asked& asked);

} // namespace kontor::services::gateway::code
