#include "tests/conformance/vectors.hpp"

#include "platform/routing/json_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace kontor::testing {
namespace {

std::filesystem::path folder() {
    return std::filesystem::path(KONTOR_SOURCE_DIR) / "tests" / "conformance";
}

Vector vector_of(routing::JsonTree const& line) {
    Vector vector;
    for (std::size_t i = 0; i < line.keys.size(); ++i) {
        auto const& key = line.keys[i];
        auto const& value = line.items[i];
        if (key == "name")
            vector.name = value.text;
        else if (key == "pattern")
            vector.pattern = value.text;
        else if (key == "event")
            vector.event = value.text;
        else if (key == "match")
            vector.expected =
                value.type == routing::JsonType::true_ ? Expected::match : Expected::no_match;
        else if (key == "refused")
            vector.expected = Expected::refused;
        else if (key == "malformed")
            vector.expected = Expected::malformed;
    }
    return vector;
}

} // namespace

std::vector<Vector> read_vectors(std::string_view path) {
    std::ifstream file(folder() / path);
    std::vector<Vector> vectors;
    for (std::string line; std::getline(file, line);) {
        auto const tree = routing::read_json(line, 4);
        KONTOR_ASSERT(tree.has_value(), "{}: line {} is no JSON", path, vectors.size() + 1);
        vectors.push_back(vector_of(*tree));
    }
    return vectors;
}

std::vector<std::string> families() {
    std::vector<std::string> names;
    for (auto const& entry : std::filesystem::directory_iterator(folder() / "patterns"))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace kontor::testing
