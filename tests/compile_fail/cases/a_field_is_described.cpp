// expects: static assertion failed
#include "base/describe.hpp"

struct Placed {
    int lines;
    int total;
};
#ifdef BROKEN
BOOST_DESCRIBE_STRUCT(Placed, (), (lines))
#else
BOOST_DESCRIBE_STRUCT(Placed, (), (lines, total))
#endif
static_assert(kontor::describes_every_field<Placed>());
