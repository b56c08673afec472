#include "bench/bench.hpp"

#include "adapters/http/answers.hpp"
#include "adapters/http/edge.hpp"
#include "bench/http_floor.hpp"
#include "bench/http_load.hpp"
#include "runtime/system_clock.hpp"

#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <thread>

namespace kontor::bench {
namespace {

constexpr std::size_t body_bytes = 300; ///< of an answer
constexpr int rounds = 5;
constexpr int idle_connections = 10'000;

/// A gateway that answers at once and knows nothing: what is left is the edge.
class Nothing final : public services::Exchange {
public:
    void start(services::Ticket ticket, services::Request const&) override {
        services::Reply reply;
        reply.headers.add("Content-Type", "application/json");
        reply.body.assign(body_bytes, 'x');
        answers_.push_back({ticket, std::move(reply)});
    }
    void collect(std::vector<services::Answered>& answers) override {
        if (!answers_.empty())
            answers.swap(answers_);
    }
    void abandon(services::Ticket) override {}

private:
    std::vector<services::Answered> answers_;
};

/// The edge on a thread of its own, pinned away from the generator.
class RunningEdge {
public:
    RunningEdge() {
        http::EdgeOptions options;
        options.listeners = {{services::Listener::shop}};
        options.limits.requests_per_connection_max = 1'000'000'000;
        options.limits.connections_per_address_max = options.limits.connections_max;
        auto opened = http::Edge::open(options, exchange_, clock_);
        KONTOR_ASSERT(opened, "no edge: {}", to_string(opened.error()));
        edge_ = *std::move(opened);
        thread_ = std::thread([this] {
            pin_thread_to(1);
            KONTOR_ASSERT(edge_->run(), "the edge has failed");
        });
    }
    ~RunningEdge() {
        edge_->stop();
        thread_.join();
    }
    std::uint16_t port() const { return edge_->port(services::Listener::shop); }
    std::thread& thread() { return thread_; }

private:
    Nothing exchange_;
    SystemClock clock_;
    std::unique_ptr<http::Edge> edge_;
    std::thread thread_;
};

std::string get_request() {
    return "GET /file HTTP/1.1\r\nHost: localhost\r\nUser-Agent: kontor-load/1\r\n"
           "Accept: application/json\r\nAuthorization: Bearer "
           "ktk_0123456789abcdef0123456789\r\n\r\n";
}
std::string post_request() {
    constexpr std::size_t order_bytes = 400;
    return fmt::format(
        "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nUser-Agent: kontor-load/1\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: 0123456789abcdef\r\n"
        "Authorization: Bearer ktk_0123456789abcdef0123456789\r\n"
        "Content-Length: {}\r\n\r\n{}",
        order_bytes, std::string(order_bytes, 'x'));
}
/// What the edge answers, byte for byte as long.
std::string bare_answer() {
    return fmt::format("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n"
                       "Content-Type: application/json\r\n\r\n{}",
                       http::standing_lines({}), body_bytes, std::string(body_bytes, 'x'));
}

struct Measured {
    double per_second;
    double cpu_us; ///< of the server, for each request
};

template <class CpuUs>
Measured measure(std::uint16_t port, LoadShape const& shape, double seconds, CpuUs cpu_us) {
    auto const before = cpu_us();
    auto const rate = measure_http_rate(port, shape, seconds);
    constexpr double with_warm_up = 0.3;
    return {rate, (cpu_us() - before) / std::max(rate * (seconds + with_warm_up), 1.0)};
}

/// One row a round: the bare loop, the edge and nginx in turn, in the same seconds.
void compare(Report& report, std::string const& what, LoadShape const& shape, double seconds,
             Nginx* nginx) {
    Figure edge_rate{fmt::format("requests of the edge, {}", what), "/s", {}};
    Figure edge_cpu{fmt::format("server CPU of a request, {}", what), "us", {}};
    Figure bare_rate{fmt::format("F2 requests of a bare epoll loop, {}", what), "/s", {}};
    Figure bare_cpu{fmt::format("F2 server CPU of a request of the bare loop, {}", what), "us", {}};
    Figure nginx_rate{fmt::format("requests of nginx with a file, {}", what), "/s", {}};
    Figure share{fmt::format("rate of the edge by that of nginx, {}", what), "ratio", {}};
    for (int round = 0; round < rounds; ++round) {
        BareResponder bare(shape.request.size(), bare_answer());
        auto const floor =
            measure(bare.port(), shape, seconds, [&] { return thread_cpu_us(bare.thread()); });
        bare_rate.rows.push_back(floor.per_second);
        bare_cpu.rows.push_back(floor.cpu_us);
        RunningEdge edge;
        auto const ours =
            measure(edge.port(), shape, seconds, [&] { return thread_cpu_us(edge.thread()); });
        edge_rate.rows.push_back(ours.per_second);
        edge_cpu.rows.push_back(ours.cpu_us);
        if (nginx == nullptr || !nginx->is_there())
            continue;
        auto const theirs =
            measure(nginx->port(), shape, seconds, [&] { return process_cpu_us(nginx->worker()); });
        nginx_rate.rows.push_back(theirs.per_second);
        share.rows.push_back(ours.per_second / std::max(theirs.per_second, 1.0));
    }
    edge_rate.floor = bare_rate.name;
    edge_rate.floor_value = median(bare_rate.rows);
    report.figures.insert(report.figures.end(), {edge_rate, edge_cpu, bare_rate, bare_cpu});
    if (nginx_rate.rows.empty())
        return;
    constexpr double share_min = 0.5;
    share.direction = Goal::at_least;
    share.goal = share_min;
    report.figures.insert(report.figures.end(), {nginx_rate, share});
}

/// Private memory of this process that is in use. Units: bytes.
double anonymous_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "RssAnon:") {
            double kib = 0;
            status >> kib;
            return kib * 1024;
        }
    return 0;
}

void measure_idle(Report& report) {
    RunningEdge edge;
    measure_http_rate(edge.port(), {get_request()}, 0.2);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    auto const before = anonymous_bytes();
    IdleClients const clients(edge.port(), idle_connections, get_request());
    std::this_thread::sleep_for(std::chrono::seconds(1)); // their buffers are given back
    constexpr double mib = 1 << 20;
    Figure figure{fmt::format("memory of {} idle connections", clients.answered()),
                  "MiB",
                  {(anonymous_bytes() - before) / mib}};
    figure.direction = Goal::at_most;
    figure.goal = 80;
    figure.is_count = true;
    report.figures.push_back(std::move(figure));
    if (clients.answered() != idle_connections)
        report.notes.push_back(fmt::format("only {} of {} idle connections were answered: this "
                                           "system allows no more open files",
                                           clients.answered(), idle_connections));
}

} // namespace

Report bench_http(BenchOptions const& options) {
    Report report{"http",
                  fmt::format("the edge with an exchange that answers at once, {} bytes; 64 "
                              "keep-alive connections over loopback, closed loop, generator on "
                              "processor 0",
                              body_bytes),
                  options.seed, options.directory};
    measure_idle(report);
    auto const seconds = std::min(options.seconds, 2.0);
    Nginx nginx(options.directory, std::string(body_bytes, 'x'));
    if (!nginx.is_there())
        report.notes.emplace_back("nginx: absent");
    pin_thread_to(0);
    compare(report, "GET", {get_request()}, seconds, &nginx);
    compare(report, "GET, 16 pipelined", {get_request(), 64, 16}, seconds, &nginx);
    compare(report, "POST of 400 bytes", {post_request()}, seconds, nullptr);
    return report;
}

} // namespace kontor::bench
