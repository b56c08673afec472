#include "codec/golden_files.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kontor::codec {
namespace {

/// Long encodings are broken into lines of so many bytes.
constexpr std::size_t bytes_a_line = 32;

std::string read_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string without_last_newline(std::string text) {
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

std::string to_hex(std::span<std::uint8_t const> bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text += fmt::format("{:02x}", bytes[i]);
        if (i % bytes_a_line == bytes_a_line - 1 && i + 1 < bytes.size())
            text += '\n';
    }
    return text + '\n';
}

std::vector<std::uint8_t> from_hex(std::string const& text) {
    std::string digits;
    for (char const c : text)
        if (c != '\n')
            digits += c;
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(
            static_cast<std::uint8_t>(std::strtoul(digits.substr(i, 2).c_str(), nullptr, 16)));
    return bytes;
}

} // namespace

std::string source_path(std::string const& relative) {
    for (auto at = std::filesystem::current_path();; at = at.parent_path()) {
        if (std::filesystem::exists(at / "src" / "layers.txt"))
            return (at / relative).string();
        KONTOR_ASSERT(at != at.parent_path(), "run inside the source tree");
    }
}

GoldenFiles::GoldenFiles(EventTypeRow const& row, std::string const& ending)
    : stem_(fmt::format("{}.v{}{}", row.name, row.version, ending)) {}

GoldenFiles GoldenFiles::whole(EventTypeRow const& row) {
    return {row, ""};
}

GoldenFiles GoldenFiles::bare(EventTypeRow const& row) {
    return {row, ".bare"};
}

GoldenFiles GoldenFiles::grown(EventTypeRow const& row, std::size_t times) {
    return {row, ".grown" + (times > 1 ? std::to_string(times) : std::string())};
}

std::vector<GoldenFiles> GoldenFiles::of(EventTypeRow const& row) {
    std::vector<GoldenFiles> files{whole(row), bare(row)};
    for (std::size_t times = 1; grown(row, times).exist(); ++times)
        files.push_back(grown(row, times));
    return files;
}

std::string GoldenFiles::path(char const* ending) const {
    return source_path("tests/golden/" + stem_ + ending);
}

bool GoldenFiles::exist() const {
    return std::filesystem::exists(path(".json")) && std::filesystem::exists(path(".hex"));
}

std::string GoldenFiles::json() const {
    return without_last_newline(read_file(path(".json")));
}

std::vector<std::uint8_t> GoldenFiles::bytes() const {
    return from_hex(read_file(path(".hex")));
}

void GoldenFiles::add_if_missing(std::string const& json,
                                 std::span<std::uint8_t const> bytes) const {
    bool const any_exists =
        std::filesystem::exists(path(".json")) || std::filesystem::exists(path(".hex"));
    if (any_exists || std::getenv("KONTOR_WRITE_GOLDEN") == nullptr)
        return;
    std::ofstream(path(".json")) << json << '\n';
    std::ofstream(path(".hex")) << to_hex(bytes);
}

} // namespace kontor::codec
