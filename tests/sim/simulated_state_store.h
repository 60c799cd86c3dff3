// Owns: the state store on the simulated disk: a run file for each write, and a list of the runs.
// Promises: StateStore's contract, in the real one's way: a run is synced before the list names it;
//           a store that doesn't read back whole is wiped and starts empty.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_SIMULATED_STATE_STORE_H_
#define MERITBOOK_TESTS_SIM_SIMULATED_STATE_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/sha256.h"
#include "storage/state_store.h"
#include "storage/warn.h"
#include "tests/sim/simulated_disk.h"

namespace meritbook::sim {

class SimulatedStateStore final : public StateStore {
 public:
  static absl::StatusOr<std::unique_ptr<SimulatedStateStore>> Open(SimulatedDisk& disk,
                                                                   const std::string& dir,
                                                                   const Warn& warn);

  absl::Status Write(StateWrite write) override;
  uint64_t AppliedSize(std::string_view ledger) const override;
  absl::Status Load(std::string_view ledger,
                    absl::FunctionRef<absl::Status(std::string_view key, std::string_view value)>
                        visit) const override;
  absl::Status Discard(std::string_view ledger) override;

 private:
  struct Stored {
    uint64_t applied_size = 0;
    std::map<std::string, std::string> rows;
  };

  SimulatedStateStore(SimulatedDisk& disk, std::string dir) : disk_(disk), dir_(std::move(dir)) {}

  std::string RunName(uint64_t number) const;
  Hash LinkOf(const Hash& hash) const;
  absl::Status Read();
  absl::Status Add(const StateWrite& write);
  void Take(const StateWrite& write);

  SimulatedDisk& disk_;
  const std::string dir_;
  std::map<std::string, Stored, std::less<>> ledgers_;
  std::unique_ptr<File> list_;
  uint64_t list_bytes_ = 0;
  uint64_t runs_ = 0;
  Hash link_ = {};  // of the newest entry
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_SIMULATED_STATE_STORE_H_
