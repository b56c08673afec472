#include "programs/kontor/serve_keys.hpp"

#include "programs/kontor/serve_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kontor::programs {
namespace {

using services::gateway::TokenBook;

/// Of five bits each.
constexpr std::size_t word_letters = 52;

} // namespace

Result<std::optional<std::string>> kept_text(std::string const& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error)
        return std::optional<std::string>();
    std::ifstream file;
    if (std::filesystem::is_regular_file(path, error))
        file.open(path);
    if (!file.is_open())
        return unexpected(Failure{FailureKind::unavailable,
                                  "this file is there and cannot be read: look whose it is", path});
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (file.bad())
        return unexpected(
            Failure{FailureKind::unavailable, "this file cannot be read to its end", path});
    return std::optional(std::move(text));
}

Result<std::string> kept_word(std::string const& path) {
    KONTOR_TRY(auto kept, kept_text(path));
    if (kept) {
        kept->resize(std::min(kept->find('\n'), kept->size()));
        if (kept->size() == word_letters)
            return *std::move(kept);
        return unexpected(
            Failure{FailureKind::invalid,
                    "this file is there and holds no key: bring it back from a backup, "
                    "for another key would make worthless what was made with it",
                    path});
    }
    auto word = random_word(word_letters);
    KONTOR_TRY(write_private_file(path, word + "\n"));
    return word;
}

void MachineSecrets::fill(std::span<std::uint8_t> bytes) {
    draw_random(bytes);
}

Result<std::unique_ptr<TokenBook>> open_token_book(std::string const& directory,
                                                   services::gateway::SecretSource& secrets) {
    auto const file = directory + "/keys/tokens";
    KONTOR_TRY(auto pepper, kept_word(directory + "/keys/pepper"));
    KONTOR_TRY(auto const kept, kept_text(file));
    KONTOR_TRY(auto book, TokenBook::open(std::move(pepper), kept.value_or(""), secrets,
                                          [file](std::string_view text) {
                                              return write_private_file(file, std::string(text));
                                          }));
    return std::make_unique<TokenBook>(std::move(book));
}

Result<services::gateway::LimitBook> open_limit_book(std::string const& directory) {
    auto const file = directory + "/keys/limits";
    KONTOR_TRY(auto const kept, kept_text(file));
    return services::gateway::LimitBook::open(kept.value_or(""), [file](std::string_view text) {
        return write_private_file(file, std::string(text));
    });
}

} // namespace kontor::programs
