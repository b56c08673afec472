#include "services/sheets/product_sheet.hpp"

#include "base/names.hpp"
#include "services/sheets/csv_text.hpp"

#include <algorithm>
#include <array>

namespace kontor::services::sheets {
namespace {

constexpr std::array<std::string_view, 11> product_columns{
    "sku",      "kind",   "title",     "text",     "category", "tax_class",
    "weight_g", "parent", "withdrawn", "currency", "price"};
constexpr std::array<std::string_view, 1> product_columns_needed{"sku"};

/// Reads one line field by field; the first field that is wrong makes it a bad one.
class ProductReading {
public:
    explicit ProductReading(TableLine const& from) : from_(from) {}

    std::optional<BadLine> read(ProductLine& to) {
        to.line = from_.number();
        if (!into("sku", to.sku, Sku::parse(from_.field("sku"))))
            return bad_;
        bool const good = read_names(to) && read_weight(to) && read_parent(to) &&
                          read_withdrawn(to) && read_price(to);
        return good ? std::nullopt : bad_;
    }

private:
    bool fail(std::string_view column, std::string what) {
        bad_ = BadLine{from_.number(), std::string(column), std::move(what)};
        return false;
    }
    template <class T, class To>
    bool into(std::string_view column, To& to, Result<T> const& read) {
        if (!read)
            return fail(column, read.error().what);
        to = *read;
        return true;
    }
    bool is_filled(std::string_view column) const { return !from_.field(column).empty(); }

    bool read_names(ProductLine& to) {
        for (auto const& [column, text] :
             {std::pair{"text", &to.text}, std::pair{"category", &to.category}})
            if (from_.has(column))
                *text = std::string(from_.field(column));
        if (is_filled("title"))
            to.title = std::string(from_.field("title"));
        else if (from_.has("title"))
            return fail("title", "a title is wanted");
        if (is_filled("kind")) {
            to.kind = enumerator_named<SkuKind>(from_.field("kind"));
            if (!to.kind)
                return fail("kind", "goods, shipping, voucher or charge is wanted");
        }
        if (is_filled("tax_class"))
            return into("tax_class", to.tax_class, read_tax_class());
        return true;
    }
    Result<TaxClass> read_tax_class() const {
        auto const text = from_.field("tax_class");
        if (text.size() > TaxClass::length_max)
            return unexpected(Failure{FailureKind::invalid, "it is too long"});
        return TaxClass(text);
    }
    bool read_weight(ProductLine& to) {
        if (!from_.has("weight_g"))
            return true;
        to.weight_g = std::optional<Count>();
        if (!is_filled("weight_g"))
            return true;
        std::int64_t grams = 0;
        if (!into("weight_g", grams, parse_whole(from_.field("weight_g"))))
            return false;
        to.weight_g = std::optional(Count(grams));
        return true;
    }
    bool read_parent(ProductLine& to) {
        if (!from_.has("parent"))
            return true;
        to.parent = std::optional<Sku>();
        Sku parent;
        if (!is_filled("parent"))
            return true;
        if (!into("parent", parent, Sku::parse(from_.field("parent"))))
            return false;
        to.parent = std::optional(parent);
        return true;
    }
    bool read_withdrawn(ProductLine& to) {
        if (!is_filled("withdrawn"))
            return true;
        auto const text = from_.field("withdrawn");
        if (text != "yes" && text != "no")
            return fail("withdrawn", "yes or no is wanted");
        to.withdrawn = text == "yes";
        return true;
    }
    bool read_price(ProductLine& to) {
        if (!is_filled("price"))
            return true;
        Currency currency;
        if (!into("currency", currency, Currency::parse(from_.field("currency"))))
            return false;
        if (!into("price", to.price, parse_decimal(from_.field("price"), currency)))
            return false;
        return !to.price->is_negative() || fail("price", "a price is not below zero");
    }

    TableLine const& from_;
    std::optional<BadLine> bad_{};
};

template <class T>
std::optional<T> filled(T const& value) {
    return value.empty() ? std::nullopt : std::optional(value);
}

/// The description with what the line says.
product::Description described(product::Description description, ProductLine const& line) {
    if (line.kind)
        description.kind = *line.kind;
    if (line.title)
        description.title = *line.title;
    if (line.tax_class)
        description.tax_class = *line.tax_class;
    if (line.text)
        description.text = filled(*line.text);
    if (line.category)
        description.category = filled(*line.category);
    if (line.weight_g)
        description.weight_g = *line.weight_g;
    if (line.parent)
        description.parent = *line.parent;
    return description;
}

} // namespace

Result<Sheet<ProductLine>> read_products(ports::ByteSource& source) {
    return read_sheet<ProductLine>(
        source, product_columns, product_columns_needed,
        [](TableLine const& from, ProductLine& to) { return ProductReading(from).read(to); });
}

ProductWishes wishes_of(product::State const& state, ProductLine const& line, Instant now) {
    ProductWishes wishes;
    auto const* const listed = std::get_if<product::Listed>(&state);
    auto const wanted =
        described(listed != nullptr ? listed->description : product::Description{}, line);
    if (listed == nullptr && (wanted.title.empty() || wanted.tax_class.view().empty())) {
        wishes.what = "there is no such product yet: title and tax_class are wanted";
        return wishes;
    }
    if (listed == nullptr)
        wishes.commands.emplace_back(product::Add{line.sku, wanted});
    else if (wanted != listed->description)
        wishes.commands.emplace_back(product::Change{line.sku, wanted});
    if (line.price && product::price_at(state, line.price->currency(), now) != line.price)
        wishes.commands.emplace_back(product::SetPrice{line.sku, *line.price, {}});
    bool const is_withdrawn = listed != nullptr && listed->withdrawn;
    if (line.withdrawn && *line.withdrawn && !is_withdrawn)
        wishes.commands.emplace_back(product::Withdraw{line.sku, "as the imported table says"});
    if (line.withdrawn && !*line.withdrawn && is_withdrawn)
        wishes.commands.emplace_back(product::Restore{line.sku, "as the imported table says"});
    return wishes;
}

std::string product_header() {
    std::string out;
    append_record(out, std::vector<std::string>(product_columns.begin(), product_columns.end()));
    return out;
}

void append_product(std::string& out, Sku const& sku, product::State const& state, Instant now) {
    auto const* const listed = std::get_if<product::Listed>(&state);
    if (listed == nullptr)
        return;
    auto const& description = listed->description;
    std::vector<Money> prices;
    for (auto const& each : listed->prices) {
        auto const price = product::price_at(state, each.price.currency(), now);
        if (price && std::ranges::find(prices, *price) == prices.end())
            prices.push_back(*price);
    }
    std::ranges::sort(prices, {}, [](Money price) { return price.currency().code(); });
    std::vector<std::string> fields{
        std::string(sku.view()),
        std::string(enumerator_name(description.kind)),
        description.title,
        description.text.value_or(""),
        description.category.value_or(""),
        std::string(description.tax_class.view()),
        description.weight_g ? std::to_string(description.weight_g->value()) : "",
        description.parent ? std::string(description.parent->view()) : "",
        listed->withdrawn ? "yes" : "no",
        "",
        ""};
    if (prices.empty())
        append_record(out, fields);
    for (auto const& price : prices) {
        fields[9] = std::string(price.currency().code());
        fields[10] = price.decimal();
        append_record(out, fields);
    }
}

} // namespace kontor::services::sheets
