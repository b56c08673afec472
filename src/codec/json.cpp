#include "codec/json.hpp"

namespace kontor::codec {
namespace {

/// Source: RFC 6901 section 3: `~` is written `~0`, `/` is written `~1`.
void append_pointer(std::string& out, JsonPath const& path) {
    if (path.parent == nullptr)
        return;
    append_pointer(out, *path.parent);
    out += '/';
    if (path.key.data() == nullptr) {
        append_number(out, std::uint64_t{path.index});
        return;
    }
    for (char const c : path.key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
}

} // namespace

bool JsonReading::refuse(JsonPath const& at, std::string what) {
    failure.what = std::move(what);
    failure.where.clear();
    append_pointer(failure.where, at);
    return false;
}

} // namespace kontor::codec
