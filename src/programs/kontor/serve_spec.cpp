#include "programs/kontor/backup_keys.hpp"
#include "programs/kontor/process_figures.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_front.hpp"
#include "programs/kontor/serve_keys.hpp"
#include "programs/kontor/serve_options.hpp"
#include "programs/kontor/serve_ports.hpp"
#include "programs/kontor/serve_proofs.hpp"
#include "programs/kontor/serve_requests.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/scratch_directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace kontor::programs {
namespace {

using services::Answered;
using services::Listener;
using services::Method;
using services::Request;
using services::Ticket;
using services::gateway::Role;

class ServeSpec : public ::testing::Test {
protected:
    ServeSpec() : directory((std::filesystem::temp_directory_path() / "kontor-XXXXXX").string()) {
        EXPECT_NE(::mkdtemp(directory.data()), nullptr);
    }
    ~ServeSpec() override { std::filesystem::remove_all(directory); }

    testing::HandClock clock;
    std::string directory;
};

/// Takes everything and answers with what it was told to.
class Clerk final : public services::Exchange {
public:
    void start(Ticket ticket, Request const&) override { tickets.push_back(ticket); }
    void collect(std::vector<Answered>& answers) override {
        for (auto const ticket : tickets)
            answers.push_back({ticket, services::Reply{status}});
        tickets.clear();
    }
    void abandon(Ticket ticket) override { abandoned.push_back(ticket); }

    std::uint16_t status{200};
    std::vector<Ticket> tickets;
    std::vector<Ticket> abandoned;
};

class FrontSpec : public ServeSpec {
protected:
    services::Reply ask(std::string_view path, Listener listener = Listener::shop) {
        Request request{};
        request.method = Method::get;
        request.path = path;
        request.listener = listener;
        Ticket const ticket(++tickets);
        front.start(ticket, request);
        std::vector<Answered> answers;
        front.collect(answers);
        EXPECT_EQ(answers.size(), 1u);
        EXPECT_EQ(answers.front().ticket, ticket);
        return std::move(answers.front().reply);
    }

    Clerk clerk;
    telemetry::Metrics metrics;
    std::uint64_t tickets{0};
    Front front{clerk, clock, metrics, FrontOptions{[] { return std::string("a_total 1\n"); }, {}}};
};

TEST_F(FrontSpec, metrics_are_for_the_console_and_everything_else_for_the_gateway) {
    EXPECT_EQ(ask("/metrics", Listener::console).body, "a_total 1\n");
    clerk.status = 404;
    EXPECT_EQ(ask("/metrics", Listener::shop).status, 404);
    EXPECT_EQ(ask("/v1/orders").status, 404);
}

TEST_F(FrontSpec, answers_are_counted_by_port_and_class_of_status) {
    clerk.status = 503;
    ask("/v1/orders");
    clerk.status = 200;
    ask("/healthz", Listener::console);
    auto const families = metrics.read();
    double shop_5xx = 0;
    double console_2xx = 0;
    for (auto const& sample : families.front().samples) {
        if (sample.labels == std::vector<telemetry::Label>{{"port", "shop"}, {"status", "5xx"}})
            shop_5xx = sample.value;
        if (sample.labels == std::vector<telemetry::Label>{{"port", "console"}, {"status", "2xx"}})
            console_2xx = sample.value;
    }
    EXPECT_EQ(shop_5xx, 1);
    EXPECT_EQ(console_2xx, 1);
}

TEST_F(FrontSpec, who_has_gone_is_forgotten_here_and_in_the_gateway) {
    Request request{};
    request.method = Method::get;
    request.path = "/v1/orders";
    front.start(Ticket(7), request);
    front.abandon(Ticket(7));
    EXPECT_EQ(clerk.abandoned, std::vector{Ticket(7)});
}

class RequestLogSpec : public ServeSpec {
protected:
    void note(std::uint16_t status, std::int64_t ms, std::string_view path = "/v1/orders") {
        Request request{};
        request.method = Method::post;
        request.path = path;
        auto const match =
            services::gateway::match_route(request.method, request.path, Listener::console);
        log.note({request,
                  match.route,
                  {Role::support, Role::operations},
                  status,
                  Duration::milliseconds(ms),
                  "ada@example.org",
                  {}});
    }
    std::vector<std::string> lines() {
        std::ifstream file(directory + "/kontor.log");
        std::vector<std::string> all;
        for (std::string line; std::getline(file, line);)
            all.push_back(line);
        return all;
    }

    telemetry::Metrics metrics;
    ServerLog record{directory + "/kontor.log", clock};
    RequestLog log{record, metrics, clock, {false, Duration::milliseconds(250)}};
};

TEST_F(RequestLogSpec, errors_and_slow_requests_get_a_line_and_the_others_are_counted) {
    note(201, 3);
    note(409, 3);
    EXPECT_TRUE(lines().empty());
    note(503, 3);
    note(201, 251);
    auto const told = lines();
    ASSERT_EQ(told.size(), 2U);
    for (auto const* const part :
         {R"("level":"warning")", R"("route":"place_order")", R"("status":"503")", R"("ms":"3")",
          R"("caller":"support+operations")"})
        EXPECT_NE(told[0].find(part), std::string::npos) << part << " in " << told[0];
    EXPECT_NE(told[1].find("took long"), std::string::npos) << told[1];
    double counted = 0;
    for (auto const& family : metrics.read())
        for (auto const& sample : family.samples)
            if (sample.labels ==
                std::vector<telemetry::Label>{{"route", "place_order"}, {"status", "2xx"}})
                counted += sample.value;
    EXPECT_EQ(counted, 2);
}

TEST_F(RequestLogSpec, a_route_says_how_long_its_requests_took_together) {
    note(201, 3);
    note(409, 1'250);
    double seconds = 0;
    for (auto const& family : metrics.read())
        if (family.name == "kontor_http_route_seconds_total") {
            ASSERT_EQ(family.samples.size(), 1U) << "of routes that nobody asked there is nothing";
            EXPECT_EQ(family.samples[0].labels,
                      (std::vector<telemetry::Label>{{"route", "place_order"}}));
            seconds = family.samples[0].value;
        }
    EXPECT_DOUBLE_EQ(seconds, 1.253);
}

TEST(ProcessFigures, what_the_process_takes_is_what_the_machine_says) {
    auto const before = process_figures();
    ASSERT_TRUE(before);
    constexpr std::size_t taken = 64 * 1024 * 1024;
    std::vector<char> memory(taken, 'x');
    std::ifstream file("/dev/null");
    std::atomic<bool> may_end{false};
    std::thread thread([&] { may_end.wait(false); });
    auto now = process_figures();
    for (std::size_t i = 0; now->processor_time <= before->processor_time && i < 10'000; ++i) {
        std::ranges::fill(memory, static_cast<char>(i));
        now = process_figures();
    }
    may_end = true;
    may_end.notify_one();
    thread.join();
    EXPECT_GE(now->resident_bytes, before->resident_bytes + taken / 2);
    EXPECT_EQ(now->open_files, before->open_files + 1);
    EXPECT_EQ(now->threads, before->threads + 1);
    EXPECT_GT(now->processor_time, before->processor_time);
}

TEST_F(RequestLogSpec, many_errors_in_a_second_get_few_lines_and_the_next_says_how_many) {
    for (int n = 0; n < 1000; ++n)
        note(500, 1);
    auto const few = lines().size();
    EXPECT_LE(few, 20U);
    clock.pass(Duration::seconds(1));
    note(500, 1);
    ASSERT_EQ(lines().size(), few + 1);
    EXPECT_NE(lines().back().find("\"held_back\":\"" + std::to_string(1000 - few) + '"'),
              std::string::npos)
        << lines().back();
}

TEST_F(RequestLogSpec, a_request_that_nobody_had_time_for_is_counted_where_it_was_shed) {
    Request const request{};
    log.note({request, nullptr, {}, 503, Duration::milliseconds(1), "t", {}});
    EXPECT_TRUE(lines().empty());
}

TEST_F(RequestLogSpec, what_a_line_may_not_tell_is_not_in_it) {
    note(500, 1);
    EXPECT_EQ(lines().front().find("ada@"), std::string::npos) << "not even as the id of a trace";
}

class BackupKeysSpec : public ServeSpec {
protected:
    BackupKeysSpec() {
        for (auto const& place : {shop, goal})
            EXPECT_TRUE(make_data_directory(place) && make_server_directories(place));
    }
    void put(std::string const& place, std::string const& file, std::string const& text) {
        EXPECT_TRUE(write_private_file(place + "/keys/" + file, text));
    }
    std::string kept(std::string const& file) {
        auto const text = kept_text(goal + "/keys/" + file);
        return text ? text->value_or("none") : "unreadable";
    }
    Result<void, Trouble> copied() { return copy_keys(shop, goal, KeysAre::closed); }

    std::string shop{directory + "/shop"};
    std::string goal{directory + "/goal"};
};

TEST_F(BackupKeysSpec, what_a_shop_signs_by_travels_and_the_master_key_does_not) {
    EXPECT_FALSE(has_keys(shop));
    for (auto const* const file : {"webhooks.key", "topics.pem", "topics.key", "audit.key",
                                   "pepper", "tokens", "master.key", "limits", "paused"})
        put(shop, file, std::string(file) + "\nof this shop\n");
    EXPECT_TRUE(has_keys(shop));
    ASSERT_TRUE(copied());
    for (auto const* const file :
         {"webhooks.key", "topics.pem", "topics.key", "audit.key", "pepper", "tokens"}) {
        EXPECT_EQ(kept(file), std::string(file) + "\nof this shop\n");
        auto const mode = std::filesystem::status(goal + "/keys/" + file).permissions();
        EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    for (auto const* const file : {"master.key", "limits", "paused"})
        EXPECT_EQ(kept(file), "none") << file;
}

TEST_F(BackupKeysSpec, a_key_that_is_there_is_left_and_nothing_is_copied_beside_another) {
    put(shop, "webhooks.key", "mine\n");
    put(shop, "tokens", "a book\n");
    put(goal, "tokens", "another book\n");
    auto const refused = copied();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure.kind, FailureKind::conflict);
    EXPECT_TRUE(refused.error().failure.where.ends_with("keys/tokens"));
    EXPECT_EQ(kept("tokens"), "another book\n");
    EXPECT_EQ(kept("webhooks.key"), "none");
    put(goal, "tokens", "a book\n");
    EXPECT_TRUE(copied()) << "it is the same";
    EXPECT_TRUE(copied()) << "and so is a second copy";
    EXPECT_EQ(kept("webhooks.key"), "mine\n");
}

TEST(ServeOptions, beyond_this_machine_nobody_may_be_the_developer) {
    Settings settings;
    ServeFlags flags;
    flags.listen = "0.0.0.0";
    auto const refused = serve_options(settings, flags);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().problem->name, "not_alone");
    EXPECT_TRUE(settings.set("auth.dev", "false", "a test"));
    EXPECT_TRUE(serve_options(settings, flags));
}

TEST(ServeOptions, a_port_that_somebody_named_is_wanted_and_the_built_in_one_is_not) {
    Settings settings;
    EXPECT_FALSE(serve_options(settings, {})->port_is_wanted);
    ServeFlags flags;
    flags.port = 9000;
    auto const options = serve_options(settings, flags);
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->port_is_wanted);
    EXPECT_EQ(options->port, 9000);
    EXPECT_EQ(options->hosts, (std::vector<std::string>{"localhost", "127.0.0.1", "[::1]"}));
}

TEST(ServeOptions, the_demo_takes_a_rate_and_refuses_what_is_none) {
    Settings settings;
    ServeFlags flags;
    flags.is_demo = true;
    EXPECT_EQ(serve_options(settings, flags)->demo->shoppers.between_orders,
              Duration::milliseconds(500));
    flags.orders_a_second = "0.5";
    EXPECT_EQ(serve_options(settings, flags)->demo->shoppers.between_orders, Duration::seconds(2));
    for (auto const* const nonsense : {"0", "-1", "fast", "1e9", "2x"}) {
        flags.orders_a_second = nonsense;
        EXPECT_FALSE(serve_options(settings, flags)) << nonsense;
    }
}

TEST_F(ServeSpec, a_key_that_was_made_opens_after_a_restart_and_its_secret_is_in_no_file) {
    ASSERT_TRUE(make_server_directories(directory));
    MachineSecrets secrets;
    auto const now = Instant::from_unix_microseconds(1);
    std::string secret;
    {
        auto const book = open_token_book(directory, secrets);
        ASSERT_TRUE(book);
        auto const made = (*book)->create({"robot", {Role::service}}, now);
        ASSERT_TRUE(made);
        secret = made->secret;
    }
    auto const book = open_token_book(directory, secrets);
    ASSERT_TRUE(book);
    auto const caller = (*book)->by_token(secret, now);
    ASSERT_TRUE(caller);
    EXPECT_TRUE(caller->roles.has(Role::service));
    EXPECT_EQ(first_line_of(directory + "/keys/tokens").find(secret), std::string::npos);
    auto const mode = std::filesystem::status(directory + "/keys/tokens").permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ServeSpec, what_is_there_and_cannot_be_read_is_not_made_anew) {
    ASSERT_TRUE(make_server_directories(directory));
    MachineSecrets secrets;
    auto const pepper = kept_word(directory + "/keys/pepper");
    ASSERT_TRUE(pepper);
    EXPECT_EQ(*kept_word(directory + "/keys/pepper"), *pepper);
    for (auto const* const name : {"/keys/other", "/keys/tokens", "/keys/limits"})
        std::filesystem::create_directory(directory + name); // whoever runs this may be root
    EXPECT_EQ(kept_word(directory + "/keys/other").error().kind, FailureKind::unavailable);
    EXPECT_EQ(open_token_book(directory, secrets).error().kind, FailureKind::unavailable);
    EXPECT_EQ(open_limit_book(directory).error().kind, FailureKind::unavailable);
    EXPECT_EQ(*kept_word(directory + "/keys/pepper"), *pepper);
    std::ofstream(directory + "/keys/pepper", std::ios::trunc).close();
    EXPECT_EQ(kept_word(directory + "/keys/pepper").error().kind, FailureKind::invalid);
    EXPECT_EQ(std::filesystem::file_size(directory + "/keys/pepper"), 0U) << "it is left as it is";
}

TEST_F(ServeSpec, a_key_that_signs_heads_is_made_where_none_is_and_in_place_of_none) {
    ASSERT_TRUE(make_server_directories(directory));
    MachineSecrets secrets;
    EXPECT_EQ(read_signer(directory, "a").error().kind, FailureKind::not_found);
    EXPECT_FALSE(std::filesystem::exists(directory + "/keys/audit.key"));
    auto const made = open_signer(directory, "a", secrets);
    ASSERT_TRUE(made);
    EXPECT_EQ(open_signer(directory, "a", secrets)->verifier_key(), made->verifier_key());
    EXPECT_EQ(read_signer(directory, "a")->verifier_key(), made->verifier_key());
    std::ofstream(directory + "/keys/audit.key", std::ios::trunc).close();
    EXPECT_EQ(open_signer(directory, "a", secrets).error().kind, FailureKind::invalid);
    EXPECT_EQ(std::filesystem::file_size(directory + "/keys/audit.key"), 0U);
}

TEST_F(ServeSpec, looking_at_a_tree_makes_and_cuts_nothing) {
    EXPECT_EQ(look_at_proof_files(directory).error().kind, FailureKind::not_found);
    EXPECT_FALSE(std::filesystem::exists(directory + "/audit"));
    auto const nodes = directory + "/audit/nodes";
    ASSERT_TRUE(open_proof_files(directory));
    std::ofstream(nodes) << std::string(sizeof(proofs::Hash) + 5, 'x');
    auto const looked = look_at_proof_files(directory);
    ASSERT_TRUE(looked);
    EXPECT_EQ(looked->nodes->count(), 1U);
    EXPECT_EQ(std::filesystem::file_size(nodes), sizeof(proofs::Hash) + 5);
    ASSERT_TRUE(open_proof_files(directory));
    EXPECT_EQ(std::filesystem::file_size(nodes), sizeof(proofs::Hash));
}

TEST_F(ServeSpec, an_address_is_believed_as_long_as_its_process_lives) {
    ASSERT_TRUE(make_server_directories(directory));
    EXPECT_FALSE(read_address(directory));
    ASSERT_TRUE(write_address(directory, {"http://a", "http://b", ::getpid()}));
    EXPECT_EQ(read_address(directory)->console, "http://b");
    constexpr long nobody = 999'999'999;
    ASSERT_TRUE(write_address(directory, {"http://a", "http://b", nobody}));
    EXPECT_FALSE(read_address(directory));
}

TEST(Ports, whoever_listens_is_named_and_nobody_is_not) {
    int const socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), length), 0);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    auto const port = ntohs(address.sin_port);
    EXPECT_EQ(holder_of_port(port), "") << "nobody listens yet";
    ASSERT_EQ(::listen(socket, 1), 0);
    EXPECT_NE(holder_of_port(port).find(std::to_string(::getpid())), std::string::npos);
    ::close(socket);
}

TEST(ServeOptions, what_guards_calls_to_a_provider_is_set_and_checked) {
    Settings settings;
    ASSERT_TRUE(settings.set("payments.url", "http://127.0.0.1:1", "a spec"));
    auto const built_in = serve_options(settings, {});
    ASSERT_TRUE(built_in);
    auto const& as_ever = payments::HttpProviderOptions().rules;
    auto const& rules = built_in->payments->rules;
    EXPECT_EQ(rules.in_flight_max, as_ever.in_flight_max);
    EXPECT_EQ(rules.breaker.slow, as_ever.breaker.slow);
    EXPECT_EQ(rules.breaker.calls_min, as_ever.breaker.calls_min);
    EXPECT_EQ(rules.breaker.bad_percent_max, as_ever.breaker.bad_percent_max);
    EXPECT_EQ(rules.breaker.rest_min, as_ever.breaker.rest_min);
    EXPECT_EQ(rules.breaker.rest_max, as_ever.breaker.rest_max);
    EXPECT_EQ(rules.breaker.tries, as_ever.breaker.tries);
    EXPECT_EQ(rules.budget.percent, as_ever.budget.percent);
    EXPECT_EQ(rules.budget.per_second, as_ever.budget.per_second);

    ASSERT_TRUE(settings.set("payments.breaker.bad_percent", "80", "a spec"));
    EXPECT_EQ(serve_options(settings, {})->payments->rules.breaker.bad_percent_max, 80U);
    for (auto const& [name, value] :
         {std::pair("payments.breaker.bad_percent", "101"),
          std::pair("payments.breaker.rest_max_ms", "4999"),
          std::pair("payments.breaker.tries", "26"), std::pair("payments.in_flight", "0")}) {
        auto wrong = settings;
        ASSERT_TRUE(wrong.set(name, value, "kontor.toml:7"));
        auto const refused = serve_options(wrong, {});
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().failure.where, "kontor.toml:7");
    }
}

TEST(ForcedBreakers, are_as_they_were_after_a_restart) {
    testing::ScratchDirectory const directory;
    std::filesystem::create_directory(directory.path() + "/keys");
    {
        auto kept = ForcedBreakers::open(directory.path()).value();
        EXPECT_EQ(kept.of("payments"), resilience::Forced::none);
        ASSERT_TRUE(kept.keep("payments", resilience::Forced::open));
    }
    {
        auto kept = ForcedBreakers::open(directory.path()).value();
        EXPECT_EQ(kept.of("payments"), resilience::Forced::open);
        EXPECT_EQ(kept.of("mail"), resilience::Forced::none);
        ASSERT_TRUE(kept.keep("payments", resilience::Forced::none));
    }
    EXPECT_EQ(ForcedBreakers::open(directory.path())->of("payments"), resilience::Forced::none);
}

TEST(ForcedBreakers, a_file_that_does_not_say_how_is_refused) {
    testing::ScratchDirectory const directory;
    std::filesystem::create_directory(directory.path() + "/keys");
    std::ofstream(directory.path() + "/keys/breakers") << "payments ajar\n";
    auto const refused = ForcedBreakers::open(directory.path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::invalid);
    EXPECT_TRUE(refused.error().where.ends_with("keys/breakers:1"));
}

} // namespace
} // namespace kontor::programs
