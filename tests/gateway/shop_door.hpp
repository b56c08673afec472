#pragma once

/// ShopDoor: a whole shop in memory behind the gateway, on one thread and a clock moved by hand,
/// and the words in which tests knock at it.

#include "services/gateway/address_book.hpp"
#include "services/gateway/archive_desk.hpp"
#include "services/gateway/gateway.hpp"
#include "services/gateway/mail_desk.hpp"
#include "services/gateway/passwords.hpp"
#include "services/gateway/projection_desk.hpp"
#include "services/gateway/queue_desk.hpp"
#include "services/gateway/seams/node_desk.hpp"
#include "services/gateway/store_desk.hpp"
#include "services/gateway/token_book.hpp"
#include "services/gateway/webhook_door.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/key_store.hpp"
#include "adapters/memory/messaging/event_bus.hpp"
#include "adapters/memory/messaging/topic_board.hpp"
#include "adapters/memory/read_models.hpp"
#include "adapters/memory/record_file.hpp"
#include "adapters/payments/http/webhook_inbox.hpp"
#include "adapters/payments/sandbox.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"
#include "platform/projections/projector.hpp"
#include "platform/proofs/tree.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "services/documents/document_runner.hpp"
#include "services/people/key_keeper.hpp"
#include "tests/support/hand_clock.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kontor::services::gateway {

/// Counts upwards: nothing secret about it.
class CountingSecrets final : public SecretSource {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(next_++);
    }

private:
    unsigned next_{1};
};

/// The sandbox as if it stood outside: it answers calls, and what it reports by itself lies in
/// `reports` until a spec sends it to the shop's door, as often and in whatever sequence it likes.
class OutsideSandbox final : public ports::PaymentProvider {
public:
    explicit OutsideSandbox(payments::Sandbox& book) : book_(book) {}

    Result<void> start(std::span<ports::ProviderCall const> calls) override {
        return book_.start(calls);
    }
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override;
    Result<void> receipt(std::span<std::uint64_t const> deliveries) override {
        inbox->receipt(deliveries);
        return {};
    }

    std::unique_ptr<payments::WebhookInbox> inbox{std::make_unique<payments::WebhookInbox>()};
    std::vector<ports::ProviderAnswer> reports;
    std::vector<ports::ProviderAnswer> held_back; ///< answers that have not arrived
    bool holds_back{false};

private:
    payments::Sandbox& book_;
};

/// A process that is well.
class QuietNode final : public NodeDesk {
public:
    NodeFigures figures() const override {
        return {{{"orders", 3, Duration::milliseconds(20)}}, 2, 1'000'000};
    }
    std::uint64_t backlog() const override { return facts_behind; }
    std::vector<ShownSetting> settings() const override {
        return {{"data.directory", "/srv/shop", "--data"}};
    }
    std::vector<DownstreamStanding> downstreams() const override { return outside; }
    Result<std::vector<ReloadedSecret>> reload_secrets() const override { return reloaded; }
    std::vector<BreakerStanding> breakers() const override {
        return {{"payments", guard.figures(moment), moment}};
    }
    Result<void> force_breaker(std::string_view name, resilience::Forced forced) const override {
        EXPECT_EQ(name, "payments");
        guard.force(forced, moment);
        return {};
    }

    mutable resilience::Downstream guard{{}};
    Duration moment{Duration::hours(1)};
    std::uint64_t facts_behind{0};
    std::vector<DownstreamStanding> outside{};
    Result<std::vector<ReloadedSecret>> reloaded{std::vector<ReloadedSecret>()};
};

/// A log on a disk that takes what it is told to keep.
class QuietStore final : public StoreDesk {
public:
    Result<std::optional<StoreFigures>> figures() override {
        return is_measuring ? std::nullopt : std::optional(figures_now);
    }
    Result<void, Trouble> may_back_up(BackupWish const&) override {
        if (prevented)
            return unexpected(*prevented);
        return {};
    }
    Result<void, Trouble> back_up(BackupWish const& wish) override {
        KONTOR_TRY(may_back_up(wish));
        wishes.push_back(wish);
        standing.state = BackupState::copying;
        standing.directory = wish.directory;
        standing.asked_by = wish.asked_by;
        return {};
    }
    BackupStanding backup() const override { return standing; }
    void stop_backup() override { standing.state = BackupState::stopped; }

    StoreFigures figures_now{.directory = "/srv/shop", .segments = 3, .log_bytes = 4096};
    bool is_measuring{false};
    std::optional<Trouble> prevented{};
    std::vector<BackupWish> wishes{};
    BackupStanding standing{};
};

/// Archives and replays of a bus, and topics, in memory, asked on a thread that works when it is
/// told to.
class ArchivesAtHand final : public ArchiveDesk, public Agent {
public:
    explicit ArchivesAtHand(Clock& clock) : bus(clock, Random(5)), board(clock, Random(6)) {
        bus.adopt(topology::shop);
        board.adopt(topology::shop);
    }

    bool take(Job job) override {
        if (jobs_.size() >= room)
            return false;
        jobs_.push_back(std::move(job));
        return true;
    }
    std::string_view name() const override { return "archives"; }
    Result<WorkDone> do_work(WorkBudget) override {
        auto const jobs = std::exchange(jobs_, {});
        for (auto const& job : jobs)
            job({bus, bus, bus, bus, board, board, board, {}});
        return WorkDone{jobs.size()};
    }

    memory::EventBus bus;
    memory::TopicBoard board;
    std::size_t room{archive_jobs_max};

private:
    std::vector<Job> jobs_;
};

/// An outbox with what a spec puts into it.
class QuietOutbox final : public MailDesk {
public:
    std::vector<ShownMail> letters(std::size_t up_to) const override {
        return {kept.begin(),
                kept.begin() + static_cast<std::ptrdiff_t>(std::min(up_to, kept.size()))};
    }
    std::optional<ShownMail> find(Id128 id) const override {
        for (auto const& mail : kept)
            if (mail.id == id)
                return mail;
        return std::nullopt;
    }

    std::vector<ShownMail> kept{};
};

/// The projectors of a door, which nobody has to keep over a restart.
class ProjectorsAtHand final : public ProjectionDesk {
public:
    using Projectors = std::vector<std::unique_ptr<projections::Projector>>;
    explicit ProjectorsAtHand(Projectors& projectors) : projectors_(projectors) {}

    std::vector<projections::ProjectorStatus> all() const override {
        std::vector<projections::ProjectorStatus> statuses;
        for (auto const& projector : projectors_)
            statuses.push_back(projector->status());
        return statuses;
    }
    projections::Projector* find(std::string_view name) override {
        for (auto const& projector : projectors_)
            if (projector->model() == name)
                return projector.get();
        return nullptr;
    }
    Result<void> pause(std::string_view name) override {
        find(name)->pause();
        return {};
    }
    Result<void> resume(std::string_view name) override {
        find(name)->resume();
        return {};
    }

private:
    Projectors& projectors_;
};

/// An answer as a spec looks at it.
struct Got {
    int status{0};
    std::string body{};
    std::multimap<std::string, std::string> headers{};

    /// The first header of this name; empty: none.
    std::string header(std::string const& name) const;
    /// The text or number at a place like "lines.0.sku"; empty: nothing stands there.
    std::string at(std::string_view place) const;
    /// How many items a list has.
    std::size_t count(std::string_view place) const;
};

struct Knock {
    Method method{Method::get};
    std::string path{};
    std::string body{};
    std::string token{};
    std::map<std::string, std::string> headers{};
    Listener listener{Listener::console};
    std::optional<Duration> deadline{}; ///< on the monotonic clock
};

class ShopDoor {
public:
    ShopDoor();
    ~ShopDoor();

    /// Knocks and waits until the shop has answered.
    Got ask(Knock knock);
    Got get(std::string path, std::string token = {});
    Got post(std::string path, std::string body, std::string token = {}, std::string key = {});

    /// Hands a request in without waiting.
    Ticket start(Knock const& knock);
    /// What is answered before anybody works.   Requires: it is answered so.
    Got answered_at_once(Knock const& knock);
    /// The client is gone, and with it what its request points to.
    void go_away(Ticket ticket);
    /// The answer, if it is there.
    std::optional<Got> collected(Ticket ticket);

    /// Everybody works until nobody has anything to do at this moment.
    void settle();
    /// Time passes; what is due happens.
    void live(Duration time);
    /// As after a kill: everything but the log and the provider's book is gone.
    void crash();
    /// The shop is another one, whose operators see no queues.
    void open_without_queues();
    /// From now on the provider stands outside, and reports with one of these secrets.
    void put_provider_outside(std::vector<webhooks::WebhookSecret> secrets);
    /// Rows stay as they are from now on, or follow again.
    void follow(bool follows) { follows_ = follows; }
    /// What queues decide is not written from now on, or is again.
    void write_queues(bool writes) { writes_queues_ = writes; }
    /// Archives are not asked from now on, or are again.
    void ask_archives(bool asks) { asks_archives_ = asks; }
    ports::QueueAdmin& queue_admin() { return queues_->admin(); }
    ports::Queue& queue() { return queues_->queue(); }

    std::string make_token(std::vector<Role> roles, std::vector<std::string> scopes = {});
    /// The cookie and the CSRF token of a new guest, as headers.
    std::map<std::string, std::string> new_guest();

    /// A mug for 12.50 with 10 on the shelf.
    void stock_the_shelves();
    /// Shelves for thousands of receipts: each answer is folded from its own shelf's facts, so on
    /// one shelf the last would take as long as all before it.
    void add_many_shelves();
    static constexpr std::size_t many_shelves = 64;
    /// A receipt on one of them, each under a key of its own.
    Ticket start_receipt(std::size_t number);
    std::string order_body(std::int64_t units = 2, std::string const& token = "tok_approve") const;

    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    memory::ReadModels models;
    memory::KeyStore people; ///< outlives a crash, as files do
    memory::RecordFile nodes{sizeof(proofs::Hash)};
    memory::RecordFile leaves{proofs::position_bytes};
    payments::Sandbox provider{clock, Random(3)};
    OutsideSandbox outside{provider};
    std::string all; ///< a token of all roles
    std::vector<ReadyCheck> checks{{"open"}};
    QuietNode node;
    QuietStore log_files;
    ArchivesAtHand archives{clock};
    QuietOutbox outbox;
    Gateway& gateway() { return *gateway_; }

private:
    void open();
    std::size_t work();
    std::size_t collect();

    /// Who seals and opens.
    struct Sealing {
        explicit Sealing(ShopDoor& door);
        std::unique_ptr<sealing::PersonKeys> keys;
        sealing::Sealer sealer;
        sealing::Opener desk_opener;
        sealing::Opener runner_opener;
        sealing::Opener gateway_opener;
        KeyKeeper keeper;
        AddressBook addresses;
    };

    CountingSecrets secrets_;
    Passwords passwords_{{.n = 16}}; // as long as a test may take
    std::optional<TokenBook> book_;
    std::unique_ptr<Sealing> sealing_;
    pricing::Tariff tariff_;
    std::optional<WebhookDoor> webhooks_;
    std::unique_ptr<ShopDeskAgent> desk_;
    std::unique_ptr<CheckoutRunner> runner_;
    std::unique_ptr<CarrierRunner> carrier_;
    std::unique_ptr<DocumentRunner> documents_;
    ProjectorsAtHand::Projectors projectors_;
    ProjectorsAtHand projection_desk_{projectors_};
    std::unique_ptr<proofs::ProofTree> proofs_;
    std::string kept_head_;
    std::unique_ptr<Gateway> gateway_;
    std::uint64_t tickets_{0};
    std::uint64_t openings_{0};
    bool follows_{true};
    bool writes_queues_{true};
    bool has_queues_{true};
    bool asks_archives_{true};
    CountingSecrets queue_secrets_;
    std::unique_ptr<hosting::JournaledQueues> queues_;
    std::optional<QueueDesk> queue_desk_;
    struct Kept {
        Knock knock;
        std::vector<Header> headers{};
    };
    std::map<std::uint64_t, std::unique_ptr<Kept>> open_;
    std::map<std::uint64_t, Got> got_;
};

} // namespace kontor::services::gateway
