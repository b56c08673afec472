#pragma once

/// ServedWire: the AWS-compatible endpoint of a served shop, over queues of its own in RAM: a
/// restart empties them, so nobody gets it who did not ask for it by name.
/// Thread: made by the owner; its exchange is the edge's.

#include "adapters/aws_wire/wire.hpp"
#include "adapters/memory/queues.hpp"
#include "programs/kontor/trouble.hpp"
#include "runtime/runner.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::programs {

struct WireOptions {
    std::string keys{};       ///< a file of access keys; empty: none are known
    std::string public_url{}; ///< empty: queues are named by the Host of the request
    ports::CloudPlace place{};
    aws_wire::UnknownKeys unknown{aws_wire::UnknownKeys::refused};
};

class ServedWire {
public:
    /// `wake`: of the edge.   Thread: any. Clock and secrets outlive it.
    /// Errors: not_found, invalid (the file of keys, under `settings`).
    static Result<std::unique_ptr<ServedWire>, Trouble> open(WireOptions const& options,
                                                             Clock& clock,
                                                             ports::SecretSource& secrets,
                                                             std::function<void()> wake);

    services::Exchange& exchange() { return *wire_; }
    /// Move tasks are carried out from now on.
    void start(std::function<void(Failure const&)> on_failure);
    /// Whoever waits for a message is told what there is.   Thread: any.
    void hurry() { wire_->hurry(); }
    void stop() { mover_.reset(); }

private:
    ServedWire(Clock& clock, ports::SecretSource& secrets) : queues_(clock, secrets) {}

    memory::Queues queues_;
    std::unique_ptr<aws_wire::Wire> wire_;
    std::unique_ptr<Runner> mover_;
};

} // namespace kontor::programs
