#pragma once

/// What the checkers judge: facts as a follower of the log saw them, decoded once for all.

#include "codec/event_types.hpp"
#include "domain/audit/events.hpp"
#include "domain/checkout/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/documents/events.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/events.hpp"
#include "domain/payment/events.hpp"
#include "domain/process/events.hpp"
#include "domain/queue/events.hpp"
#include "domain/reservation/events.hpp"
#include "domain/stock/events.hpp"
#include "ports/event_page.hpp"

#include <optional>
#include <string>
#include <variant>

namespace kontor::simulation {

/// What the fact says; empty for categories that no checker looks into.
using Content = std::variant<std::monostate, order::Event, stock::Event, reservation::Event,
                             payment::Event, fulfilment::Event, checkout::Event, documents::Event,
                             customer::Event, audit::Event, process::Event, queue::Event>;

struct Fact {
    std::uint64_t position;
    StreamId stream;
    std::uint64_t version;
    std::uint32_t index_in_command;
    ports::CommitHeader header;
    Content content;
};

/// Errors: corrupt, unsupported.
Result<Fact> read_fact(ports::EventPage const& page, ports::RecordedEvent const& event);

/// The fact as a line for people, with its content as JSON.
std::string in_words(Fact const& fact);

struct Violation {
    std::string invariant; ///< "I1"
    std::string what;
};

/// Where all checkers complain; the first complaint counts.
class Verdict {
public:
    void fail(std::string_view invariant, std::string what) {
        if (!violation_)
            violation_ = Violation{std::string(invariant), std::move(what)};
    }
    std::optional<Violation> const& violation() const { return violation_; }

private:
    std::optional<Violation> violation_;
};

} // namespace kontor::simulation
