#pragma once

/// What a route's code gets and gives: the request with everything that was checked before it, and
/// an answer, or work for the desk with the way to show what came of it.   Thread: the edge's.

#include "services/gateway/callers.hpp"
#include "services/gateway/catalogue.hpp"
#include "services/gateway/limit_book.hpp"
#include "services/gateway/readiness.hpp"
#include "services/gateway/route.hpp"
#include "services/gateway/seams/trouble.hpp"
#include "services/gateway/shedding.hpp"

#include "base/clock.hpp"
#include "base/random.hpp"
#include "codec/json_document.hpp"
#include "domain/values/names.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "ports/event_store.hpp"
#include "ports/read_models.hpp"
#include "services/shop/work.hpp"

#include <functional>
#include <memory>
#include <variant>

namespace kontor::services::books {
class LedgerReading;
}
namespace kontor::proofs {
class ProofTree;
}
namespace kontor::blackbox {
class Blackbox;
}

namespace kontor::services::views {
class Shelf;
}

namespace kontor::services::gateway {

/// The projectors as the gateway sees them; the composition root knows them.
class ProjectionDesk;
class NodeDesk;
class StoreDesk;
class ArchiveDesk;
class TokenBook;
class AddressBook;
class MailDesk;
struct QueueDesk;
struct WebhookDoor;
struct HookDesk;
class Passwords;

/// Requests for which there was no time.
struct TurnedAway {
    std::array<std::uint64_t, urgencies> shed{}; ///< refused early, by urgency
    std::uint64_t late{0};                       ///< that came after their own deadline
};

/// Callers that try to get in and are counted; at the limit those share one
/// quota that do not fit.
inline constexpr std::size_t sign_in_addresses_max = 10'000;

/// What every route may use. All outlive the gateway.
struct Parts {
    ports::EventStore& log;
    ports::ReadModels& models;
    Clock& clock;
    Callers& callers;
    pricing::Tariff const& tariff;
    Random random;                         ///< for ids; nothing secret comes from it
    std::string secret;                    ///< signs cursors
    std::string version;                   ///< of the program
    std::string lineage;                   ///< of the log
    Catalogue catalogue;                   ///< products, coupons and shelves of the log
    ProjectionDesk* projections{nullptr};  ///< none: these routes answer `unsupported`
    TokenBook* tokens{nullptr};            ///< likewise
    NodeDesk const* node{nullptr};         ///< likewise
    StoreDesk* store{nullptr};             ///< likewise
    Passwords* passwords{nullptr};         ///< likewise
    blackbox::Blackbox* blackbox{nullptr}; ///< none: nothing was ever in hand
    QueueDesk* queues{nullptr};            ///< none: these routes answer `queues_off`
    ArchiveDesk* archives{nullptr};        ///< likewise
    std::vector<Location> locations{};     ///< where goods are kept; none: anywhere
    LimitBook limits{};
    std::size_t bulk_bytes_max{gateway::bulk_bytes_max}; ///< of bodies with many things in them
    WebhookDoor* webhooks{nullptr};                      ///< none: no provider reports from outside
    HookDesk* hooks{nullptr};                            ///< none: these answer `webhooks_off`
    ReadyChecks ready_checks{};
    /// None: what is sealed is shown as it is stored.
    sealing::Opener* opener{nullptr};
    sealing::PersonKeys* persons{nullptr};          ///< none: nobody is ever forgotten
    proofs::ProofTree* proofs{nullptr};             ///< none: these routes answer `unsupported`
    std::shared_ptr<books::LedgerReading> ledger{}; ///< of now, kept and brought up to date
    std::shared_ptr<views::Shelf> shelf{};          ///< products, kept likewise
    AddressBook* addresses{nullptr};                ///< none: e-mail addresses are not looked for
    MailDesk* mail{nullptr};                        ///< none: these routes answer `unsupported`
    TurnedAway turned_away{};
    resilience::RateLimiter<std::string> sign_ins{sign_in_addresses_max}; ///< by address
};

/// An answer that hangs on somebody else: it is asked for until it is there, for ten seconds.
struct Later {
    std::function<std::optional<Result<Reply, Trouble>>()> ready;
};

/// A request that passed what its route asks for.
struct Asked {
    Request const* request;
    Route const* route;
    Caller caller;
    Instant now;
    std::array<std::string, path_values_max> path;               ///< decoded
    std::vector<std::pair<std::string_view, std::string>> query; ///< decoded; each name once
    codec::JsonNode body{};                                      ///< while the route's code runs
    CommandId command{};                          ///< of what is written: the same key, the same id
    std::vector<ports::StreamVersion> if_match{}; ///< one of them; none: whatever stands there
    std::unique_ptr<ports::RowReader> rows{};     ///< of the route's read model
    std::unique_ptr<ports::RowReader> stock_rows{}; ///< of stock, where the route needs them, too
    std::string trace_id{};
    std::shared_ptr<void> progress{}; ///< what a route that answers NotYet has done so far
    /// What is done once the entry of the audit record is durable, and what is answered then.
    std::function<Result<Reply, Trouble>()> effect{};
    /// Set by an effect whose answer waits until this says so.
    std::function<bool()> is_durable{};
    /// Set by an effect that another thread carries out: this is the answer, not what it returns.
    std::optional<Later> later{};

    /// Empty: not asked for.
    std::optional<std::string_view> parameter(std::string_view name) const {
        for (auto const& [key, value] : query)
            if (key == name)
                return value;
        return std::nullopt;
    }
    /// Whoever has a role of the route beside `customer` sees everything, a customer own things.
    bool sees_all() const { return caller.roles.has_any_of(route->who.without(Role::customer)); }
    bool may_see(std::optional<CustomerId> const& owner) const {
        return sees_all() || (caller.customer && owner == caller.customer);
    }
    /// Support, services and the customer see them; operators with the scope alone.
    codec::PersonalFields personal_fields() const {
        bool const sees = caller.sees_personal_fields || caller.roles.has(Role::support) ||
                          caller.roles.has(Role::service) || caller.roles.has(Role::customer);
        return sees ? codec::PersonalFields::written : codec::PersonalFields::withheld;
    }
    Actor actor() const;
};

/// What a write left behind: enough to give its answer, now and when it is repeated.
struct Seen {
    CommandId command;
    StreamId stream;
    ports::StreamVersion version;
    std::uint16_t status;
    std::optional<ports::Position> until{}; ///< shown as it was here; none: at this version
};
using Render = Result<Reply, Trouble> (*)(Parts& parts, Asked const& asked, Seen const& seen);

/// A request that is only decided, whoever asks, and how to show what came of it.
struct Trial {
    std::shared_ptr<commands::Request<Work>> request;
    std::function<Result<Reply, Trouble>(commands::Answer<Refusal> const&)> show;
};

/// Work for the desk, and how to show what came of it.
struct Write {
    Work work;
    Id128 correlation{};
    StreamId shows{};
    std::uint16_t status{200};
    Render render{nullptr};
    /// What keeps it from being done now; it is answered unless the same was done before.
    std::optional<Trouble> prevented{};
    /// For the audit record: the object as it is and as it shall be, as JSON without secrets. None:
    /// the facts of the work say it.
    std::optional<std::string> before{};
    std::optional<std::string> after{};
    /// What must not have changed since the caller read it.
    std::optional<commands::ExpectedStream> expected{};
    std::optional<Trial> trial{}; ///< this instead: nothing is written
    // Of a batch, where each has its own:
    CommandId command{};
    std::optional<commands::Fingerprint> fingerprint{};
};

/// Writes that are answered together, each by itself.
struct Writes {
    std::vector<Result<Write, Trouble>> each;
    /// Makes one answer of all; none: that of a batch.
    std::function<Reply(std::vector<Result<Reply, Trouble>> const&)> finish{};
};

/// There is more to read than fits into a turn: the route is asked again in the next one.
struct NotYet {};

using Answer = std::variant<Reply, Write, Writes, Later, NotYet>;
using Served = Result<Answer, Trouble>;
using Serve = Served (*)(Parts& parts, Asked& asked);

/// The code of a route; null: there is none.
Serve find_code(std::string_view id);

/// The refusal of the shop as a problem.
Trouble trouble_of(Refusal const& refusal);
/// The same from the record of an outcome.
Trouble trouble_of(ports::OutcomeRecord const& record);

} // namespace kontor::services::gateway
