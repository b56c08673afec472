#include "tests/simulation/world/mortal_models.hpp"

namespace kontor::simulation {
namespace {

class MortalModel final : public ports::ReadModel {
public:
    MortalModel(std::unique_ptr<ports::ReadModel> model, Lifeline& life)
        : model_(std::move(model)), life_(life) {}

    Result<ports::Checkpoint> checkpoint() override {
        return life_.pass([&] { return model_->checkpoint(); });
    }
    Result<bool> find(std::size_t table, std::span<ports::Cell const> key,
                      ports::RowVisitor const& visit) override {
        return life_.pass([&] { return model_->find(table, key, visit); });
    }
    Result<void> scan(ports::Scan const& scan, ports::RowVisitor const& visit) override {
        return life_.pass([&] { return model_->scan(scan, visit); });
    }
    Result<void> commit(ports::Changes const& changes,
                        ports::Checkpoint const& checkpoint) override {
        return life_.pass([&] { return model_->commit(changes, checkpoint); });
    }

    static std::unique_ptr<ports::ReadModel> unwrap(std::unique_ptr<ports::ReadModel> model) {
        return model ? std::move(static_cast<MortalModel&>(*model).model_) : nullptr;
    }

private:
    std::unique_ptr<ports::ReadModel> model_;
    Lifeline& life_;
};

} // namespace

Result<ports::OpenedModel> MortalModels::open(ports::ModelShape const& shape) {
    KONTOR_TRY(auto opened, life_.pass([&] { return models_->open(shape); }));
    opened.model = std::make_unique<MortalModel>(std::move(opened.model), life_);
    return opened;
}

Result<std::unique_ptr<ports::ReadModel>>
MortalModels::begin_rebuild(ports::ModelShape const& shape) {
    KONTOR_TRY(auto model, life_.pass([&] { return models_->begin_rebuild(shape); }));
    return std::unique_ptr<ports::ReadModel>(
        std::make_unique<MortalModel>(std::move(model), life_));
}

Result<std::unique_ptr<ports::ReadModel>>
MortalModels::replace(ports::ModelShape const& shape, std::unique_ptr<ports::ReadModel> live,
                      std::unique_ptr<ports::ReadModel> rebuilt) {
    auto const whole = [&] {
        return models_->replace(shape, MortalModel::unwrap(std::move(live)),
                                MortalModel::unwrap(std::move(rebuilt)));
    };
    KONTOR_TRY(auto model, life_.pass(whole));
    return std::unique_ptr<ports::ReadModel>(
        std::make_unique<MortalModel>(std::move(model), life_));
}

Result<void> MortalModels::discard(ports::ModelShape const& shape) {
    return life_.pass([&] { return models_->discard(shape); });
}

Result<std::unique_ptr<ports::RowReader>> MortalModels::read(ports::ModelShape const& shape) {
    return life_.pass([&] { return models_->read(shape); });
}

} // namespace kontor::simulation
