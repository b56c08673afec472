#include "tests/contract/read_models_contract.hpp"

#include "adapters/memory/read_models.hpp"

namespace kontor::contract {
namespace {

class MemoryModels final : public ReadModelsUnderTest {
public:
    ports::ReadModels& models() override { return models_; }
    void reopen() override {}

private:
    memory::ReadModels models_;
};

[[maybe_unused]] bool const registered =
    read_models_contract("memory", [] { return std::make_unique<MemoryModels>(); });

} // namespace
} // namespace kontor::contract
