#include "adapters/files/file_source.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::files {
namespace {

class FileSourceSpec : public ::testing::Test {
protected:
    std::string path(std::string const& name) const { return (directory_ / name).string(); }
    void SetUp() override { std::filesystem::create_directories(directory_); }
    void TearDown() override { std::filesystem::remove_all(directory_); }

private:
    std::filesystem::path directory_{std::filesystem::path(::testing::TempDir()) /
                                     ("kontor-files-" + std::to_string(::getpid()))};
};

TEST_F(FileSourceSpec, a_file_is_read_to_its_end_and_again) {
    std::ofstream(path("a")) << "hello";
    auto source = FileSource::open(path("a"));
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->try_size(), 5U);
    for (int i = 0; i < 2; ++i) {
        char bytes[8]{};
        EXPECT_EQ((*source)->read(bytes).value(), 5U);
        EXPECT_EQ(std::string_view(bytes), "hello");
        EXPECT_EQ((*source)->read(bytes).value(), 0U);
        EXPECT_TRUE((*source)->rewind());
    }
}

TEST_F(FileSourceSpec, what_is_no_file_is_refused_without_waiting) {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_EQ(FileSource::open(path("missing")).error().kind, FailureKind::not_found);
    EXPECT_EQ(FileSource::open(path("")).error().kind, FailureKind::unsupported);
    EXPECT_EQ(FileSource::open(path("pipe")).error().kind, FailureKind::unsupported);
}

} // namespace
} // namespace kontor::files
