#pragma once

/// Products and their prices as a table: a line for each product and currency. A product without a
/// price has one line.   Pure, but for the source that is read.

#include "services/sheets/table.hpp"

#include "domain/catalog/product/product.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::sheets {

/// What a line says of a product. A column that is not in the file says nothing.
struct ProductLine {
    std::uint64_t line;
    Sku sku;
    std::optional<SkuKind> kind{};
    std::optional<std::string> title{};
    std::optional<TaxClass> tax_class{};
    std::optional<std::string> text{};     ///< empty: none
    std::optional<std::string> category{}; ///< empty: none
    std::optional<std::optional<Count>> weight_g{};
    std::optional<std::optional<Sku>> parent{};
    std::optional<bool> withdrawn{};
    std::optional<Money> price{};
};

/// Errors: invalid (the header row), and what the source says.
Result<Sheet<ProductLine>> read_products(ports::ByteSource& source);

/// What has to be asked so that the product is as the line says; nothing where it is so already.
/// Shape:  for a product that is not there, a title is needed: `what` says what is missing.
struct ProductWishes {
    std::vector<product::Command> commands{};
    std::string what{}; ///< not empty: the line cannot be carried out
};
ProductWishes wishes_of(product::State const& state, ProductLine const& line, Instant now);

/// The header row.
std::string product_header();
/// A product as it is now.   Shape: one line for each of its currencies; none: it is not listed.
void append_product(std::string& out, Sku const& sku, product::State const& state, Instant now);

} // namespace kontor::services::sheets
