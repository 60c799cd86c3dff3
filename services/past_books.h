// Owns: the books as they were at any size of the log.
// Promises: made from the log's first events alone, so that the same size gives the same books; the
//           newest ones stay in memory, and a larger size of that ledger goes on from there.
// Thread: one at a time, which may take its time: the log is read from its start.
#ifndef MERITBOOK_SERVICES_PAST_BOOKS_H_
#define MERITBOOK_SERVICES_PAST_BOOKS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "ledger/refusal.h"
#include "services/books_keeper.h"
#include "storage/event_log.h"

namespace meritbook {

class PastBooks {
 public:
  // `log` gives the log in use, or null while there is none.
  explicit PastBooks(std::function<std::shared_ptr<EventLog>()> log) : log_(std::move(log)) {}

  // Why to stop, if so; asked at least every 8,192 events.
  using Stopped = std::function<std::optional<Refused>()>;

  // Of the first `size` events, which are durable. Valid until the next call.
  std::variant<const books::Books*, Refused> At(const std::string& ledger_id, uint64_t size,
                                                const Stopped& stopped);

  // How many of the ledger's first `size` events were recorded before an instant.
  std::variant<uint64_t, Refused> SizeBefore(const std::string& ledger_id, uint64_t size,
                                             int64_t before_us) const;

 private:
  const std::function<std::shared_ptr<EventLog>()> log_;
  std::string ledger_id_;
  std::unique_ptr<books::BooksKeeper> keeper_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_PAST_BOOKS_H_
