#pragma once

/// MortalDisk: the disk as one process sees it. The disk beneath survives the process; a call that
/// the process dies in happens in part, and then the power is gone, too.   Thread: one.

#include "tests/simulation/world/lifeline.hpp"

#include "adapters/memory/disk.hpp"

namespace kontor::simulation {

class MortalDisk final : public ports::Disk {
public:
    MortalDisk(memory::Disk& disk, Lifeline& life) : disk_(disk), life_(life) {}

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override;
    Result<void> rename(std::string_view from, std::string_view to) override;
    Result<void> remove(std::string_view name) override;
    Result<std::vector<std::string>> list() override;
    Result<void> sync_directory() override;
    Result<ports::DiskState> state() override;

private:
    class MortalFile;

    template <class Call>
    auto pass(Call const& call) -> decltype(call()) {
        return life_.pass(call, [&] {
            disk_.cut_power_after(0);
            (void)call();
            disk_.cut_power();
        });
    }

    memory::Disk& disk_;
    Lifeline& life_;
};

} // namespace kontor::simulation
