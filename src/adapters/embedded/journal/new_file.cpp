#include "adapters/embedded/journal/new_file.hpp"

#include "adapters/embedded/journal/limits.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

constexpr std::string_view half_made_suffix = ".tmp";

} // namespace

std::string half_made_name(std::string const& name) {
    return name + std::string(half_made_suffix);
}

bool is_half_made(std::string_view name) {
    return name.ends_with(half_made_suffix);
}

std::string_view finished_name(std::string_view half_made) {
    return half_made.substr(0, half_made.size() - half_made_suffix.size());
}

Result<std::unique_ptr<ports::File>> begin_file(ports::Disk& disk, std::string const& name) {
    return disk.open(half_made_name(name), ports::FileUse::create);
}

Result<void> finish_file(ports::Disk& disk, ports::File& file, std::string const& name) {
    KONTOR_TRY(file.sync());
    return name_file(disk, name);
}

Result<void> name_file(ports::Disk& disk, std::string const& name) {
    KONTOR_TRY(disk.rename(half_made_name(name), name));
    return disk.sync_directory();
}

Result<void> write_file(ports::Disk& disk, std::string const& name, Bytes blocks) {
    KONTOR_TRY(auto const file, begin_file(disk, name));
    for (std::size_t at = 0; at < blocks.size(); at += piece_bytes) {
        KONTOR_TRY(file->write(
            at, blocks.subspan(at, std::min<std::size_t>(piece_bytes, blocks.size() - at))));
        KONTOR_TRY(file->sync()); // all at once would hold up the frames of the log
    }
    return finish_file(disk, *file, name);
}

} // namespace kontor::journal
