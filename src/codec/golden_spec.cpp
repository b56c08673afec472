#include "codec/event_types.hpp"
#include "codec/golden_files.hpp"
#include "codec/stored_json.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace kontor::codec {
namespace {

/// Both samples say the same, and today's code still writes exactly these bytes and this text.
void expect_unchanged(EventTypeRow const& row, GoldenFiles const& files) {
    SCOPED_TRACE(files.stem());
    ASSERT_TRUE(files.exist()) << "run once with KONTOR_WRITE_GOLDEN=1 and commit the new files";
    auto const json = stored_to_json(row.type, files.bytes(), PersonalFields::written);
    ASSERT_TRUE(json) << to_string(json.error());
    EXPECT_EQ(*json, files.json());
    std::vector<std::uint8_t> bytes;
    auto const stored = json_to_stored(row.type, files.json(), bytes);
    ASSERT_TRUE(stored) << to_string(stored.error());
    EXPECT_EQ(bytes, files.bytes());
}

TEST(Golden, every_fact_reads_and_writes_as_it_did_when_it_was_new) {
    for (auto const& row : event_types())
        for (auto const& files : GoldenFiles::of(row))
            expect_unchanged(row, files);
}

TEST(Golden, no_sample_is_without_a_row_in_the_table) {
    std::set<std::string> known;
    for (auto const& row : event_types())
        for (auto const& files : GoldenFiles::of(row))
            for (auto const* ending : {".json", ".hex"})
                known.insert(files.stem() + ending);
    for (auto const& file : std::filesystem::directory_iterator(source_path("tests/golden")))
        EXPECT_TRUE(known.contains(file.path().filename().string()) ||
                    file.path().extension() == ".md")
            << file.path();
}

} // namespace
} // namespace kontor::codec
