#pragma once

/// Whether somebody pressed Ctrl-C or the system asked to stop. Long work looks at it between two
/// bounded pieces.

namespace kontor::programs {

/// From now on an interrupt sets a flag instead of ending the program; a second one ends it.
void watch_for_interrupts();
bool was_interrupted();

/// From now on SIGHUP sets a flag instead of ending the program.
void watch_for_hangups();
/// Whether one came since this was last asked.
bool took_hangup();

} // namespace kontor::programs
