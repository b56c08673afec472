#include "programs/kontor/backup_keys.hpp"
#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/new_journal.hpp"
#include "programs/kontor/notices.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/people_keys.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/read_models_check.hpp"
#include "programs/kontor/remote.hpp"
#include "programs/kontor/serve_keys.hpp"

#include "adapters/embedded/journal/copy.hpp"
#include "adapters/embedded/journal/inventory.hpp"

#include <fmt/core.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>
#include <unistd.h>

namespace kontor::programs {
namespace {

constexpr char const* backup_address = "/v1/ops/store/backup";
constexpr auto look_every = std::chrono::milliseconds(50);

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

/// What came of it, with what to know about the keys.
void show_backup(Program& program, BackupFlags const& flags, boost::json::object const& made,
                 bool has_keys) {
    program.output.object(made);
    if (flags.with_keys && has_keys)
        program.output.say("The shop's keys are in it: those of persons wrapped, the others as "
                           "they are, so keep it as the shop itself. The master key is not: keep "
                           "it on another medium.");
    else if (has_keys)
        program.output.say(
            "The shop's keys are not in it: what is personal opens only beside them, and webhooks "
            "would be signed by others. Take them along with --with-keys.");
    program.output.say(fmt::format(
        "Into a new directory it comes back with: kontor store restore {} --data DIRECTORY",
        flags.directory));
}

/// Of a shop that nobody has open.
Outcome backup_here(Program& program, BackupFlags const& flags) {
    auto const& directory = flags.directory;
    auto const& shop = program.settings.text("data.directory");
    KONTOR_TRY(allow_enough_files());
    KONTOR_TRY(auto const place, existing_journal(shop));
    KONTOR_TRY(check_is_elsewhere(shop, directory));
    KONTOR_TRY(auto const source, explaining(shop, embedded::Disk::open(place)));
    KONTOR_TRY(auto const lock, explaining(shop, source->open("lock", ports::FileUse::lock)));
    KONTOR_TRY(check_whole(*source));
    KONTOR_TRY(auto target, NewJournal::begin(directory, segment_bytes_in(shop)));
    auto const copied = copy(program, "backup", *source, target);
    if (!copied)
        return target.discard(explained(copied.error(), directory));
    if (auto const whole = check_end(shop, *copied); !whole)
        return target.discard(whole.error());
    bool const takes_keys = flags.with_keys && has_keys(shop);
    if (takes_keys)
        if (auto const taken = copy_keys(shop, directory, KeysAre::closed); !taken)
            return target.discard(taken.error());
    if (auto const finished = target.finish(); !finished)
        return target.discard(finished.error());
    show_backup(program, flags,
                {{"directory", directory},
                 {"last_position", copied->report.last.value()},
                 {"segments", copied->report.segments},
                 {"keys", takes_keys},
                 {"verified", true}},
                has_keys(shop));
    return ExitCode::ok;
}

/// What the server said of the backup that it made.
Outcome ended_there(Program& program, BackupFlags const& flags, boost::json::object const& now) {
    auto const state = text_in(now, "state");
    if (state == "done") {
        show_backup(program, flags,
                    {{"directory", now.at("directory")},
                     {"last_position", now.at("last_position")},
                     {"segments", now.at("segments")},
                     {"keys", now.at("keys")},
                     {"verified", now.at("verified")}},
                    true);
        return ExitCode::ok;
    }
    auto const name = text_in(now, "name");
    auto const* const known = problems::find_problem(name);
    return unexpected(
        Trouble(known == nullptr ? "cancelled" : known->name,
                {state == "stopped" ? FailureKind::cancelled : FailureKind::unavailable,
                 text_in(now, "why"), flags.directory}));
}

/// By the server that has the shop open: it goes on selling.
Outcome backup_there(Program& program, Remote& remote, BackupFlags flags) {
    watch_for_interrupts();
    if (program.url.empty()) // the server runs here
        flags.directory = std::filesystem::absolute(flags.directory).lexically_normal().string();
    KONTOR_TRY(remote.send({.method = "POST",
                            .path = backup_address,
                            .body = boost::json::object{{"directory", flags.directory},
                                                        {"with_keys", flags.with_keys}}}));
    Progress progress(program.clock, program.progress, "backup", "segments", 0);
    for (;;) {
        KONTOR_TRY(auto const answer, remote.get(backup_address));
        auto const* const now = answer.if_object();
        auto const state = now == nullptr ? std::string() : text_in(*now, "state");
        if (now != nullptr && state != "copying" && state != "verifying")
            return ended_there(program, flags, *now);
        if (now != nullptr && now->contains("segments_done"))
            progress.reached(now->at("segments_done").to_number<std::uint64_t>());
        if (was_interrupted()) {
            program.output.notice("The server goes on with it: `kontor store last-backup` says how "
                                  "far it is, and `kontor store stop-backup` stops it.");
            return ExitCode::interrupted;
        }
        std::this_thread::sleep_for(look_every);
    }
}

Outcome backup(Program& program, BackupFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::find(program));
    return remote ? backup_there(program, *remote, flags) : backup_here(program, flags);
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
    KONTOR_TRY(auto target, NewJournal::begin(goal, segment_bytes_in(directory)));
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
        if (auto const taken = copy_keys(directory, goal, KeysAre::closed); !taken)
            return target.discard(taken.error());
    if (auto const finished = target.finish(); !finished)
        return target.discard(finished.error());
    program.output.object({{"directory", program.settings.text("data.directory")},
                           {"last_position", copied->report.last.value()},
                           {"lineage", lineage.to_string()},
                           {"keys", takes_keys},
                           {"verified", true}});
    if (has_people_keys(goal))
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
         "  kontor store backup /mnt/disk/2026-11-26\n"
         "  kontor store backup /mnt/disk/2026-11-26 --with-keys"},
        backup, "where the copy goes; there must be none yet", kept)
        .add_flag("--with-keys", kept->with_keys,
                  "and the shop's keys: those of persons wrapped, the others as they are");
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
