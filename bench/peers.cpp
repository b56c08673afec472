#include "bench/peers.hpp"

#include "base/assert.hpp"

#include <boost/json/parse.hpp>
#include <fmt/core.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace kontor::bench {
namespace {

constexpr std::size_t pairs = 8;

std::optional<boost::json::object> object_in(std::string const& line) {
    boost::system::error_code error;
    auto const value = boost::json::parse(line, error);
    return !error && value.is_object() ? std::optional(value.as_object()) : std::nullopt;
}

/// Empty: there are no more.
std::optional<std::string> line_from(std::FILE* file) {
    std::array<char, 4096> part{};
    std::string line;
    while (std::fgets(part.data(), part.size(), file) != nullptr) {
        line += part.data();
        if (line.back() == '\n')
            return line;
    }
    return line.empty() ? std::nullopt : std::optional(line);
}

} // namespace

std::vector<boost::json::object> rows_of(std::string const& command) {
    std::vector<boost::json::object> rows;
    auto* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr)
        return rows;
    while (auto const line = line_from(pipe))
        if (auto const row = object_in(*line))
            rows.push_back(*row);
    pclose(pipe);
    return rows;
}

Peer::Peer(std::string const& name, BenchOptions const& options) {
    std::array<int, 2> down{};
    std::array<int, 2> up{};
    KONTOR_ASSERT(::pipe(down.data()) == 0 && ::pipe(up.data()) == 0, "no pipes");
    auto const directory = options.directory + "/peers";
    process_ = ::fork();
    KONTOR_ASSERT(process_ >= 0, "no child process");
    if (process_ == 0) {
        ::dup2(down[0], STDIN_FILENO);
        ::dup2(up[1], STDOUT_FILENO);
        for (auto const end : {down[0], down[1], up[0], up[1]})
            ::close(end);
        ::execlp("python3", "python3", "bench/peers/peer.py", "--directory", directory.c_str(),
                 name.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(down[0]);
    ::close(up[1]);
    ::signal(SIGPIPE, SIG_IGN); // a peer that ended is absent, and nothing worse
    to_ = ::fdopen(down[1], "w");
    from_ = ::fdopen(up[0], "r");
    if (auto const said = answer(); said && said->contains("settings"))
        settings_ = std::string(said->at("settings").as_string());
}

Peer::~Peer() {
    std::fclose(to_); // it ends with its input
    std::fclose(from_);
    ::waitpid(process_, nullptr, 0);
}

std::optional<boost::json::object> Peer::answer() {
    auto const line = line_from(from_);
    auto said = line ? object_in(*line) : std::nullopt;
    if (!said) {
        absent_ = "it ended";
        return std::nullopt;
    }
    if (said->contains("absent")) {
        absent_ = std::string(said->at("absent").as_string());
        return std::nullopt;
    }
    return said;
}

std::optional<double> Peer::run(PeerShape const& shape) {
    if (!absent_.empty())
        return std::nullopt;
    fmt::print(to_, "{} {} {}\n", shape.clients, shape.batch, shape.seconds);
    std::fflush(to_);
    auto const said = answer();
    return said ? std::optional(said->at("per_second").to_number<double>()) : std::nullopt;
}

void compare_in_pairs(Report& report, Peer& peer, Pairing const& pairing,
                      std::function<double()> const& ours) {
    std::vector<double> our_rows;
    std::vector<double> their_rows;
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        bool const ours_first = pair % 2 == 0;
        if (ours_first)
            our_rows.push_back(ours());
        auto const theirs = peer.run(pairing.shape);
        if (!theirs) {
            report.notes.push_back(fmt::format("{}: absent, {}", pairing.what, peer.absent()));
            return;
        }
        their_rows.push_back(*theirs);
        if (!ours_first)
            our_rows.push_back(ours());
    }
    Figure ratio{"ours over " + pairing.what, "x", ratios(our_rows, their_rows)};
    if (pairing.goal) {
        ratio.direction = Goal::at_least;
        ratio.goal = pairing.goal;
    }
    report.figures.push_back(
        {fmt::format("{} ({})", pairing.what, peer.settings()), "/s", std::move(their_rows)});
    report.figures.push_back(
        {fmt::format("ours beside {}", pairing.what), "/s", std::move(our_rows)});
    report.figures.push_back(std::move(ratio));
}

void add_parity(Report& report, BenchOptions const& options, std::string_view systems) {
    auto const program = std::filesystem::read_symlink("/proc/self/exe").string();
    for (auto& row : rows_of(fmt::format("python3 bench/peers/parity.py --program {} --directory "
                                         "{}/parity {}",
                                         program, options.directory, systems))) {
        if (row.contains("absent"))
            report.notes.push_back(fmt::format("parity of {}: absent, {}",
                                               row.at("system").as_string().c_str(),
                                               row.at("absent").as_string().c_str()));
        else
            report.parity.push_back(std::move(row));
    }
}

namespace {

struct AppendPairing {
    std::string_view peer;
    PeerShape shape;
    std::size_t our_in_flight; ///< another than theirs: their best and our best
    std::optional<double> goal;
};

std::string name_of(AppendPairing const& pairing) {
    auto const in_flight = pairing.shape.clients * pairing.shape.batch;
    auto const batch = pairing.shape.batch > 1
                           ? fmt::format(" ({} x {})", pairing.shape.clients, pairing.shape.batch)
                           : "";
    auto const best = pairing.our_in_flight == in_flight
                          ? ""
                          : fmt::format(", our best at {}", pairing.our_in_flight);
    return fmt::format("{} at {} in flight{}{}", pairing.peer, in_flight, batch, best);
}

} // namespace

void compare_with_append_peers(Report& report, BenchOptions const& options, OurRate const& ours) {
    std::array const all{AppendPairing{"redis", {50}, 50, 5},
                         AppendPairing{"redis", {50, 16}, 800, 5},
                         AppendPairing{"rocksdb", {64}, 64, 3},
                         AppendPairing{"rocksdb", {64, 8}, 512, 3},
                         AppendPairing{"message-db", {8}, 8, 25},
                         AppendPairing{"message-db", {64}, 800, 100},
                         AppendPairing{"emmett", {16}, 16, 45},
                         AppendPairing{"emmett", {64}, 800, 100},
                         AppendPairing{"postgres", {64}, 64, std::nullopt},
                         AppendPairing{"sqlite", {1}, 1, std::nullopt}};
    std::optional<Peer> peer;
    std::string_view running;
    for (auto const& pairing : all) {
        if (running != pairing.peer) {
            peer.reset(); // one server at a time
            peer.emplace(std::string(pairing.peer), options);
            running = pairing.peer;
        }
        compare_in_pairs(report, *peer, {name_of(pairing), pairing.shape, pairing.goal},
                         [&] { return ours(pairing.our_in_flight); });
    }
    report.notes.emplace_back("peers answer over a loopback socket, RocksDB and we in process");
}

} // namespace kontor::bench
