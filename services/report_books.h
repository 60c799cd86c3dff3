// Owns: which books a report is made from: the follower's, as of now, or past ones.
// Promises: `as_of` is either met exactly or refused; past books are made by a thread of their own,
//           one after the other.
// Thread: any.
#ifndef MERITBOOK_SERVICES_REPORT_BOOKS_H_
#define MERITBOOK_SERVICES_REPORT_BOOKS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "ledger/refusal.h"
#include "meritbook/v1/report.pb.h"
#include "services/past_books.h"
#include "services/server.h"
#include "services/worker.h"

namespace meritbook {

class ReportBooks {
 public:
  // `server` outlives it.
  explicit ReportBooks(const Server& server);

  // Gets the books during the call, on a thread that waits for it.
  using Look = std::function<void(std::variant<const books::Books*, Refused>)>;

  struct Wanted {
    std::string ledger_id;
    v1::AsOf as_of;
    uint64_t min_size = 0;
    absl::Time deadline;
    PastBooks::Stopped stopped;
  };
  // Calls `look` once, perhaps at once.
  void Show(Wanted wanted, Look look);

 private:
  void ShowPast(Wanted wanted, uint64_t durable, Look look);

  const Server& server_;
  PastBooks past_;  // the worker's
  std::atomic<int> waiting_ = 0;
  Worker worker_;  // last: it uses what is above
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REPORT_BOOKS_H_
