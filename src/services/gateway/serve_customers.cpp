#include "services/gateway/codes.hpp"

#include "services/gateway/address_book.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/by_address.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/prepare_order.hpp"
#include "services/views/read_rows.hpp"

#include "platform/sealing/address_mark.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

struct SeenCustomer {
    customer::State state{};
    ports::StreamVersion version{};
    Instant created_at{};
    Instant updated_at{};
};

Result<SeenCustomer, Trouble> read_customer(Parts& parts, CustomerId id,
                                            ports::StreamVersion last) {
    SeenCustomer seen{customer::initial()};
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_stream(StreamId::customer(id), ports::StreamVersion(1),
                                                ports::Limit(10'000))));
    for (auto const& event : page.events) {
        if (event.version > last)
            break;
        KONTOR_TRY(auto fact, or_trouble(Customers::decode(event.type, event.payload)));
        KONTOR_TRY(or_trouble(sealing::open_fact(parts.opener, fact, page.id_of(event))));
        seen.state = customer::Decider::evolve(std::move(seen.state), fact);
        seen.version = event.version;
        seen.updated_at = page.commit_of(event).header.occurred_at;
        if (event.version.value() == 1)
            seen.created_at = seen.updated_at;
    }
    if (std::holds_alternative<customer::Nothing>(seen.state))
        return unexpected(trouble("unknown_customer"));
    return seen;
}

CustomerAnswer answer_of(CustomerId id, SeenCustomer const& seen) {
    CustomerAnswer answer{};
    answer.id = id;
    answer.version = seen.version.value();
    answer.created_at = seen.created_at;
    answer.updated_at = seen.updated_at;
    answer.country = Country::parse("ZZ").value_or(Country());
    auto const* const active = std::get_if<customer::Active>(&seen.state);
    answer.erased = active == nullptr;
    if (active == nullptr)
        return answer;
    auto const& profile = active->profile;
    answer.guest = profile.guest;
    answer.country = profile.country;
    answer.email = profile.email;
    answer.name = profile.name;
    answer.phone = profile.phone;
    answer.addresses = profile.addresses;
    answer.channels = profile.channels;
    return answer;
}

Result<CustomerId, Trouble> customer_in_path(Asked const& asked) {
    KONTOR_TRY(auto const id, path_value<CustomerId>(asked, 0, "unknown_customer"));
    if (!asked.may_see(id))
        return unexpected(trouble("unknown_customer"));
    return id;
}

Result<Reply, Trouble> render_customer(Parts& parts, Asked const& asked, Seen const& seen) {
    CustomerId const id(seen.stream.id());
    KONTOR_TRY(auto const found, read_customer(parts, id, seen.version));
    auto reply = versioned_reply(asked, seen.status, answer_of(id, found));
    if (seen.status == 201)
        reply.headers.add("Location", "/v1/customers/" + id.to_string());
    return reply;
}

Answer customer_write(Asked const& asked, CustomerId id, customer::Command command,
                      std::uint16_t status, std::optional<Trouble> prevented = {}) {
    auto write = write_to<Customers>(id, std::move(command), status, render_customer);
    write.prevented = std::move(prevented);
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

std::optional<Personal<std::string>> personal(auto const& text) {
    return text ? std::optional(Personal<std::string>(text->value)) : std::nullopt;
}

Result<std::vector<Personal<Address>>, Trouble> addresses_of(std::vector<ShipTo> const& places) {
    if (places.size() > 20)
        return unexpected(bad_field("/addresses", "at most 20 are wanted"));
    std::vector<Personal<Address>> addresses;
    for (auto const& place : places)
        addresses.push_back(address_of(place));
    return addresses;
}

Result<customer::Profile, Trouble> known_profile(Parts& parts, CustomerId id) {
    KONTOR_TRY(auto const seen, read_customer(parts, id, newest));
    auto const* const active = std::get_if<customer::Active>(&seen.state);
    if (active == nullptr)
        return unexpected(trouble("customer_erased"));
    return active->profile;
}

bool has_ended(views::OrderState state) {
    return state == views::OrderState::completed || state == views::OrderState::cancelled ||
           state == views::OrderState::rejected || state == views::OrderState::expired;
}

/// A bank may argue about an order that has ended long ago.   Errors: unavailable, corrupt.
Result<bool, Trouble> is_disputed(Parts& parts, OrderId id) {
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, {})));
    return order && std::ranges::any_of(order->view.payments, [](auto const& payment) {
               return payment.state == views::PaymentState::disputed;
           });
}

/// With what keeps a person from being forgotten, as far as the rows have come.
/// Errors: unavailable, corrupt.
Result<customer::Erase, Trouble> erase_of(Parts& parts, Asked& asked, CustomerId id) {
    customer::Erase erase{.customer_id = id};
    views::OrderFilter filter{.customer = id, .limit = views::page_rows_max};
    for (;;) {
        KONTOR_TRY(auto const page, or_trouble(views::list_orders(*asked.rows, filter)));
        for (auto const& order : page.orders) {
            erase.has_ordered = true;
            erase.open_orders += has_ended(order.progress.state) ? 0 : 1;
            KONTOR_TRY(bool const disputed, is_disputed(parts, order.order.id));
            erase.open_disputes += disputed ? 1 : 0;
        }
        if (!page.looked_to)
            return erase;
        filter.after = page.looked_to;
    }
}

/// A customer who has this address now; empty: another has it, or nobody.
/// Errors: unavailable, corrupt.
Result<std::optional<SeenCustomer>, Trouble> customer_with(Parts& parts, CustomerId id,
                                                           std::string_view address) {
    auto seen = read_customer(parts, id, newest);
    if (!seen && seen.error().problem->name == "unknown_customer")
        return std::optional<SeenCustomer>();
    if (!seen)
        return unexpected(std::move(seen).error());
    auto const* const active = std::get_if<customer::Active>(&seen->state);
    auto const* const email = active == nullptr ? nullptr : active->profile.email.value();
    bool const has_it =
        email != nullptr && sealing::normal_address(*email) == sealing::normal_address(address);
    return has_it ? std::optional(*std::move(seen)) : std::nullopt;
}

/// Whether what this command wrote stands in the stream of the customer.
/// Errors: unavailable, corrupt.
Result<bool, Trouble> has_written(Parts& parts, CustomerId id, CommandId command) {
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_stream(StreamId::customer(id), ports::StreamVersion(1),
                                                ports::Limit(10'000))));
    return std::ranges::any_of(page.events, [&](auto const& event) {
        return page.commit_of(event).header.command_id == command;
    });
}

/// Whether somebody else asked for the address a moment ago, and has it or may still get it: what
/// has written nothing yet may be at the desk for as long as the claim is remembered.
/// Errors: unavailable, corrupt, broken.
Result<bool, Trouble> is_claimed(Parts& parts, Asked const& asked, CustomerId id,
                                 std::string_view address) {
    KONTOR_TRY(auto const claim, or_trouble(parts.addresses->claimed(address)));
    if (!claim || claim->customer == id || claim->command == asked.command)
        return false;
    KONTOR_TRY(bool const is_decided, has_written(parts, claim->customer, claim->command));
    if (!is_decided)
        return true;
    KONTOR_TRY(auto const holder, customer_with(parts, claim->customer, address));
    return holder.has_value();
}

/// What keeps a customer from an address; empty: it is this one's from now on.
/// Errors: unavailable, corrupt, broken.
Result<std::optional<Trouble>, Trouble> take_address(Parts& parts, Asked const& asked,
                                                     CustomerId id, std::string_view address) {
    if (parts.addresses == nullptr)
        return std::optional<Trouble>();
    auto taken = trouble("email_taken");
    taken.errors.push_back({"/email", "another customer has this address"});
    KONTOR_TRY(bool const claimed, is_claimed(parts, asked, id, address));
    if (claimed)
        return std::optional(std::move(taken));
    KONTOR_TRY(auto const holders, or_trouble(parts.addresses->may_have(address)));
    for (auto const& holder : holders) {
        if (holder == id)
            continue;
        KONTOR_TRY(auto const seen, customer_with(parts, holder, address));
        if (seen)
            return std::optional(std::move(taken));
    }
    KONTOR_TRY(or_trouble(parts.addresses->claim(address, {id, asked.command})));
    return std::optional<Trouble>();
}

using Holder = std::pair<CustomerId, SeenCustomer>;

/// Errors: parameter_invalid, unsupported, unavailable, corrupt, broken.
Result<std::vector<Holder>, Trouble> holders_of(Parts& parts, std::string_view address) {
    if (!is_address(address))
        return unexpected(bad_parameter("q", "a whole e-mail address is wanted: what is sealed is "
                                             "found by nothing less"));
    if (parts.addresses == nullptr)
        return unexpected(trouble("unsupported"));
    KONTOR_TRY(auto const ids, or_trouble(parts.addresses->may_have(address)));
    std::vector<Holder> holders;
    for (auto const& id : ids) {
        KONTOR_TRY(auto seen, customer_with(parts, id, address));
        if (seen)
            holders.emplace_back(id, *std::move(seen));
    }
    return holders;
}

/// Whoever has this address, all on one page.
/// Errors: as holders_of.
Served customers_with(Parts& parts, Asked const& asked, std::string_view address) {
    KONTOR_TRY(auto const holders, holders_of(parts, address));
    PageText text;
    for (auto const& [id, seen] : holders)
        add_item(text.items, answer_of(id, seen), asked.personal_fields());
    return Answer(page_reply(parts, asked, text));
}

} // namespace

Result<std::vector<CustomerId>, Trouble> customers_of_address(Parts& parts,
                                                              std::string_view address) {
    KONTOR_TRY(auto const holders, holders_of(parts, address));
    std::vector<CustomerId> ids;
    for (auto const& [id, seen] : holders)
        ids.push_back(id);
    return ids;
}

namespace code {

Served register_customer(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<RegisterCustomer>(asked));
    if (!is_address(body.email.value))
        return unexpected(bad_field("/email", "an e-mail address is wanted"));
    auto const id = asked.sees_all() || !asked.caller.customer
                        ? id_at<CustomerId>(time_id(asked.now), asked.command, "customer")
                        : *asked.caller.customer;
    customer::Profile profile{};
    profile.country = body.country;
    profile.email = Personal<std::string>(body.email.value);
    profile.name = personal(body.name);
    profile.phone = personal(body.phone);
    if (body.addresses) {
        KONTOR_TRY(profile.addresses, addresses_of(*body.addresses));
    }
    KONTOR_TRY(auto prevented, take_address(parts, asked, id, body.email.value));
    return customer_write(asked, id, customer::Register{id, std::move(profile)}, 201,
                          std::move(prevented));
}

Served list_customers(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    if (auto const address = asked.parameter("q"))
        return customers_with(parts, asked, *address);
    KONTOR_TRY(auto const after, key_after<CustomerId>(page));
    views::RowScan<views::CustomerRow> scan{.table = 0};
    if (after)
        scan.after = std::tuple(*after);
    scan.limit = ports::Limit(page.limit + 1);
    std::vector<views::CustomerRow> rows;
    KONTOR_TRY(or_trouble(views::scan_rows(*asked.rows, scan, [&](views::CustomerRow&& row) {
        rows.push_back(std::move(row));
        return true;
    })));
    PageText text;
    text.has_more = cut_to(rows, page.limit);
    for (auto const& row : rows) {
        CustomerAnswer answer{};
        answer.id = row.id;
        answer.version = row.version;
        answer.created_at = row.created_at;
        answer.updated_at = row.updated_at;
        answer.guest = row.is_guest;
        answer.erased = row.is_erased;
        answer.country = row.country;
        add_item(text.items, answer);
        text.last = row.id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

Served show_customer(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, customer_in_path(asked));
    KONTOR_TRY(auto const seen, read_customer(parts, id, newest));
    return Answer(versioned_reply(asked, 200, answer_of(id, seen)));
}

Served change_customer(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, customer_in_path(asked));
    KONTOR_TRY(auto const body, body_of<ChangeCustomer>(asked));
    KONTOR_TRY(auto profile, known_profile(parts, id));
    std::optional<Trouble> prevented;
    if (body.email) {
        if (!is_address(body.email->value))
            return unexpected(bad_field("/email", "an e-mail address is wanted"));
        KONTOR_TRY(prevented, take_address(parts, asked, id, body.email->value));
        profile.email = Personal<std::string>(body.email->value);
    }
    if (body.country)
        profile.country = *body.country;
    if (body.name)
        profile.name = personal(body.name);
    if (body.phone)
        profile.phone = personal(body.phone);
    if (body.addresses) {
        KONTOR_TRY(profile.addresses, addresses_of(*body.addresses));
    }
    return customer_write(asked, id, customer::Change{id, std::move(profile)}, 200,
                          std::move(prevented));
}

Served set_preferences(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, customer_in_path(asked));
    KONTOR_TRY(auto const body, body_of<SetPreferences>(asked));
    if (body.channels.size() > 20)
        return unexpected(bad_field("/channels", "at most 20 topics are wanted"));
    KONTOR_TRY(auto profile, known_profile(parts, id));
    profile.channels = body.channels;
    return customer_write(asked, id, customer::Change{id, std::move(profile)}, 200);
}

Served export_customer(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, customer_in_path(asked));
    KONTOR_TRY(auto const seen, read_customer(parts, id, newest));
    std::string body = R"({"customer":)";
    codec::append_json(body, answer_of(id, seen), asked.personal_fields());
    body += R"(,"orders":[)";
    views::OrderFilter filter{.customer = id, .limit = views::page_rows_max};
    bool is_first = true;
    for (;;) {
        KONTOR_TRY(auto const page, or_trouble(views::list_orders(*asked.rows, filter)));
        for (auto const& row : page.orders) {
            KONTOR_TRY(auto const order,
                       or_trouble(fold_order(parts, row.order.id,
                                             {.position = parts.log.durable().position})));
            if (!order)
                continue;
            body += std::exchange(is_first, false) ? "" : ",";
            codec::append_json(body, gateway::answer_of(*order), asked.personal_fields());
        }
        if (!page.looked_to)
            break;
        filter.after = page.looked_to;
    }
    body += "]}";
    return Answer(json_reply(200, std::move(body)));
}

Served erase_customer(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, customer_in_path(asked));
    KONTOR_TRY(auto const body, body_of<EraseCustomer>(asked));
    if (body.confirm != id)
        return unexpected(bad_field("/confirm", "the customer's id is wanted once more"));
    KONTOR_TRY(auto const erase, erase_of(parts, asked, id));
    return customer_write(asked, id, erase, 202);
}

} // namespace code
} // namespace kontor::services::gateway
