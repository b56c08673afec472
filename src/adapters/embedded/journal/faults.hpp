#pragma once

/// Where the simulator may force the rare in the journal, and what a campaign must have seen.

#include "base/faults.hpp"

namespace kontor::journal {

inline constexpr Fault frame_early{"journal.frame_early"};   ///< one append a frame
inline constexpr Fault append_full{"journal.append_full"};   ///< as if too much were pending
inline constexpr Fault forget_live{"journal.forget_live"};   ///< look heads up on disk
inline constexpr Fault space_unseen{"journal.space_unseen"}; ///< the disk fills and nobody looks

inline constexpr Mark tail_cut{"journal.tail_cut"};
inline constexpr Mark segment_rolled{"journal.segment_rolled"};
inline constexpr Mark index_built{"journal.index_built"};
inline constexpr Mark index_gathered{"journal.index_gathered"};
inline constexpr Mark index_rebuilt{"journal.index_rebuilt"};
inline constexpr Mark confirmed{"journal.confirmed"};
inline constexpr Mark checkpoint_made{"journal.checkpoint_made"};
inline constexpr Mark checkpoint_refused{"journal.checkpoint_refused"};
inline constexpr Mark spare_reserved{"journal.spare_reserved"};
inline constexpr Mark segment_squeezed{"journal.segment_squeezed"};
inline constexpr Mark segment_cooled{"journal.segment_cooled"};
inline constexpr Mark filters_merged{"journal.filters_merged"};
inline constexpr Mark file_recycled{"journal.file_recycled"};
inline constexpr Mark file_used_again{"journal.file_used_again"};
inline constexpr Mark padding_mended{"journal.padding_mended"};
inline constexpr Mark became_full{"journal.became_full"};
inline constexpr Mark scrub_through{"journal.scrub_through"};
inline constexpr Mark read_cold{"journal.read_cold"};

} // namespace kontor::journal
