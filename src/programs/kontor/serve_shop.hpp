#pragma once

/// ServedShop: everything of `kontor serve`: the log, the shop on it, the gateway, the edge, and
/// the demo's customers, in the sequence in which they must begin and end.
///
///   open → start → … → drain, or it fails and is closed
///
/// Thread: the owner's; the edge has a thread of its own.
/// Invariants: 1. It says that it is ready when the log was recovered, the journal takes writes and
///             the followers are near its end; while it drains it is not.
///             2. A drain answers everything that was taken in before it closes the log.

#include "adapters/embedded/sqlite/read_models.hpp"
#include "adapters/files/mapped_file.hpp"
#include "adapters/http/edge.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/people_keys.hpp"
#include "programs/kontor/serve_archives.hpp"
#include "programs/kontor/serve_backup.hpp"
#include "programs/kontor/serve_breakers.hpp"
#include "programs/kontor/serve_demo.hpp"
#include "programs/kontor/serve_desk.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_front.hpp"
#include "programs/kontor/serve_keys.hpp"
#include "programs/kontor/serve_mail.hpp"
#include "programs/kontor/serve_payments.hpp"
#include "programs/kontor/serve_projections.hpp"
#include "programs/kontor/serve_proofs.hpp"
#include "programs/kontor/serve_queues.hpp"
#include "programs/kontor/serve_requests.hpp"
#include "programs/kontor/serve_tariff.hpp"
#include "programs/kontor/serve_topics.hpp"
#include "programs/kontor/serve_webhooks.hpp"
#include "programs/kontor/serve_wire.hpp"
#include "programs/node/node.hpp"
#include "services/gateway/address_book.hpp"
#include "services/gateway/gateway.hpp"
#include "services/gateway/passwords.hpp"

#include <array>
#include <thread>

namespace kontor::programs {

struct DemoOptions {
    std::uint64_t seed{42};
    services::demo::ShopperOptions shoppers{};
};

/// Services that take their work from a queue, and may be left to somebody else's program.
inline constexpr std::array<std::string_view, 2> queue_services{"inventory", "notification"};

struct ServeOptions {
    std::uint16_t port{8080};
    bool port_is_wanted{false}; ///< this port or none
    std::string address{"127.0.0.1"};
    std::vector<std::string> hosts;
    std::vector<std::string> trusted_proxies{}; ///< addresses that say whose a connection is
    bool has_developer{true};                   ///< auth.dev
    http::Limits limits{};
    std::optional<DemoOptions> demo{};
    RequestLogOptions requests{};
    std::optional<PaymentOptions> payments{};       ///< present: a provider outside is asked
    std::optional<WireOptions> wire{};              ///< present: AWS's clients have a port
    std::vector<std::string> services_elsewhere{};  ///< of queue_services: others do their work
    reach::Reach webhooks{reach::Reach::open_only}; ///< how far they go
    MailOptions mail{};                             ///< with wire: people get letters
};

class ServedShop {
public:
    /// Recovers the log and listens; nobody is answered yet.
    /// Errors: those of OpenLog::open; unavailable (port_busy), conflict (demo_refused), invalid.
    static Result<std::unique_ptr<ServedShop>, Trouble> open(Settings const& settings,
                                                             ServeOptions options);
    ~ServedShop();

    /// Opens the doors, and lets the demo's customers in once the shop is ready.
    /// Errors: unavailable (it does not become ready), what an agent says.
    Result<void, Trouble> start();

    /// What ended an agent, the log's writer or the edge.
    std::optional<Failure> failure() const;
    std::vector<services::gateway::ReadyCheck> checks() const;

    /// Unready, no new connections, what is under way is answered, the log is sealed.
    /// Errors: broken; unavailable (something was not answered in time).
    Result<void> drain();

    /// Secrets are read again from their files, soon, on the edge's thread; its log says what came
    /// of it.
    void wish_reload();

    ServerAddress address() const;
    /// Where AWS's clients are answered; empty: nowhere.
    std::string wire_address() const;
    std::string const& directory() const { return log_->directory(); }
    ports::DiskState const& disk_state() const { return log_->disk_state(); }
    std::string const& token() const { return token_; }
    std::string const& login_code() const { return login_code_; }
    ServeOptions const& options() const { return options_; }
    DemoTraffic const* demo() const { return demo_.get(); }
    ServerLog& record() { return *record_; }

private:
    explicit ServedShop(ServeOptions options) : options_(std::move(options)) {}

    Result<void, Trouble> open_log(Settings const& settings);
    Result<void, Trouble> open_shop(Settings const& settings);
    std::unique_ptr<ServedDesk> make_desk(Settings const& settings);
    services::gateway::NodeFigures figures() const;
    std::vector<services::gateway::DownstreamStanding> downstreams() const;
    std::vector<services::gateway::BreakerStanding> breakers() const;
    Result<void> force_breaker(std::string_view name, resilience::Forced forced);
    Result<std::vector<services::gateway::ReloadedSecret>> reload_secrets();
    Result<void> open_keys();
    Result<void, Trouble> open_payments();
    Result<void, Trouble> open_blackbox();
    Result<void, Trouble> open_queues();
    bool does_itself(std::string_view service) const;
    Result<void, Trouble> open_mail();
    Result<void, Trouble> open_node();
    void say_what_was_skipped();
    Result<void, Trouble> open_gateway(Settings const& settings);
    Result<void, Trouble> open_aws_wire();
    void link_topics();
    void count_deliveries();
    void wake_edge();
    std::string url_of(services::Listener listener) const;
    Result<void, Trouble> open_doors();
    Result<void, Trouble> listen_at(std::uint16_t port);
    Result<void, Trouble> seed_demo();
    Result<void, Trouble> wait_until_ready();
    void tell_of_breaker(resilience::Transition const& change);
    void tell_of_backup(services::gateway::BackupStanding const& standing);
    void tell_of_rot();
    void tell_no_checkpoint(Failure const& failure);
    OpenLog::OnWritten count_journal();
    void count_what_others_know();
    void count_orders();
    void count_queues();
    void look_at_queues();
    void count_mail();
    void count_downstreams();
    void count_scrub();
    void count_edge();
    bool is_demo() const { return options_.demo.has_value(); }
    /// Where the shop keeps goods, by rank.
    std::vector<Location> places() const;

    ServeOptions options_;
    std::unique_ptr<OpenLog> log_;
    std::unique_ptr<sqlite::ReadModels> models_;
    std::unique_ptr<SystemClock> clock_;
    std::unique_ptr<ServerLog> record_;
    telemetry::Metrics metrics_;
    std::string token_;
    std::string login_code_;
    MachineSecrets secrets_;
    std::unique_ptr<services::gateway::TokenBook> keys_;
    services::gateway::Passwords passwords_;
    pricing::Tariff tariff_ = built_in_tariff();
    std::unique_ptr<OutsidePayments> payments_;
    std::optional<ForcedBreakers> forced_breakers_;
    PeopleKeys people_;
    std::unique_ptr<files::MappedFile> blackbox_file_;
    std::unique_ptr<blackbox::Blackbox> blackbox_;
    std::unique_ptr<ServedQueues> queues_;         ///< null: nobody asks for them
    std::unique_ptr<sealing::Opener> edge_opener_; ///< on the edge's thread
    std::unique_ptr<services::gateway::AddressBook> addresses_;
    std::unique_ptr<ServedMail> mail_;     ///< null: nobody writes letters
    std::unique_ptr<ServedTopics> topics_; ///< null: nobody asks for queues
    std::unique_ptr<Node> node_;
    std::unique_ptr<ServedWebhooks> webhooks_;
    std::unique_ptr<NodeProjections> projections_;
    std::unique_ptr<ServedProofs> proofs_;
    std::unique_ptr<ServedBackup> backup_;
    std::unique_ptr<ServedArchives> archives_; ///< null: nobody asks for queues
    std::unique_ptr<ServedDesk> desk_;
    services::ShopClient* seeding_{nullptr};
    Duration looks_for_rot_at_{};
    std::size_t rotten_told_{0}; ///< segments that the log of the server has spoken of
    std::unique_ptr<RequestLog> requests_;
    std::unique_ptr<services::gateway::Gateway> gateway_;
    std::unique_ptr<ServedWire> wire_;
    std::unique_ptr<Front> front_;
    std::unique_ptr<http::Edge> edge_;
    std::unique_ptr<DemoTraffic> demo_;
    std::unique_ptr<Runner> demo_runner_;
    std::unique_ptr<Runner> passwords_runner_;
    std::thread edge_thread_;
    std::array<telemetry::Counter*, 8> edge_counters_{};
    std::array<telemetry::Counter*, services::gateway::urgencies> shed_counters_{};
    telemetry::Counter* late_counter_{nullptr};
    telemetry::Counter* payment_failures_{nullptr};
    telemetry::Counter* mail_failures_{nullptr};
    std::array<telemetry::Counter*, services::notice_outcomes> mail_counters_{};
    telemetry::Counter* retries_refused_{nullptr};
    std::atomic<std::size_t> connections_{0};
    std::vector<queues::ShownFigures> queue_figures_; ///< as they were for who reads metrics
    std::atomic<bool> is_draining_{false};
    std::atomic<bool> is_started_{false};
    std::atomic<bool> wants_reload_{false};
    mutable std::mutex mutex_;
    std::optional<Failure> edge_failure_; ///< guarded by `mutex_`
    bool is_closed_{false};
};

} // namespace kontor::programs
