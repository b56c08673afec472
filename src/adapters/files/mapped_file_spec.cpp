#include "adapters/files/mapped_file.hpp"

#include "tests/support/scratch_directory.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace kontor::files {
namespace {

TEST(MappedFile, what_a_process_stored_is_there_for_the_next_one_however_it_ended) {
    testing::ScratchDirectory const directory;
    auto const path = directory.path() + "/box";
    if (auto const child = ::fork(); child == 0) {
        auto const file = MappedFile::open(path, 4096).value();
        file->memory()[7] = std::byte{42};
        ::_exit(9); // no destructor runs
    } else {
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
    }
    auto const file = MappedFile::open(path, 4096).value();
    EXPECT_EQ(file->memory().size(), 4096U);
    EXPECT_EQ(file->memory()[7], std::byte{42});
    EXPECT_EQ(file->memory()[8], std::byte{0});
}

TEST(MappedFile, where_there_is_no_directory_it_says_so) {
    auto const file = MappedFile::open("/nowhere/at/all", 4096);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().kind, FailureKind::unavailable);
    EXPECT_EQ(file.error().where, "/nowhere/at/all");
}

} // namespace
} // namespace kontor::files
