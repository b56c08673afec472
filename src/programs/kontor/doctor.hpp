#pragma once

/// What the doctor finds: in the machine, and in the shop of a data directory. Each finding says
/// what was seen and, unless it is good, what to do about it.

#include "programs/kontor/program.hpp"

namespace kontor::programs {

enum class Severity : unsigned char { good, notice, error };

struct Finding {
    Severity severity;
    std::string check;
    std::string evidence;
    std::string fix{};
};

/// The shop as it lies there: its log as far as a start checks it, read models, room. Where there
/// is none, or a program has it open, one finding says so. Looking makes nothing.
std::vector<Finding> examine_shop(Program& program);

} // namespace kontor::programs
