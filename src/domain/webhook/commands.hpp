#pragma once

/// What may be asked of a webhook. Whoever asks has looked whether the address may be called and
/// the pattern can be read.

#include "domain/webhook/events.hpp"

#include <optional>

namespace kontor::webhook {

struct Add {
    Settings settings;
    friend bool operator==(Add const&, Add const&) = default;
};

/// What is absent stays.
struct Change {
    std::optional<std::string> url{};
    std::optional<std::string> pattern{};
    std::optional<std::string> description{};
    std::optional<bool> enabled{};
    friend bool operator==(Change const&, Change const&) = default;
};

struct RotateSecret {
    friend bool operator==(RotateSecret, RotateSecret) = default;
};

struct Disable {
    Why why;
    std::uint64_t position;
    friend bool operator==(Disable const&, Disable const&) = default;
};

struct SendTest {
    friend bool operator==(SendTest, SendTest) = default;
};

struct AskResend {
    std::uint64_t position;
    friend bool operator==(AskResend const&, AskResend const&) = default;
};

struct Remove {
    friend bool operator==(Remove, Remove) = default;
};

using Command = std::variant<Add, Change, RotateSecret, Disable, SendTest, AskResend, Remove>;

} // namespace kontor::webhook
