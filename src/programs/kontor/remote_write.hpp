#pragma once

/// What the commands that change a running shop share: the flags of a write, how lines are typed,
/// and the one way in which a write goes out and its answer is shown.

#include "programs/kontor/remote_views.hpp"

namespace kontor::programs {

/// What every write takes.
struct WriteFlags {
    std::string key;
    std::string reason;
    int wait_s{0};
};

/// Adds --key and --wait.
void add_write_flags(CLI::App& command, WriteFlags& flags);

/// Lines of what is wanted by SKU ("K001=2"), or of an order by their number ("1=2"): `name` is
/// "sku" or "line".   Errors: invalid (usage).
Result<boost::json::array, Trouble> lines_of(std::vector<std::string> const& given,
                                             char const* name);

/// Sends it with its key and shows what it came to.
Outcome write(Program& program, RemoteCall call, WriteFlags const& flags);

} // namespace kontor::programs
