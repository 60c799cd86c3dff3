#include "services/losses.h"

#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "ledger/sha256.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

// One loss is one request, however often it is declared.
std::string RequestIdOf(const LossNote& note) {
  const Hash hash = Sha256(EncodeLossNote(note));
  const std::string hex(absl::BytesToHexString(std::string(AsBytes(hash).substr(0, 16))));
  return "loss-" + hex;
}

}  // namespace

absl::Status Losses::Read() {
  absl::StatusOr<std::vector<LossNote>> notes = ReadLossNotes(MachineDisk(), folder_);
  if (!notes.ok()) return notes.status();
  for (LossNote& note : *notes) {
    Declaration& declaration = declarations_.emplace_back(Declaration{.note = std::move(note)});
    const LossNote& loss = declaration.note;
    declaration.caller.principal_id = loss.declared_by;
    declaration.request_id = RequestIdOf(loss);
    declaration.message.set_kept_size(loss.kept_size);
    declaration.message.set_guard_size(loss.guard_size);
    declaration.message.set_guard_sha256(std::string(AsBytes(loss.guard_hash)));
    declaration.message.set_declared_by(loss.declared_by);
    declaration.message.set_reason_code(loss.reason_code);
  }
  return absl::OkStatus();
}

void Losses::Loaded(const State& state, SequencerThread& sequencer) {
  for (Declaration& declaration : declarations_) {
    if (declaration.submitted || declaration.note.ledger != state.ledger_id()) continue;
    declaration.submitted = true;
    std::optional<int64_t> recorded_us;
    if (state.migrating()) recorded_us = state.ledger().last_recorded_us;
    auto prepared =
        Prepare(declaration.caller, &declaration.message, declaration.request_id, recorded_us);
    if (const auto* refused = std::get_if<Refused>(&prepared)) {
      declaration.answer.set_value(*refused);
      continue;
    }
    Call call;
    call.ledger_id = declaration.note.ledger;
    call.commands = {std::get<Command>(std::move(prepared))};
    call.done = [&declaration](std::vector<Answer> answers) {
      declaration.answer.set_value(std::move(answers.front()));
    };
    if (const auto refused = sequencer.Submit(std::move(call))) {
      declaration.answer.set_value(*refused);
    }
  }
}

absl::Status Losses::Settle() {
  for (Declaration& declaration : declarations_) {
    const LossNote& note = declaration.note;
    if (!declaration.submitted) {
      return absl::DataLossError(Text("there is the note of a loss of ledger '", note.ledger,
                                      "', but no such ledger: ", folder_));
    }
    const Answer answer = declaration.answer.get_future().get();
    if (const auto* refused = std::get_if<Refused>(&answer)) {
      return absl::FailedPreconditionError(Text("the loss of ledger '", note.ledger, "' at ",
                                                note.kept_size,
                                                " events can't be declared: ", refused->message));
    }
    if (absl::Status s = RemoveLossNote(MachineDisk(), folder_, note.ledger); !s.ok()) return s;
  }
  declarations_.clear();
  return absl::OkStatus();
}

}  // namespace meritbook
