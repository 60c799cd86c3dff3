// Owns: many commands in one call, with a result for each at its own index.
// Promises: a malformed item is answered without queueing and never fails its neighbours, unless
//           the call is atomic.
// Thread: any; `done` runs on the sequencer's or the worker's.
#ifndef MERITBOOK_SERVICES_BULK_H_
#define MERITBOOK_SERVICES_BULK_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/repeated_field.h"
#include "ledger/command.h"
#include "meritbook/v1/receipt.pb.h"
#include "services/server.h"

namespace meritbook {

class Bulk {
 public:
  using Results = google::protobuf::RepeatedPtrField<v1::ItemResult>;

  // `results` and the messages that items refer to outlive `done`.
  Bulk(const Server& server, std::string ledger_id, std::shared_ptr<const Identity> identity,
       Results* results)
      : server_(server),
        ledger_id_(std::move(ledger_id)),
        identity_(std::move(identity)),
        results_(results) {}

  void Add(const CommandBody& body, std::optional<std::string_view> request_id,
           std::optional<int64_t> recorded_us);
  // An item without a command.
  void AddRefused(const Refused& refused);

  // Submits, fills the results and calls `done`. Call once; `bulk` is kept alive until then. If the
  // queue takes no more: the refusal of the whole call, and `done` is not called.
  static std::optional<Refused> Run(std::shared_ptr<Bulk> bulk, bool atomic, int64_t deadline_us,
                                    std::function<void()> done);

 private:
  void Fill(const std::vector<Answer>& answers);
  void FillOne(const Command& command, const Answer& answer, v1::ItemResult* result);
  void AbortAll(size_t refused_item);

  const Server& server_;
  const std::string ledger_id_;
  const std::shared_ptr<const Identity> identity_;
  Results* const results_;
  std::vector<Command> commands_;
  std::vector<int> index_;  // of the result of each command
  std::optional<size_t> malformed_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_BULK_H_
