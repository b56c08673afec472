#pragma once

/// StoreDesk: the files of the log as the API sees them: what they take, and a copy of them that is
/// made while the shop sells. The composition root knows them and implements this.
/// Thread: the edge's.

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "services/gateway/seams/trouble.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace kontor::services::gateway {

/// What the log takes on its disk.
struct StoreFigures {
    std::string directory{};
    std::uint64_t segments{0};
    std::uint64_t segments_dense{0}; ///< without their padding
    std::uint64_t segments_cold{0};  ///< compressed as well
    std::uint64_t log_bytes{0};
    std::uint64_t free_bytes{0};
    std::string file_system{};
    std::string durability{};
    std::string room{};
    std::string what_to_do{}; ///< empty: there is room enough
};

struct BackupWish {
    std::string directory; ///< from the root on
    bool with_keys{false};
    std::string asked_by{}; ///< empty: nobody whom the shop knows
};

enum class BackupState : std::uint8_t { none, copying, verifying, done, failed, stopped };
BOOST_DESCRIBE_ENUM(BackupState, none, copying, verifying, done, failed, stopped)

/// How the backup stands that was asked for last.
struct BackupStanding {
    BackupState state{BackupState::none};
    std::string directory{};
    std::optional<Instant> began_at{};
    std::optional<Instant> ended_at{};
    std::uint64_t segments_done{0};
    std::uint64_t segments{0};
    std::optional<std::uint64_t> last_position{}; ///< of a copy that is done
    bool has_keys{false};
    std::string asked_by{};
    std::optional<problems::Problem const*> problem{}; ///< of one that failed …
    std::string why{};
};

class StoreDesk {
public:
    virtual ~StoreDesk() = default;
    /// As they were a moment ago. Empty: they are being measured, which may take long; ask again.
    /// Errors: corrupt, unsupported, unavailable.
    virtual Result<std::optional<StoreFigures>> figures() = 0;
    /// That one may begin; nothing is made.
    /// Errors: backup_running, backup_inside, shop_exists, disk_full, what the directory says.
    virtual Result<void, Trouble> may_back_up(BackupWish const& wish) = 0;
    /// Begins one; it goes on by itself.   Errors: as may_back_up.
    virtual Result<void, Trouble> back_up(BackupWish const& wish) = 0;
    virtual BackupStanding backup() const = 0;
    /// The one that is being made, if there is one, is made no longer, and goes away.
    virtual void stop_backup() = 0;
};

} // namespace kontor::services::gateway
