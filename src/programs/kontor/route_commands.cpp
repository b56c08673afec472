#include "programs/kontor/route_commands.hpp"

#include "programs/kontor/api_call.hpp"

#include <fmt/core.h>

#include <map>

namespace kontor::programs {
namespace {

struct RouteCommand {
    std::string_view route; ///< its id
    std::string_view command;
};

/// Those that are more than a row of api_rows.inc.
constexpr RouteCommand by_hand[] = {
    {"index", "tail"},
    {"health", "health"},
    {"ready", "health"},
    {"problem", "explain"},
    {"open_api", "spec openapi"},
    {"list_facts", "tail"},
    {"stream_facts", "tail"},
    {"list_products", "product list"},
    {"show_product", "product show"},
    {"add_product", "product add"},
    {"set_price", "product price"},
    {"quote", "order quote"},
    {"quote", "order place"},
    {"list_stock", "stock list"},
    {"list_stock_of", "stock show"},
    {"receive_stock", "stock receive"},
    {"transfer_stock", "stock transfer"},
    {"show_stock", "stock count"},
    {"adjust_stock", "stock count"},
    {"place_order", "order place"},
    {"list_orders", "order list"},
    {"show_order", "order show"},
    {"show_order", "order invoice"},
    {"order_timeline", "order timeline"},
    {"cancel_order", "order cancel"},
    {"grant_refund", "order refund"},
    {"ask_for_return", "return request"},
    {"receive_return", "return receive"},
    {"list_returns", "return list"},
    {"show_return", "return show"},
    {"list_payments", "payment list"},
    {"show_payment", "payment show"},
    {"capture_payment", "payment capture"},
    {"void_payment", "payment void"},
    {"retry_payment", "payment retry"},
    {"list_shipments", "shipment list"},
    {"show_shipment", "shipment show"},
    {"pack_shipment", "shipment split"},
    {"dispatch_shipment", "shipment dispatch"},
    {"deliver_shipment", "shipment deliver"},
    {"fail_shipment", "shipment fail"},
    {"return_shipment", "shipment returned"},
    {"hold_shipment", "shipment hold"},
    {"resume_shipment", "shipment resume"},
    {"cancel_shipment", "shipment cancel"},
    {"list_accounts", "ledger show"},
    {"reconcile_payouts", "ledger reconcile"},
    {"export_entries", "ledger export"},
    {"export_products", "product export"},
    {"import_products", "product import"},
    {"export_stock", "stock export"},
    {"import_stock", "stock import"},
    {"list_customers", "customer list"},
    {"show_customer", "customer show"},
    {"export_customer", "customer export"},
    {"erase_customer", "customer erase"},
    {"show_overview", "top"},
    {"show_store", "store info"},
    {"back_up_store", "store backup"},
    {"show_backup", "store backup"},
    {"list_services", "top"},
    {"reload_secrets", "config reload"},
    {"list_limits", "limit list"},
    {"set_limit", "limit set"},
    {"show_saga_graph", "saga graph"},
    {"list_streams", "stream list"},
    {"show_stream", "stream show"},
    {"show_stream_state", "stream state"},
    {"show_fact", "event show"},
    {"show_causes", "event causes"},
    {"list_audit", "audit list"},
    {"show_proof", "audit prove"},
    {"verify_audit", "audit verify"},
    {"show_audit_check", "audit verify"},
    {"list_projections", "projection list"},
    {"show_projection", "projection show"},
    {"rebuild_projection", "projection rebuild"},
    {"verify_projection", "projection verify"},
    {"list_users", "user list"},
    {"put_user", "user put"},
    {"remove_user", "user remove"},
    {"list_tokens", "token list"},
    {"create_token", "token create"},
    {"revoke_token", "token revoke"},
};

struct NoCommand {
    std::string_view route;
    std::string_view why;
};
constexpr NoCommand without[] = {
    {"home", "for browsers: a page"},
    {"docs", "for browsers: a page"},
    {"page_style", "for browsers: part of a page"},
    {"home_script", "for browsers: part of a page"},
    {"docs_script", "for browsers: part of a page"},
    {"open_session", "for browsers: the command line sends its key with each call"},
    {"close_session", "for browsers: there is no session to close"},
    {"open_guest_session", "for browsers: whoever types is known by a key"},
    {"take_payment_webhook", "for providers: they sign what they report"},
};

/// The command of a line like "order list"; null: there is none.
CLI::App* command_of(CLI::App& app, std::string_view line) {
    auto* at = &app;
    while (at != nullptr && !line.empty()) {
        auto const word = line.substr(0, line.find(' '));
        auto const below =
            at->get_subcommands([&](CLI::App const* each) { return each->get_name() == word; });
        at = below.empty() ? nullptr : below.front();
        line.remove_prefix(std::min(word.size() + 1, line.size()));
    }
    return at;
}

} // namespace

void note_routes(CLI::App& app) {
    std::map<CLI::App*, std::string> notes;
    auto const note = [&](std::string_view id, std::string const& line) {
        auto const* const route = route_called(id);
        auto* const command = command_of(app, line);
        KONTOR_ASSERT(route != nullptr, "there is no route {}", id);
        KONTOR_ASSERT(command != nullptr, "there is no command {}", line);
        auto& text = notes[command];
        text += fmt::format("{}  {} {}", text.empty() ? "" : "\n", services::name_of(route->method),
                            route->path);
    };
    for (auto const& [route, command] : by_hand)
        note(route, std::string(command));
    for (auto const& row : api_commands())
        note(row.route, fmt::format("{} {}", row.noun, row.verb));
    for (auto const& [command, text] : notes)
        command->footer(command->get_footer() + std::string(routes_head) + text);
}

std::string_view why_no_command(std::string_view route) {
    for (auto const& each : without)
        if (each.route == route)
            return each.why;
    return {};
}

} // namespace kontor::programs
