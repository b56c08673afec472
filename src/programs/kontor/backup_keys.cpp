#include "programs/kontor/backup_keys.hpp"

#include "programs/kontor/data_directory.hpp"
#include "programs/kontor/people_keys.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_keys.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>
#include <vector>

namespace kontor::programs {
namespace {

/// Not among them: `master.key`, which opens those of persons and travels by another way.
constexpr std::array<char const*, 6> signing_files{"/keys/webhooks.key", "/keys/topics.pem",
                                                   "/keys/topics.key",   "/keys/audit.key",
                                                   "/keys/pepper",       "/keys/tokens"};

bool is_there(std::string const& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

using Texts = std::vector<std::pair<std::string, std::string>>; ///< by the file that they go to

/// What is missing at the goal.   Errors: conflict, unavailable.
Result<Texts> texts_to_copy(std::string const& from, std::string const& to) {
    Texts texts;
    for (auto const* const file : signing_files) {
        KONTOR_TRY(auto text, kept_text(from + file));
        if (!text)
            continue;
        KONTOR_TRY(auto const kept, kept_text(to + file));
        if (kept && *kept != *text)
            return unexpected(Failure{FailureKind::conflict,
                                      "there is another key already, and it is left as it is",
                                      to + file});
        if (!kept)
            texts.emplace_back(to + file, *std::move(text));
    }
    return texts;
}

} // namespace

bool has_keys(std::string const& directory) {
    return has_people_keys(directory) || std::ranges::any_of(signing_files, [&](auto const* file) {
               return is_there(directory + file);
           });
}

Result<void, Trouble> copy_keys(std::string const& from, std::string const& to, KeysAre how) {
    KONTOR_TRY(auto const texts, explaining(to, texts_to_copy(from, to)));
    if (has_people_keys(from))
        KONTOR_TRY(copy_people_keys(from, to, how));
    KONTOR_TRY(make_server_directories(to));
    for (auto const& [file, text] : texts)
        KONTOR_TRY(explaining(to, write_private_file(file, text)));
    return {};
}

} // namespace kontor::programs
