#pragma once

/// SmtpServer: a mail server on loopback that does what a script says: it answers each command as
/// told, or well, and keeps what it took. A thread for each connection.
///
/// It refuses recipients at refused.invalid for good, and puts off those at later.invalid.

#include <arpa/inet.h>
#include <atomic>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace kontor::testing {

/// A letter as it came over the wire.
struct TakenLetter {
    std::string from;
    std::vector<std::string> to;
    std::string content; ///< head and body, dots unstuffed
};

class SmtpServer {
public:
    /// What is said instead of "well": by command, "HELLO" for the greeting and "." after a letter.
    /// An empty text says nothing at all.
    using Script = std::map<std::string, std::string>;

    explicit SmtpServer(Script script = {})
        : script_(std::move(script)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(socket_, 16);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        accepting_ = std::thread([this] { accept_all(); });
    }
    ~SmtpServer() {
        is_ending_ = true;
        ::shutdown(socket_, SHUT_RDWR);
        accepting_.join();
        {
            std::lock_guard const guard(mutex_);
            for (int const connection : connections_)
                ::shutdown(connection, SHUT_RDWR);
        }
        for (auto& thread : serving_)
            thread.join();
        ::close(socket_);
    }
    SmtpServer(SmtpServer const&) = delete;
    SmtpServer& operator=(SmtpServer const&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    std::vector<TakenLetter> taken() const {
        std::lock_guard const guard(mutex_);
        return taken_;
    }
    /// The commands that came, without what followed them.
    std::vector<std::string> heard() const {
        std::lock_guard const guard(mutex_);
        return heard_;
    }

private:
    void accept_all() {
        for (;;) {
            int const connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0 || is_ending_)
                return;
            {
                std::lock_guard const guard(mutex_);
                connections_.push_back(connection);
            }
            serving_.emplace_back([this, connection] { serve(connection); });
        }
    }

    std::string scripted(std::string const& what, std::string otherwise) const {
        auto const found = script_.find(what);
        return found == script_.end() ? std::move(otherwise) : found->second;
    }

    static bool say(int connection, std::string text) {
        if (text.empty())
            return true;
        text += "\r\n";
        return ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) > 0;
    }

    static bool read_line(int connection, std::string& rest, std::string& line) {
        for (;;) {
            if (auto const end = rest.find("\r\n"); end != std::string::npos) {
                line = rest.substr(0, end);
                rest.erase(0, end + 2);
                return true;
            }
            char bytes[4096];
            auto const count = ::recv(connection, bytes, sizeof bytes, 0);
            if (count <= 0)
                return false;
            rest.append(bytes, static_cast<std::size_t>(count));
        }
    }

    static std::string within_brackets(std::string const& line) {
        auto const open = line.find('<');
        auto const close = line.find('>', open);
        return open == std::string::npos ? std::string() : line.substr(open + 1, close - open - 1);
    }

    static std::string verdict_on(std::string const& recipient) {
        return recipient.ends_with("@refused.invalid") ? "550 5.1.1 nobody of this name"
               : recipient.ends_with("@later.invalid") ? "451 4.7.1 greylisted, come again"
                                                       : "250 well";
    }

    void serve(int connection) {
        std::string rest;
        std::string line;
        TakenLetter letter;
        bool goes_on = say(connection, scripted("HELLO", "220 a server of tests"));
        while (goes_on && read_line(connection, rest, line)) {
            auto const command = line.substr(0, 4);
            {
                std::lock_guard const guard(mutex_);
                heard_.push_back(command);
            }
            std::string reply = "250 well";
            if (command == "MAIL") {
                letter = {within_brackets(line), {}, {}};
            } else if (command == "RCPT") {
                reply = verdict_on(within_brackets(line));
                if (reply.starts_with("250"))
                    letter.to.push_back(within_brackets(line));
            } else if (command == "DATA") {
                reply = "354 go on";
            }
            reply = scripted(command, reply);
            goes_on = say(connection, reply) && command != "QUIT";
            if (reply.starts_with("354"))
                goes_on = take(connection, rest, letter);
        }
        ::close(connection);
    }

    bool take(int connection, std::string& rest, TakenLetter& letter) {
        std::string line;
        while (read_line(connection, rest, line) && line != ".")
            letter.content += (line.starts_with("..") ? line.substr(1) : line) + "\r\n";
        auto const reply = scripted(".", "250 taken");
        if (reply.starts_with("250")) {
            std::lock_guard const guard(mutex_);
            taken_.push_back(letter);
        }
        return say(connection, reply);
    }

    Script script_;
    int socket_;
    int port_{0};
    std::atomic<bool> is_ending_{false};
    std::thread accepting_;
    std::vector<std::thread> serving_; ///< the accepting thread's, until it has ended
    mutable std::mutex mutex_;
    std::vector<int> connections_;   ///< guarded by `mutex_`
    std::vector<TakenLetter> taken_; ///< likewise
    std::vector<std::string> heard_; ///< likewise
};

} // namespace kontor::testing
