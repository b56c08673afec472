#include "programs/kontor/serve_files.hpp"

#include "programs/kontor/open_log.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace kontor::programs {
namespace {

constexpr ::mode_t owner_only = 0600;

/// What the journal writes meanwhile waits behind whoever syncs more than this at once.
constexpr std::size_t synced_bytes_max = std::size_t{1} << 20;

std::string address_file(std::string const& directory) {
    return directory + "/run/server.json";
}

Failure unwritable(std::string const& path) {
    return {FailureKind::unavailable,
            std::string("the file cannot be written: ") + std::strerror(errno), path};
}

/// Writes it all, and syncs it.   False: errno says why.
bool write_synced(int file, std::string_view content) {
    while (!content.empty()) {
        auto const written =
            ::write(file, content.data(), std::min(content.size(), synced_bytes_max));
        if (written <= 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
        if (!content.empty() && ::fdatasync(file) != 0)
            return false;
    }
    return ::fsync(file) == 0;
}

} // namespace

Result<void, Trouble> make_server_directories(std::string const& directory) {
    for (auto const* const name : {"/views", "/keys", "/run"}) {
        KONTOR_TRY(make_data_directory(directory + name));
        std::error_code error;
        std::filesystem::permissions(directory + name, std::filesystem::perms::owner_all, error);
    }
    return {};
}

Result<void> write_private_file(std::string const& path, std::string const& content) {
    auto const part = path + ".part";
    int const file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only);
    if (file < 0)
        return unexpected(unwritable(path));
    ::fchmod(file, owner_only);
    bool const is_whole = write_synced(file, content);
    ::close(file);
    if (!is_whole || ::rename(part.c_str(), path.c_str()) != 0)
        return unexpected(unwritable(path));
    return sync_directory(std::filesystem::path(path).parent_path().string());
}

Result<void> sync_directory(std::string const& directory) {
    int const opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool const is_synced = opened >= 0 && ::fsync(opened) == 0;
    if (opened >= 0)
        ::close(opened);
    return is_synced ? Result<void>() : unexpected(unwritable(directory));
}

std::string first_line_of(std::string const& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

void draw_random(std::span<std::uint8_t> bytes) {
    auto const drawn = ::getrandom(bytes.data(), bytes.size(), 0);
    KONTOR_ASSERT(drawn == static_cast<ssize_t>(bytes.size()), "the machine gives no random bytes");
}

std::string random_word(std::size_t bytes) {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::vector<std::uint8_t> drawn(bytes);
    draw_random(drawn);
    std::string word;
    for (auto const byte : drawn)
        word += letters[byte % letters.size()];
    return word;
}

void remove_file(std::string const& path) {
    std::error_code error;
    std::filesystem::remove(path, error);
}

Result<void> write_address(std::string const& directory, ServerAddress const& address) {
    boost::json::object const written{{"shop", address.shop},
                                      {"console", address.console},
                                      {"process", static_cast<std::int64_t>(address.process)}};
    return write_private_file(address_file(directory), boost::json::serialize(written) + "\n");
}

std::optional<ServerAddress> read_address(std::string const& directory) {
    boost::json::error_code error;
    auto const parsed = boost::json::parse(first_line_of(address_file(directory)), error);
    auto const* const read = error ? nullptr : parsed.if_object();
    if (read == nullptr)
        return std::nullopt;
    auto const text = [&](char const* name) {
        auto const* const value = read->if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
    };
    ServerAddress address{text("shop"), text("console")};
    if (auto const* const process = read->if_contains("process");
        process != nullptr && process->is_int64())
        address.process = static_cast<long>(process->get_int64());
    bool const has_gone = address.process <= 0 ||
                          (::kill(static_cast<::pid_t>(address.process), 0) != 0 && errno == ESRCH);
    return has_gone || address.console.empty() ? std::nullopt : std::optional(address);
}

void remove_address(std::string const& directory) {
    remove_file(address_file(directory));
}

std::optional<std::uint64_t> demo_mark(std::string const& directory) {
    auto const line = first_line_of(directory + "/demo.seed");
    std::uint64_t seed = 0;
    auto const [end, error] = std::from_chars(line.data(), line.data() + line.size(), seed);
    return error == std::errc{} && !line.empty() ? std::optional(seed) : std::nullopt;
}

Result<void> write_demo_mark(std::string const& directory, std::uint64_t seed) {
    return write_private_file(directory + "/demo.seed", std::to_string(seed) + "\n");
}

} // namespace kontor::programs
