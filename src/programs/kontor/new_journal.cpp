#include "programs/kontor/new_journal.hpp"

#include "adapters/embedded/journal/segment.hpp"
#include "adapters/embedded/sqlite/key_store.hpp"
#include "programs/kontor/data_directory.hpp"
#include "programs/kontor/people_keys.hpp"
#include "programs/kontor/serve_files.hpp"

#include <algorithm>
#include <filesystem>

namespace kontor::programs {

namespace fs = std::filesystem;

Result<void, Trouble> NewJournal::check(std::string const& directory, std::uint64_t bytes) {
    KONTOR_TRY(look_at_directory(directory));
    KONTOR_TRY(auto const journal, look_at_directory(NewJournal(directory).place()));
    if (journal == Standing::directory)
        return unexpected(Trouble("shop_exists",
                                  {FailureKind::conflict,
                                   "there is a shop already, and it is left as it is", directory}));
    return check_has_room(directory, bytes);
}

Result<NewJournal, Trouble> NewJournal::begin(std::string const& directory, std::uint64_t bytes) {
    NewJournal made(directory);
    KONTOR_TRY(check(directory, bytes));
    KONTOR_TRY(auto const parent, look_at_directory(directory));
    made.is_parent_new_ = parent == Standing::nothing;
    KONTOR_TRY(make_data_directory(directory));
    std::error_code error;
    fs::remove_all(made.unready(), error);
    KONTOR_TRY(made.disk_, explaining(directory, embedded::Disk::open(made.unready())));
    return made;
}

Unexpected<Trouble> NewJournal::discard(Trouble why) {
    std::error_code error;
    disk_.reset();
    fs::remove_all(unready(), error);
    if (is_parent_new_)
        fs::remove(directory_, error);
    return unexpected(std::move(why));
}

Result<void> NewJournal::finish() {
    KONTOR_TRY(disk_->sync_directory());
    disk_.reset();
    KONTOR_TRY(auto const parent, embedded::Disk::open(directory_));
    KONTOR_TRY(parent->rename("journal.unready", "journal"));
    return parent->sync_directory();
}

std::uint64_t segment_bytes_in(std::string const& directory) {
    std::error_code error;
    std::uint64_t bytes = 0;
    for (auto const& entry : fs::directory_iterator(directory + "/journal", error)) {
        auto const name = entry.path().filename().string();
        bool const is_segment =
            journal::segment_generation(name) || journal::dense_generation(name);
        std::error_code gone; // squeezed or used again meanwhile
        auto const size = is_segment ? entry.file_size(gone) : 0;
        bytes += gone ? 0 : size;
    }
    return bytes;
}

Result<void, Trouble> check_is_elsewhere(std::string const& shop, std::string const& target) {
    std::error_code error;
    auto const here = fs::weakly_canonical(fs::absolute(shop, error), error).lexically_normal();
    auto const there = fs::weakly_canonical(fs::absolute(target, error), error).lexically_normal();
    auto const differs = std::mismatch(here.begin(), here.end(), there.begin(), there.end());
    bool const is_inside = differs.first == here.end() ||
                           (differs.first->empty() && std::next(differs.first) == here.end());
    if (error || !is_inside)
        return {};
    return unexpected(
        Trouble("backup_inside",
                {FailureKind::invalid, "this lies in the shop's own directory", there.string()}));
}

bool has_people_keys(std::string const& directory) {
    std::error_code error;
    return fs::exists(people_file(directory), error);
}

Result<void, Trouble> copy_people_keys(std::string const& from, std::string const& to,
                                       KeysAre how) {
    if (has_people_keys(to))
        return unexpected(Failure{
            FailureKind::conflict,
            "there are keys of persons already, and they are left as they are", people_file(to)});
    KONTOR_TRY(make_server_directories(to));
    auto const copy = how == KeysAre::open ? sqlite::copy_open_key_store : sqlite::copy_key_store;
    return explaining(to, copy(people_file(from), people_file(to)));
}

} // namespace kontor::programs
