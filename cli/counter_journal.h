// Owns: the vouchers that a counter took while the server was away, in a small file.
// Promises: what Add returned for is on disk, readable by its owner only; each voucher is kept
// until its outcome is, and its digits no longer than that; one counter at a time has the file.
// Thread: one.
//
// JSON Lines, one voucher a line, replaced as a whole:
//   {"state": "waiting", "ledger_id": "town", "merchant_id": "bakery", "request_id": "till-…",
//    "code": "2034…", "sha256": "…", "happened_us": 1700000000000000, "outcome": ""}
// `state` is waiting, done or refused; `code` is empty from then on; `outcome` is the refusal's
// reason.
#ifndef MERITBOOK_CLI_COUNTER_JOURNAL_H_
#define MERITBOOK_CLI_COUNTER_JOURNAL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace meritbook::cli {

enum class TakenState { kWaiting, kDone, kRefused };

struct TakenVoucher {
  TakenState state = TakenState::kWaiting;
  std::string ledger_id;
  std::string merchant_id;
  std::string request_id;
  std::string code;    // empty once its outcome is known
  std::string sha256;  // of the code, hex
  std::string last_four;
  int64_t happened_us = 0;
  std::string outcome;  // the refusal's reason
};

class CounterJournal {
 public:
  // Reads the file, or begins one at the first Add. InvalidArgument when it can't be read, others
  // can read it, a line of it is no voucher, or another counter has it.
  static absl::StatusOr<std::unique_ptr<CounterJournal>> Open(const std::string& file);
  ~CounterJournal();
  CounterJournal(const CounterJournal&) = delete;
  CounterJournal& operator=(const CounterJournal&) = delete;

  const std::vector<TakenVoucher>& vouchers() const { return vouchers_; }
  size_t waiting_count() const;
  // The one with this code, whatever became of it; null when it never was taken here.
  const TakenVoucher* Find(const std::string& code) const;

  // On disk when it returns OK; otherwise as before.
  absl::Status Add(TakenVoucher voucher);
  // Keeps the outcome and forgets the digits.
  absl::Status Settle(const std::string& request_id, TakenState state, const std::string& outcome);

 private:
  explicit CounterJournal(std::string file) : file_(std::move(file)) {}
  absl::Status Lock();
  absl::Status Load();
  absl::Status Replace(std::vector<TakenVoucher> vouchers);

  const std::string file_;
  int lock_fd_ = -1;
  std::vector<TakenVoucher> vouchers_;
};

// The user's state folder: "$XDG_STATE_HOME/meritbook/counter-town-bakery-till-1.journal".
// InvalidArgument when neither it nor $HOME is set.
absl::StatusOr<std::string> DefaultJournalFile(const std::string& ledger_id,
                                               const std::string& merchant_id,
                                               const std::string& terminal_id);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_COUNTER_JOURNAL_H_
