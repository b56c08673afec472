#pragma once

/// A directory of its own for one test, gone with it; in RAM where that is possible, for no test
/// that uses it cuts the power.   Thread: one.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include <cstdlib>

namespace kontor::testing {

class ScratchDirectory {
public:
    ScratchDirectory()
        : path_((std::filesystem::exists("/dev/shm") ? "/dev/shm/" : ::testing::TempDir()) +
                "kontor-XXXXXX") {
        EXPECT_NE(::mkdtemp(path_.data()), nullptr) << path_;
    }
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchDirectory(ScratchDirectory const&) = delete;
    ScratchDirectory& operator=(ScratchDirectory const&) = delete;

    std::string const& path() const { return path_; }

private:
    std::string path_;
};

} // namespace kontor::testing
