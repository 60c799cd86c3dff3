// Owns: the audit of one log: replays every event and recomputes what it says from what came
// before. Promises: shares no code with the server's ledger; at most one finding for an event; goes
// on after it. Thread: one.
//
//   Reducer reducer("county");
//   for (...) reducer.Add(sequence, bytes);
//   reducer.Finish();
//   for (const Finding& finding : reducer.findings()) ...
#ifndef MERITBOOK_CLI_AUDIT_REDUCER_H_
#define MERITBOOK_CLI_AUDIT_REDUCER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/audit/books.h"
#include "cli/audit/envelope.h"
#include "cli/audit/finding.h"
#include "google/protobuf/arena.h"

namespace meritbook::audit {

inline constexpr size_t kEventBytesMax = 65'535;

class Reducer {
 public:
  // An empty id audits the log of whichever ledger it is.
  explicit Reducer(std::string ledger_id);

  // Takes the next event's exact bytes; `sequence` is where the server says that it stands.
  void Add(uint64_t sequence, std::string_view bytes);
  // Checks what can be said only at the log's end. Once.
  void Finish();

  // Number of events taken.
  uint64_t size() const { return size_; }
  const Books& books() const { return books_; }
  // At most kFindingsMax of them; `findings_total` counts all.
  const std::vector<Finding>& findings() const { return findings_.kept(); }
  uint64_t findings_total() const { return findings_.total(); }

 private:
  MaybeViolation Take(uint64_t sequence, std::string_view bytes, std::string& volunteer_id);

  MaybeViolation TakeEvent(const v1::Event& event, uint64_t index, std::string& volunteer_id);
  // What has to be done before a command is decided, and after the one before it.
  MaybeViolation CheckDue(const Taking& taking, const BodyTraits& traits);
  Actor* ActorOf(std::string_view name);

  std::string ledger_id_;
  uint64_t size_ = 0;
  Books books_;
  EnvelopeAudit envelope_;
  FindingList findings_;
  // Whose passbooks the command before turned, and the day of it.
  std::vector<Volunteer*> turned_;
  int32_t turned_day_ = 0;
  Actor* last_actor_ = nullptr;  // mostly the next one, too
  // Events are parsed into it and dropped together, a block at a time.
  std::unique_ptr<char[]> arena_block_;
  google::protobuf::Arena arena_;
  uint32_t arena_events_ = 0;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_REDUCER_H_
