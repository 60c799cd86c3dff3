#include "services/report_books.h"

#include <memory>
#include <utility>

#include "ledger/text.h"

namespace meritbook {
namespace {

// Calls that may wait for past books; each takes as long as reading the log.
constexpr int kWaitingMax = 64;

Refused NotReached(const char* field, uint64_t size) {
  return {v1::REFUSAL_SEQUENCE_NOT_REACHED,
          field,
          Text("the ledger has ", size, " durable events so far"),
          {{"size", Text(size)}}};
}

}  // namespace

ReportBooks::ReportBooks(const Server& server)
    : server_(server), past_([&server] { return server.sequencer->log(); }) {}

void ReportBooks::Show(Wanted wanted, Look look) {
  const auto log = server_.sequencer->log();
  if (log == nullptr) {
    look(Refused{v1::REFUSAL_OUTCOME_UNKNOWN, "", "the log is being opened again; repeat it", {}});
    return;
  }
  const uint64_t durable = log->Size(wanted.ledger_id);
  if (durable == 0) {
    look(Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", wanted.ledger_id));
    return;
  }
  if (wanted.min_size > durable) {
    look(NotReached("min_size", durable));
    return;
  }
  switch (wanted.as_of.recorded_case()) {
    case v1::AsOf::kSize:
      if (wanted.as_of.size() == 0) {
        look(Refused{v1::REFUSAL_FIELD_INVALID, "as_of.size", "a ledger begins with 1", {}});
      } else if (wanted.as_of.size() > durable) {
        look(NotReached("as_of.size", durable));
      } else if (wanted.as_of.size() < durable) {
        ShowPast(std::move(wanted), durable, std::move(look));
      } else {
        break;
      }
      return;
    case v1::AsOf::kBeforeUs:
      ShowPast(std::move(wanted), durable, std::move(look));
      return;
    case v1::AsOf::RECORDED_NOT_SET:
      break;
  }
  // All that is durable now, so that a caller sees at least what it was answered before.
  const bool exactly = wanted.as_of.has_size();
  server_.follower->AwaitBooks(wanted.ledger_id, durable, wanted.deadline,
                               [this, wanted, durable, exactly, look](const books::Books* books) {
                                 if (books == nullptr) {
                                   look(NotReached("min_size", durable));
                                 } else if (exactly && books->size != durable) {
                                   ShowPast(wanted, durable, look);  // they went on meanwhile
                                 } else {
                                   look(books);
                                 }
                               });
}

void ReportBooks::ShowPast(Wanted wanted, uint64_t durable, Look look) {
  if (waiting_.fetch_add(1) >= kWaitingMax) {
    --waiting_;
    look(Refused{v1::REFUSAL_QUEUE_FULL, "", "many reports of the past are being made", {}});
    return;
  }
  worker_.Post([this, wanted = std::move(wanted), durable, look = std::move(look)] {
    --waiting_;
    uint64_t size = wanted.as_of.size();
    if (wanted.as_of.has_before_us()) {
      const auto found = past_.SizeBefore(wanted.ledger_id, durable, wanted.as_of.before_us());
      if (const auto* refused = std::get_if<Refused>(&found)) return look(*refused);
      size = std::get<uint64_t>(found);
      if (size == 0) {
        return look(
            Refused{v1::REFUSAL_FIELD_INVALID, "as_of.before_us", "the ledger began later", {}});
      }
    }
    look(past_.At(wanted.ledger_id, size, wanted.stopped));
  });
}

}  // namespace meritbook
