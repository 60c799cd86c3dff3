#include "services/bulk.h"

#include <algorithm>
#include <utility>

#include "ledger/text.h"
#include "services/first_answer.h"
#include "services/rpc_error.h"

namespace meritbook {

void Bulk::Add(const CommandBody& body, std::optional<std::string_view> request_id,
               std::optional<int64_t> recorded_us) {
  auto prepared = Prepare(identity_->caller, body, request_id, recorded_us);
  if (auto* refused = std::get_if<Refused>(&prepared)) {
    AddRefused(*refused);
    return;
  }
  index_.push_back(results_->size());
  results_->Add();
  commands_.push_back(std::get<Command>(std::move(prepared)));
}

void Bulk::AddRefused(const Refused& refused) {
  if (!malformed_) malformed_ = static_cast<size_t>(results_->size());
  FillStatus(refused, results_->Add()->mutable_error());
}

std::optional<Refused> Bulk::Run(std::shared_ptr<Bulk> bulk, bool atomic, int64_t deadline_us,
                                 std::function<void()> done) {
  if (atomic && bulk->malformed_) {
    bulk->AbortAll(*bulk->malformed_);
    done();
    return std::nullopt;
  }
  if (bulk->commands_.empty()) {
    done();
    return std::nullopt;
  }
  Call call;
  call.ledger_id = bulk->ledger_id_;
  call.lane = Lane::kBulk;
  call.deadline_us = deadline_us;
  call.commands = bulk->commands_;
  call.atomic = atomic;
  call.done = [bulk, done](std::vector<Answer> answers) {
    if (std::none_of(answers.begin(), answers.end(), NeedsLog)) {
      bulk->Fill(answers);
      done();
      return;
    }
    bulk->server_.worker->Post([bulk, done, answers = std::move(answers)] {
      bulk->Fill(answers);
      done();
    });
  };
  return bulk->server_.sequencer->Submit(std::move(call));
}

void Bulk::Fill(const std::vector<Answer>& answers) {
  for (size_t i = 0; i < answers.size(); ++i) {
    FillOne(commands_[i], answers[i], results_->Mutable(index_[i]));
  }
}

void Bulk::FillOne(const Command& command, const Answer& answer, v1::ItemResult* result) {
  if (const auto* accepted = std::get_if<Accepted>(&answer)) {
    result->mutable_receipt()->set_sequence(accepted->sequence);
    result->mutable_receipt()->set_recorded_us(accepted->recorded_us);
    return;
  }
  if (!NeedsLog(answer)) {
    FillStatus(std::get<Refused>(answer), result->mutable_error());
    return;
  }
  const auto log = server_.sequencer->log();
  if (log == nullptr) {
    FillStatus({v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again", {}},
               result->mutable_error());
    return;
  }
  const auto resolved = ResolveFromLog(*log, ledger_id_, command, answer);
  if (const auto* refused = std::get_if<Refused>(&resolved)) {
    FillStatus(*refused, result->mutable_error());
    return;
  }
  const v1::Event& event = std::get<FirstAnswer>(resolved).event;
  result->mutable_receipt()->set_sequence(event.sequence());
  result->mutable_receipt()->set_recorded_us(event.recorded_us());
  result->mutable_receipt()->set_already_applied(true);
}

void Bulk::AbortAll(size_t refused_item) {
  const Refused aborted{v1::REFUSAL_ATOMIC_ABORTED,
                        "",
                        Text("item ", refused_item, " of this atomic call was refused"),
                        {{"refused_item", Text(refused_item)}}};
  for (int index : index_) {
    FillStatus(aborted, results_->Mutable(index)->mutable_error());
  }
}

}  // namespace meritbook
