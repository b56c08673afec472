#include "adapters/http/faults.hpp"

#include "base/assert.hpp"
#include "platform/problems/problems.hpp"

namespace kontor::http {
namespace {

/// In the sequence of the enumerators.
constexpr FaultText texts[] = {
    {"malformed", "/request_line",
     "The request line must be a method, a path and HTTP/1.1, with one space between them."},
    {"malformed", "/method", "The method must be a word like GET or POST."},
    {"malformed", "/target", "The target must be a path that begins with a slash."},
    {"malformed", "/target", "The target may hold printable ASCII without spaces and without #."},
    {"malformed", "/target", "The target is longer than 4096 bytes."},
    {"malformed", "/target",
     "Each % must stand before two hexadecimal digits, and for no control byte or slash."},
    {"malformed", "/target", "The path may have no segment that is . or .., and no backslash."},
    {"malformed", "/target", "The path has an empty segment: two slashes in sequence."},
    {"malformed", "/request_line", "The version must be HTTP/1.1 or HTTP/1.0."},
    {"malformed", "/headers", "Each line must end with CR and LF, and neither may stand alone."},
    {"malformed", "/headers", "A header must stand on one line."},
    {"malformed", "/headers", "The name of a header must be a token with a colon right behind it."},
    {"malformed", "/headers", "The value of a header may hold printable ASCII and tabs."},
    {"malformed", "/headers", "There are more than 100 headers."},
    {"malformed", "/headers", "The request line and its headers are longer than 16 KiB."},
    {"malformed", "/headers/host", "The header Host is missing."},
    {"malformed", "/headers/host", "The header Host must stand once."},
    {"malformed", "/headers/host", "The header Host names nobody here; see http.hosts."},
    {"malformed", "/headers/content-length", "The header Content-Length must stand once."},
    {"malformed", "/headers/content-length", "The header Content-Length must be a number."},
    {"body_too_large", "/body", "The body is larger than this port takes."},
    {"malformed", "/headers/transfer-encoding",
     "The only Transfer-Encoding is chunked, and it stands once."},
    {"malformed", "/headers/transfer-encoding",
     "Content-Length and Transfer-Encoding exclude each other."},
    {"malformed", "/headers/transfer-encoding", "HTTP/1.0 has no Transfer-Encoding."},
    {"malformed", "/body", "A request that only reads has no body."},
    {"malformed", "/headers/expect", "The only expectation is 100-continue."},
    {"malformed", "/body", "The size of a chunk must be a hexadecimal number."},
    {"malformed", "/body", "Chunks may have no extensions."},
    {"malformed", "/body", "A chunk must end with CR and LF where its size says."},
    {"malformed", "/body", "A body may have no trailers."},
    {"too_slow", "/headers", "The request line and its headers did not come within 10 seconds."},
    {"too_slow", "/body", "The body came slower than 500 bytes a second."},
    {"parameter_invalid", "/headers/kontor-deadline-ms",
     "The header Kontor-Deadline-Ms must be a number of milliseconds from 1 to 86400000."},
    {"deadline_passed", "/headers/kontor-deadline-ms", "There was no answer before the deadline."},
    {"timed_out", "/headers/kontor-deadline-ms",
     "The deadline passed while this was done; whether it was done is not known here."},
    {"overloaded", "", "More is asked of this shop than it can answer now."},
    {"overloaded", "", "There are too many connections, of this address or of all."},
};

constexpr bool all_are_registered() {
    for (auto const& text : texts)
        if (!problems::is_problem(text.problem))
            return false;
    return true;
}
static_assert(all_are_registered());
static_assert(std::size(texts) == static_cast<std::size_t>(Fault::connections_too_many) + 1);

} // namespace

FaultText const& text_of(Fault fault) {
    auto const index = static_cast<std::size_t>(fault);
    KONTOR_ASSERT(index < std::size(texts), "fault {}", index);
    return texts[index];
}

} // namespace kontor::http
