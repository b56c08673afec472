#include "platform/routing/field_tests.hpp"

#include "platform/routing/folding.hpp"
#include "platform/routing/wildcard.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::routing {
namespace {

/// What an entry of a table leads to: a number in the upper bits, its kind in the lower two.
enum class Kind : std::uint32_t { predicate, but, wildcard };

std::uint32_t posting_of(Kind kind, std::size_t number) {
    return static_cast<std::uint32_t>(number << 2) | static_cast<std::uint32_t>(kind);
}

/// Decimals as bytes.
struct DecimalKey {
    explicit DecimalKey(Decimal const& decimal) {
        std::memcpy(bytes, &decimal.digits, 8);
        std::memcpy(bytes + 8, &decimal.exponent, 4);
        bytes[12] = decimal.is_negative ? '-' : '+';
    }
    std::string_view view() const { return {bytes, sizeof bytes}; }

    char bytes[13];
};

struct AddressKey {
    explicit AddressKey(Address const& address) {
        std::memcpy(bytes, address.bytes.data(), 16);
        bytes[16] = address.is_version_6 ? '6' : '4';
    }
    std::string_view view() const { return {bytes, sizeof bytes}; }

    char bytes[17];
};

/// Where a piece begins, or nothing. Linear in the text, whatever the piece repeats, which
/// string_view::find is not.
char const* find_piece(std::string_view text, std::string_view piece) {
    return static_cast<char const*>(memmem(text.data(), text.size(), piece.data(), piece.size()));
}

/// What has_pieces costs at most, in the bytes that it looks at.
std::size_t work_of(std::vector<std::string> const& pieces, std::string_view text) {
    constexpr std::size_t bytes_of_piece = 32; // to begin a search takes as long
    return text.size() + bytes_of_piece * pieces.size();
}

/// Requires: at least two pieces.
bool has_pieces(std::vector<std::string> const& pieces, std::string_view text) {
    auto const& first = pieces.front();
    auto const& last = pieces.back();
    if (text.size() < first.size() + last.size() || !text.starts_with(first) ||
        !text.ends_with(last))
        return false;
    auto rest = text.substr(first.size(), text.size() - first.size() - last.size());
    for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
        auto const* const found = find_piece(rest, pieces[i]);
        if (found == nullptr)
            return false;
        rest.remove_prefix(static_cast<std::size_t>(found - rest.data()) + pieces[i].size());
    }
    return true;
}

} // namespace

struct FieldTests::Leaf {
    std::string_view text;
    LeafScratch& scratch;
    Hits& hits;
};

void FieldTests::post_one(std::uint32_t posting, Leaf const& leaf) const {
    auto const number = posting >> 2;
    switch (static_cast<Kind>(posting & 3)) {
    case Kind::predicate: leaf.hits.add(number); return;
    case Kind::but: leaf.scratch.excluded[first_but_ + number] = leaf.scratch.leaf; return;
    case Kind::wildcard: {
        auto const& wildcard = wildcards_[number];
        if (!leaf.scratch.take_wildcard(work_of(wildcard.pieces, leaf.text)))
            post_undecided(wildcard.posting, leaf);
        else if (has_pieces(wildcard.pieces, leaf.text))
            post_one(wildcard.posting, leaf);
        return;
    }
    }
    KONTOR_UNREACHABLE();
}

/// A wildcard was not looked at: what hangs on it may be true. In an anything-but that means that
/// it excludes nothing.
void FieldTests::post_undecided(std::uint32_t posting, Leaf const& leaf) const {
    auto const number = posting >> 2;
    auto const is_but = static_cast<Kind>(posting & 3) == Kind::but;
    leaf.hits.leave_undecided(is_but ? buts_[number] : number);
    if (!is_but)
        leaf.hits.add(number);
}

void FieldTests::post(std::span<std::uint32_t const> postings, Leaf const& leaf) const {
    for (auto const posting : postings)
        post_one(posting, leaf);
}

void FieldTests::post_prefixes(Ends const& ends, std::string_view text, Leaf const& leaf) const {
    for (auto const length : ends.lengths) {
        if (length > text.size())
            return;
        post(ends.table.find(text.substr(0, length)), leaf);
    }
}

void FieldTests::post_suffixes(Ends const& ends, std::string_view text, Leaf const& leaf) const {
    for (auto const length : ends.lengths) {
        if (length > text.size())
            return;
        post(ends.table.find(text.substr(text.size() - length)), leaf);
    }
}

void FieldTests::test_folded(Leaf const& leaf) const {
    auto& room = leaf.scratch.folded;
    auto const* const end = fold_case(leaf.text, room.data());
    std::string_view const folded(room.data(), static_cast<std::size_t>(end - room.data()));
    if (!folded_texts_.empty())
        post(folded_texts_.find(folded), leaf);
    post_prefixes(folded_prefixes_, folded, leaf);
    post_suffixes(folded_suffixes_, folded, leaf);
}

void FieldTests::test_address(Leaf const& leaf) const {
    auto const address = parse_address(leaf.text);
    if (!address)
        return;
    if (!addresses_.empty())
        post(addresses_.find(AddressKey(*address).view()), leaf);
    for (auto const& each : networks_)
        if (each.network.contains(*address))
            leaf.hits.add(each.predicate);
}

void FieldTests::test_text(Leaf const& leaf) const {
    if (!texts_.empty())
        post(texts_.find(leaf.text), leaf);
    post_prefixes(prefixes_, leaf.text, leaf);
    post_suffixes(suffixes_, leaf.text, leaf);
    if (has_folded_)
        test_folded(leaf);
    for (auto const wildcard : loose_wildcards_)
        post_one(wildcard, leaf);
    if (!networks_.empty() || !addresses_.empty())
        test_address(leaf);
}

void FieldTests::test_number(Leaf const& leaf) const {
    if (!decimals_.empty())
        if (auto const decimal = decimal_of(leaf.text))
            post(decimals_.find(DecimalKey(*decimal).view()), leaf);
    if (!spellings_.empty())
        post(spellings_.find(leaf.text), leaf);
    if (ranges_.empty())
        return;
    auto const value = comparable(leaf.text);
    if (!value)
        return;
    for (auto const& each : ranges_)
        if (each.range.contains(*value))
            leaf.hits.add(each.predicate);
}

void FieldTests::test(JsonType type, std::string_view text, LeafScratch& scratch,
                      Hits& hits) const {
    ++scratch.leaf;
    Leaf const leaf{text, scratch, hits};
    switch (type) {
    case JsonType::text: test_text(leaf); break;
    case JsonType::number: test_number(leaf); break;
    case JsonType::true_: post(true_, leaf); break;
    case JsonType::false_: post(false_, leaf); break;
    case JsonType::null_: post(null_, leaf); break;
    case JsonType::list:
    case JsonType::object: return;
    }
    for (auto const predicate : any_leaf_)
        hits.add(predicate);
    for (std::size_t i = 0; i < buts_.size(); ++i)
        if (scratch.excluded[first_but_ + i] != scratch.leaf)
            hits.add(buts_[i]);
}

std::size_t FieldTests::memory() const {
    auto total = sizeof *this;
    for (auto const* const table :
         {&texts_, &prefixes_.table, &suffixes_.table, &folded_texts_, &folded_prefixes_.table,
          &folded_suffixes_.table, &addresses_, &decimals_, &spellings_})
        total += table->memory();
    for (auto const& wildcard : wildcards_) {
        total += sizeof wildcard;
        for (auto const& piece : wildcard.pieces)
            total += sizeof piece + piece.capacity();
    }
    return total + ranges_.size() * sizeof(RangeTest) + networks_.size() * sizeof(NetworkTest) +
           (buts_.size() + any_leaf_.size() + loose_wildcards_.size()) * sizeof(std::uint32_t);
}

void FieldTestsBuilder::add_address(std::string const& text, std::uint32_t posting) {
    addresses_.push_back({std::string(AddressKey(*parse_address(text)).view()), posting});
}

void FieldTestsBuilder::add_text(std::string const& text, std::uint32_t posting) {
    if (parse_address(text))
        add_address(text, posting);
    else
        texts_.push_back({text, posting});
}

void FieldTestsBuilder::add_number(Literal const& literal, std::uint32_t posting) {
    if (literal.value)
        decimals_.push_back({std::string(DecimalKey(*decimal_of(literal.text)).view()), posting});
    else
        spellings_.push_back({literal.text, posting});
}

/// A range of one number is looked up like a number.
void FieldTestsBuilder::add_range(Range const& range, std::uint32_t predicate) {
    if (range.low == range.high)
        decimals_.push_back({std::string(DecimalKey(decimal_of(range.low)).view()),
                             posting_of(Kind::predicate, predicate)});
    else
        tests_.ranges_.push_back({range, predicate});
}

/// A wildcard stands in the table of its beginning, or else in that of its end.
void FieldTestsBuilder::add_wildcard(std::string const& text, std::uint32_t posting) {
    auto pieces = split_wildcard(text);
    if (pieces.size() == 1) {
        texts_.push_back({pieces.front(), posting});
        return;
    }
    auto const check = posting_of(Kind::wildcard, tests_.wildcards_.size());
    if (!pieces.front().empty())
        prefixes_.push_back(
            {pieces.front(), pieces.size() == 2 && pieces.back().empty() ? posting : check});
    else if (!pieces.back().empty())
        suffixes_.push_back({pieces.back(), pieces.size() == 2 ? posting : check});
    else
        tests_.loose_wildcards_.push_back(check);
    tests_.wildcards_.push_back({std::move(pieces), posting});
}

std::uint32_t FieldTestsBuilder::add_but(std::uint32_t predicate) {
    tests_.buts_.push_back(predicate);
    return posting_of(Kind::but, tests_.buts_.size() - 1);
}

void FieldTestsBuilder::add_each_text(Alternative const& alternative, std::uint32_t posting) {
    for (auto const& text : alternative.texts)
        switch (alternative.test) {
        case Test::text: add_text(text, posting); break;
        case Test::exactly:
        case Test::anything_but_texts: texts_.push_back({text, posting}); break;
        case Test::prefix:
        case Test::anything_but_prefix: prefixes_.push_back({text, posting}); break;
        case Test::suffix:
        case Test::anything_but_suffix: suffixes_.push_back({text, posting}); break;
        case Test::prefix_ignoring_case:
            folded_prefixes_.push_back({fold_case(text), posting});
            break;
        case Test::suffix_ignoring_case:
            folded_suffixes_.push_back({fold_case(text), posting});
            break;
        case Test::equals_ignoring_case:
        case Test::anything_but_ignoring_case:
            folded_texts_.push_back({fold_case(text), posting});
            break;
        case Test::wildcard:
        case Test::anything_but_wildcard: add_wildcard(text, posting); break;
        case Test::number:
        case Test::true_:
        case Test::false_:
        case Test::null_:
        case Test::anything_but_numbers:
        case Test::numeric:
        case Test::network:
        case Test::exists:
        case Test::absent: break;
        }
}

void FieldTestsBuilder::add(Alternative const& alternative, std::uint32_t predicate) {
    auto const posting = posting_of(Kind::predicate, predicate);
    switch (alternative.test) {
    case Test::text:
    case Test::exactly:
    case Test::prefix:
    case Test::suffix:
    case Test::prefix_ignoring_case:
    case Test::suffix_ignoring_case:
    case Test::equals_ignoring_case:
    case Test::wildcard: add_each_text(alternative, posting); return;
    case Test::number: add_number(alternative.numbers.front(), posting); return;
    case Test::true_: tests_.true_.push_back(posting); return;
    case Test::false_: tests_.false_.push_back(posting); return;
    case Test::null_: tests_.null_.push_back(posting); return;
    case Test::anything_but_texts:
    case Test::anything_but_prefix:
    case Test::anything_but_suffix:
    case Test::anything_but_ignoring_case:
    case Test::anything_but_wildcard: add_each_text(alternative, add_but(predicate)); return;
    case Test::anything_but_numbers: {
        auto const but = add_but(predicate);
        for (auto const& number : alternative.numbers)
            add_number(number, but);
        return;
    }
    case Test::numeric: add_range(alternative.range, predicate); return;
    case Test::network: tests_.networks_.push_back({alternative.network, predicate}); return;
    case Test::exists: tests_.any_leaf_.push_back(predicate); return;
    case Test::absent: return;
    }
    KONTOR_UNREACHABLE();
}

FieldTests::Ends FieldTestsBuilder::ends_of(Entries entries) {
    FieldTests::Ends ends;
    for (auto const& entry : entries)
        ends.lengths.push_back(static_cast<std::uint32_t>(entry.key.size()));
    std::sort(ends.lengths.begin(), ends.lengths.end());
    ends.lengths.erase(std::unique(ends.lengths.begin(), ends.lengths.end()), ends.lengths.end());
    ends.table = ByteTable(std::move(entries));
    return ends;
}

FieldTests FieldTestsBuilder::build(std::uint32_t& buts) && {
    tests_.has_folded_ =
        !folded_texts_.empty() || !folded_prefixes_.empty() || !folded_suffixes_.empty();
    tests_.texts_ = ByteTable(std::move(texts_));
    tests_.prefixes_ = ends_of(std::move(prefixes_));
    tests_.suffixes_ = ends_of(std::move(suffixes_));
    tests_.folded_texts_ = ByteTable(std::move(folded_texts_));
    tests_.folded_prefixes_ = ends_of(std::move(folded_prefixes_));
    tests_.folded_suffixes_ = ends_of(std::move(folded_suffixes_));
    tests_.addresses_ = ByteTable(std::move(addresses_));
    tests_.decimals_ = ByteTable(std::move(decimals_));
    tests_.spellings_ = ByteTable(std::move(spellings_));
    tests_.first_but_ = buts;
    buts += static_cast<std::uint32_t>(tests_.buts_.size());
    return std::move(tests_);
}

} // namespace kontor::routing
