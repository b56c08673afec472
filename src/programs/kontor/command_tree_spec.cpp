#include "programs/kontor/api_call.hpp"
#include "programs/kontor/command_pages.hpp"
#include "programs/kontor/completion.hpp"
#include "programs/kontor/route_commands.hpp"
#include "tests/support/reference_page.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <set>

namespace kontor::programs {
namespace {

class CommandTreeSpec : public ::testing::Test {
protected:
    CommandTreeSpec() { add_commands(app, flags, chosen); }

    CommandShape tree() const { return shape_of(app); }

    /// The words of what may come next, with a shop that knows one order.
    std::vector<std::string> next(std::vector<std::string> const& words) const {
        auto const existing = [](std::string_view positional) {
            return positional == "order" ? std::vector<Candidate>{{"ord_1", "placed"}}
                                         : std::vector<Candidate>{};
        };
        std::vector<std::string> found;
        for (auto const& each : candidates(tree(), words, existing))
            found.push_back(each.word);
        return found;
    }

    CLI::App app{"Kontor: an event-driven shop in one program.", "kontor"};
    GlobalFlags flags;
    std::optional<Command> chosen;
};

using Words = std::vector<std::string>;

TEST_F(CommandTreeSpec, a_noun_is_completed) {
    EXPECT_EQ(next({"proj"}), Words{"projection"});
}

TEST_F(CommandTreeSpec, a_verb_is_completed_below_its_noun) {
    EXPECT_EQ(next({"--json", "--data", "somewhere", "projection", "reb"}), Words{"rebuild"});
}

TEST_F(CommandTreeSpec, what_belongs_to_an_option_is_no_command) {
    EXPECT_EQ(next({"--data", "projection", "proj"}), Words{"projection"});
}

TEST_F(CommandTreeSpec, an_order_is_completed_by_what_the_shop_knows) {
    EXPECT_EQ(next({"order", "cancel", "ord"}), Words{"ord_1"});
    EXPECT_EQ(next({"order", "cancel", "ord_1", ""}), Words{}) << "one order is enough";
}

TEST_F(CommandTreeSpec, the_choices_of_an_option_are_shown) {
    EXPECT_EQ(next({"load", "--mix", ""}), (Words{"orders", "browse", "shop"}));
    EXPECT_EQ(next({"load", "--mix", "s"}), Words{"shop"});
}

/// What is said of a line that is refused.
std::string refusal(CLI::App& app, std::string const& line) {
    try {
        app.parse(line);
    } catch (CLI::ParseError const& error) {
        return error.what();
    }
    return "nothing";
}

TEST_F(CommandTreeSpec, a_value_that_does_not_fit_is_refused_in_words_for_people) {
    EXPECT_EQ(refusal(app, "import online-retail a.csv --dates foo"),
              "--dates: day-first or month-first is wanted, and this is foo");
    EXPECT_EQ(refusal(app, "order list --limit 0"),
              "--limit: a whole number from 1 to 1000000 is wanted, and this is 0");
    EXPECT_EQ(refusal(app, "stock count K001 -1"),
              "units: a whole number, 0 or more, is wanted, and this is -1");
    EXPECT_EQ(refusal(app, "load --seed foo"),
              "--seed: a whole number, 0 or more, is wanted, and this is foo");
    EXPECT_EQ(refusal(app, "top --every 0.01"),
              "--every: a number from 0.2 to 3600 is wanted, and this is 0.01");
}

/// CLI11's own checks speak of types and bounds: none may stand in the tree.
TEST_F(CommandTreeSpec, every_number_is_checked_by_us) {
    auto const visit = [](auto const& self, CLI::App& command) -> void {
        for (auto* const option : command.get_options()) {
            auto const type = option->get_type_name();
            bool const is_number = type == "INT" || type == "UINT" || type == "FLOAT";
            if (is_number && option->get_items_expected_max() > 0) {
                ASSERT_NE(option->get_validator(), nullptr) << option->get_name();
                EXPECT_NE((*option->get_validator())("x").find("wanted"), std::string::npos)
                    << option->get_name();
            }
            EXPECT_EQ(type.find(" in ["), std::string::npos) << option->get_name();
            EXPECT_EQ(type.find("NONNEGATIVE"), std::string::npos) << option->get_name();
        }
        for (auto* const below : command.get_subcommands([](CLI::App*) { return true; }))
            self(self, *below);
    };
    visit(visit, app);
}

TEST_F(CommandTreeSpec, the_choices_of_an_argument_are_shown) {
    EXPECT_EQ(next({"completion", "z"}), Words{"zsh"});
}

TEST_F(CommandTreeSpec, the_options_of_a_command_and_those_of_all_are_shown) {
    EXPECT_EQ(next({"load", "--ra"}), Words{"--rate"});
    EXPECT_EQ(next({"load", "--js"}), Words{"--json"});
}

TEST_F(CommandTreeSpec, nothing_is_made_up_where_a_file_is_asked_for) {
    EXPECT_EQ(next({"--config", ""}), Words{});
}

TEST_F(CommandTreeSpec, what_is_for_scripts_alone_is_not_shown) {
    EXPECT_EQ(next({"complet"}), Words{"completion"});
}

TEST_F(CommandTreeSpec, each_shell_has_a_script_and_others_have_none) {
    for (auto const* const shell : {"bash", "zsh", "fish"})
        EXPECT_NE(completion_script(shell).find("complete"), std::string_view::npos) << shell;
    EXPECT_TRUE(completion_script("tcsh").empty());
}

TEST_F(CommandTreeSpec, every_command_says_what_it_does_and_shows_an_example) {
    for_each_command(tree(), [](CommandShape const& command) {
        EXPECT_FALSE(command.what.empty()) << command.line;
        EXPECT_TRUE(!command.commands.empty() || !command.examples.empty()) << command.line;
        for (auto const& each : command.options)
            EXPECT_FALSE(each.what.empty()) << command.line << " " << each.names.back();
        for (auto const& each : command.positionals)
            EXPECT_FALSE(each.what.empty()) << command.line << " " << each.names.back();
    });
}

TEST_F(CommandTreeSpec, an_example_calls_the_command_it_stands_with) {
    for_each_command(tree(), [](CommandShape const& command) {
        EXPECT_TRUE(command.examples.empty() ||
                    command.examples.find(command.line) != std::string::npos)
            << command.line;
    });
}

TEST_F(CommandTreeSpec, every_route_of_the_api_has_a_command) {
    std::set<std::string> done;
    for_each_command(tree(), [&](CommandShape const& command) {
        done.insert(command.routes.begin(), command.routes.end());
    });
    for (auto const& route : services::gateway::routes()) {
        auto const line = fmt::format("{} {}", services::name_of(route.method), route.path);
        auto const excuse = why_no_command(route.id);
        EXPECT_NE(done.contains(line), !excuse.empty())
            << line << " (" << route.id << ") " << excuse;
    }
}

TEST_F(CommandTreeSpec, the_help_of_a_command_names_its_routes) {
    auto const root = tree();
    auto const* const list = root.find("order")->find("list");
    EXPECT_EQ(list->routes, Words{"GET /v1/orders"});
    EXPECT_EQ(list->examples.find("/v1/orders"), std::string::npos) << list->examples;
    auto const page = man_page(*list, "1");
    EXPECT_NE(page.find(".SH \"OVER HTTP\"\n.nf\nGET /v1/orders\n"), std::string::npos) << page;
}

/// The members that a schema knows, those within others behind a dot.
std::set<std::string> members_of(boost::json::object const& schema) {
    std::set<std::string> members;
    if (auto const* const either = schema.if_contains("anyOf")) // of what may be null
        for (auto const& each : either->as_array())
            members.merge(members_of(each.as_object()));
    auto const* const properties = schema.if_contains("properties");
    if (properties == nullptr)
        return members;
    for (auto const& [name, below] : properties->as_object()) {
        members.insert(std::string(name));
        for (auto const& inner : members_of(below.as_object()))
            members.insert(std::string(name) + "." + inner);
    }
    return members;
}

std::set<std::string> members_of(services::gateway::Shape shape) {
    return members_of(boost::json::parse(services::gateway::schema_of_shape(shape)).as_object());
}

/// Those of one row of a list.
std::set<std::string> members_of_rows(services::gateway::Shape shape) {
    auto const schema = boost::json::parse(services::gateway::schema_of_shape(shape));
    return members_of(schema.at("properties").at("data").at("items").as_object());
}

TEST_F(CommandTreeSpec, what_a_command_sends_is_what_its_route_takes) {
    for (auto const& row : api_commands()) {
        auto const* const route = route_called(row.route);
        ASSERT_NE(route, nullptr) << row.route;
        auto const sent = route->body == services::gateway::Shape::nothing
                              ? std::set<std::string>()
                              : members_of(route->body);
        auto address = std::string(route->path);
        for (auto const& argument : row.arguments) {
            auto const member = std::string(argument.member);
            if (member.starts_with('{')) {
                address.replace(address.find(member), member.size(), "x");
            } else if (!member.empty()) {
                EXPECT_TRUE(sent.contains(member)) << row.route << " takes no " << member;
            }
        }
        EXPECT_EQ(address.find('{'), std::string::npos) << row.route << ": " << address;
    }
}

TEST_F(CommandTreeSpec, a_column_shows_what_its_route_answers) {
    for (auto const& row : api_commands()) {
        if (row.columns.empty())
            continue;
        auto const members = members_of_rows(route_called(row.route)->answer);
        services::gateway::for_each_name(row.columns, [&](std::string_view column) {
            EXPECT_TRUE(members.contains(std::string(column))) << row.route << ": " << column;
        });
    }
}

/// The call that comes of what was typed for a row.
Result<RemoteCall, Trouble> call_for(std::string_view route, ApiAsked const& asked) {
    for (auto const& row : api_commands())
        if (row.route == route)
            return call_of(row, *route_called(route), asked);
    return unexpected(Trouble(Failure{FailureKind::not_found, "no such row", std::string(route)}));
}

TEST_F(CommandTreeSpec, what_is_typed_stands_where_the_route_wants_it) {
    ApiAsked asked;
    asked.one[0] = "MUG 1";
    asked.one[1] = "-2";
    auto const adjusted = call_for("adjust_stock", asked);
    ASSERT_TRUE(adjusted);
    EXPECT_EQ(adjusted->path, "/v1/inventory/MUG%201/main/adjustments");
    EXPECT_EQ(boost::json::serialize(*adjusted->body), R"({"delta":-2})");
    asked.one[1] = "two";
    EXPECT_EQ(call_for("adjust_stock", asked).error().problem->name, "usage");

    ApiAsked told;
    told.one[0] = "cus_1";
    told.many[1] = {"order=email", "refund=email,webhook", "delivery="};
    auto const preferences = call_for("set_preferences", told);
    ASSERT_TRUE(preferences);
    EXPECT_EQ(boost::json::serialize(*preferences->body),
              R"({"channels":[{"topic":"order","channels":["email"]},)"
              R"({"topic":"refund","channels":["email","webhook"]},)"
              R"({"topic":"delivery","channels":[]}]})");

    ApiAsked dropped;
    dropped.one[0] = "dead-letter";
    dropped.many[1] = {"3", "17"};
    auto const discarded = call_for("discard_letters", dropped);
    ASSERT_TRUE(discarded);
    EXPECT_EQ(discarded->path, "/v1/ops/dlq/dead-letter/discards");
    EXPECT_EQ(boost::json::serialize(*discarded->body), R"({"messages":[3,17]})");
    dropped.many[1] = {"three"};
    EXPECT_EQ(call_for("discard_letters", dropped).error().problem->name, "usage");

    ApiAsked moved;
    moved.one[0] = "ord_1";
    moved.one[3] = "Bristol";
    moved.many[2] = {"1 Quay Street"};
    auto const changed = call_for("change_order", moved);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->method, "PATCH");
    EXPECT_EQ(boost::json::serialize(*changed->body),
              R"({"ship_to":{"lines":["1 Quay Street"],"city":"Bristol"}})");
}

TEST_F(CommandTreeSpec, a_page_of_the_manual_has_its_parts) {
    auto const* const load = tree().find("load");
    auto const page = man_page(*tree().find("load"), "1.2.3");
    ASSERT_NE(load, nullptr);
    for (auto const* const part : {".TH \"kontor-load\" 1", ".SH NAME\nkontor\\-load \\- ",
                                   ".SH SYNOPSIS", "[SERVER]", "\\-\\-for FLOAT", ".SH EXAMPLES"})
        EXPECT_NE(page.find(part), std::string::npos) << part << "\n" << page;
}

TEST_F(CommandTreeSpec, no_text_is_taken_for_a_request_of_the_page) {
    CommandShape command{.line = "kontor x",
                         .name = "x",
                         .what = "Does \\all…",
                         .examples = ".hidden\n'quoted\n  a-b"};
    auto const page = man_page(command, "1");
    EXPECT_NE(page.find("\n\\&.hidden\n\\&'quoted\n  a\\-b\n"), std::string::npos) << page;
    EXPECT_NE(page.find("Does \\eall\\[u2026]"), std::string::npos) << page;
}

TEST_F(CommandTreeSpec, the_reference_says_what_the_commands_do) {
    testing::expect_page("docs/reference/command-line.md", command_reference(tree()));
}

} // namespace
} // namespace kontor::programs
