#include "platform/sealing/sealed_value.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::sealing {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t number_bytes = 4;
constexpr std::size_t nonce_begin = 1 + number_bytes;
constexpr std::size_t secret_begin = nonce_begin + nonce_bytes;

} // namespace

std::optional<ports::KeyNumber> key_number_of(std::span<std::uint8_t const> sealed) {
    if (sealed.size() < secret_begin + tag_bytes || sealed.front() != format)
        return std::nullopt;
    std::uint32_t number = 0;
    for (auto const byte : sealed.subspan(1, number_bytes))
        number = (number << 8U) | byte;
    return ports::KeyNumber(number);
}

Result<void> Sealer::plan(std::uint32_t index, Id128 person, Seen seen) {
    KONTOR_TRY(auto const key, keys_.of(person, seen));
    plans_.push_back({index, key});
    return {};
}

bool Sealer::turn_to(std::uint32_t index, EventId id) {
    auto const plan = std::ranges::find(plans_, index, &Plan::index);
    if (plan == plans_.end())
        return false;
    current_ = &*plan;
    auto const bytes = id.value().bytes();
    beside_.assign(bytes.begin(), bytes.end());
    return true;
}

Nonce Sealer::next_nonce() {
    if (drawn_at_ == drawn_.size()) {
        secrets_.fill(drawn_);
        drawn_at_ = 0;
    }
    Nonce nonce{};
    std::copy_n(drawn_.begin() + static_cast<std::ptrdiff_t>(drawn_at_), nonce.size(),
                nonce.begin());
    drawn_at_ += nonce.size();
    return nonce;
}

bool Sealer::seal(std::string_view path, std::span<std::uint8_t const> clear,
                  std::vector<std::uint8_t>& sealed) {
    KONTOR_ASSERT(current_ != nullptr, "{} is sealed for nobody", path);
    if (!current_->key)
        return false;
    auto const number = current_->key->number.value();
    auto const nonce = next_nonce();
    sealed.reserve(secret_begin + clear.size() + tag_bytes);
    sealed.push_back(format);
    for (auto shift = 8 * number_bytes; shift > 0; shift -= 8)
        sealed.push_back(static_cast<std::uint8_t>(number >> (shift - 8)));
    sealed.insert(sealed.end(), nonce.begin(), nonce.end());
    beside_.resize(sizeof(Id128));
    beside_.insert(beside_.end(), path.begin(), path.end());
    gcm_.seal(current_->key->key, nonce, beside_, clear, sealed);
    return true;
}

Opener& Opener::of(EventId id) {
    id_ = id.value().bytes();
    return *this;
}

Result<bool> Opener::open(std::string_view path, std::span<std::uint8_t const> sealed,
                          std::vector<std::uint8_t>& clear) {
    if (!sealed.empty() && sealed.front() != format)
        return unexpected(
            Failure{FailureKind::unsupported, "a newer release sealed this", std::string(path)});
    auto const number = key_number_of(sealed);
    if (!number)
        return unexpected(
            Failure{FailureKind::corrupt, "a sealed value is cut", std::string(path)});
    KONTOR_TRY(auto const key, keys_.find(*number));
    if (!key)
        return false;
    Nonce nonce{};
    std::ranges::copy(sealed.subspan(nonce_begin, nonce_bytes), nonce.begin());
    std::vector<std::uint8_t> beside(id_.begin(), id_.end());
    beside.insert(beside.end(), path.begin(), path.end());
    bool const is_open = gcm_.open(*key, nonce, beside, sealed.subspan(secret_begin), clear);
    unreadable_ += is_open ? 0 : 1;
    return is_open;
}

} // namespace kontor::sealing
