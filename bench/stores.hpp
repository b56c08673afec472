#pragma once

/// A store under test with the thread that writes it.

#include "ports/event_store.hpp"

#include <memory>
#include <string>

namespace kontor::bench {

class BenchStore {
public:
    virtual ~BenchStore() = default;
    virtual ports::EventStore& store() = 0;

    /// Lets other threads have the core while there is nothing to do.
    static void wait_a_little();
};

/// An empty embedded store in `directory`, which is cleared first, its writer running.
/// Requires: the directory can be written.
std::unique_ptr<BenchStore> open_fresh_store(std::string const& directory);

} // namespace kontor::bench
