// Owns: the second opinion on one ledger of a simulation: the log as the one order of everything.
// Promises: shares nothing with ledger/ but the messages: the naive model of tests/ledger decides
//           each client's command again, in the log's order, at the log's times. Every answer must
//           have a place in that order: not before what anybody had been told when it was asked,
//           not after what was durable when it was given.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_AUDITOR_H_
#define MERITBOOK_TESTS_SIM_AUDITOR_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "tests/ledger/model.h"
#include "tests/sim/chances.h"

namespace meritbook::sim {

using model::Ask;

// What the world looked like between a question and its answer.
struct Window {
  uint64_t first_size = 0;          // what somebody had been told when it was asked
  uint64_t last_size = 0;           // durable when it was answered
  std::set<int64_t> wall_times_us;  // of the server's steps meanwhile
};

// What a read found.
struct Seen {
  uint64_t size = 0;
  int64_t last_recorded_us = 0;
  std::string volunteer_id;
  int64_t available_units = 0;
  int64_t held_units = 0;
  int64_t debt_units = 0;
};

class Auditor {
 public:
  explicit Auditor(Tally* tally) : tally_(*tally) {}

  // A client's command, before it is sent for the first time.
  void Expect(const Ask& ask);
  // The next durable events' bytes, whole writes.
  void Take(const std::vector<std::string>& events);
  // The log was opened anew; its bytes from 0 on. It must begin with what was taken.
  void TakeAgain(const std::vector<std::string>& events);

  // Answers, given while the log is taken through window.last_size.
  void Check(const Ask& ask, const Answer& answer, const Window& window);
  // All or none.
  void CheckAtomic(const std::vector<Ask>& asks, const std::vector<Answer>& answers,
                   const Window& window);
  void Check(const Seen& seen, const Window& window);

  // The model at the log's end, and whatever is wrong with a live state that should be there too.
  const model::Model& model() const { return model_; }
  std::string Compare(const State& state) const;

  // Nothing will be asked any more about the order before this size.
  void Forget(uint64_t size);

  uint64_t size() const { return events_.size(); }
  // What anybody was told: the log is at least that long, for ever.
  uint64_t told_size() const { return told_size_; }
  // Whether the log has the events of the command with this key.
  bool HasKey(const std::string& key) const;
  // "" if all is well.
  const std::string& failure() const { return failure_; }

 private:
  struct Entry {
    std::vector<Ask> asks;             // different contents under one id
    std::optional<uint64_t> sequence;  // of the first event
  };

  void Fail(const std::string& what);
  void Foresee(const std::vector<v1::Event>& events, size_t i);
  bool ForeseeCommand(const std::vector<Ask>& asks, const v1::Event& event);
  // Where a command ends at this size or some other within the window at which `holds` is true of
  // the model, the first one; told from now on.
  template <typename Holds>
  bool FindPlace(const Window& window, const Holds& holds);
  void Tell(uint64_t size) { told_size_ = std::max(told_size_, size); }

  Tally& tally_;
  std::vector<std::string> events_;
  std::map<std::string, Entry> entries_;  // by key
  model::Model model_;
  std::deque<model::Emitted> foreseen_;
  // By size: the model where a command ends, of late.
  std::map<uint64_t, std::shared_ptr<const model::Model>> snaps_;
  uint64_t told_size_ = 0;
  int64_t last_recorded_us_ = 0;
  std::string failure_;
};

// Whether a refusal says something of the wish itself, or only that it wasn't looked at.
bool IsOfTheServer(v1::Refusal reason);

// Kind, whose and request id.
std::string KeyOf(const Ask& ask);

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_AUDITOR_H_
