#include "tests/simulation/checkers/views.hpp"

#include "adapters/memory/read_models.hpp"
#include "platform/projections/fold.hpp"

#include <fmt/format.h>

namespace kontor::simulation {
namespace {

using Rows = std::vector<std::string>;

std::string in_words(std::span<ports::Cell const> row) {
    std::string words;
    for (auto const& cell : row)
        words += cell.is_null() ? "|-"
                 : cell.kind() == ports::CellKind::integer
                     ? fmt::format("|{}", cell.number())
                     : fmt::format("|'{}'", cell.characters());
    return words;
}

Result<Rows> rows_of(ports::RowReader& reader, ports::ModelShape const& shape) {
    Rows rows;
    for (std::size_t table = 0; table < shape.tables.size(); ++table)
        KONTOR_TRY(reader.scan({.table = table}, [&](std::span<ports::Cell const> row) {
            rows.push_back(std::string(shape.tables[table].name) + in_words(row));
            return true;
        }));
    return rows;
}

/// The rows of a fold from the first fact up to `until`.
Result<Rows> fresh_rows(ports::EventStore& log, services::views::KeptModel const& model,
                        ports::Position until) {
    memory::ReadModels models;
    auto projection = model.make();
    auto const shape = projection->shape();
    KONTOR_TRY(auto opened, models.open(shape));
    projections::Fold fold(std::move(projection), std::move(opened.model), {});
    while (fold.position() < until) {
        KONTOR_TRY(auto const folded, fold.follow(log, ports::Limit(1024), until));
        if (folded == 0)
            break;
    }
    KONTOR_TRY(fold.commit());
    KONTOR_TRY(auto const reader, models.read(shape));
    return rows_of(*reader, shape);
}

std::string difference(Rows const& kept, Rows const& fresh) {
    for (std::size_t i = 0; i < std::max(kept.size(), fresh.size()); ++i) {
        auto const a = i < kept.size() ? kept[i] : "nothing";
        auto const b = i < fresh.size() ? fresh[i] : "nothing";
        if (a != b)
            return fmt::format("{} where a fresh fold has {}", a, b);
    }
    return {};
}

} // namespace

std::vector<services::views::KeptModel> watched_models() {
    return {*services::views::find_model("orders"), *services::views::find_model("stock"),
            *services::views::find_model("customers"), *services::views::find_model("attention")};
}

void ViewsChecker::compare(ports::EventStore& log, ports::ReadModels& models) {
    for (auto const& model : watched_models())
        compare_one(log, models, model, false);
}

void ViewsChecker::at_rest(ports::EventStore& log, ports::ReadModels& models) {
    for (auto const& model : watched_models())
        compare_one(log, models, model, true);
}

void ViewsChecker::compare_one(ports::EventStore& log, ports::ReadModels& models,
                               services::views::KeptModel const& model, bool is_at_rest) {
    auto const fail = [&](std::string const& what) {
        verdict_.fail("I6", fmt::format("the read model {}: {}", model.name, what));
    };
    auto const shape = model.make()->shape();
    auto const reader = models.read(shape);
    if (!reader && reader.error().kind == FailureKind::not_found && !is_at_rest)
        return;
    auto const checkpoint =
        reader ? (*reader)->checkpoint() : Result<ports::Checkpoint>(unexpected(reader.error()));
    if (!checkpoint)
        return fail(to_string(checkpoint.error()));
    auto const at = checkpoint->position;
    auto const end = log.durable().position;
    if (at > end || (is_at_rest && at != end))
        return fail(fmt::format("it stands at {}, the log ends at {}", at.value(), end.value()));
    auto const kept = rows_of(**reader, shape);
    auto const fresh = fresh_rows(log, model, at);
    if (!kept || !fresh)
        return fail(to_string(kept ? fresh.error() : kept.error()));
    ++compared_;
    if (auto const differs = difference(*kept, *fresh); !differs.empty())
        fail(fmt::format("at {} it has {}", at.value(), differs));
}

} // namespace kontor::simulation
