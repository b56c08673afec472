#pragma once

/// SigningKey: what envelopes of topics are signed with, and the certificate that whoever receives
/// them checks that by: RSA of 2048 bits, signed by itself.
/// Thread: any.   Source: MESSAGING section 5, "Signature"; Amazon SNS Developer Guide, "Verifying
/// the signatures of Amazon SNS messages".

#include "base/instant.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kontor::topics {

class SigningKey {
public:
    /// One that never was before.   Errors: unsupported (OpenSSL makes none).
    static Result<SigningKey> make(Instant now);
    /// Reads what `text` wrote.   Errors: invalid.
    static Result<SigningKey> parse(std::string_view text);

    /// Key and certificate: a secret.
    std::string text() const;
    /// For everybody, in PEM.
    std::string const& certificate() const { return certificate_; }
    /// Where it is served: `/sns/<hash>.pem`. Another certificate has another path.
    std::string const& path() const { return path_; }

    /// A signature in base64: of version 1 with SHA-1, else with SHA-256.
    std::string sign(std::string_view text, std::uint32_t version) const;

private:
    struct Key;
    SigningKey(std::shared_ptr<Key const> key, std::string certificate);

    std::shared_ptr<Key const> key_;
    std::string certificate_;
    std::string path_;
};

} // namespace kontor::topics
