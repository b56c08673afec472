#pragma once

/// What the program writes to stdout and stderr. An answer that cannot be written, to a full disk
/// or to a reader who has gone, is not lost in silence: the program goes on, ends what it does in
/// order, then says so and ends with an exit code of its own. A reader of what changes nothing who
/// goes away has read enough: that is no error. Nobody can be told what stderr does not take.
///
/// Thread: any.

#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace kontor::programs {

/// Before anything is opened: a stream that is closed gets a file in its place that takes nothing,
/// for the next file would get its number, and with it what is printed. A reader who goes away is
/// told by the write, not by a signal.
void guard_streams();

/// Adds to the answer on stdout.
void write_answer(std::string_view text);
/// What was written so far leaves now.
void flush_answer();
/// Why a part of the answer was lost, as errno; 0: all of it was written so far.
int answer_lost();

/// What is asked for changes something: that its answer is lost is told even where its reader went
/// away by himself, as `head` does.
void note_change();
bool changes_something();

/// To stderr.
void tell(std::string_view text);

template <class... Args>
void answer(fmt::format_string<Args...> format, Args&&... args) {
    write_answer(fmt::format(format, std::forward<Args>(args)...));
}

} // namespace kontor::programs
