#pragma once

/// I4, one document for each cause: every dispatch is invoiced once and every granted refund
/// credited once, for what it was worth, and the numbers of a year have no gap. Shares no code with
/// domain/documents; only the words of its facts.
/// Source: DOMAIN section 4.

#include "tests/simulation/checkers/history.hpp"

#include <map>

namespace kontor::simulation {

class DocumentsChecker {
public:
    explicit DocumentsChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    /// Everything that wants a document has one.
    void at_rest();

private:
    /// A dispatch or a refund, by its position in the log.
    struct Cause {
        OrderId order;
        std::int64_t worth{0};
        bool is_refund{false};
        bool is_documented{false};
    };
    struct Last {
        std::uint64_t invoice{0};
        std::uint64_t credit_note{0};
    };
    template <class Document>
    void see_document(std::uint64_t& last, Document const& document, bool is_refund);

    Verdict& verdict_;
    std::map<std::uint64_t, Cause> causes_;
    std::map<std::string, Last> years_;
    std::string where_;
};

} // namespace kontor::simulation
