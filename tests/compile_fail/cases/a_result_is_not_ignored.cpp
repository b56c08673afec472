// expects: ignoring returned value .*Result<int>
#include "base/result.hpp"

kontor::Result<int> append();

bool append_once() {
#ifdef BROKEN
    append();
    return true;
#else
    return append().has_value();
#endif
}
