#pragma once

/// Shape: the bodies that go in and out, by name. The table of routes names them, the reference
/// shows their schema; neither sees the types.

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::services::gateway {

enum class Shape : std::uint8_t {
    nothing,
    // sent
    place_order,
    place_orders,
    cancel_order,
    change_order,
    edit_order,
    pay_with,
    grant_refund,
    ask_for_return,
    receive_return,
    with_reason,
    capture_payment,
    add_product,
    change_product,
    set_price,
    issue_coupon,
    ask_for_quote,
    receive_stock,
    adjust_stock,
    transfer_stock,
    set_stock_policy,
    pack_shipment,
    dispatch_shipment,
    deliver_shipment,
    register_customer,
    change_customer,
    set_preferences,
    erase_customer,
    open_session,
    create_token,
    put_user,
    set_limit,
    table, ///< CSV, in and out
    // answered
    index,
    health,
    problem_row,
    problem,
    open_api,
    session,
    order,
    order_page,
    order_batch,
    timeline,
    payment,
    payment_page,
    payment_methods,
    refund,
    shipment,
    shipment_page,
    return_,
    return_page,
    product,
    product_page,
    coupon,
    quote,
    shipping_methods,
    stock_item,
    stock_page,
    movements,
    reservation,
    customer,
    customer_page,
    customer_export,
    facts,
    fact_stream,
    fact,
    document,
    accounts,
    entries,
    reconciliation,
    table_outcome,
    saga,
    saga_page,
    saga_plan,
    attention_page,
    projections,
    projection,
    overview,
    services,
    settings,
    limits,
    limit,
    streams,
    stream_state,
    causes,
    audit_page,
    audit_checkpoint,
    audit_proof,
    audit_check,
    users,
    user,
    tokens,
    token,
};
/// How the reference calls a shape.   Requires: not `nothing`.   Thread: any.
std::string_view name_of_shape(Shape shape);

/// The JSON Schema of a shape.   Requires: not `nothing`.   Thread: any.
std::string schema_of_shape(Shape shape);

} // namespace kontor::services::gateway
