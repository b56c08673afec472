/// style_check ROOT [--copy-layers]: holds the tree against every rule; silent and 0 when it is
/// clean. --copy-layers first writes the table of src/layers.txt into ARCHITECTURE.md.

#include "tests/style/rules.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;

std::string read_file(fs::path const& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_wanted(fs::path const& path) {
    auto const extension = path.extension();
    auto const name = path.filename();
    return extension == ".hpp" || extension == ".cpp" || name == "CMakeLists.txt" ||
           name == "README.md" || name == "layers.txt";
}

/// What the compile-fail suite holds is wrong on purpose; goldens matter by name alone.
std::map<std::string, std::string> read_tree(fs::path const& root) {
    std::map<std::string, std::string> texts;
    texts["ARCHITECTURE.md"] = read_file(root / "ARCHITECTURE.md");
    for (auto const* room : {"src", "tests", "bench"}) {
        if (!fs::exists(root / room))
            continue;
        for (auto const& entry : fs::recursive_directory_iterator(root / room)) {
            auto const path = entry.path().lexically_relative(root).generic_string();
            if (!entry.is_regular_file() || path.starts_with("tests/compile_fail/cases/"))
                continue;
            if (path.starts_with("tests/golden/"))
                texts[path] = "";
            else if (is_wanted(entry.path()))
                texts[path] = read_file(entry.path());
        }
    }
    return texts;
}

bool copy_layers(fs::path const& root) {
    std::string const fence = "```layers\n";
    auto page = read_file(root / "ARCHITECTURE.md");
    auto const begin = page.find(fence);
    auto const end = page.find("```", begin + fence.size());
    if (begin == std::string::npos || end == std::string::npos)
        return false;
    std::string rows;
    for (auto const& line : kontor::style::split_lines(read_file(root / "src/layers.txt")))
        if (!line.empty() && line.front() != '#')
            rows += line + "\n";
    page.replace(begin + fence.size(), end - begin - fence.size(), rows);
    std::ofstream(root / "ARCHITECTURE.md", std::ios::binary) << page;
    return true;
}

} // namespace

int main(int argc, char** argv) {
    fs::path const root = argc > 1 ? argv[1] : ".";
    if (argc > 2 && std::string_view(argv[2]) == "--copy-layers" && !copy_layers(root)) {
        std::fprintf(stderr, "ARCHITECTURE.md has no block that opens with ```layers\n");
        return 2;
    }
    auto const tree = kontor::style::make_tree(read_tree(root));
    if (tree.files.empty()) {
        std::fprintf(stderr, "no C++ file under %s: is it the root of the repository?\n",
                     root.c_str());
        return 2;
    }
    auto const findings = kontor::style::check(tree);
    for (auto const& finding : findings)
        std::printf("%s:%zu: %s: %s\n", finding.path.c_str(), finding.line, finding.rule.c_str(),
                    finding.says.c_str());
    std::printf("%zu files, %zu findings\n", tree.files.size(), findings.size());
    return findings.empty() ? 0 : 1;
}
