#include "programs/kontor/notices.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/people_keys.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/read_models_check.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/serve_keys.hpp"

#include "adapters/embedded/journal/copy.hpp"
#include "adapters/embedded/journal/inventory.hpp"
#include "adapters/embedded/sqlite/key_store.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <unistd.h>

namespace kontor::programs {
namespace {

/// A directory `journal` that appears whole or not at all: it is made under another name, and what
/// is not finished goes away again; after a crash, at the next try.
class NewJournal {
public:
    /// Errors: conflict (there is one already), as look_at_directory, unavailable, full.
    static Result<NewJournal, Trouble> begin(std::string const& directory) {
        NewJournal made(directory);
        KONTOR_TRY(auto const parent, look_at_directory(directory));
        made.is_parent_new_ = parent == Standing::nothing;
        KONTOR_TRY(auto const journal, look_at_directory(made.place()));
        if (journal == Standing::directory)
            return unexpected(Trouble(
                "shop_exists", {FailureKind::conflict,
                                "there is a shop already, and it is left as it is", directory}));
        KONTOR_TRY(make_data_directory(directory));
        std::error_code error;
        std::filesystem::remove_all(made.unready(), error);
        KONTOR_TRY(made.disk_, explaining(directory, embedded::Disk::open(made.unready())));
        return made;
    }

    ports::Disk& disk() { return *disk_; }

    /// It came to nothing: the disk is as it was before. For `return target.discard(failure);`
    Unexpected<Trouble> discard(Trouble why) {
        std::error_code error;
        disk_.reset();
        std::filesystem::remove_all(unready(), error);
        if (is_parent_new_)
            std::filesystem::remove(directory_, error);
        return unexpected(std::move(why));
    }

    /// Gives it its name, durably.   Errors: conflict, broken.
    Result<void> finish() {
        KONTOR_TRY(disk_->sync_directory());
        disk_.reset();
        KONTOR_TRY(auto const parent, embedded::Disk::open(directory_));
        KONTOR_TRY(parent->rename("journal.unready", "journal"));
        return parent->sync_directory();
    }

private:
    explicit NewJournal(std::string directory) : directory_(std::move(directory)) {}
    std::string place() const { return directory_ + "/journal"; }
    std::string unready() const { return directory_ + "/journal.unready"; }

    std::string directory_;
    std::unique_ptr<embedded::Disk> disk_;
    bool is_parent_new_{false};
};

Result<journal::Copied> copy(Program& program, std::string const& what, ports::Disk& from,
                             NewJournal& to) {
    Progress progress(program.clock, program.progress, what, "segments", 0);
    return journal::copy(from, to.disk(),
                         [&](std::size_t number, std::size_t) { progress.reached(number); });
}

/// That no segment is missing: asked before anything is made for the copy.   Errors: corrupt.
Result<void> check_whole(ports::Disk& source) {
    KONTOR_TRY(auto const found, journal::take_inventory(source));
    return journal::check_nothing_is_missing(source, found);
}

/// Rows that have seen more than the log holds: its end was lost, and a copy of it would be one of
/// an older shop, verified.   Errors: corrupt.
Result<void, Trouble> check_end(std::string const& directory, journal::Copied const& copied) {
    auto const ahead = rows_beyond(directory, copied.end.lineage, copied.report.last);
    if (!ahead)
        return {};
    return unexpected(log_is_cut(directory, copied.report.last, *ahead));
}

struct BackupFlags {
    std::string directory;
    bool with_keys{false};
};

bool has_keys(std::string const& directory) {
    std::error_code error;
    return std::filesystem::exists(people_file(directory), error);
}

/// The keys of persons as they are, still wrapped: the master key stays where it lies.
/// Errors: conflict (there are others already), unavailable, corrupt, broken.
Result<void, Trouble> copy_keys(std::string const& from, std::string const& to) {
    if (has_keys(to))
        return unexpected(Failure{
            FailureKind::conflict,
            "there are keys of persons already, and they are left as they are", people_file(to)});
    KONTOR_TRY(make_server_directories(to));
    return explaining(to, sqlite::copy_key_store(people_file(from), people_file(to)));
}

Outcome backup(Program& program, BackupFlags const& flags) {
    auto const& directory = flags.directory;
    auto const& shop = program.settings.text("data.directory");
    KONTOR_TRY(allow_enough_files());
    KONTOR_TRY(auto const place, existing_journal(shop));
    KONTOR_TRY(auto const source, explaining(shop, embedded::Disk::open(place)));
    KONTOR_TRY(auto const lock, explaining(shop, source->open("lock", ports::FileUse::lock)));
    KONTOR_TRY(check_whole(*source));
    KONTOR_TRY(auto target, NewJournal::begin(directory));
    auto const copied = copy(program, "backup", *source, target);
    if (!copied)
        return target.discard(explained(copied.error(), directory));
    if (auto const whole = check_end(shop, *copied); !whole)
        return target.discard(whole.error());
    bool const takes_keys = flags.with_keys && has_keys(shop);
    if (takes_keys)
        if (auto const taken = copy_keys(shop, directory); !taken)
            return target.discard(taken.error());
    if (auto const finished = target.finish(); !finished)
        return target.discard(finished.error());
    program.output.object({{"directory", directory},
                           {"last_position", copied->report.last.value()},
                           {"segments", copied->report.segments},
                           {"keys", takes_keys},
                           {"verified", true}});
    if (takes_keys)
        program.output.say("The keys of persons are in it, wrapped. The master key is not: keep "
                           "it on another medium.");
    else if (has_keys(shop))
        program.output.say(
            "The keys of persons are not in it: what is personal opens only beside this shop's "
            "keys. Take them along with --with-keys.");
    program.output.say(fmt::format(
        "Into a new directory it comes back with: kontor store restore {} --data DIRECTORY",
        directory));
    return ExitCode::ok;
}

Outcome restore(Program& program, BackupFlags const& flags) {
    auto const& directory = flags.directory;
    auto const place = existing_journal(directory);
    if (!place && place.error().problem->name == "no_shop")
        return unexpected(Trouble(
            "no_backup", {FailureKind::not_found, "there is no backup of a shop here", directory}));
    if (!place)
        return unexpected(place.error());
    KONTOR_TRY(allow_enough_files());
    KONTOR_TRY(auto const source, explaining(directory, embedded::Disk::open(*place)));
    // A shop that is open would grow while it is copied. Where nothing can be written, nothing
    // grows, and no lock can be made.
    auto const lock = source->open("lock", ports::FileUse::lock);
    if (!lock && ::access(place->c_str(), W_OK) == 0)
        return unexpected(explained(lock.error(), directory));
    auto const& goal = program.settings.text("data.directory");
    KONTOR_TRY(check_durability(program.settings, goal));
    KONTOR_TRY(check_whole(*source));
    auto const is_shop = existing_journal(goal); // one is left alone, whatever lies beside it
    if (!is_shop && is_shop.error().problem->name == "no_shop")
        KONTOR_TRY(check_may_begin(goal, journal::Limits{}.segment_bytes));
    KONTOR_TRY(auto target, NewJournal::begin(goal));
    KONTOR_TRY(auto const disk, target.disk().state());
    program.output.notice(durability_notice(disk));
    auto const copied = copy(program, "restore", *source, target);
    if (!copied)
        return target.discard(explained(copied.error(), goal));
    auto const lineage = embedded::draw_lineage();
    auto const begun = journal::begin_branch(target.disk(), *copied,
                                             {lineage, names_of_events(), program.clock.now()});
    if (!begun)
        return target.discard(explained(begun.error(), goal));
    bool const takes_keys = has_keys(directory);
    if (takes_keys)
        if (auto const taken = copy_keys(directory, goal); !taken)
            return target.discard(taken.error());
    if (auto const finished = target.finish(); !finished)
        return target.discard(finished.error());
    program.output.object({{"directory", program.settings.text("data.directory")},
                           {"last_position", copied->report.last.value()},
                           {"lineage", lineage.to_string()},
                           {"keys", takes_keys},
                           {"verified", true}});
    if (takes_keys)
        program.output.say(fmt::format(
            "The keys of persons came along, wrapped. Bring their master key to {}, or say in "
            "keys.master where it is. Whoever was erased meanwhile is erased again at the start.",
            master_key_file(program.settings, goal)));
    return ExitCode::ok;
}

struct RotateFlags {
    std::string to;
};

Outcome rotate_key(Program& program, RotateFlags const& flags) {
    auto const& shop = program.settings.text("data.directory");
    KONTOR_TRY(auto const place, existing_journal(shop));
    KONTOR_TRY(auto const disk, explaining(shop, embedded::Disk::open(place)));
    KONTOR_TRY(auto const lock, explaining(shop, disk->open("lock", ports::FileUse::lock)));
    MachineSecrets secrets;
    KONTOR_TRY(rotate_master_key(program.settings, shop, flags.to, secrets));
    program.output.object(
        {{"directory", shop},
         {"master_key", flags.to.empty() ? master_key_file(program.settings, shop) : flags.to}});
    if (!flags.to.empty())
        program.output.say(
            "The shop opens its keys by that file from now on: say so in keys.master.");
    return ExitCode::ok;
}

using Work = Outcome (*)(Program&, BackupFlags const&);

CLI::App& add(CLI::App& store, std::optional<Command>& chosen, Wording const& wording, Work work,
              std::string const& what, std::shared_ptr<BackupFlags> const& flags) {
    auto& command = add_command(store, chosen, wording, work, flags);
    command.add_option("directory", flags->directory, what)->required();
    return command;
}

} // namespace

void add_backup_commands(CLI::App& store, std::optional<Command>& chosen) {
    auto const kept = std::make_shared<BackupFlags>();
    add(store, chosen,
        {"backup", "Copies the log to another directory and verifies the copy",
         "  kontor store backup /mnt/disk/2026-11-26"},
        backup, "where the copy goes; there must be none yet", kept)
        .add_flag("--with-keys", kept->with_keys, "and the keys of persons, wrapped");
    add(store, chosen,
        {"restore", "Makes a shop of a backup, in a data directory that has none",
         "  kontor store restore /mnt/disk/2026-11-26 --data ./restored"},
        restore, "where the backup is", std::make_shared<BackupFlags>());
    auto const rotated = std::make_shared<RotateFlags>();
    add_command(store, chosen,
                {"rotate-key", "Wraps the keys of persons by a new master key",
                 "  kontor store rotate-key\n"
                 "  kontor store rotate-key --to /mnt/stick/master.key"},
                rotate_key, rotated)
        .add_option("--to", rotated->to, "a file with a master key: 64 hexadecimal digits");
}

} // namespace kontor::programs
