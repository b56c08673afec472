#pragma once

/// The files beside the log that a running server keeps: `run/` with the token of the developer,
/// the address of the server and its log of what it did, `keys/` for keys of persons, and a mark in
/// a directory whose shop is a demo.

#include "programs/kontor/trouble.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace kontor::programs {

/// Makes `views`, `keys` and `run`, for their owner alone.   Errors: as make_data_directory.
Result<void, Trouble> make_server_directories(std::string const& directory);

/// Writes a file for its owner alone, whole or not at all, durably, and a large one in pieces.
/// Errors: unavailable.
Result<void> write_private_file(std::string const& path, std::string const& content);

/// Makes the names in a directory durable.   Errors: unavailable.
Result<void> sync_directory(std::string const& directory);

/// The first line of a file; empty: there is none.
std::string first_line_of(std::string const& path);

/// Random bytes of the machine.
void draw_random(std::span<std::uint8_t> bytes);

/// So many of them, as letters and digits that people read aloud.
std::string random_word(std::size_t bytes);
/// So long is a word that nobody guesses.
inline constexpr std::size_t secret_letters = 52;

/// One that is not there is no error.
void remove_file(std::string const& path);

/// Where a server of this directory answers, as it wrote it down. It may have gone since.
struct ServerAddress {
    std::string shop;
    std::string console;
    long process{0};
};
/// Errors: unavailable.
Result<void> write_address(std::string const& directory, ServerAddress const& address);
std::optional<ServerAddress> read_address(std::string const& directory);
void remove_address(std::string const& directory);

/// The seed of a demo whose shop is here; empty: the shop is none.
std::optional<std::uint64_t> demo_mark(std::string const& directory);
/// Errors: unavailable.
Result<void> write_demo_mark(std::string const& directory, std::uint64_t seed);

} // namespace kontor::programs
