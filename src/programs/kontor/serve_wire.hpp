#pragma once

/// ServedWire: the AWS-compatible endpoint of a served shop, over the queues in its log, the
/// bus and the topics.
/// Thread: made by the owner; its exchange is the edge's.

#include "adapters/aws_wire/wire.hpp"
#include "platform/messaging/router/wiring.hpp"
#include "programs/kontor/trouble.hpp"
#include "runtime/runner.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor::programs {

struct WireOptions {
    std::string keys{};       ///< a file of access keys; empty: none are known
    std::string public_url{}; ///< empty: queues are named by the Host of the request
    ports::CloudPlace place{};
    aws_wire::UnknownKeys unknown{aws_wire::UnknownKeys::refused};
    aws_wire::SigningCertificate certificate{}; ///< of topics
};

class ServedWire {
public:
    /// `wake`: of the edge.   Thread: any. Queues, wiring and clock outlive it.
    /// Errors: not_found, invalid (the file of keys, under `settings`).
    static Result<std::unique_ptr<ServedWire>, Trouble> open(WireOptions const& options,
                                                             hosting::JournaledQueues& queues,
                                                             router::Wiring& wiring, Clock& clock,
                                                             std::function<void()> wake);

    services::Exchange& exchange() { return *wire_; }
    aws_wire::Wire& wire() { return *wire_; }
    /// What may wait for the disk is done from now on.
    void start(std::function<void(Failure const&)> const& on_failure);
    void stop() { workers_.clear(); }
    /// Whoever waits for a message is told what there is.   Thread: any.
    void hurry() { wire_->hurry(); }

private:
    std::optional<aws_wire::Wire> wire_;
    std::vector<std::unique_ptr<Runner>> workers_;
};

} // namespace kontor::programs
