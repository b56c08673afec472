#include "platform/problems/problems.hpp"
#include "tests/support/reference_page.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <array>

namespace kontor::problems {
namespace {

constexpr auto introduction =
    "# Every problem that Kontor names\n\n"
    "Generated from `src/platform/problems/table.inc` by `spec_platform_problems`; with\n"
    "`KONTOR_WRITE_DOCS=1` it writes this page anew. `kontor explain CODE` says the same.\n\n"
    "A code is given once and never again. *Retry* means that the same request may succeed later,\n"
    "unchanged; the status is that of HTTP.\n";

constexpr std::array<std::string_view, 10> chapters{
    "",         "Requests", "Callers and limits", "The shop's rules",
    "Messages", "Storage",  "The world outside",  "Command line and settings",
    "",         "Defects"};

std::string rendered() {
    std::string text = introduction;
    std::size_t chapter = 0;
    for (auto const& problem : all_problems()) {
        if (auto const begins = std::size_t{problem.code} / 1000; begins != chapter) {
            chapter = begins;
            text += fmt::format("\n## E{}: {}\n", chapter, chapters.at(chapter));
        }
        text += fmt::format("\n### {} `{}`\n\n{}. Status {}{}.\n\n{}\n\n*What to do:* {}\n",
                            code_text(problem), problem.name, problem.title, problem.status,
                            problem.retryable ? ", retry" : "", problem.cause, problem.remedy);
    }
    return text;
}

TEST(Reference, the_page_of_problems_says_what_the_registry_does) {
    testing::expect_page("docs/reference/problems.md", rendered());
}

} // namespace
} // namespace kontor::problems
