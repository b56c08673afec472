#include "programs/kontor/serve_shop.hpp"

#include "adapters/aws_wire/limits.hpp"
#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "adapters/prometheus/exposition.hpp"
#include "programs/kontor/build_version.hpp"
#include "programs/kontor/notices.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_ports.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

namespace kontor::programs {
namespace {

/// Blocks of ports that are tried where none was wanted: 8080, 8090, … each.
constexpr int port_blocks_max = 10;
constexpr std::uint16_t port_block = 10;

constexpr auto ready_within = std::chrono::seconds(60);

/// In the demo four hours of the carrier's pass in a second.
constexpr std::int64_t demo_hurry = 14'400;

} // namespace

Result<std::unique_ptr<ServedShop>, Trouble> ServedShop::open(Settings const& settings,
                                                              ServeOptions options) {
    std::unique_ptr<ServedShop> shop(new ServedShop(std::move(options)));
    KONTOR_TRY(shop->open_log(settings));
    KONTOR_TRY(shop->open_shop(settings));
    KONTOR_TRY(shop->open_doors());
    if (shop->topics_)
        shop->link_topics();
    return shop;
}

Result<void, Trouble> ServedShop::open_log(Settings const& settings) {
    KONTOR_TRY(log_, OpenLog::open(settings, LogUse::serve, count_journal()));
    KONTOR_TRY(make_server_directories(log_->directory()));
    clock_ = std::make_unique<SystemClock>(log_->report().last_written_at);
    record_ = std::make_unique<ServerLog>(log_->directory() + "/run/kontor.log", *clock_);
    for (auto const& sentence : repairs_of(log_->report()))
        record_->say(telemetry::Level::warning, "store", "the start put something right",
                     {{"what", sentence}});
    if (!is_demo())
        return {};
    auto const mark = demo_mark(log_->directory());
    bool const is_empty = log_->report().last == ports::Position();
    if (!mark && !is_empty)
        return unexpected(Trouble("demo_refused", {FailureKind::conflict,
                                                   "this directory holds a shop that is no demo",
                                                   log_->directory()}));
    options_.demo->seed = mark.value_or(options_.demo->seed);
    KONTOR_TRY(write_demo_mark(log_->directory(), options_.demo->seed));
    return {};
}

Result<void, Trouble> ServedShop::open_shop(Settings const& settings) {
    KONTOR_TRY(people_, open_people_keys(settings, log_->directory(), secrets_));
    edge_opener_ = std::make_unique<sealing::Opener>(*people_.keys);
    addresses_ = std::make_unique<services::gateway::AddressBook>(*people_.keys, *clock_);
    KONTOR_TRY(models_,
               sqlite::ReadModels::open(log_->directory() + "/views", sqlite::this_boot()));
    KONTOR_TRY(open_payments());
    KONTOR_TRY(open_blackbox());
    KONTOR_TRY(open_queues());
    KONTOR_TRY(open_mail());
    KONTOR_TRY(open_node());
    KONTOR_TRY(open_keys());
    KONTOR_TRY(proofs_, ServedProofs::open(log_->store(), *clock_, secrets_, log_->directory(),
                                           log_->report().lineage.to_string()));
    return open_gateway(settings);
}

std::vector<Location> ServedShop::places() const {
    return is_demo() ? services::demo::demo_locations()
                     : std::vector{Location::parse("main").value()};
}

Result<void, Trouble> ServedShop::open_node() {
    NodeOptions node;
    node.lineage = log_->report().lineage;
    node.outside = payments_ ? &payments_->provider() : nullptr;
    node.keys = people_.keys.get();
    node.secrets = &secrets_;
    node.blackbox = blackbox_.get();
    node.queues = queues_ ? &queues_->queues() : nullptr;
    if (options_.wire) {
        KONTOR_TRY(topics_, ServedTopics::open(log_->directory(), *clock_));
        node.bus = router::RouterOptions{
            .place = options_.wire->place,
            .seed = static_cast<std::uint64_t>(clock_->now().unix_microseconds()),
            .signing = topics_->signing(),
            .reach = options_.webhooks};
    }
    node.takes_warehouse_news = does_itself("inventory");
    node.shop.locations = places();
    if (is_demo()) {
        node.seed = options_.demo->seed;
        node.carrier = services::CarrierOptions{demo_hurry, services::Luck::of_the_dice};
    }
    node_ = std::make_unique<Node>(log_->store(), *models_, *clock_, metrics_, std::move(node));
    seeding_ = &node_->add_client();
    KONTOR_TRY(node_->recover());
    say_what_was_skipped();
    KONTOR_TRY(webhooks_, ServedWebhooks::open({log_->store(), *clock_, node_->add_client(),
                                                log_->directory(), options_.webhooks},
                                               metrics_));
    if (topics_) {
        KONTOR_TRY(
            topics_->deliver(*node_->router(), queues_->queues(), *clock_, options_.webhooks));
        topics_->show_in(metrics_);
    }
    KONTOR_TRY(projections_, NodeProjections::open(*node_, log_->directory()));
    return {};
}

Result<void, Trouble> ServedShop::open_gateway(Settings const& settings) {
    KONTOR_TRY(auto limits, open_limit_book(log_->directory()));
    desk_ = make_desk(settings);
    backup_ = std::make_unique<ServedBackup>(
        *log_, *clock_,
        [this](services::gateway::BackupStanding const& standing) { tell_of_backup(standing); });
    if (queues_)
        archives_ = std::make_unique<ServedArchives>(*node_->router(), queues_->queues(), *clock_,
                                                     [this] { wake_edge(); });
    auto& client = node_->add_client();
    gateway_ = std::make_unique<services::gateway::Gateway>(
        services::gateway::Parts{
            .log = log_->store(),
            .models = *models_,
            .clock = *clock_,
            .callers = *keys_,
            .tariff = tariff_,
            .random = Random(static_cast<std::uint64_t>(clock_->now().unix_microseconds())),
            .secret = random_word(secret_letters),
            .version = std::string(build_version),
            .lineage = log_->report().lineage.to_string(),
            .catalogue = services::gateway::Catalogue(log_->store()),
            .projections = projections_.get(),
            .tokens = keys_.get(),
            .node = desk_.get(),
            .store = backup_.get(),
            .passwords = &passwords_,
            .blackbox = blackbox_.get(),
            .queues = queues_ ? &queues_->desk() : nullptr,
            .archives = archives_.get(),
            .locations = places(),
            .limits = std::move(limits),
            .bulk_bytes_max = options_.limits.body_bytes_max,
            .webhooks = payments_ ? &payments_->door() : nullptr,
            .hooks = &webhooks_->desk(),
            .ready_checks = [this] { return checks(); },
            .opener = edge_opener_.get(),
            .persons = people_.keys.get(),
            .proofs = &proofs_->tree(),
            .addresses = addresses_.get(),
            .mail = mail_ ? mail_->desk() : nullptr},
        client);
    KONTOR_TRY(open_aws_wire());
    requests_ = std::make_unique<RequestLog>(*record_, metrics_, *clock_, options_.requests);
    gateway_->tell([this](services::gateway::Handled const& handled) { requests_->note(handled); });
    front_ = std::make_unique<Front>(
        *gateway_, *clock_, metrics_,
        FrontOptions{[this] {
                         count_edge();
                         count_deliveries();
                         return prometheus::exposition(metrics_.read());
                     },
                     [this] {
                         tell_of_rot();
                         if (wants_reload_.exchange(false, std::memory_order_relaxed))
                             static_cast<void>(reload_secrets()); // the log says what came of it
                     },
                     wire_ ? &wire_->exchange() : nullptr});
    count_what_others_know();
    client.wake_with([this] { edge_->wake(); });
    if (payments_)
        payments_->wake_with([this] { edge_->wake(); });
    return {};
}

/// It may not be there yet.
void ServedShop::wake_edge() {
    if (edge_)
        edge_->wake();
}

Result<void, Trouble> ServedShop::open_payments() {
    if (!options_.payments)
        return {};
    KONTOR_TRY(payments_, OutsidePayments::open(*options_.payments, *clock_));
    payments_->tell([this](resilience::Transition const& change) { tell_of_breaker(change); });
    KONTOR_TRY(forced_breakers_, ForcedBreakers::open(log_->directory()));
    payments_->force(forced_breakers_->of(OutsidePayments::downstream));
    if (!payments_->silence().empty())
        record_->say(telemetry::Level::warning, "serve", "the payment provider does not answer yet",
                     {{"url", options_.payments->url}, {"why", payments_->silence()}});
    return {};
}

/// Whoever reads the file of the token may do everything, as long as this process lives.
Result<void> ServedShop::open_keys() {
    KONTOR_TRY(keys_, open_token_book(log_->directory(), secrets_));
    auto const file = log_->directory() + "/run/dev.token";
    if (!options_.has_developer) {
        remove_file(file);
        return {};
    }
    token_ = keys_->make_dev_token(clock_->now());
    login_code_ = keys_->make_login_code(clock_->now());
    return write_private_file(file, token_ + "\n");
}

Result<void, Trouble> ServedShop::open_doors() {
    Result<void, Trouble> listens = listen_at(options_.port);
    for (int block = 1; !listens && !options_.port_is_wanted && block < port_blocks_max &&
                        listens.error().failure.kind == FailureKind::conflict;
         ++block)
        listens = listen_at(static_cast<std::uint16_t>(options_.port + block * port_block));
    if (listens || listens.error().failure.kind != FailureKind::conflict)
        return listens;
    auto const holder = holder_of_port(options_.port);
    return unexpected(Trouble(
        "port_busy",
        {FailureKind::unavailable,
         fmt::format("port {} is in use{}", options_.port, holder.empty() ? "" : " by " + holder),
         fmt::format("{}:{}", options_.address, options_.port)}));
}

Result<void, Trouble> ServedShop::listen_at(std::uint16_t port) {
    auto const next = static_cast<std::uint16_t>(port == 0 ? 0 : port + 1);
    http::EdgeOptions edge;
    auto const body = options_.limits.body_bytes_max;
    edge.listeners = {{services::Listener::shop, options_.address, port, body},
                      {services::Listener::console, options_.address, next, body}};
    if (wire_)
        edge.listeners.push_back(
            {services::Listener::aws, options_.address,
             static_cast<std::uint16_t>(port == 0 ? 0 : port + 2), aws_wire::request_bytes_max,
             [this](auto const& head, auto const& why) {
                 return std::optional(wire_->wire().refuse_unread(head, why.problem, why.message));
             }});
    edge.hosts = options_.hosts;
    edge.trusted_proxies = options_.trusted_proxies;
    edge.limits = options_.limits;
    edge.seed = static_cast<std::uint64_t>(clock_->now().unix_microseconds());
    KONTOR_TRY(edge_, http::Edge::open(std::move(edge), *front_, *clock_));
    return {};
}

Result<void, Trouble> ServedShop::start() {
    node_->start();
    if (is_demo())
        KONTOR_TRY(seed_demo());
    if (proofs_->tree().has_refused_head())
        record_->say(
            telemetry::Level::error, "proofs",
            "the kept head is not signed by this shop's key: see audit/checkpoint.refused");
    proofs_->start([this](Failure const& failure) {
        record_->say(telemetry::Level::error, "proofs", "the tree over the log stands still",
                     {{"failure", to_string(failure)}});
    });
    if (queues_)
        queues_->start([this](Failure const& failure) { tell_no_checkpoint(failure); });
    if (archives_)
        archives_->start([](Failure const&) { /* it answers all of them itself */ });
    webhooks_->start([this](Failure const& failure) {
        record_->say(telemetry::Level::error, "webhooks", "nothing is delivered any more",
                     {{"failure", to_string(failure)}});
    });
    if (topics_)
        topics_->start([this](Failure const& failure) {
            record_->say(telemetry::Level::error, "courier", "endpoints of topics get nothing more",
                         {{"failure", to_string(failure)}});
        });
    if (wire_)
        wire_->start([this](Failure const& failure) {
            record_->say(telemetry::Level::error, "wire", "buses and topics answer no more",
                         {{"failure", to_string(failure)}});
        });
    if (mail_)
        mail_->start([this](Failure const& failure) {
            record_->say(telemetry::Level::error, "mail", "no letters are written any more",
                         {{"failure", to_string(failure)}});
        });
    passwords_runner_ =
        std::make_unique<Runner>(passwords_, IdleStrategy{1}, [](Failure const&) {});
    edge_thread_ = std::thread([this] {
        ask_for_short_slices();
        if (auto const ran = edge_->run(); !ran) {
            std::lock_guard const guard(mutex_);
            edge_failure_ = ran.error();
        }
    });
    is_started_ = true;
    KONTOR_TRY(wait_until_ready());
    KONTOR_TRY(write_address(log_->directory(), address()));
    record_->say(telemetry::Level::notice, "serve", "the shop is open", {{"shop", address().shop}});
    if (!is_demo() || !options_.has_developer)
        return {};
    KONTOR_TRY(demo_, DemoTraffic::open(*clock_, {address().shop, token_, options_.demo->seed,
                                                  options_.demo->shoppers}));
    demo_runner_ = std::make_unique<Runner>(*demo_, IdleStrategy{1}, [](Failure const&) {});
    return {};
}

/// Before the doors open, through the desk: products must be there when the first customer looks.
Result<void, Trouble> ServedShop::seed_demo() {
    auto requests = services::demo::demo_seeding(Random(options_.demo->seed), clock_->now());
    std::size_t answered = 0;
    std::size_t sent = 0;
    while (answered < requests.size()) {
        if (auto const failed = failure())
            return unexpected(*failed);
        if (sent < requests.size()) {
            requests[sent].ticket = sent + 1;
            sent += seeding_->try_submit(std::move(requests[sent])) ? 1 : 0;
        }
        auto const answer = seeding_->try_answer();
        answered += answer ? 1 : 0;
        if (answer && std::holds_alternative<Failure>(answer->content))
            return unexpected(std::get<Failure>(answer->content));
        if (!answer && sent == requests.size())
            std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    return {};
}

Result<void, Trouble> ServedShop::wait_until_ready() {
    auto const last = std::chrono::steady_clock::now() + ready_within;
    for (;;) {
        if (auto const failed = failure())
            return unexpected(*failed);
        auto const now = checks();
        auto const bad = std::ranges::find(now, false, &services::gateway::ReadyCheck::is_good);
        if (bad == now.end())
            return {};
        if (std::chrono::steady_clock::now() >= last)
            return unexpected(Failure{FailureKind::unavailable,
                                      "the shop did not become ready: " + bad->what, bad->name});
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

std::optional<Failure> ServedShop::failure() const {
    if (auto failed = node_->failure())
        return failed;
    if (auto failed = log_->writer_failure())
        return failed;
    std::lock_guard const guard(mutex_);
    return edge_failure_;
}

void ServedShop::wish_reload() {
    wants_reload_ = true;
    edge_->wake();
}

std::string ServedShop::url_of(services::Listener listener) const {
    auto const host = options_.address == "0.0.0.0" || options_.address == "::"
                          ? std::string("127.0.0.1")
                          : options_.address;
    return fmt::format("http://{}:{}", host, edge_->port(listener));
}

ServerAddress ServedShop::address() const {
    return {url_of(services::Listener::shop), url_of(services::Listener::console), ::getpid()};
}

std::string ServedShop::wire_address() const {
    return wire_ ? url_of(services::Listener::aws) : std::string();
}

Result<void> ServedShop::drain() {
    is_draining_ = true;
    demo_runner_.reset(); // its last call is answered first
    if (wire_)
        wire_->hurry(); // who waits for a message is told that there is none
    if (edge_thread_.joinable()) {
        edge_->drain();
        edge_thread_.join();
    }
    if (wire_)
        wire_->stop();
    if (archives_)
        archives_->stop();
    webhooks_->stop();
    if (topics_)
        topics_->stop();
    backup_->stop();
    proofs_->stop();
    if (mail_)
        mail_->stop(); // before the desk's thread, which writes what becomes of messages
    node_->stop();
    if (queues_ && !failure())
        if (auto const closed = queues_->close(); !closed)
            tell_no_checkpoint(closed.error());
    remove_address(log_->directory());
    is_closed_ = true;
    auto const failed = failure();
    if (failed)
        record_->say(telemetry::Level::error, "serve", "the shop has stopped",
                     {{"failure", to_string(*failed)}});
    else
        record_->say(telemetry::Level::notice, "serve", "the shop is closed");
    auto closed = log_->close();
    return failed ? unexpected(*failed) : std::move(closed);
}

ServedShop::~ServedShop() {
    if (is_closed_)
        return;
    demo_runner_.reset();
    if (edge_thread_.joinable()) {
        edge_->stop();
        edge_thread_.join();
    }
    if (wire_)
        wire_->stop();
    if (archives_)
        archives_->stop();
    if (webhooks_)
        webhooks_->stop();
    if (topics_)
        topics_->stop();
    if (proofs_)
        proofs_->stop();
    if (mail_)
        mail_->stop();
    if (node_)
        node_->stop();
}

} // namespace kontor::programs
