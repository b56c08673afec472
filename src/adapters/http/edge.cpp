#include "adapters/http/edge.hpp"

#include "adapters/http/loop.hpp"

namespace kontor::http {

Edge::Edge(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Edge::~Edge() = default;

Result<std::unique_ptr<Edge>> Edge::open(EdgeOptions options, services::Exchange& exchange,
                                         Clock& clock) {
    auto loop = std::make_unique<Loop>(std::move(options), exchange, clock);
    KONTOR_TRY(loop->open());
    return std::unique_ptr<Edge>(new Edge(std::move(loop)));
}

Result<void> Edge::run() {
    return loop_->run();
}

void Edge::wake() {
    loop_->wake();
}

void Edge::drain() {
    loop_->ask(false);
}

void Edge::stop() {
    loop_->ask(true);
}

std::uint16_t Edge::port(services::Listener listener) const {
    return loop_->port(listener);
}

EdgeCounts const& Edge::counts() const {
    return loop_->house().counts;
}

std::size_t Edge::open_connections() const {
    return loop_->open_connections();
}

} // namespace kontor::http
