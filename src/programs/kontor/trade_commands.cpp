#include "programs/kontor/api_call.hpp"
#include "programs/kontor/list_limit.hpp"
#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct ProductFlags {
    std::string sku;
    std::string title;
    std::string category;
    std::string tax_class{"standard"};
    std::int64_t price{0};
    std::string currency{"GBP"};
    std::int64_t weight_g{-1};
    std::string location{"main"};
    std::int64_t units{0};
    std::string reference{"delivery"};
    WriteFlags write;
};

Outcome set_price(Program& program, ProductFlags const& flags) {
    auto const path = "/v1/products/" + encoded(flags.sku);
    KONTOR_TRY(auto const version, version_at(program, path));
    RemoteCall call{
        "PUT", path + "/price",
        boost::json::object{{"price", {{"amount", flags.price}, {"currency", flags.currency}}}}};
    call.if_match = version;
    return write(program, std::move(call), flags.write);
}

Outcome add_product(Program& program, ProductFlags const& flags) {
    boost::json::object body{
        {"sku", flags.sku}, {"title", flags.title}, {"tax_class", flags.tax_class}};
    if (!flags.category.empty())
        body["category"] = flags.category;
    if (flags.weight_g >= 0)
        body["weight_g"] = flags.weight_g;
    KONTOR_TRY(auto const added,
               write(program, {"POST", "/v1/products", std::move(body)}, flags.write));
    if (flags.price <= 0)
        return added;
    auto priced = flags;
    priced.write.key = flags.write.key.empty() ? "" : flags.write.key + "-price";
    return set_price(program, priced);
}

Outcome receive_stock(Program& program, ProductFlags const& flags) {
    return write(
        program,
        {"POST",
         fmt::format("/v1/inventory/{}/{}/receipts", encoded(flags.sku), encoded(flags.location)),
         boost::json::object{{"quantity", flags.units}, {"reference", flags.reference}}},
        flags.write);
}

struct TransferFlags {
    std::string sku;
    std::int64_t units{0};
    std::string from{"main"};
    std::string to;
    WriteFlags write;
};

Outcome transfer_stock(Program& program, TransferFlags const& flags) {
    return write(
        program,
        {"POST",
         fmt::format("/v1/inventory/{}/{}/transfers", encoded(flags.sku), encoded(flags.from)),
         boost::json::object{{"to", flags.to}, {"quantity", flags.units}}},
        flags.write);
}

void add_transfer(CLI::App& stock, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<TransferFlags>();
    auto& transfer = add_command(
        stock, chosen,
        {"transfer", "Moves units to another place: there they arrive, or nothing moves",
         "  kontor stock transfer MUG-1 20 --from main --to north"},
        transfer_stock, flags);
    transfer.add_option("sku", flags->sku, "of the product")->required();
    transfer.add_option("units", flags->units, "how many go")->required()->check(whole_units());
    transfer.add_option("--from", flags->from, "the place they leave (main)");
    transfer.add_option("--to", flags->to, "the place they go to")->required();
    add_write_flags(transfer, flags->write);
}

void add_goods(CLI::App& products, CLI::App& stock, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<ProductFlags>();
    auto& add =
        add_command(products, chosen,
                    {"add", "Adds a product",
                     "  kontor product add MUG-1 --title 'Oak Mug' --price 899 --category kitchen"},
                    add_product, flags);
    add.add_option("sku", flags->sku, "capitals and digits")->required();
    add.add_option("--title", flags->title, "as customers read it")->required();
    add.add_option("--category", flags->category, "where they find it");
    add.add_option("--tax-class", flags->tax_class, "standard, reduced or zero (standard)");
    add.add_option("--weight", flags->weight_g, "in grams")->check(whole_number());
    add.add_option("--price", flags->price, "in the smallest unit: 899 is 8.99")
        ->check(minor_units_or_none());
    add.add_option("--currency", flags->currency, "of the price (GBP)");
    add_write_flags(add, flags->write);

    auto const priced = std::make_shared<ProductFlags>();
    auto& price = add_command(products, chosen,
                              {"price", "Sets the list price", "  kontor product price MUG-1 949"},
                              set_price, priced);
    price.add_option("sku", priced->sku, "of the product")->required();
    price.add_option("price", priced->price, "in the smallest unit: 949 is 9.49")
        ->required()
        ->check(minor_units());
    price.add_option("--currency", priced->currency, "of the price (GBP)");
    add_write_flags(price, priced->write);

    auto const received = std::make_shared<ProductFlags>();
    auto& receive = add_command(
        stock, chosen,
        {"receive", "Puts units on the shelf", "  kontor stock receive MUG-1 100 --at main"},
        receive_stock, received);
    receive.add_option("sku", received->sku, "of the product")->required();
    receive.add_option("units", received->units, "how many came")->required()->check(whole_units());
    receive.add_option("--at", received->location, "the place (main)");
    receive.add_option("--reference", received->reference, "the delivery note");
    add_write_flags(receive, received->write);
}

/// Lists and shows of what only a server can show.
void add_reads(CLI::App& noun, std::optional<Command>& chosen, std::string const& name,
               std::string const& path) {
    auto const limit = std::make_shared<ListLimit>();
    auto const filters = std::make_shared<RouteFilters>();
    auto& list =
        add_command(noun, chosen, {"list", "Lists them", "  kontor " + name + " list --limit 10"},
                    [limit, name, filters](Program& program) {
                        auto remote = Remote::reach(program);
                        if (!remote)
                            return program.output.fail(remote.error());
                        return program.output.ended(show_remote_list(
                            program, *remote, name, filters->query(), limit->rows(program.output)));
                    });
    limit->add_to(list);
    filters->add_to(list, *route_called(fmt::format("list_{}s", name)));
    auto const which = std::make_shared<std::string>();
    add_command(noun, chosen, {"show", "Shows one", "  kontor " + name + " show …"},
                [which, path](Program& program) {
                    auto remote = Remote::reach(program);
                    if (!remote)
                        return program.output.fail(remote.error());
                    return program.output.ended(
                        show_remote(program, *remote, path + encoded(*which)));
                })
        .add_option("which", *which, "as the list gives it")
        ->required();
}

} // namespace

void add_trade_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& products = noun_of(app, "product", "Shows and changes what is sold");
    auto& shipments = noun_of(app, "shipment", "Shows and moves parcels");
    auto& returns = noun_of(app, "return", "Takes back what was sold");
    auto& customers = noun_of(app, "customer", "Shows and forgets who buys");
    add_reads(products, chosen, "product", "/v1/products/");
    add_reads(shipments, chosen, "shipment", "/v1/shipments/");
    add_shipment_commands(shipments, chosen);
    add_reads(returns, chosen, "return", "/v1/returns/");
    add_reads(customers, chosen, "customer", "/v1/customers/");
    add_customer_commands(customers, chosen);
    add_order_commands(noun_of(app, "order", "Shows what was ordered"), returns, chosen);
    auto& stock = noun_of(app, "stock", "Shows what is on the shelves");
    add_goods(products, stock, chosen);
    add_transfer(stock, chosen);
}

} // namespace kontor::programs
