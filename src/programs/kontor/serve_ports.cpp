#include "programs/kontor/serve_ports.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace kontor::programs {
namespace {

constexpr char const* listening = "0A";

/// The inodes of sockets that listen on a port.   Source: proc(5), /proc/net/tcp.
std::vector<std::string> sockets_on(std::uint16_t port, char const* table) {
    std::vector<std::string> inodes;
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    auto const wanted = fmt::format(":{:04X}", port);
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::vector<std::string> fields;
        for (std::string word; words >> word;)
            fields.push_back(std::move(word));
        constexpr std::size_t address = 1;
        constexpr std::size_t state = 3;
        constexpr std::size_t inode = 9;
        if (fields.size() > inode && fields[address].ends_with(wanted) &&
            fields[state] == listening)
            inodes.push_back("socket:[" + fields[inode] + "]");
    }
    return inodes;
}

bool holds_one_of(std::filesystem::path const& process, std::vector<std::string> const& sockets) {
    std::error_code error;
    for (auto const& file : std::filesystem::directory_iterator(process / "fd", error)) {
        auto const target = std::filesystem::read_symlink(file.path(), error);
        if (!error && std::ranges::find(sockets, target.string()) != sockets.end())
            return true;
    }
    return false;
}

} // namespace

std::string holder_of_port(std::uint16_t port) {
    auto sockets = sockets_on(port, "/proc/net/tcp");
    auto const more = sockets_on(port, "/proc/net/tcp6");
    sockets.insert(sockets.end(), more.begin(), more.end());
    if (sockets.empty())
        return {};
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator("/proc", error)) {
        auto const name = entry.path().filename().string();
        bool const is_process =
            std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
        if (!is_process || !holds_one_of(entry.path(), sockets))
            continue;
        std::ifstream file(entry.path() / "comm");
        std::string command;
        std::getline(file, command);
        return fmt::format("{} (process {})", command, name);
    }
    return {};
}

} // namespace kontor::programs
