// expects: no match for .operator<
#include "ports/positions.hpp"

bool is_behind(kontor::ports::Position seen, kontor::ports::Position head,
               kontor::ports::StreamVersion version) {
#ifdef BROKEN
    return seen < head && version < head;
#else
    return seen < head && version.value() > 0;
#endif
}
