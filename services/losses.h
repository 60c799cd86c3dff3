// Owns: the declaring of losses that a restoration left notes of.
// Promises: LossDeclared is the first event after what was restored: it is queued before the
//           sequencer's first step, in which no timer comes before it. A note goes when its event
//           is durable; to declare it again is harmless.
// Thread: one; Loaded is called while the sequencer opens.
#ifndef MERITBOOK_SERVICES_LOSSES_H_
#define MERITBOOK_SERVICES_LOSSES_H_

#include <future>
#include <list>
#include <string>

#include "absl/status/status.h"
#include "ledger/command.h"
#include "ledger/state.h"
#include "services/sequencer_thread.h"
#include "storage/loss_note.h"

namespace meritbook {

class Losses {
 public:
  // `data_dir` of the server.
  explicit Losses(const std::string& data_dir) : folder_(data_dir + "/loss") {}

  // Before the sequencer starts.
  absl::Status Read();

  // A ledger has been loaded: declares its loss.
  void Loaded(const State& state, SequencerThread& sequencer);

  // After the sequencer's start: waits until what was declared is durable, and removes the notes.
  absl::Status Settle();

 private:
  // Outlives the call, which points into it.
  struct Declaration {
    LossNote note;
    Caller caller = {};
    v1::DeclareLoss message = {};
    std::string request_id = {};
    bool submitted = false;
    std::promise<Answer> answer = {};
  };

  const std::string folder_;
  std::list<Declaration> declarations_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_LOSSES_H_
