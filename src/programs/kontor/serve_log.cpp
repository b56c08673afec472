#include "programs/kontor/serve_log.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace kontor::programs {
namespace {

constexpr std::uint64_t file_bytes_max = std::uint64_t{16} << 20;
constexpr std::uint64_t each_second_max = 20;
constexpr ::mode_t log_owner_only = 0600;

} // namespace

ServerLog::ServerLog(std::string path, Clock& clock)
    : path_(std::move(path)), clock_(clock), limiter_(each_second_max) {
    open_file();
}

ServerLog::~ServerLog() {
    if (file_ >= 0)
        ::close(file_);
}

void ServerLog::open_file() {
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, log_owner_only);
    struct stat about{};
    bytes_ =
        file_ >= 0 && ::fstat(file_, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

void ServerLog::move_aside() {
    if (file_ >= 0)
        ::close(file_);
    std::rename(path_.c_str(), (path_ + ".1").c_str());
    open_file();
}

void ServerLog::write(telemetry::LogRecord record) {
    record.at = clock_.now();
    std::lock_guard const guard(mutex_);
    auto const verdict = limiter_.admit(record.message, clock_.monotonic());
    if (!verdict.may_pass)
        return;
    if (verdict.held_back > 0)
        record.fields.push_back({"held_back", fmt::format("{}", verdict.held_back)});
    write_line(record);
}

void ServerLog::write_each(telemetry::LogRecord record) {
    record.at = clock_.now();
    std::lock_guard const guard(mutex_);
    write_line(record);
}

/// Requires: the mutex is held.
void ServerLog::write_line(telemetry::LogRecord const& record) {
    auto const line = telemetry::to_json(record) + "\n";
    if (bytes_ + line.size() > file_bytes_max)
        move_aside();
    if (file_ < 0 || ::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        ++lost_;
    bytes_ += line.size();
}

void ServerLog::say(telemetry::Level level, std::string area, std::string message,
                    std::vector<telemetry::LogField> fields) {
    write({{}, level, std::move(area), std::move(message), std::move(fields)});
}

std::uint64_t ServerLog::lost() const {
    std::lock_guard const guard(mutex_);
    return lost_;
}

} // namespace kontor::programs
