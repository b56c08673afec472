#include "bench/http_floor.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::bench {
namespace {

constexpr std::size_t answers_at_once_max = 64;

double microseconds_of(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

http::Descriptor listen_anywhere() {
    auto listening = http::listen_at("127.0.0.1", 0);
    KONTOR_ASSERT(listening, "no port: {}", to_string(listening.error()));
    return *std::move(listening);
}

} // namespace

void pin_thread_to(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(processor), &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

double thread_cpu_us(std::thread& thread) {
    clockid_t clock{};
    ::pthread_getcpuclockid(thread.native_handle(), &clock);
    return microseconds_of(clock);
}

double this_thread_cpu_us() {
    return microseconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double process_cpu_us(int process) {
    clockid_t clock{};
    return ::clock_getcpuclockid(process, &clock) == 0 ? microseconds_of(clock) : 0;
}

BareResponder::BareResponder(std::size_t request_bytes, std::string answer, Stall stall)
    : request_bytes_(request_bytes), answer_bytes_(answer.size()), stall_(stall),
      next_stall_(std::chrono::steady_clock::now() + stall.each), listening_(listen_anywhere()),
      port_(http::port_of(listening_)) {
    for (std::size_t i = 0; i < answers_at_once_max; ++i)
        answers_ += answer;
    thread_ = std::thread([this] { run(); });
}

BareResponder::~BareResponder() {
    is_over_ = true;
    thread_.join();
}

void BareResponder::take(int epoll, int socket) {
    std::array<char, 64 * 1024> bytes;
    auto const got = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
        ::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
        ::close(socket);
        return;
    }
    // The generator sends whole requests only, and loopback does not cut such small ones.
    auto const requests = static_cast<std::size_t>(got) / request_bytes_;
    ::send(socket, answers_.data(), std::min(requests, answers_at_once_max) * answer_bytes_,
           MSG_NOSIGNAL);
}

void BareResponder::stall_when_due() {
    if (stall_.each.count() == 0 || std::chrono::steady_clock::now() < next_stall_)
        return;
    std::this_thread::sleep_until(next_stall_ + stall_.lasts);
    next_stall_ += stall_.each;
}

void BareResponder::run() {
    pin_thread_to(1);
    int const epoll = ::epoll_create1(EPOLL_CLOEXEC);
    auto const watch = [&](int socket) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = socket;
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    };
    watch(listening_.number());
    std::array<epoll_event, 256> events;
    while (!is_over_) {
        auto const count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()),
                                        stall_.each.count() == 0 ? 50 : 1);
        stall_when_due();
        for (int i = 0; i < count; ++i) {
            int const socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket != listening_.number()) {
                take(epoll, socket);
                continue;
            }
            int const accepted = ::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC);
            int const on = 1;
            ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            watch(accepted);
        }
    }
    ::close(epoll);
}

Nginx::Nginx(std::string const& directory, std::string const& body) {
    namespace files = std::filesystem;
    constexpr auto program = "/usr/sbin/nginx";
    if (!files::exists(program))
        return;
    auto const root = files::absolute(directory) / "nginx";
    files::create_directories(root);
    files::permissions(root, files::perms::others_read | files::perms::others_exec,
                       files::perm_options::add);
    std::ofstream(root / "file") << body;
    port_ = http::port_of(listen_anywhere()); // free a moment ago
    std::ofstream(root / "nginx.conf") << fmt::format(
        "daemon off; master_process off; pid {0}/pid; error_log /dev/null;\n"
        "events {{ worker_connections 1024; }}\n"
        "http {{ access_log off; keepalive_requests 1000000000; open_file_cache max=10;\n"
        "client_body_temp_path {0}/t1; proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3;\n"
        "uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5;\n"
        "server {{ listen 127.0.0.1:{1}; root {0}; }} }}\n",
        root.string(), port_);
    auto const settings = (root / "nginx.conf").string();
    process_ = ::fork();
    if (process_ == 0) {
        pin_thread_to(1);
        ::execl(program, program, "-c", settings.c_str(), nullptr);
        ::_exit(127);
    }
    worker_ = process_; // without a master the one process does the work
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
}

Nginx::~Nginx() {
    if (process_ <= 0)
        return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
}

} // namespace kontor::bench
