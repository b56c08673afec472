#include "platform/messaging/router/wiring.hpp"

#include "platform/messaging/router/wiring_facts.hpp"

namespace kontor::router {

Heard<ports::ArchiveDescription> Wiring::create_archive(ports::ArchiveDescription const& wanted) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto made, archives().create(wanted, clock_.now()));
    note(wiring_stream(), fact_of(made, archives().since(made.name)));
    KONTOR_TRY(keep(lock));
    return made;
}

Heard<ports::ArchiveDescription> Wiring::describe_archive(std::string_view archive) {
    Lock const lock(router_.lock());
    return archives().describe(archive, clock_.now());
}

Heard<ports::ArchiveDescription> Wiring::update_archive(ports::ArchiveChange const& change) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto changed, archives().update(change));
    note(wiring_stream(), fact_of(changed, archives().since(changed.name)));
    KONTOR_TRY(keep(lock));
    return changed;
}

Heard<void> Wiring::delete_archive(std::string_view archive) {
    Lock lock(router_.lock());
    auto const now = clock_.now();
    bool const stood = archives().has_archive(archive);
    return keep_end(lock, stood, archives().remove(archive, now),
                    process::ArchiveDeleted{std::string(archive), now});
}

Heard<ports::Page<ports::ArchiveDescription>> Wiring::list_archives(std::string_view bus_arn,
                                                                    ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return archives().list(bus_arn, page, clock_.now());
}

Heard<ports::ReplayDescription> Wiring::start_replay(ports::ReplayDescription const& wanted) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto started, archives().start(wanted, clock_.now()));
    note(wiring_stream(), fact_of(started, archives().walk_of(started.name)));
    KONTOR_TRY(keep(lock));
    return started;
}

Heard<ports::ReplayDescription> Wiring::describe_replay(std::string_view replay) {
    Lock const lock(router_.lock());
    return archives().describe_replay(replay);
}

Heard<ports::ReplayDescription> Wiring::cancel_replay(std::string_view replay) {
    Lock lock(router_.lock());
    auto const now = clock_.now();
    KONTOR_TRY(auto cancelled, archives().cancel(replay, now));
    note(wiring_stream(), process::ReplayCancelled{cancelled.name, now});
    KONTOR_TRY(keep(lock));
    return cancelled;
}

Heard<ports::Page<ports::ReplayDescription>> Wiring::list_replays(std::string_view archive_arn,
                                                                  ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return archives().list_replays(archive_arn, page);
}

} // namespace kontor::router
