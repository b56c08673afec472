#include "tests/contract/read_models_contract.hpp"
#include "tests/support/scratch_directory.hpp"

#include "adapters/embedded/sqlite/read_models.hpp"

namespace kontor::contract {
namespace {

class SqliteModels final : public ReadModelsUnderTest {
public:
    SqliteModels() { reopen(); }
    ports::ReadModels& models() override { return *models_; }
    void reopen() override {
        models_.reset();
        models_ = std::move(sqlite::ReadModels::open(directory_.path())).value();
    }

private:
    testing::ScratchDirectory directory_;
    std::unique_ptr<sqlite::ReadModels> models_;
};

[[maybe_unused]] bool const registered =
    read_models_contract("sqlite", [] { return std::make_unique<SqliteModels>(); });

} // namespace
} // namespace kontor::contract
