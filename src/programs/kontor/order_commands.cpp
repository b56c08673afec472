#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/serve_files.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct PlaceFlags {
    std::vector<std::string> lines;
    std::string currency{"GBP"};
    std::string country{"GB"};
    std::string shipping;
    std::string coupon;
    std::string card{"tok_approve"};
    std::string customer;
    std::string name;
    std::string street;
    std::string city;
    std::string postcode;
    std::string email;
    bool is_demo{false};
    WriteFlags write;
};

/// Something of everything: up to three products of the first page.
Result<void, Trouble> fill_basket(Remote& remote, PlaceFlags& flags) {
    KONTOR_TRY(auto const products, remote.list("/v1/products", 100));
    auto const word = random_word(3);
    for (auto const letter : word)
        if (!products.empty())
            flags.lines.push_back(readable(
                products[static_cast<std::size_t>(letter) * 7 % products.size()].at("sku")));
    return {};
}

void fill_in(std::string& field, char const* otherwise) {
    if (field.empty())
        field = otherwise;
}

Result<void, Trouble> fill_in_demo(Remote& remote, PlaceFlags& flags) {
    if (flags.lines.empty())
        KONTOR_TRY(fill_basket(remote, flags));
    fill_in(flags.name, "Ada Ashdown");
    fill_in(flags.street, "1 Quay Street");
    fill_in(flags.city, "Bristol");
    fill_in(flags.postcode, "BS1 4DJ");
    fill_in(flags.email, "ada@demo.invalid");
    return {};
}

/// What the shop asks for the basket.
Result<boost::json::object, Trouble> quoted(Remote& remote, PlaceFlags const& flags,
                                            boost::json::array const& lines) {
    boost::json::object asked{
        {"lines", lines}, {"currency", flags.currency}, {"country", flags.country}};
    if (!flags.shipping.empty())
        asked["shipping_method"] = flags.shipping;
    if (!flags.coupon.empty())
        asked["coupon"] = flags.coupon;
    KONTOR_TRY(auto answer, remote.send({"POST", "/v1/quotes", asked}));
    return answer.body.as_object();
}

Outcome quote_order(Program& program, PlaceFlags flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    if (flags.is_demo)
        KONTOR_TRY(fill_in_demo(remote, flags));
    KONTOR_TRY(auto const lines, lines_of(flags.lines, "sku"));
    KONTOR_TRY(auto const quote, quoted(remote, flags, lines));
    show_remote_thing(program.output, quote);
    return ExitCode::ok;
}

Outcome place_order(Program& program, PlaceFlags flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    if (flags.is_demo)
        KONTOR_TRY(fill_in_demo(remote, flags));
    KONTOR_TRY(auto const lines, lines_of(flags.lines, "sku"));
    KONTOR_TRY(auto const quote, quoted(remote, flags, lines));
    boost::json::object body{{"lines", lines},
                             {"currency", flags.currency},
                             {"ship_to",
                              {{"name", flags.name},
                               {"lines", boost::json::array{flags.street}},
                               {"city", flags.city},
                               {"postcode", flags.postcode},
                               {"country", flags.country}}},
                             {"contact", {{"email", flags.email}}},
                             {"payment", {{"method", "card"}, {"token", flags.card}}},
                             {"expected_total", quote.at("total")}};
    if (auto const* const shipping = quote.if_contains("shipping_method");
        shipping != nullptr && shipping->is_string())
        body["shipping_method"] = *shipping;
    if (!flags.coupon.empty())
        body["coupon"] = flags.coupon;
    if (!flags.customer.empty())
        body["customer_id"] = flags.customer;
    return write(program, {"POST", "/v1/orders", std::move(body)}, flags.write);
}

void add_basket(CLI::App& command, PlaceFlags& flags) {
    command.add_option("--line", flags.lines, "SKU=UNITS; may be repeated");
    command.add_flag("--demo", flags.is_demo, "fills in whatever is not given");
    command.add_option("--currency", flags.currency, "of all prices (GBP)");
    command.add_option("--country", flags.country, "where it goes (GB)");
    command.add_option("--shipping", flags.shipping, "how it goes (the first way that serves)");
    command.add_option("--coupon", flags.coupon, "a coupon's code");
}

void add_placing(CLI::App& orders, std::optional<Command>& chosen) {
    auto const asked = std::make_shared<PlaceFlags>();
    add_basket(add_command(orders, chosen,
                           {"quote", "Asks what a basket costs; nothing is stored",
                            "  kontor order quote --line K001=2 --line K007"},
                           [asked](Program& program) {
                               return program.output.ended(quote_order(program, *asked));
                           }),
               *asked);
    auto const flags = std::make_shared<PlaceFlags>();
    auto& place = add_command(
        orders, chosen,
        {"place", "Places an order",
         "  kontor order place --demo\n"
         "  kontor order place --line K001=2 --name 'Ada Ashdown' --street '1 Quay Street' \\\n"
         "      --city Bristol --postcode 'BS1 4DJ' --email ada@example.org --wait 5"},
        [flags](Program& program) { return program.output.ended(place_order(program, *flags)); });
    add_basket(place, *flags);
    place.add_option("--card", flags->card, "the payment token (tok_approve)");
    place.add_option("--customer", flags->customer, "whose order it is");
    place.add_option("--name", flags->name, "of whoever gets it");
    place.add_option("--street", flags->street, "with the number");
    place.add_option("--city", flags->city, "or town");
    place.add_option("--postcode", flags->postcode, "of the city");
    place.add_option("--email", flags->email, "to be told how it goes");
    add_write_flags(place, flags->write);
}

/// What names the things of a command: ids, SKUs, places.
struct Named {
    std::string which;
    std::string other;
    WriteFlags write;
};

/// Lines of an order that a write is about.
struct LineFlags {
    Named named;
    std::vector<std::string> lines;
    std::string kind;
    std::int64_t amount{0};
    std::string currency{"GBP"};
    std::string condition{"restock"};
};

Outcome cancel_order(Program& program, LineFlags const& flags) {
    boost::json::object body;
    if (!flags.lines.empty()) {
        KONTOR_TRY(body["lines"], lines_of(flags.lines, "line"));
    }
    return write(program, {"POST", "/v1/orders/" + flags.named.which + "/cancel", std::move(body)},
                 flags.named.write);
}

Outcome refund_order(Program& program, LineFlags const& flags) {
    boost::json::object body{{"kind", flags.kind},
                             {"amount", {{"amount", flags.amount}, {"currency", flags.currency}}}};
    if (!flags.lines.empty()) {
        KONTOR_TRY(body["lines"], lines_of(flags.lines, "line"));
    }
    return write(program, {"POST", "/v1/orders/" + flags.named.which + "/refunds", std::move(body)},
                 flags.named.write);
}

Outcome request_return(Program& program, LineFlags const& flags) {
    boost::json::object body;
    KONTOR_TRY(body["lines"], lines_of(flags.lines, "line"));
    return write(program, {"POST", "/v1/orders/" + flags.named.which + "/returns", std::move(body)},
                 flags.named.write);
}

Outcome receive_return(Program& program, LineFlags const& flags) {
    KONTOR_TRY(auto lines, lines_of(flags.lines, "line"));
    for (auto& line : lines)
        line.as_object()["condition"] = flags.condition;
    return write(
        program,
        {"POST",
         fmt::format("/v1/orders/{}/returns/{}/receive", flags.named.which, flags.named.other),
         boost::json::object{{"lines", std::move(lines)}}},
        flags.named.write);
}

using LineWrite = Outcome (*)(Program&, LineFlags const&);

CLI::App& add_line_write(CLI::App& noun, std::optional<Command>& chosen, Wording const& wording,
                         LineWrite done, std::shared_ptr<LineFlags> const& flags) {
    auto& command = add_command(noun, chosen, wording, [flags, done](Program& program) {
        return program.output.ended(done(program, *flags));
    });
    command.add_option("order", flags->named.which, "its id")->required();
    add_write_flags(command, flags->named.write);
    return command;
}

void add_order_writes(CLI::App& orders, CLI::App& returns, std::optional<Command>& chosen) {
    auto const cancelled = std::make_shared<LineFlags>();
    auto& cancel = add_line_write(orders, chosen,
                                  {"cancel", "Cancels an order, or units of it",
                                   "  kontor order cancel ord_01… --reason 'changed my mind'\n"
                                   "  kontor order cancel ord_01… --line 2=1 --reason 'too many'"},
                                  cancel_order, cancelled);
    cancel.add_option("--line", cancelled->lines, "LINE=UNITS; none: the whole order");
    cancel.add_option("--reason", cancelled->named.write.reason, "is kept with the fact")
        ->required();

    auto const refunded = std::make_shared<LineFlags>();
    auto& refund =
        add_line_write(orders, chosen,
                       {"refund", "Grants a refund; the money follows",
                        "  kontor order refund ord_01… --amount 500 --reason 'arrived scratched'"},
                       refund_order, refunded);
    refunded->kind = "goodwill";
    refund.add_option("--amount", refunded->amount, "in the smallest unit: 500 is 5.00")
        ->required()
        ->check(CLI::PositiveNumber);
    refund.add_option("--currency", refunded->currency, "of the amount (GBP)");
    refund.add_option("--kind", refunded->kind, "goodwill, cancel, return_ or shipping (goodwill)");
    refund.add_option("--reason", refunded->named.write.reason, "is kept with the fact")
        ->required();

    auto const asked = std::make_shared<LineFlags>();
    auto& request = add_line_write(
        returns, chosen,
        {"request", "Announces that units come back",
         "  kontor return request ord_01… --line 1=1 --reason 'not what I hoped for'"},
        request_return, asked);
    request.add_option("--line", asked->lines, "LINE=UNITS; may be repeated")->required();
    request.add_option("--reason", asked->named.write.reason, "is kept with the fact")->required();

    auto const received = std::make_shared<LineFlags>();
    auto& receive = add_line_write(returns, chosen,
                                   {"receive", "Takes in what came back",
                                    "  kontor return receive ord_01… ret_01… --line 1=1"},
                                   receive_return, received);
    receive.add_option("return", received->named.other, "its id")->required();
    receive.add_option("--line", received->lines, "LINE=UNITS; may be repeated")->required();
    receive.add_option("--condition", received->condition, "restock, damaged or write_off");
}

} // namespace

void add_order_commands(CLI::App& orders, CLI::App& returns, std::optional<Command>& chosen) {
    add_placing(orders, chosen);
    add_order_writes(orders, returns, chosen);
}

} // namespace kontor::programs
