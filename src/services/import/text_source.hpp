#pragma once

/// TextSource: bytes that are in memory already, as a source. For samples and tests.

#include "ports/byte_source.hpp"

#include <algorithm>
#include <string>

namespace kontor::online_retail {

class TextSource final : public ports::ByteSource {
public:
    TextSource(std::string name, std::string text)
        : name_(std::move(name)), text_(std::move(text)) {}

    std::string_view name() const override { return name_; }
    std::optional<std::uint64_t> try_size() const override { return text_.size(); }
    Result<std::size_t> read(std::span<char> into) override {
        auto const count = std::min(into.size(), text_.size() - at_);
        std::copy_n(text_.data() + at_, count, into.data());
        at_ += count;
        return count;
    }
    Result<void> rewind() override {
        at_ = 0;
        return {};
    }

private:
    std::string name_;
    std::string text_;
    std::size_t at_{0};
};

} // namespace kontor::online_retail
