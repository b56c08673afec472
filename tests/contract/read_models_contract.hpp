#pragma once

/// What every store of read models must do, as a function of a factory: each adapter runs the same
/// sentences.

#include "ports/read_models.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::contract {

/// A store under test with all it needs to live.
class ReadModelsUnderTest {
public:
    virtual ~ReadModelsUnderTest() = default;
    virtual ports::ReadModels& models() = 0;
    /// Opens the store again on what it kept, as after the death of the process. All models are
    /// closed.
    virtual void reopen() = 0;
};

using MakeReadModels = std::function<std::unique_ptr<ReadModelsUnderTest>()>;

/// Registers the suite `ReadModelsContract/<name>`.
bool read_models_contract(std::string const& name, MakeReadModels make);

} // namespace kontor::contract
