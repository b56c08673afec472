#include "platform/proofs/checkpoint.hpp"

#include "codec/json_text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

namespace kontor::proofs {
namespace {

constexpr std::uint8_t ed25519_mark = 1;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t key_hash_bytes = 4;
constexpr std::size_t signature_bytes = 64;
constexpr std::string_view dash = "\xe2\x80\x94 ";
constexpr std::string_view position_word = "position ";

using OpenKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Digester = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

Failure no(std::string what) {
    return {FailureKind::invalid, std::move(what)};
}

/// The first bytes of the hash of name, line end, kind and key.
std::string key_hash(std::string_view name, Bytes public_key) {
    Sha256 sha;
    sha.begin();
    sha.add(bytes_of(name));
    sha.add(std::uint8_t{'\n'});
    sha.add(ed25519_mark);
    sha.add(public_key);
    auto const hash = sha.end();
    return {hash.begin(), hash.begin() + key_hash_bytes};
}

std::string body_of(Head const& head) {
    return fmt::format("{}\n{}\n{}\n{}{}\n", head.origin, head.tree.size, base64_of(head.tree.root),
                       position_word, head.position);
}

bool is_signed(EVP_PKEY* key, std::string_view body, Bytes signature) {
    Digester const digester(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(digester.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerify(digester.get(), signature.data(), signature.size(),
                            bytes_of(body).data(), body.size()) == 1;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && at == end ? std::optional(number) : std::nullopt;
}

std::string_view take_line(std::string_view& text) {
    auto const end = std::min(text.find('\n'), text.size());
    auto const line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

struct VerifierKey {
    std::string name;
    std::string hash;
    std::string key;
};

Result<VerifierKey> read_key(std::string_view text) {
    auto const first = text.find('+');
    auto const second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos)
        return unexpected(no("a key is written name+hash+key"));
    auto const bytes = codec::parse_base64(text.substr(second + 1));
    if (!bytes || bytes->size() != key_bytes + 1 || bytes->front() != ed25519_mark)
        return unexpected(no("this is no key of Ed25519"));
    VerifierKey read{std::string(text.substr(0, first)), {}, {bytes->begin() + 1, bytes->end()}};
    read.hash = key_hash(read.name, bytes_of(read.key));
    return read;
}

/// The signature of this key among the last lines.   Errors: invalid.
Result<std::string> signature_of(std::string_view lines, VerifierKey const& key) {
    auto const beginning = std::string(dash) + key.name + " ";
    while (!lines.empty()) {
        auto const line = take_line(lines);
        if (!line.starts_with(beginning))
            continue;
        auto const bytes = codec::parse_base64(line.substr(beginning.size()));
        if (!bytes || bytes->size() != key_hash_bytes + signature_bytes)
            continue;
        std::string const whole(bytes->begin(), bytes->end());
        if (whole.starts_with(key.hash))
            return whole.substr(key_hash_bytes);
    }
    return unexpected(no("nobody with this key has signed it"));
}

} // namespace

struct Signer::Key {
    OpenKey ours{nullptr, EVP_PKEY_free};
};

Signer::Signer(std::string origin, std::unique_ptr<Key> key)
    : origin_(std::move(origin)), key_(std::move(key)) {}
Signer::~Signer() = default;
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

Result<Signer> Signer::of(std::string origin, Bytes seed) {
    auto key = std::make_unique<Key>();
    if (seed.size() == seed_bytes)
        key->ours.reset(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    std::array<std::uint8_t, key_bytes> open{};
    std::size_t length = open.size();
    if (!key->ours || EVP_PKEY_get_raw_public_key(key->ours.get(), open.data(), &length) != 1)
        return unexpected(no("this is no key of Ed25519"));
    std::string typed(1, static_cast<char>(ed25519_mark));
    typed.append(open.begin(), open.end());
    Signer signer(std::move(origin), std::move(key));
    signer.verifier_key_ = signer.origin_ + "+";
    for (auto const byte : key_hash(signer.origin_, open))
        signer.verifier_key_ += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    signer.verifier_key_ += "+" + base64_of(bytes_of(typed));
    return signer;
}

std::string Signer::sign(Head const& head) const {
    auto const body = body_of(head);
    std::array<std::uint8_t, signature_bytes> signature{};
    std::size_t length = signature.size();
    Digester const digester(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    bool const is_good =
        EVP_DigestSignInit(digester.get(), nullptr, nullptr, nullptr, key_->ours.get()) == 1 &&
        EVP_DigestSign(digester.get(), signature.data(), &length, bytes_of(body).data(),
                       body.size()) == 1;
    KONTOR_ASSERT(is_good && length == signature.size(), "OpenSSL refuses to sign");
    std::array<std::uint8_t, key_bytes> open{};
    std::size_t open_length = open.size();
    EVP_PKEY_get_raw_public_key(key_->ours.get(), open.data(), &open_length);
    auto whole = key_hash(origin_, open);
    whole.append(signature.begin(), signature.end());
    return fmt::format("{}\n{}{} {}\n", body, dash, origin_, base64_of(bytes_of(whole)));
}

Result<Head> open_checkpoint(std::string_view text, std::string_view verifier_key) {
    KONTOR_TRY(auto const key, read_key(verifier_key));
    auto const end = text.find("\n\n");
    if (end == std::string_view::npos)
        return unexpected(no("this is no checkpoint"));
    auto const body = text.substr(0, end + 1);
    KONTOR_TRY(auto const signature, signature_of(text.substr(end + 2), key));
    OpenKey const theirs(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                     bytes_of(key.key).data(), key.key.size()),
                         EVP_PKEY_free);
    if (!theirs || !is_signed(theirs.get(), body, bytes_of(signature)))
        return unexpected(no("the signature is not of this text"));
    auto rest = body;
    Head head{std::string(take_line(rest)), {}, 0};
    auto const size = number_in(take_line(rest));
    auto const root = hash_in(take_line(rest));
    auto const last = take_line(rest);
    auto const position = last.starts_with(position_word)
                              ? number_in(last.substr(position_word.size()))
                              : std::nullopt;
    if (head.origin != key.name || !size || !root || !position)
        return unexpected(no("this is no checkpoint of the log that the key is for"));
    head.tree = {*size, *root};
    head.position = *position;
    return head;
}

std::string base64_of(Bytes bytes) {
    std::string text;
    codec::append_base64(text, bytes);
    return text;
}

std::optional<Hash> hash_in(std::string_view base64) {
    auto const bytes = codec::parse_base64(base64);
    Hash hash{};
    if (!bytes || bytes->size() != hash.size())
        return std::nullopt;
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

} // namespace kontor::proofs
