#include "tests/contract/payment_provider_contract.hpp"

#include "adapters/http/edge.hpp"
#include "adapters/payments/http/http_provider.hpp"
#include "programs/sandbox/provider_exchange.hpp"
#include "runtime/system_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace kontor::contract {
namespace {

using services::Answered;
using services::Request;
using services::Ticket;

/// A clock that stands still until the test moves it; several threads look at it.
class SharedHandClock final : public Clock {
public:
    Instant now() override {
        return Instant::from_unix_microseconds(1'700'000'000'000'000 + passed_.load());
    }
    Duration monotonic() override { return Duration::microseconds(passed_.load()); }
    void pass(Duration time) { passed_ += time.in_microseconds(); }

private:
    std::atomic<std::int64_t> passed_{0};
};

/// Whether an exchange has done all that can be done at this moment, for other threads to see.
class Watched : public services::Exchange {
public:
    std::uint64_t turns() const { return turns_.load(); }
    bool is_quiet() const { return is_quiet_.load(); }

    void collect(std::vector<Answered>& answers) override {
        is_quiet_ = turn(answers);
        ++turns_;
    }

protected:
    /// True: nothing more happens until somebody asks or time passes.
    virtual bool turn(std::vector<Answered>& answers) = 0;

private:
    std::atomic<std::uint64_t> turns_{0};
    std::atomic<bool> is_quiet_{true};
};

/// The shop's door in two words: what comes in is taken, and answered once it is durable.
class Door final : public Watched {
public:
    explicit Door(payments::WebhookInbox& inbox) : inbox_(inbox) {}
    void abandon(Ticket ticket) override { open_.erase(ticket.value()); }
    /// Reports that came, whatever became of them.
    std::uint64_t came() const { return came_.load(); }
    void start(Ticket ticket, Request const& request) override {
        std::string id(request.header("webhook-id"));
        EXPECT_TRUE(inbox_.take(id, request.body));
        open_.emplace(ticket.value(), std::move(id));
        ++came_;
    }

protected:
    bool turn(std::vector<Answered>& answers) override {
        bool was_quiet = true;
        for (auto each = open_.begin(); each != open_.end();) {
            auto const here = each++;
            if (!inbox_.is_durable(here->second))
                continue;
            answers.push_back({Ticket(here->first), services::Reply{}});
            open_.erase(here);
            was_quiet = false;
        }
        return was_quiet;
    }

private:
    payments::WebhookInbox& inbox_;
    std::map<std::uint64_t, std::string> open_;
    std::atomic<std::uint64_t> came_{0};
};

/// The sandbox as a process would hold it.
class Provider final : public Watched {
public:
    explicit Provider(Clock& clock) : clock_(clock), book_(clock, Random(1)) {}

    /// Before anybody asks.
    void report_to(std::string url) {
        sender_ = programs::WebhookSender::open({std::move(url), {}, "msg_"}, clock_).value();
        exchange_.emplace(book_, "key", sender_.get());
    }
    void abandon(Ticket ticket) override { exchange_->abandon(ticket); }
    std::size_t waiting() const { return waiting_.load(); }
    /// Reports that were sent.
    std::uint64_t reported() const { return reported_.load(); }

    void start(Ticket ticket, Request const& request) override {
        exchange_->start(ticket, request);
    }

protected:
    bool turn(std::vector<Answered>& answers) override {
        auto const before = answers.size();
        exchange_->collect(answers);
        waiting_ = exchange_->waiting();
        reported_ = sender_->attempts();
        auto const due = book_.next_due();
        return answers.size() == before && (!due || *due > clock_.now());
    }

private:
    Clock& clock_;
    payments::Sandbox book_;
    std::unique_ptr<programs::WebhookSender> sender_;
    std::optional<programs::ProviderExchange> exchange_;
    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::uint64_t> reported_{0};
};

/// An exchange behind sockets, on a thread of its own.
class Listening {
public:
    explicit Listening(Watched& exchange) : exchange_(exchange) {
        http::EdgeOptions options;
        options.listeners = {{services::Listener::shop}};
        edge_ = http::Edge::open(std::move(options), exchange, clock_).value();
    }
    ~Listening() {
        edge_->stop();
        thread_.join();
    }
    void begin() {
        thread_ = std::thread([this] { EXPECT_TRUE(edge_->run()); });
    }
    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(edge_->port(services::Listener::shop));
    }
    /// Lets it look at everything twice.
    void turn() {
        for (auto const first = exchange_.turns(); exchange_.turns() < first + 2;) {
            edge_->wake();
            std::this_thread::yield();
        }
    }

private:
    Watched& exchange_;
    SystemClock clock_;
    std::unique_ptr<http::Edge> edge_;
    std::thread thread_;
};

class OutsideProvider final : public ProviderUnderTest {
public:
    OutsideProvider() {
        asked_ = payments::HttpProvider::open({provider_edge_.url(), "key"}, clock_).value();
        door_.emplace(asked_->webhooks());
        door_edge_.emplace(*door_);
        provider_.report_to(door_edge_->url() + "/webhooks");
        door_edge_->begin();
        provider_edge_.begin();
    }

    ports::PaymentProvider& provider() override { return *asked_; }
    std::string approved() const override { return "tok_approve"; }
    std::string declined() const override { return "tok_decline"; }
    std::string reported() const override { return "tok_webhook_first"; }

    /// While calls are under way in small steps, so that each gets its time.
    void wait(Duration time) override {
        constexpr Duration step = Duration::milliseconds(400);
        settle();
        while (time > Duration()) {
            auto const next = asked_->unanswered() > 0 ? std::min(step, time) : time;
            clock_.pass(next);
            time = time - next;
            settle();
        }
    }

private:
    /// Until everybody has done what can be done without more time.
    void settle() {
        auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        for (int quiet = 0; quiet < 3 && std::chrono::steady_clock::now() < last;) {
            std::vector<ports::ProviderAnswer> none;
            EXPECT_TRUE(asked_->collect(0, none));
            provider_edge_.turn();
            door_edge_->turn();
            bool const is_quiet = provider_.is_quiet() && door_->is_quiet() &&
                                  asked_->sent() == provider_.waiting() &&
                                  door_->came() == provider_.reported();
            quiet = is_quiet ? quiet + 1 : 0;
        }
        EXPECT_LT(std::chrono::steady_clock::now(), last) << "it never becomes quiet";
    }

    SharedHandClock clock_;
    Provider provider_{clock_};
    Listening provider_edge_{provider_};
    std::unique_ptr<payments::HttpProvider> asked_;
    std::optional<Door> door_;
    std::optional<Listening> door_edge_;
};

[[maybe_unused]] bool const registered =
    payment_provider_contract("outside", [] { return std::make_unique<OutsideProvider>(); });

} // namespace
} // namespace kontor::contract
