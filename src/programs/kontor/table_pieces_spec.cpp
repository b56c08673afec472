#include "programs/kontor/table_pieces.hpp"

#include "services/import/text_source.hpp"

#include <gtest/gtest.h>

namespace kontor::programs {
namespace {

TEST(TablePieces, each_piece_has_the_header_row_and_no_line_is_lost) {
    std::string text = "sku,title\n";
    for (int i = 1; i <= 600; ++i)
        text += "S" + std::to_string(i) + ",thing\n";
    online_retail::TextSource source("a file", text);
    TablePieces pieces(source);
    std::vector<std::size_t> counts;
    std::uint64_t last = 0;
    while (auto piece = pieces.next().value()) {
        EXPECT_TRUE(piece->text.starts_with("sku,title\r\n"));
        counts.push_back(piece->lines.size() - 1);
        EXPECT_EQ(piece->line_of(2), last == 0 ? 2 : last + 1) << "the first behind the header";
        last = piece->lines.back();
    }
    EXPECT_EQ(counts, (std::vector<std::size_t>{250, 250, 100}));
    EXPECT_EQ(last, 601U);
}

TEST(TablePieces, a_line_is_named_as_the_file_has_it) {
    online_retail::TextSource source("a file", "sku,text\n\nA,\"two\nlines\"\nB,=1+1\nC,'=2\n");
    TablePieces pieces(source);
    auto const piece = pieces.next().value();
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->text, "sku,text\r\nA,\"two\nlines\"\r\nB,\"'=1+1\"\r\nC,\"'=2\"\r\n");
    EXPECT_EQ(piece->line_of(1), 1U);
    EXPECT_EQ(piece->line_of(2), 3U);
    EXPECT_EQ(piece->line_of(4), 5U);
    EXPECT_FALSE(pieces.next().value());
}

TEST(TablePieces, a_line_that_is_no_text_stays_behind) {
    online_retail::TextSource source("a file", std::string("sku\nA\nB\0x\nC\n", 12));
    TablePieces pieces(source);
    auto const piece = pieces.next().value();
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->text, "sku\r\nA\r\nC\r\n");
    ASSERT_EQ(pieces.unreadable().size(), 1U);
    EXPECT_EQ(pieces.unreadable()[0].line, 3U);
    EXPECT_FALSE(pieces.next().value());
}

TEST(TablePieces, a_header_without_lines_goes_once) {
    online_retail::TextSource source("a file", "sku,title\n");
    TablePieces pieces(source);
    EXPECT_EQ(pieces.next().value()->text, "sku,title\r\n");
    EXPECT_FALSE(pieces.next().value());
}

} // namespace
} // namespace kontor::programs
