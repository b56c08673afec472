/// Compares what our reader and a second one, written from the format page, say of one directory.

#include "tests/crash/journal_world.hpp"
#include "tests/support/seed.hpp"

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/journal/inventory.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <fmt/core.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

namespace kontor::crash {
namespace {

class Directory {
public:
    Directory() { EXPECT_NE(::mkdtemp(path_.data()), nullptr); }
    ~Directory() { std::filesystem::remove_all(path_); }
    std::string const& path() const { return path_; }

private:
    std::string path_{(std::filesystem::temp_directory_path() / "kontor-reader-XXXXXX").string()};
};

struct Said {
    std::string text;
    int status;
};

/// Debian's own Python, which has python3-xxhash.
Said second_reader(std::string const& directory) {
    auto const command = fmt::format("/usr/bin/python3 {}/tests/crash/journal_reader.py {}",
                                     KONTOR_SOURCE, directory);
    auto* const pipe = ::popen(command.c_str(), "r");
    Said said{};
    char some[4096];
    for (std::size_t got = 0; (got = std::fread(some, 1, sizeof some, pipe)) > 0;)
        said.text.append(some, got);
    said.status = WEXITSTATUS(::pclose(pipe));
    return said;
}

std::string hex(Id128 id) {
    return fmt::format("{:016x}{:016x}", id.high(), id.low());
}

std::string our_reader(World& world) {
    auto const events = world.read_all().value();
    std::string text;
    for (auto const& event : events)
        text += fmt::format("event {} {} {} {} {} {:016x}\n", event.position, event.stream,
                            event.version, event.type, hex(event.header.command_id.value()),
                            XXH3_64bits(event.payload.data(), event.payload.size()));
    return text;
}

std::string only(std::string const& text, std::string_view kind) {
    std::string lines;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        if (text.compare(at, kind.size(), kind) == 0)
            lines += text.substr(at, end + 1 - at);
        at = end + 1;
    }
    return lines;
}

void expect_both_to_read_the_same(bool squeezes) {
    Directory const directory;
    auto const disk = embedded::Disk::open(directory.path()).value();
    World world(*disk, testing::seed());
    if (squeezes)
        world.squeeze();
    ASSERT_TRUE(world.open() && work(world, squeezes ? 200 : 60));
    ASSERT_TRUE(world.open());
    EXPECT_EQ(journal::take_inventory(*disk)->squeezed.size() > 4, squeezes);
    auto const ours = our_reader(world);
    ASSERT_TRUE(world.close());
    auto const theirs = second_reader(directory.path());
    if (theirs.status == 77)
        GTEST_SKIP() << "python3-xxhash is missing";
    EXPECT_EQ(theirs.status, 0) << theirs.text.substr(0, 400);
    EXPECT_EQ(only(theirs.text, "event "), ours);
    EXPECT_TRUE(
        only(theirs.text, "end ").starts_with(fmt::format("end {} frame ", world.accepted.size())));
    EXPECT_NE(only(theirs.text, "end ").find("sealed"), std::string::npos);
    std::string at_rest;
    for (auto const& mark : world.marks())
        if (mark.is_at_rest)
            at_rest += fmt::format("at_rest {} {}\n", mark.position, mark.stream);
    EXPECT_EQ(only(theirs.text, "at_rest "), at_rest);
    auto const outcomes = only(theirs.text, "outcome ");
    for (auto const& [number, outcome] : world.outcomes) {
        std::string fingerprint;
        for (auto const byte : outcome.record.fingerprint)
            fingerprint += fmt::format("{:02x}", byte);
        auto const line =
            fmt::format("outcome {} {} {} {} {} {}\n", hex(contract::command(number).value()),
                        fingerprint, outcome.record.problem, outcome.record.status,
                        outcome.record.stream.to_string(), outcome.record.version.value());
        EXPECT_NE(outcomes.find(line), std::string::npos) << line;
    }
}

TEST(SecondReader, reads_the_same_facts_and_outcomes) {
    expect_both_to_read_the_same(false);
}
TEST(SecondReader, reads_the_same_from_dense_cold_and_used_again_files) {
    expect_both_to_read_the_same(true);
}

/// What stands between two words of the page.
std::string words_of_the_page(std::string const& begin, std::string const& end) {
    std::ifstream file(std::string(KONTOR_SOURCE) + "/docs/reference/journal-format.md");
    std::string text;
    for (std::string word; file >> word;)
        text += word + " ";
    auto const from = text.find(begin);
    EXPECT_NE(from, text.npos) << begin;
    return text.substr(from, text.find(end, from) - from);
}

// Whoever writes a reader from the page meets every category that a shop writes.
TEST(SecondReader, finds_every_category_on_the_page_and_what_its_key_is) {
    auto const list = words_of_the_page("Categories: ", "The key of") + ",";
    auto const ids = words_of_the_page("The key of ", "is an id") + ",";
    std::size_t count = 0;
    using Listed = boost::describe::describe_enumerators<StreamCategory>;
    boost::mp11::mp_for_each<Listed>([&](auto listed) {
        ++count;
        StreamCategory const category = listed.value;
        std::string_view const name = listed.name;
        auto const number = static_cast<int>(category);
        EXPECT_NE(list.find(fmt::format(" {} {}", number, name)), list.npos) << name;
        bool const is_listed = std::regex_search(ids, std::regex(fmt::format("\\b{}\\b", number)));
        EXPECT_EQ(is_listed, is_keyed_by_id(category)) << name;
    });
    EXPECT_EQ(count, std::ranges::count(list, ',')) << "the page has one that is not there";
}

TEST(SecondReader, names_the_position_of_a_flipped_byte) {
    Directory const directory;
    auto const disk = embedded::Disk::open(directory.path()).value();
    World world(*disk, testing::seed());
    ASSERT_TRUE(world.open() && work(world, 30));
    world.drop();
    auto const path = directory.path() + "/" + journal::segment_name(1);
    auto* const file = std::fopen(path.c_str(), "r+b");
    ASSERT_NE(file, nullptr);
    std::fseek(file, 4096 + 200, SEEK_SET);
    auto const byte = std::fgetc(file);
    std::fseek(file, 4096 + 200, SEEK_SET);
    std::fputc(byte ^ 4, file);
    std::fclose(file);
    auto const theirs = second_reader(directory.path());
    if (theirs.status == 77)
        GTEST_SKIP() << "python3-xxhash is missing";
    EXPECT_EQ(theirs.status, 1);
    EXPECT_NE(theirs.text.find("the frame at position 1 does not check"), std::string::npos)
        << theirs.text;
    auto const ours = journal::verify(*disk, in_silence);
    ASSERT_FALSE(ours);
    EXPECT_NE(to_string(ours.error()).find("at position 1:"), std::string::npos)
        << to_string(ours.error());
    EXPECT_EQ(ours.error().where, journal::segment_name(1) + ", offset 4096");
}

} // namespace
} // namespace kontor::crash
