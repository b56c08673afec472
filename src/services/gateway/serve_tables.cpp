#include "services/gateway/codes.hpp"

#include "services/gateway/stock_answers.hpp"
#include "services/gateway/tables.hpp"

#include "platform/commands/turn.hpp"
#include "services/sheets/product_sheet.hpp"
#include "services/sheets/stock_sheet.hpp"
#include "services/views/queries.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kontor::services::gateway {
namespace {

/// What each line of a table asks for, decided here first, one behind the other: so a line is read
/// on top of those before it, and what cannot be is named without going to the desk.
template <class Aggregate>
class TableWishes {
public:
    using Key = typename Aggregate::Key;
    using Fold = typename Aggregate::Fold;
    using State = typename Fold::State;

    TableWishes(Parts& parts, Asked const& asked, std::vector<sheets::BadLine> bad)
        : parts_(parts), asked_(asked), bad_(std::move(bad)) {}

    /// Errors: those of the log.
    Result<State const*, Trouble> state(Key const& key) {
        auto const name = Aggregate::stream(key);
        auto found = states_.find(name);
        if (found == states_.end()) {
            KONTOR_TRY(auto folded, or_trouble(commands::fold_stream<Aggregate>(parts_.log, key)));
            found = states_.emplace(name, std::move(folded.first)).first;
        }
        return &found->second;
    }

    void refuse(std::uint64_t line, std::string what) {
        bad_.push_back({line, {}, std::move(what)});
    }

    /// Takes what a line wishes, each wish as a command of its own, for one command decides once on
    /// each stream. A line of which one wish cannot be is refused as a whole.
    /// Requires: its state was asked for.
    void take(std::uint64_t line, Key const& key, std::vector<typename Fold::Command> wishes) {
        auto& state = states_.at(Aggregate::stream(key));
        auto tried = state;
        std::vector<Write> writes;
        for (auto& wish : wishes) {
            auto const id = CommandId::mint(asked_.now, parts_.random);
            auto const decided = Fold::decide(tried, wish, Context{asked_.now, id});
            if (!decided)
                return refuse(line, refused_for(trouble_of(Refusal(decided.error()))));
            for (auto const& event : *decided)
                evolve_in_place<Fold>(tried, event);
            writes.push_back(write_to<Aggregate>(key, std::move(wish), 200, nothing_to_show));
            writes.back().command = id;
        }
        state = std::move(tried);
        ++lines_;
        for (auto& write : writes) {
            writes_.each.emplace_back(std::move(write));
            of_write_.push_back(line);
        }
    }

    Answer finish() {
        writes_.finish = [bad = std::move(bad_), lines = lines_, of_write = std::move(of_write_)](
                             std::vector<Result<Reply, Trouble>> const& replies) {
            auto all = bad;
            std::set<std::uint64_t> const asked(of_write.begin(), of_write.end());
            std::set<std::uint64_t> refused;
            for (std::size_t i = 0; i < replies.size(); ++i)
                if (!replies[i] && refused.insert(of_write[i]).second)
                    all.push_back({of_write[i], {}, refused_for(replies[i].error())});
            std::ranges::stable_sort(all, {}, &sheets::BadLine::line);
            TableOutcome const outcome{lines - refused.size(), asked.size() - refused.size(),
                                       lines - asked.size(), all.size(), answers_of(all)};
            return json_reply(200, outcome);
        };
        return Answer(std::move(writes_));
    }

private:
    static Result<Reply, Trouble> nothing_to_show(Parts&, Asked const&, Seen const&) {
        return Reply{};
    }
    static std::string refused_for(Trouble const& trouble) {
        return "refused: " + std::string(trouble.problem->name);
    }

    Parts& parts_;
    Asked const& asked_;
    std::vector<sheets::BadLine> bad_;
    std::map<StreamId, State> states_;
    Writes writes_;
    std::vector<std::uint64_t> of_write_;
    std::uint64_t lines_{0};
};

} // namespace

namespace code {

Served export_products(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    KONTOR_TRY(auto const after, key_after<Sku>(page));
    KONTOR_TRY(auto products,
               or_trouble(views::list_products(*asked.rows, after, table_rows_max + 1)));
    bool const has_more = cut_to(products, table_rows_max);
    auto text = after ? std::string() : sheets::product_header();
    for (auto const& [row, prices] : products) {
        KONTOR_TRY(auto const found, or_trouble(parts.catalogue.product(row.sku, newest)));
        sheets::append_product(text, row.sku, found.state, asked.now);
    }
    return Answer(table_reply(
        std::move(text),
        has_more ? next_address(parts, asked, products.back().product.sku.view()) : ""));
}

Served export_stock(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::StockFilter filter;
    KONTOR_TRY(filter.after, item_after(page));
    filter.limit = table_rows_max + 1;
    KONTOR_TRY(auto items, or_trouble(views::list_stock(*asked.rows, filter)));
    bool const has_more = cut_to(items, table_rows_max);
    auto text = filter.after ? std::string() : sheets::stock_header();
    for (auto const& row : items)
        sheets::append_stock(text, row.sku, row.location,
                             {row.on_hand, row.safety, row.backorder_max, row.low_at, row.reserved,
                              row.available, row.backordered});
    return Answer(table_reply(std::move(text),
                              has_more ? next_address(parts, asked, item_key(items.back())) : ""));
}

Served import_products(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto sheet, table_of(asked, &sheets::read_products, table_lines_max));
    TableWishes<Products> wishes(parts, asked, std::move(sheet.bad));
    for (auto const& line : sheet.lines) {
        KONTOR_TRY(auto const* const state, wishes.state(line.sku));
        auto found = sheets::wishes_of(*state, line, asked.now);
        if (found.what.empty())
            wishes.take(line.line, line.sku, std::move(found.commands));
        else
            wishes.refuse(line.line, std::move(found.what));
    }
    return wishes.finish();
}

Served import_stock(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto sheet, table_of(asked, &sheets::read_stock, table_lines_max));
    TableWishes<StockItems> wishes(parts, asked, std::move(sheet.bad));
    for (auto const& line : sheet.lines) {
        StockKey const key{line.location, line.sku};
        KONTOR_TRY(auto const* const state, wishes.state(key));
        wishes.take(line.line, key, sheets::wishes_of(*state, line));
    }
    return wishes.finish();
}

} // namespace code
} // namespace kontor::services::gateway
