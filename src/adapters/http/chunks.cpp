#include "adapters/http/chunks.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::http {

ChunkReader::Progress ChunkReader::read(char const* begin, char const* end, char* body) {
    auto const* at = begin;
    auto* to = body;
    while (at != end && phase_ != Phase::complete) {
        if (phase_ == Phase::bytes) {
            auto const bytes = std::min(open_bytes_, static_cast<std::size_t>(end - at));
            std::memmove(to, at, bytes);
            at += bytes;
            to += bytes;
            body_bytes_ += bytes;
            open_bytes_ -= bytes;
            if (open_bytes_ == 0)
                phase_ = Phase::bytes_cr;
        } else if (auto const fault = read_control(*at++)) {
            return {static_cast<std::size_t>(at - begin), static_cast<std::size_t>(to - body),
                    fault};
        }
    }
    return {static_cast<std::size_t>(at - begin), static_cast<std::size_t>(to - body)};
}

std::optional<Fault> ChunkReader::read_control(char c) {
    auto const expect = [&](char wanted, Phase next, Fault otherwise) -> std::optional<Fault> {
        phase_ = next;
        return c == wanted ? std::nullopt : std::optional(otherwise);
    };
    switch (phase_) {
    case Phase::size: return read_size(c);
    case Phase::size_end:
        return expect('\n', open_bytes_ > 0 ? Phase::bytes : Phase::last_cr,
                      Fault::chunk_size_malformed);
    case Phase::bytes_cr: return expect('\r', Phase::bytes_lf, Fault::chunk_end);
    case Phase::bytes_lf: digits_ = 0; return expect('\n', Phase::size, Fault::chunk_end);
    case Phase::last_cr: return expect('\r', Phase::last_lf, Fault::chunk_trailer);
    case Phase::last_lf: return expect('\n', Phase::complete, Fault::chunk_end);
    case Phase::bytes:
    case Phase::complete: break;
    }
    KONTOR_UNREACHABLE();
}

std::optional<Fault> ChunkReader::read_size(char c) {
    constexpr unsigned char digits_max = 8;
    if (c == '\r' && digits_ > 0) {
        phase_ = Phase::size_end;
        return body_bytes_ + open_bytes_ > body_bytes_max_ ? std::optional(Fault::body_too_large)
                                                           : std::nullopt;
    }
    if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t'))
        return Fault::chunk_extension;
    auto const lower = static_cast<char>(c | 0x20);
    bool const is_letter = lower >= 'a' && lower <= 'f';
    if ((!is_letter && (c < '0' || c > '9')) || digits_ == digits_max)
        return Fault::chunk_size_malformed;
    auto const value = is_letter ? lower - 'a' + 10 : c - '0';
    open_bytes_ = open_bytes_ * 16 + static_cast<std::size_t>(value);
    ++digits_;
    return std::nullopt;
}

} // namespace kontor::http
