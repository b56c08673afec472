#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_views.hpp"
#include "programs/kontor/serve_proofs.hpp"
#include "programs/kontor/streams.hpp"

#include "codec/json_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

namespace kontor::programs {
namespace {

constexpr auto proofs_look_every = std::chrono::milliseconds(200);
constexpr ports::Limit proofs_page(4096);

struct ProofFlags {
    std::uint64_t position{0};
    std::uint64_t from{0};
    std::uint64_t to{0};
    std::string file;
    std::string key;
};

Trouble not_as_signed(std::string what) {
    return {"not_as_signed", {FailureKind::corrupt, std::move(what)}};
}

Trouble no_proof(std::string const& file) {
    return {"malformed",
            {FailureKind::invalid, "this file holds no proof", file},
            "`kontor audit prove` writes one."};
}

/// The proof, as it is sent or kept: JSON, however the output is asked for.
Outcome prove(Program& program, ProofFlags const& flags) {
    if ((flags.position == 0) == (flags.from == 0))
        return unexpected(
            Trouble({FailureKind::invalid, "either --position or --from is wanted, and not both"}));
    KONTOR_TRY(auto remote, Remote::reach(program));
    auto path = fmt::format("/v1/ops/audit/proof?{}={}", flags.position > 0 ? "position" : "from",
                            flags.position > 0 ? flags.position : flags.from);
    if (flags.to > 0)
        path += fmt::format("&to={}", flags.to);
    KONTOR_TRY(auto const proof, remote.get(path));
    answer("{}\n", boost::json::serialize(proof));
    return ExitCode::ok;
}

/// What a file says of itself; every part may be missing or forged.
struct ReadProof {
    boost::json::object whole;

    std::string text(char const* name) const { return text_in(whole, name); }
    std::uint64_t number(char const* name) const {
        auto const* const value = whole.if_contains(name);
        return value != nullptr && value->is_int64() && value->get_int64() >= 0
                   ? static_cast<std::uint64_t>(value->get_int64())
                   : 0;
    }
    std::optional<proofs::Hashes> hashes() const {
        proofs::Hashes hashes;
        auto const* const list = whole.if_contains("proof");
        if (list == nullptr || !list->is_array())
            return std::nullopt;
        for (auto const& item : list->get_array()) {
            auto const hash =
                item.is_string() ? proofs::hash_in(std::string(item.get_string())) : std::nullopt;
            if (!hash)
                return std::nullopt;
            hashes.push_back(*hash);
        }
        return hashes;
    }
};

bool holds(ReadProof const& proof, proofs::Hashes const& hashes, proofs::Tree const& tree) {
    if (proof.text("kind") == "inclusion") {
        auto const leaf = codec::parse_base64(proof.text("leaf"));
        return leaf && proofs::proves_inclusion(hashes, proofs::leaf_hash(*leaf),
                                                proof.number("leaf_index"), tree);
    }
    auto const root = proofs::hash_in(proof.text("from_root"));
    return proof.text("kind") == "consistency" && root &&
           proofs::proves_consistency(hashes, {proof.number("from_size"), *root}, tree);
}

/// Needs nothing but the file, and a key that somebody trusts.
Outcome verify_file(Program& program, ProofFlags const& flags) {
    std::ifstream file(flags.file);
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    boost::system::error_code error;
    auto const parsed = boost::json::parse(text, error);
    if (error || !parsed.is_object())
        return unexpected(no_proof(flags.file));
    ReadProof const proof{parsed.get_object()};
    auto const hashes = proof.hashes();
    if (!hashes)
        return unexpected(no_proof(flags.file));
    auto const head = proofs::open_checkpoint(proof.text("checkpoint"),
                                              flags.key.empty() ? proof.text("key") : flags.key);
    if (!head)
        return unexpected(not_as_signed(head.error().what));
    if (!holds(proof, *hashes, head->tree))
        return unexpected(not_as_signed("the proof does not lead to the signed head"));
    program.output.object({{"kind", proof.text("kind")},
                           {"state", "as_it_was"},
                           {"origin", head->origin},
                           {"leaves", head->tree.size},
                           {"position", head->position},
                           {"key", flags.key.empty() ? "the one in the file" : "the given one"}});
    return ExitCode::ok;
}

Outcome tell(Program& program, boost::json::object const& report) {
    program.output.object(report);
    return text_in(report, "state") == "changed" ? ExitCode::check_failed : ExitCode::ok;
}

/// By the server that has the log open.
Outcome verify_there(Program& program, Remote& remote) {
    watch_for_interrupts();
    KONTOR_TRY(remote.send({"POST", "/v1/ops/audit/verify"}));
    for (;;) {
        KONTOR_TRY(auto const report, remote.get("/v1/ops/audit/verify"));
        if (text_in(report.as_object(), "state") != "running")
            return tell(program, report.as_object());
        if (was_interrupted())
            return ExitCode::interrupted;
        std::this_thread::sleep_for(proofs_look_every);
    }
}

Trouble nothing_to_compare(Failure failure) {
    return {"not_found", std::move(failure),
            "Where the shop was served before, it was taken away: compare with a copy from before, "
            "or with a head kept elsewhere. Where it never was, `kontor serve` makes it."};
}

/// The last signed head; empty: none was signed yet.
/// Errors: corrupt (it is not of the key), not_found (no key), unavailable, invalid.
Result<std::optional<proofs::Head>, Trouble> signed_head(OpenLog const& log) {
    auto const signer = read_signer(log.directory(), log.report().lineage.to_string());
    if (!signer && signer.error().kind == FailureKind::not_found)
        return unexpected(nothing_to_compare(signer.error()));
    if (!signer)
        return unexpected(signer.error());
    auto const kept = kept_checkpoint(log.directory());
    if (kept.empty())
        return std::optional<proofs::Head>();
    auto read = proofs::open_checkpoint(kept, signer->verifier_key());
    if (!read)
        return unexpected(not_as_signed(read.error().what));
    return std::optional(*std::move(read));
}

/// Errors: corrupt (it is gone, and its signed head is there), not_found (there is none over a log
///         that has facts), unavailable.
Result<ProofFiles, Trouble> tree_over(OpenLog const& log, bool is_signed) {
    auto files = look_at_proof_files(log.directory());
    if (!files && files.error().kind != FailureKind::not_found)
        return unexpected(files.error());
    bool const is_there =
        files && (files->tree().whole_leaves() > 0 || log.report().last == ports::Position());
    if (is_there)
        return *std::move(files);
    if (is_signed)
        return unexpected(not_as_signed("the tree is gone whose head was signed"));
    return unexpected(nothing_to_compare(
        {FailureKind::not_found, "there is no tree over this log", log.directory() + "/audit"}));
}

/// Here, with the log, the tree and the key of the data directory, which stay as they are.
Outcome verify_here(Program& program) {
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const head, signed_head(*log));
    KONTOR_TRY(auto const files, tree_over(*log, head.has_value()));
    auto const tree = files.tree();
    proofs::LogCheck check(log->store(), tree, tree.whole_leaves(), head);
    while (!check.report().is_done)
        KONTOR_TRY(check.step(proofs_page));
    auto const& found = check.report();
    boost::json::object report{{"state", found.first_bad ? "changed" : "as_it_was"},
                               {"leaves", found.leaves},
                               {"position", found.position}};
    if (found.first_bad) {
        report["first_bad_position"] = *found.first_bad;
        report["what"] = found.what;
    }
    return tell(program, report);
}

Outcome verify(Program& program, ProofFlags const& flags) {
    if (!flags.file.empty())
        return verify_file(program, flags);
    KONTOR_TRY(auto remote, Remote::find(program));
    return remote ? verify_there(program, *remote) : verify_here(program);
}

} // namespace

void add_audit_proofs(CLI::App& audit, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<ProofFlags>();
    auto& proved = add_command(
        audit, chosen,
        {"prove", "Proves that a fact is in the log, or that the log begins as it was",
         "  kontor audit prove --position 4711 > proof.json\n  kontor audit prove --from 1200"},
        prove, flags);
    proved.add_option("--position", flags->position, "of the fact, in the log");
    proved.add_option("--from", flags->from, "the size of the earlier tree, as its head says");
    proved.add_option("--to", flags->to, "the size of the later tree (as it stands now)");
    auto const check = std::make_shared<ProofFlags>();
    auto& verified = add_command(
        audit, chosen,
        {"verify", "Compares the log with what was signed, or looks whether a proof holds",
         "  kontor audit verify\n  kontor audit verify --file proof.json --key kontor/…+…+…"},
        verify, check);
    verified.add_option("--file", check->file, "a proof, as `audit prove` wrote it: needs no shop");
    verified.add_option("--key", check->key, "that is trusted, not the one in the file");
}

} // namespace kontor::programs
