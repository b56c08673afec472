#include "services/gateway/passwords.hpp"

#include "services/gateway/digests.hpp"

#include "base/assert.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace kontor::services::gateway {

std::optional<std::uint64_t> Passwords::start(std::string_view password, std::string_view salt) {
    KONTOR_ASSERT(password.size() <= length_max, "a password of {} bytes", password.size());
    std::lock_guard const guard(mutex_);
    if (job_)
        return std::nullopt;
    job_ = Job{++jobs_, std::string(password), std::string(salt)};
    if (bell_ != nullptr)
        bell_->ring();
    return jobs_;
}

std::optional<std::string> Passwords::collect(std::uint64_t number) {
    std::lock_guard const guard(mutex_);
    auto const found = std::ranges::find(hashed_, number, &Hashed::number);
    if (found == hashed_.end())
        return std::nullopt;
    auto hash = std::move(found->hash);
    hashed_.erase(found);
    return hash;
}

Result<WorkDone> Passwords::do_work(WorkBudget) {
    std::string password;
    std::string salt;
    {
        std::lock_guard const guard(mutex_);
        if (!job_ || job_->is_taken)
            return WorkDone{0};
        job_->is_taken = true;
        password = std::move(job_->password);
        salt = job_->salt;
    }
    std::array<unsigned char, 32> hash{};
    constexpr std::uint64_t spare_bytes = 1U << 20;
    auto const memory_max = 128 * cost_.n * cost_.r + spare_bytes;
    bool const is_good =
        EVP_PBE_scrypt(password.data(), password.size(),
                       reinterpret_cast<unsigned char const*>(salt.data()), salt.size(), cost_.n,
                       cost_.r, cost_.p, memory_max, hash.data(), hash.size()) == 1;
    OPENSSL_cleanse(password.data(), password.size());
    std::lock_guard const guard(mutex_);
    // Where there is no memory for it the shop goes on, and nobody gets in by a password.
    auto text = is_good ? base64url({reinterpret_cast<char const*>(hash.data()), hash.size()})
                        : std::string();
    if (hashed_.size() == uncollected_max)
        hashed_.pop_front();
    hashed_.push_back({job_->number, std::move(text)});
    job_.reset();
    return WorkDone{1};
}

bool Passwords::listen(Bell* bell) {
    std::lock_guard const guard(mutex_);
    bell_ = bell;
    return true;
}

} // namespace kontor::services::gateway
