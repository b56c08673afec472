#include "programs/node/counted_router.hpp"

namespace kontor::programs {

BusCounters::BusCounters(telemetry::Metrics& metrics)
    : events(metrics.counter("kontor_bus_events_total", "Public facts that met the bus's rules.")),
      deliveries(metrics.counter("kontor_bus_deliveries_total",
                                 "Deliveries that rules asked for, to queues and topics.")),
      messages(metrics.counter("kontor_bus_messages_total",
                               "Messages that queues took, dead letters among them.")),
      dead(metrics.counter("kontor_bus_dead_letters_total",
                           "Messages that could not be delivered, and became dead letters.")),
      lost(metrics.counter("kontor_bus_lost_total",
                           "Messages that no queue for dead letters took either.")),
      refused(metrics.counter("kontor_bus_refused_total",
                              "Public facts that no event could be made of.")) {}

Result<WorkDone> CountedRouter::do_work(WorkBudget budget) {
    auto done = router_.do_work(budget);
    auto const& counts = router_.counts();
    counters_.events.set_total(counts.events);
    counters_.deliveries.set_total(counts.deliveries);
    counters_.messages.set_total(router_.sent());
    counters_.dead.set_total(counts.dead);
    counters_.lost.set_total(counts.lost);
    counters_.refused.set_total(router_.refused());
    return done;
}

} // namespace kontor::programs
