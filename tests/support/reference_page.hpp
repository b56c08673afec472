#pragma once

/// A page of docs/reference that code makes: a test holds it against the code, and writes it anew
/// where KONTOR_WRITE_DOCS is set.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace kontor::testing {

/// `page` counts from the root of the source tree, in or below which the test is run.
inline void expect_page(std::string const& page, std::string const& rendered) {
    auto root = std::filesystem::current_path();
    while (!std::filesystem::exists(root / "src" / "layers.txt") && root != root.parent_path())
        root = root.parent_path();
    ASSERT_NE(root, root.parent_path()) << "run inside the source tree";
    if (std::getenv("KONTOR_WRITE_DOCS") != nullptr)
        std::ofstream(root / page) << rendered;
    std::ifstream file(root / page);
    std::string const committed{std::istreambuf_iterator<char>(file), {}};
    EXPECT_TRUE(committed == rendered)
        << page << " says something else than the code; to write it anew, run this program once "
        << "with KONTOR_WRITE_DOCS=1";
}

} // namespace kontor::testing
