#include "codec/words.hpp"

#include "base/assert.hpp"

namespace kontor::codec {

std::string words_of_plain(Kind kind) {
    switch (kind) {
    case Kind::boolean: return "true or false";
    case Kind::bytes: return "bytes";
    case Kind::money: return "money";
    case Kind::currency: return "currency";
    case Kind::instant: return "instant";
    case Kind::stream: return "stream";
    case Kind::number:
    case Kind::enumeration:
    case Kind::text:
    case Kind::id:
    case Kind::strong:
    case Kind::optional:
    case Kind::list:
    case Kind::choice:
    case Kind::personal:
    case Kind::record: break;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::codec
