#include "programs/kontor/api_command.hpp"

#include "programs/kontor/api_call.hpp"
#include "programs/kontor/remote_write.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace kontor::programs {
namespace {

using services::Method;
using services::gateway::Route;

constexpr auto command_rows = std::to_array<ApiCommand>({
#include "programs/kontor/api_rows.inc"
});

consteval bool every_row_can_be_typed() {
    for (auto const& row : command_rows)
        for (auto const& argument : row.arguments) {
            bool const names_one = argument.typed.empty() == argument.member.empty();
            if (!names_one || argument.typed.empty() != argument.what.empty())
                return false;
        }
    return true;
}
static_assert(every_row_can_be_typed(), "an argument lacks its name, its member or its words");

struct NounWords {
    std::string_view noun;
    std::string_view what;
};
constexpr NounWords noun_words[] = {
    {"archive", "What of the log can be brought again"},
    {"attention", "What people are asked to look at"},
    {"breaker", "Whether calls go out to whom the shop asks outside"},
    {"coupon", "Shows and issues coupons"},
    {"dlq", "Dead letters: messages that nobody could handle"},
    {"invoice", "Invoices and credit notes by their numbers"},
    {"mail", "What people were written"},
    {"operation", "Long tasks of the shop: backups, rebuilds, redrives, replays"},
    {"quarantine", "What the shop does not handle any more because it ended it"},
    {"queue", "Queues, and the messages in them"},
    {"refund", "Money that goes back"},
    {"replay", "Brings what happened to queues and topics once more"},
    {"reservation", "What is promised to orders"},
    {"rule", "Which events of a bus go where, and why not"},
    {"saga", "The processes that lead orders from click to doorstep"},
    {"service", "Who does the shop's work"},
    {"session", "As whom you ask"},
    {"topic", "Topics, who gets what they have, and what is published to them"},
    {"webhook", "Facts that are sent to whoever asked for them"},
};

void add_filters(CLI::App& command, Route const& route, ApiAsked& asked) {
    asked.filters.add_to(command, route);
    if (services::gateway::has_name(route.query, "limit"))
        asked.limit.add_to(command);
}

bool is_repeated(Typed kind) {
    switch (kind) {
    case Typed::texts:
    case Typed::numbers:
    case Typed::units_by_sku:
    case Typed::units_by_line:
    case Typed::channels:
    case Typed::attributes: return true;
    case Typed::text:
    case Typed::number:
    case Typed::flag:
    case Typed::money: return false;
    }
    KONTOR_UNREACHABLE();
}

void add_arguments(CLI::App& command, ApiCommand const& row, ApiAsked& asked) {
    bool has_money = false;
    for (std::size_t n = 0; n < arguments_max && !row.arguments[n].typed.empty(); ++n) {
        auto const& argument = row.arguments[n];
        has_money = has_money || argument.kind == Typed::money;
        auto const name = std::string(argument.typed);
        auto const what = std::string(argument.what);
        auto* const option = is_repeated(argument.kind)
                                 ? command.add_option(name, asked.many[n], what)
                                 : command.add_option(name, asked.one[n], what);
        option->required(argument.required);
    }
    if (has_money)
        command.add_option("--currency", asked.currency, "of the amounts (GBP)");
}

void add_write(CLI::App& command, Route const& route, ApiAsked& asked) {
    if (route.method == Method::get)
        return;
    add_write_flags(command, asked.write);
    if (route.needs.reason)
        command.add_option("--reason", asked.write.reason, "why, in 3 to 500 characters")
            ->required();
    if (route.body != services::gateway::Shape::nothing)
        command.add_option("--body", asked.body_file,
                           "a file with the whole of it as JSON, or - for stdin; what is typed "
                           "beside it is put into it");
}

void add_row(CLI::App& app, std::optional<Command>& chosen, ApiCommand const& row) {
    auto const* const route = route_called(row.route);
    KONTOR_ASSERT(route != nullptr, "there is no route {}", row.route);
    auto const words = std::ranges::find(noun_words, row.noun, &NounWords::noun);
    auto& noun = noun_of(app, std::string(row.noun),
                         words == std::end(noun_words) ? std::string() : std::string(words->what));
    auto const asked = std::make_shared<ApiAsked>();
    auto& command = add_command(
        noun, chosen, {std::string(row.verb), std::string(row.what), std::string(row.examples)},
        [&row, route, asked](Program& program) {
            return program.output.ended(ask(program, row, *route, *asked));
        });
    add_arguments(command, row, *asked);
    add_filters(command, *route, *asked);
    add_write(command, *route, *asked);
}

} // namespace

std::span<ApiCommand const> api_commands() {
    return command_rows;
}

void add_api_commands(CLI::App& app, std::optional<Command>& chosen) {
    for (auto const& row : command_rows)
        add_row(app, chosen, row);
    add_plain_call(app, chosen);
}

} // namespace kontor::programs
