#pragma once

/// What the machine says of this process: memory, files, threads and the time of its processors.
/// Thread: any.

#include "base/instant.hpp"
#include "platform/telemetry/metrics.hpp"

#include <cstdint>
#include <optional>

namespace kontor::programs {

struct ProcessFigures {
    std::uint64_t resident_bytes{0};
    std::uint64_t open_files{0};
    std::uint64_t threads{0};
    Duration processor_time{}; ///< of all its threads, in the kernel too
};

/// Empty: the machine does not say.   Source: proc(5), /proc/self/stat and /proc/self/fd.
std::optional<ProcessFigures> process_figures();

/// Asked each time somebody reads; a machine that does not say leaves the lines out.
void count_process(telemetry::Metrics& metrics);

} // namespace kontor::programs
