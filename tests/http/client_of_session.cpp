#include "tests/http/client_of_session.hpp"

#include "adapters/http/session.hpp"

namespace kontor::testing {
namespace {

/// Named here once more: the reader under test knows the names from where this would.
std::string_view word_of(services::Method method) {
    switch (method) {
    case services::Method::get: return "GET";
    case services::Method::head: return "HEAD";
    case services::Method::post: return "POST";
    case services::Method::put: return "PUT";
    case services::Method::patch: return "PATCH";
    case services::Method::remove: return "DELETE";
    case services::Method::options: return "OPTIONS";
    case services::Method::other: return "other";
    }
    KONTOR_UNREACHABLE();
}

class Listening final : public services::Exchange {
public:
    void start(services::Ticket ticket, services::Request const& request) override {
        open.push_back(ticket);
        requests.push_back(std::string(word_of(request.method)) + " " + std::string(request.path) +
                           "?" + std::string(request.query) + " " + std::string(request.body));
    }
    void collect(std::vector<services::Answered>&) override {}
    void abandon(services::Ticket) override {}

    std::vector<services::Ticket> open;
    std::vector<std::string> requests;
};

/// The message of the last problem that was written.
std::string refusal_in(std::string_view output) {
    constexpr std::string_view key = "\"detail\":\"";
    auto const at = output.rfind(key);
    if (at == output.npos)
        return {};
    auto const begin = at + key.size();
    return std::string(output.substr(begin, output.find('"', begin) - begin));
}

} // namespace

Understood give_to_session(std::string_view bytes, std::size_t step) {
    Listening exchange;
    http::House house({}, {"localhost", "127.0.0.1", "[::1]"}, exchange, 1);
    http::Session session(house, {services::Listener::shop, {}, 1 << 20, 0});
    std::string output;
    auto const settle = [&] {
        while (!exchange.open.empty() || !session.output().empty()) {
            for (auto const ticket : std::exchange(exchange.open, {}))
                session.answer(ticket, {});
            output += session.output();
            session.sent(session.output().size());
            session.advance();
        }
    };
    for (; !bytes.empty() && session.wants_bytes();
         bytes.remove_prefix(std::min(step, bytes.size()))) {
        session.receive(bytes.substr(0, step));
        settle();
    }
    return {std::move(exchange.requests), refusal_in(output)};
}

} // namespace kontor::testing
