#include "programs/kontor/serve_keys.hpp"

#include "programs/kontor/serve_files.hpp"

#include <fstream>
#include <iterator>

namespace kontor::programs {
namespace {

using services::gateway::TokenBook;

/// Of five bits each.
constexpr std::size_t word_letters = 52;

std::string whole_file(std::string const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

Result<std::string> kept_word(std::string const& path) {
    if (auto word = first_line_of(path); word.size() == word_letters)
        return word;
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
    KONTOR_TRY(auto book, TokenBook::open(std::move(pepper), whole_file(file), secrets,
                                          [file](std::string_view text) {
                                              return write_private_file(file, std::string(text));
                                          }));
    return std::make_unique<TokenBook>(std::move(book));
}

Result<services::gateway::LimitBook> open_limit_book(std::string const& directory) {
    auto const file = directory + "/keys/limits";
    return services::gateway::LimitBook::open(whole_file(file), [file](std::string_view text) {
        return write_private_file(file, std::string(text));
    });
}

} // namespace kontor::programs
