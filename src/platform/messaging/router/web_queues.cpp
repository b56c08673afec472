#include "platform/messaging/router/web_queues.hpp"

#include "platform/messaging/router/limits.hpp"

namespace kontor::router {

ports::QueueName web_queue_of(std::string_view arn) {
    auto name = std::string(ports::endpoint_queue_prefix);
    name += arn.substr(arn.rfind(':') + 1);
    return ports::QueueName(name);
}

Result<void, ports::QueueFault> make_web_queue(ports::QueueAdmin& admin, std::string_view arn) {
    ports::QueueChange change;
    change.retention = web_waits_for;
    KONTOR_TRY(admin.create(web_queue_of(arn), ports::QueueKind::standard, change,
                            ports::QueueOwner::topology));
    return {};
}

} // namespace kontor::router
