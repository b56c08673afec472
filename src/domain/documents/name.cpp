#include "domain/documents/name.hpp"

#include <charconv>
#include <system_error>

namespace kontor::documents {
namespace {

constexpr std::string_view invoice_prefix = "INV-";
constexpr std::string_view credit_note_prefix = "CRN-";
constexpr std::size_t year_digits = 4;

bool are_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Failure no_name() {
    return {FailureKind::invalid, "a document is called INV-2026-17 or CRN-2026-17"};
}

} // namespace

std::string to_string(Name const& name) {
    auto const prefix = name.kind == Kind::invoice ? invoice_prefix : credit_note_prefix;
    return std::string(prefix) + name.year + "-" + std::to_string(name.number);
}

Result<Name> parse_name(std::string_view text) {
    bool const is_invoice = text.starts_with(invoice_prefix);
    if (!is_invoice && !text.starts_with(credit_note_prefix))
        return unexpected(no_name());
    text.remove_prefix(invoice_prefix.size());
    auto const year = text.substr(0, year_digits);
    if (!are_digits(year) || text.size() <= year_digits || text[year_digits] != '-')
        return unexpected(no_name());
    auto const digits = text.substr(year_digits + 1);
    std::uint64_t number = 0;
    auto const* const end = digits.data() + digits.size();
    auto const [at, error] = std::from_chars(digits.data(), end, number);
    if (!are_digits(digits) || digits.front() == '0' || at != end || error != std::errc{})
        return unexpected(no_name());
    return Name{is_invoice ? Kind::invoice : Kind::credit_note, std::string(year), number};
}

} // namespace kontor::documents
