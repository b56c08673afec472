#include "programs/kontor/command_pages.hpp"
#include "programs/kontor/completion.hpp"
#include "programs/kontor/program.hpp"
#include "tests/support/reference_page.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <gtest/gtest.h>

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
