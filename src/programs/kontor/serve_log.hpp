#pragma once

/// ServerLog: what a server did, line by line, in `run/kontor.log`: JSON, redacted, no message more
/// often than so many times a second. At its limit the file moves aside once.   Thread: any.

#include "base/clock.hpp"
#include "platform/telemetry/log_record.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace kontor::programs {

class ServerLog {
public:
    ServerLog(std::string path, Clock& clock);
    ~ServerLog();
    ServerLog(ServerLog const&) = delete;
    ServerLog& operator=(ServerLog const&) = delete;

    /// A line that cannot be written is lost, and counted: a server does not stop for its log.
    void write(telemetry::LogRecord record);
    /// The same for whoever sees to it that they are not too many.
    void write_each(telemetry::LogRecord record);

    /// The same, for what has no ids.
    void say(telemetry::Level level, std::string area, std::string message,
             std::vector<telemetry::LogField> fields = {});

    std::uint64_t lost() const;

private:
    void open_file();
    void write_line(telemetry::LogRecord const& record);
    void move_aside();

    std::string const path_;
    Clock& clock_;
    mutable std::mutex mutex_; ///< guards what follows
    telemetry::LogLimiter limiter_;
    int file_{-1};
    std::uint64_t bytes_{0};
    std::uint64_t lost_{0};
};

} // namespace kontor::programs
