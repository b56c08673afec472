#pragma once

/// The keys of callers as a server keeps them: `keys/pepper`, from which nothing leaves, and
/// `keys/tokens`, the book of API keys and users without their secrets, and `keys/limits`, what
/// operators have set. All are for their owner alone.

#include "services/gateway/limit_book.hpp"
#include "services/gateway/token_book.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kontor::programs {

/// The operating system's generator.
class MachineSecrets final : public services::gateway::SecretSource {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

/// What a file of its owner's says; nothing: there is none. What is there and cannot be read is
/// never made anew in its place.
/// Errors: unavailable (it cannot be read).
Result<std::optional<std::string>> kept_text(std::string const& path);

/// A word that nobody can guess, kept in a file of its owner's; made where there is none.
/// Errors: unavailable (the file cannot be read or written).
Result<std::string> kept_word(std::string const& path);

/// The book of a data directory, begun where there is none. The source outlives it.
/// Errors: unavailable (a file cannot be read or written), invalid (the book makes no sense).
Result<std::unique_ptr<services::gateway::TokenBook>>
open_token_book(std::string const& directory, services::gateway::SecretSource& secrets);

/// The limits that hold in a data directory.
/// Errors: unavailable (the file cannot be read), invalid (the book makes no sense).
Result<services::gateway::LimitBook> open_limit_book(std::string const& directory);

} // namespace kontor::programs
