#include "codec/event_types.hpp"
#include "codec/stored_json.hpp"

#include "base/names.hpp"
#include "tests/support/reference_page.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace kontor::codec {
namespace {

constexpr auto introduction =
    "# Every fact that Kontor stores\n\n"
    "Generated from `src/codec/event_types.hpp` by `spec_codec`; with `KONTOR_WRITE_DOCS=1` it "
    "writes "
    "this page anew.\n\n"
    "The log keeps the number; everything that leaves says name and version. *Public* facts leave "
    "the "
    "shop, without their\npersonal fields; *internal* ones stay. A `?` marks a field that may be "
    "absent; money is `{\"amount\":1999,\"currency\":\"GBP\"}` in\nminor units; instants are RFC "
    "3339 in UTC.\n\n"
    "The fields stand in the sequence of their bytes, and a number behind a word is what is stored "
    "for it. [What events hold,\nbyte by byte](payload-format.md) says how each type is written.\n";

std::string rendered() {
    std::string text = introduction;
    StreamCategory category{};
    for (auto const& row : event_types()) {
        if (category_of(row.type) != category) {
            category = category_of(row.type);
            text += fmt::format("\n## Streams `{}-…`\n\n| number | name | version | | fields |\n"
                                "|---|---|---|---|---|\n",
                                enumerator_name(category));
        }
        text +=
            fmt::format("| {} | `{}` | {} | {} | {} |\n", row.type.value(), row.name, row.version,
                        row.visibility == Visibility::public_ ? "public" : "internal",
                        stored_fields(row.type).value());
    }
    return text;
}

TEST(Reference, the_page_of_facts_says_what_the_code_does) {
    testing::expect_page("docs/reference/events.md", rendered());
}

} // namespace
} // namespace kontor::codec
