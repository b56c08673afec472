#include "programs/kontor/open_log.hpp"
#include "programs/kontor/order_named.hpp"
#include "programs/kontor/remote.hpp"

#include "base/names.hpp"
#include "base/overloaded.hpp"
#include "codec/event_types.hpp"
#include "domain/documents/name.hpp"
#include "services/documents/document_runner.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct InvoiceOptions {
    std::string order;
    bool issues{false};
};

/// The documents of one order, and how many of its facts want one.
struct Found {
    std::vector<boost::json::object> rows{};
    std::size_t wanted{0};
    bool has_order{false};
};

void add_row(Found& found, std::string_view year, Instant at, documents::Event const& fact) {
    auto const row = [&](documents::Kind kind, auto const& of) {
        auto const name = documents::Name{kind, std::string(year), of.number};
        return boost::json::object{
            {"number", to_string(name)},  {"kind", enumerator_name(kind)},
            {"issued_at", to_string(at)}, {"net", money(of.value.net)},
            {"tax", money(of.value.tax)}, {"gross", money(of.value.gross())}};
    };
    found.rows.push_back(std::visit(overloaded{
                                        [&](documents::InvoiceIssued const& of) {
                                            auto shown = row(documents::Kind::invoice, of);
                                            if (of.fulfilment_id)
                                                shown["shipment"] = of.fulfilment_id->to_string();
                                            return shown;
                                        },
                                        [&](documents::CreditNoteIssued const& of) {
                                            auto shown = row(documents::Kind::credit_note, of);
                                            shown["refund"] = of.refund_id.to_string();
                                            return shown;
                                        },
                                    },
                                    fact));
}

/// Errors: corrupt, unavailable.
Result<void> look_at(Found& found, OrderId order, ports::EventPage const& page,
                     ports::RecordedEvent const& event) {
    if (event.stream.category() == StreamCategory::order && event.stream.id() == order.value()) {
        found.has_order = true;
        bool const wants_one = codec::holds<order::Shipped>(event.type) ||
                               codec::holds<order::RefundGranted>(event.type);
        found.wanted += wants_one ? 1 : 0;
    }
    if (event.stream.category() != StreamCategory::documents)
        return {};
    KONTOR_TRY(auto const fact, codec::decode<documents::Event>(event.type, event.payload));
    if (std::visit([](auto const& of) { return of.order_id; }, fact) == order)
        add_row(found, event.stream.key(), page.commit_of(event).header.occurred_at, fact);
    return {};
}

Result<Found> documents_of(ports::EventStore& store, OrderId order) {
    Found found;
    KONTOR_TRY(see_log(store, [&](auto const& page, auto const& event) {
        return look_at(found, order, page, event);
    }));
    return found;
}

/// Numbers everything that the log tells and that has no document yet, as a running shop does.
/// Errors: those of the log.
Result<void> number_all(Program& program, OpenLog& log) {
    services::ShopDeskAgent desk(log.store());
    services::DocumentRunner runner(log.store(), program.clock, desk.add_client());
    KONTOR_TRY(runner.recover());
    for (;;) {
        if (auto const failure = log.writer_failure())
            return unexpected(*failure);
        KONTOR_TRY(auto const decided, desk.do_work({4096}));
        KONTOR_TRY(auto const read, runner.do_work({4096}));
        if (decided.items + read.items > 0)
            continue;
        if (desk.desk().is_idle() && runner.is_idle())
            return {};
        log.wait_a_little();
    }
}

void show_rows(Program& program, std::vector<boost::json::object> const& rows) {
    program.output.rows({{"number", "number"},
                         {"kind", "kind"},
                         {"issued at", "issued_at"},
                         {"net", "net", Column::Align::right},
                         {"tax", "tax", Column::Align::right},
                         {"gross", "gross", Column::Align::right}},
                        rows);
}

/// As the server that has the log open tells them; it numbers by itself.
Outcome show_there(Program& program, Remote& remote, std::string const& order) {
    KONTOR_TRY(auto const shown, remote.get("/v1/orders/" + encoded(order)));
    std::vector<boost::json::object> rows;
    auto const* const listed = shown.as_object().if_contains("documents");
    if (listed != nullptr && listed->is_array())
        for (auto const& each : listed->get_array())
            rows.push_back(each.as_object());
    show_rows(program, rows);
    if (rows.empty())
        program.output.say("There is none yet: an invoice comes with the parcel.");
    return ExitCode::ok;
}

Outcome show_invoices(Program& program, InvoiceOptions const& options) {
    KONTOR_TRY(check_names_order(options.order));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return show_there(program, *remote, options.order);
    KONTOR_TRY(auto const log,
               OpenLog::open(program.settings, options.issues ? LogUse::write : LogUse::look));
    if (options.issues)
        KONTOR_TRY(number_all(program, *log));
    KONTOR_TRY(auto const order, order_named(log->store(), options.order));
    KONTOR_TRY(auto const found, documents_of(log->store(), order));
    if (options.issues)
        KONTOR_TRY(log->close());
    if (!found.has_order)
        return unexpected(Trouble(
            "unknown_order", {FailureKind::not_found, "there is no such order", options.order},
            "Check the order id; `kontor order list` shows the ids of all orders."));
    show_rows(program, found.rows);
    if (found.wanted == 0)
        program.output.say("Nothing has left yet: an invoice comes with the parcel.");
    if (found.rows.size() < found.wanted)
        program.output.notice(fmt::format(
            "{} of {} documents have their number: a shop that runs numbers the others, and so "
            "does --issue.",
            found.rows.size(), found.wanted));
    return ExitCode::ok;
}

} // namespace

void add_invoice_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const options = std::make_shared<InvoiceOptions>();
    auto& command = add_command(noun_of(app, "order", "Shows what was ordered"), chosen,
                                {"invoice", "Shows the invoices and credit notes of an order",
                                 "  kontor order invoice ord_01…\n  kontor order invoice "
                                 "K7QM-2F9T\n  kontor order invoice ord_01… --issue"},
                                show_invoices, options);
    command.add_option("order", options->order, "its id or number, as the list gives it")
        ->required();
    command.add_flag("--issue", options->issues,
                     "first number everything that has no document yet, of all orders");
}

} // namespace kontor::programs
