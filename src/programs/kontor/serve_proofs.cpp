#include "programs/kontor/serve_proofs.hpp"

#include "programs/kontor/open_log.hpp"
#include "programs/kontor/serve_files.hpp"

#include "codec/json_text.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace kontor::programs {
namespace {

/// It may sleep long: nobody waits for it.
constexpr IdleStrategy at_leisure{
    1, Duration::milliseconds(5), Duration::milliseconds(50), Duration::milliseconds(200), 1024,
    10};

std::string checkpoint_file(std::string const& directory) {
    return directory + "/audit/checkpoint";
}

std::string proofs_key_file(std::string const& directory) {
    return directory + "/keys/audit.key";
}

Result<proofs::Signer> signer_of(std::string const& line, std::string const& file,
                                 std::string const& lineage) {
    auto const seed = codec::parse_base64(line);
    auto signer =
        proofs::Signer::of("kontor/" + lineage, seed ? *seed : std::vector<std::uint8_t>());
    if (!signer)
        return unexpected(Failure{signer.error().kind, signer.error().what, file});
    return signer;
}

} // namespace

Result<ProofFiles, Trouble> open_proof_files(std::string const& directory) {
    KONTOR_TRY(make_data_directory(directory + "/audit"));
    ProofFiles files;
    KONTOR_TRY(files.nodes,
               files::RecordFile::open(directory + "/audit/nodes", sizeof(proofs::Hash)));
    KONTOR_TRY(files.leaves,
               files::RecordFile::open(directory + "/audit/leaves", proofs::position_bytes));
    return files;
}

Result<ProofFiles> look_at_proof_files(std::string const& directory) {
    ProofFiles files;
    KONTOR_TRY(files.nodes,
               files::RecordFile::look(directory + "/audit/nodes", sizeof(proofs::Hash)));
    KONTOR_TRY(files.leaves,
               files::RecordFile::look(directory + "/audit/leaves", proofs::position_bytes));
    return files;
}

Result<proofs::Signer> read_signer(std::string const& directory, std::string const& lineage) {
    auto const path = proofs_key_file(directory);
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error)
        return unexpected(
            Failure{FailureKind::not_found, "there is no key that signs heads", path});
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    if (error || !file.is_open() || file.bad())
        return unexpected(Failure{FailureKind::unavailable, "the key cannot be read", path});
    return signer_of(line, path, lineage);
}

Result<proofs::Signer> open_signer(std::string const& directory, std::string const& lineage,
                                   ports::SecretSource& secrets) {
    auto signer = read_signer(directory, lineage);
    if (signer || signer.error().kind != FailureKind::not_found)
        return signer;
    std::vector<std::uint8_t> fresh(proofs::Signer::seed_bytes);
    secrets.fill(fresh);
    auto const line = proofs::base64_of(fresh);
    KONTOR_TRY(write_private_file(proofs_key_file(directory), line + "\n"));
    return signer_of(line, proofs_key_file(directory), lineage);
}

std::string kept_checkpoint(std::string const& directory) {
    std::ifstream file(checkpoint_file(directory));
    return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::unique_ptr<ServedProofs>, Trouble>
ServedProofs::open(ports::EventStore& store, Clock& clock, ports::SecretSource& secrets,
                   std::string const& directory, std::string const& lineage) {
    auto served = std::make_unique<ServedProofs>();
    KONTOR_TRY(served->files_, open_proof_files(directory));
    KONTOR_TRY(auto signer, open_signer(directory, lineage, secrets));
    auto const load = [directory] { return kept_checkpoint(directory); };
    auto const save = [directory](std::string_view text) {
        return write_private_file(checkpoint_file(directory), std::string(text));
    };
    auto const tell = [raw = served.get()](Failure const& failure) { raw->on_failure_(failure); };
    served->tree_.emplace(store, clock, served->files_.tree(), std::move(signer),
                          proofs::ProofTree::Keep{load, save, tell});
    KONTOR_TRY(served->tree_->recover());
    if (served->tree_->has_refused_head()) // the next head takes its place
        KONTOR_TRY(write_private_file(checkpoint_file(directory) + ".refused", load()));
    return served;
}

void ServedProofs::start(std::function<void(Failure const&)> on_failure) {
    on_failure_ = std::move(on_failure);
    runner_ = std::make_unique<Runner>(*tree_, at_leisure, on_failure_);
}

} // namespace kontor::programs
