#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct PlaceFlags {
    std::vector<std::string> lines;
    OrderWish wish;
    bool is_demo{false};
    WriteFlags write;
};

/// Something of everything: up to three products of the first page.
Result<void, Trouble> fill_basket(Remote& remote, PlaceFlags& flags) {
    KONTOR_TRY(auto const products, remote.list("/v1/products", 100));
    if (products.empty())
        return unexpected(Trouble(
            "empty_order", {FailureKind::invalid, "the shop sells nothing yet", remote.url()},
            "Add a product (kontor product add), bring in a file (kontor import online-retail "
            "FILE), or open a shop that has some (kontor serve --demo)."));
    auto const word = random_word(3);
    for (auto const letter : word)
        flags.lines.push_back(
            readable(products[static_cast<std::size_t>(letter) * 7 % products.size()].at("sku")));
    return {};
}

void fill_in(std::string& field, char const* otherwise) {
    if (field.empty())
        field = otherwise;
}

Result<void, Trouble> fill_in_demo(Remote& remote, PlaceFlags& flags) {
    if (flags.lines.empty())
        KONTOR_TRY(fill_basket(remote, flags));
    fill_in(flags.wish.name, "Ada Ashdown");
    fill_in(flags.wish.street, "1 Quay Street");
    fill_in(flags.wish.city, "Bristol");
    fill_in(flags.wish.postcode, "BS1 4DJ");
    fill_in(flags.wish.email, "ada@demo.invalid");
    return {};
}

/// Completes the wish; what the shop asks for it.
Result<boost::json::object, Trouble> priced(Remote& remote, PlaceFlags& flags) {
    if (flags.is_demo)
        KONTOR_TRY(fill_in_demo(remote, flags));
    KONTOR_TRY(flags.wish.lines, lines_of(flags.lines, "sku"));
    return quoted(remote, flags.wish);
}

Outcome quote_order(Program& program, PlaceFlags const& given) {
    auto flags = given;
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const quote, priced(remote, flags));
    show_remote_thing(program.output, quote);
    return ExitCode::ok;
}

Outcome place_order(Program& program, PlaceFlags const& given) {
    auto flags = given;
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const quote, priced(remote, flags));
    return write(program, {"POST", "/v1/orders", order_body(flags.wish, quote)}, flags.write);
}

void add_basket(CLI::App& command, PlaceFlags& flags) {
    command.add_option("--line", flags.lines, "SKU=UNITS; may be repeated");
    command.add_flag("--demo", flags.is_demo, "fills in whatever is not given");
    command.add_option("--currency", flags.wish.currency, "of all prices (GBP)");
    command.add_option("--country", flags.wish.country, "where it goes (GB)");
    command.add_option("--shipping", flags.wish.shipping,
                       "how it goes (the first way that serves)");
    command.add_option("--coupon", flags.wish.coupon, "a coupon's code");
}

void add_placing(CLI::App& orders, std::optional<Command>& chosen) {
    auto const asked = std::make_shared<PlaceFlags>();
    add_basket(add_command(orders, chosen,
                           {"quote", "Asks what a basket costs; nothing is stored",
                            "  kontor order quote --line K001=2 --line K007"},
                           quote_order, asked),
               *asked);
    auto const flags = std::make_shared<PlaceFlags>();
    auto& place = add_command(
        orders, chosen,
        {"place", "Places an order",
         "  kontor order place --demo\n"
         "  kontor order place --line K001=2 --name 'Ada Ashdown' --street '1 Quay Street' \\\n"
         "      --city Bristol --postcode 'BS1 4DJ' --email ada@example.org --wait 5"},
        place_order, flags);
    add_basket(place, *flags);
    place.add_option("--card", flags->wish.card, "the payment token (tok_approve)");
    place.add_option("--customer", flags->wish.customer, "whose order it is");
    place.add_option("--name", flags->wish.name, "of whoever gets it");
    place.add_option("--street", flags->wish.street, "with the number");
    place.add_option("--city", flags->wish.city, "or town");
    place.add_option("--postcode", flags->wish.postcode, "of the city");
    place.add_option("--email", flags->wish.email, "to be told how it goes");
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
    return write(program,
                 {"POST", "/v1/orders/" + encoded(flags.named.which) + "/cancel", std::move(body)},
                 flags.named.write);
}

Outcome refund_order(Program& program, LineFlags const& flags) {
    boost::json::object body{{"kind", flags.kind},
                             {"amount", {{"amount", flags.amount}, {"currency", flags.currency}}}};
    if (!flags.lines.empty()) {
        KONTOR_TRY(body["lines"], lines_of(flags.lines, "line"));
    }
    return write(program,
                 {"POST", "/v1/orders/" + encoded(flags.named.which) + "/refunds", std::move(body)},
                 flags.named.write);
}

Outcome request_return(Program& program, LineFlags const& flags) {
    boost::json::object body;
    KONTOR_TRY(body["lines"], lines_of(flags.lines, "line"));
    return write(program,
                 {"POST", "/v1/orders/" + encoded(flags.named.which) + "/returns", std::move(body)},
                 flags.named.write);
}

Outcome receive_return(Program& program, LineFlags const& flags) {
    KONTOR_TRY(auto lines, lines_of(flags.lines, "line"));
    for (auto& line : lines)
        line.as_object()["condition"] = flags.condition;
    return write(program,
                 {"POST",
                  fmt::format("/v1/orders/{}/returns/{}/receive", encoded(flags.named.which),
                              encoded(flags.named.other)),
                  boost::json::object{{"lines", std::move(lines)}}},
                 flags.named.write);
}

using LineWrite = Outcome (*)(Program&, LineFlags const&);

CLI::App& add_line_write(CLI::App& noun, std::optional<Command>& chosen, Wording const& wording,
                         LineWrite done, std::shared_ptr<LineFlags> const& flags) {
    auto& command = add_command(noun, chosen, wording, done, flags);
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
        ->check(minor_units());
    refund.add_option("--currency", refunded->currency, "of the amount (GBP)");
    refund.add_option("--kind", refunded->kind, "goodwill, cancel, return or shipping (goodwill)");
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
