#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/proof_answers.hpp"
#include "services/gateway/replies.hpp"

#include "platform/proofs/tree.hpp"

namespace kontor::services::gateway {
namespace {

Result<proofs::ProofTree*, Trouble> tree_of(Parts& parts) {
    if (parts.proofs == nullptr)
        return unexpected(trouble("unsupported"));
    return parts.proofs;
}

std::vector<std::string> texts_of(proofs::Hashes const& hashes) {
    std::vector<std::string> texts;
    for (auto const& hash : hashes)
        texts.push_back(proofs::base64_of(hash));
    return texts;
}

Served prove_inclusion(proofs::ProofTree& tree, std::uint64_t position) {
    KONTOR_TRY(auto const found, or_trouble(tree.inclusion(position)));
    ProofAnswer answer{};
    answer.kind = ProofKind::inclusion;
    answer.checkpoint = tree.signer().sign(found.head);
    answer.key = tree.signer().verifier_key();
    answer.proof = texts_of(found.proof);
    answer.position = position;
    answer.leaf_index = found.leaf_index;
    answer.leaf = proofs::base64_of(found.leaf);
    return Answer(json_reply(200, answer));
}

Served prove_consistency(proofs::ProofTree& tree, std::uint64_t from, std::uint64_t to) {
    KONTOR_TRY(auto const found, or_trouble(tree.consistency(from, to)));
    ProofAnswer answer{};
    answer.kind = ProofKind::consistency;
    answer.checkpoint = tree.signer().sign(found.to);
    answer.key = tree.signer().verifier_key();
    answer.proof = texts_of(found.proof);
    answer.from_size = found.from.size;
    answer.from_root = proofs::base64_of(found.from.root);
    return Answer(json_reply(200, answer));
}

AuditCheckAnswer answer_of(std::optional<proofs::CheckReport> const& report) {
    AuditCheckAnswer answer{};
    if (!report)
        return answer;
    answer.state = !report->is_done    ? AuditCheckState::running
                   : report->first_bad ? AuditCheckState::changed
                                       : AuditCheckState::as_it_was;
    answer.leaves = report->leaves;
    answer.position = report->position;
    answer.first_bad_position = report->first_bad;
    if (report->first_bad)
        answer.what = report->what;
    return answer;
}

} // namespace

namespace code {

Served show_checkpoint(Parts& parts, Asked&) {
    KONTOR_TRY(auto* const tree, tree_of(parts));
    KONTOR_TRY(auto const head, or_trouble(tree->head()));
    return Answer(json_reply(
        200, CheckpointAnswer{tree->signer().sign(head), tree->signer().verifier_key(),
                              head.tree.size, proofs::base64_of(head.tree.root), head.position}));
}

Served show_proof(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const tree, tree_of(parts));
    KONTOR_TRY(auto const position, number_parameter(asked, "position"));
    KONTOR_TRY(auto const from, number_parameter(asked, "from"));
    KONTOR_TRY(auto const to, number_parameter(asked, "to"));
    if (position.has_value() == from.has_value() || (position && to))
        return unexpected(
            bad_parameter("position", "either this is wanted, or from, and to if it is not now"));
    if (position)
        return prove_inclusion(*tree, *position);
    KONTOR_TRY(auto const head, or_trouble(tree->head()));
    return prove_consistency(*tree, *from, to.value_or(head.tree.size));
}

Served verify_audit(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const tree, tree_of(parts));
    auto const start = [tree,
                        by = std::string(asked.actor().id.view())]() -> Result<Reply, Trouble> {
        tree->start_check(by);
        return json_reply(202, answer_of(tree->last_check()));
    };
    return after_note(asked, {std::nullopt, std::nullopt, start});
}

Served show_audit_check(Parts& parts, Asked&) {
    KONTOR_TRY(auto* const tree, tree_of(parts));
    return Answer(json_reply(200, answer_of(tree->last_check())));
}

} // namespace code
} // namespace kontor::services::gateway
