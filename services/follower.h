// Owns: the thread that reads durable events into each ledger's books, and whoever waits for them.
// Promises: the books are at a position of their own, never ahead of what is durable.
// Thread: any, except the constructor and Stop.
#ifndef MERITBOOK_SERVICES_FOLLOWER_H_
#define MERITBOOK_SERVICES_FOLLOWER_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/books_keeper.h"
#include "storage/event_log.h"

namespace meritbook {

class Follower {
 public:
  // `log` gives the log in use, or null while there is none.
  Follower(std::function<std::shared_ptr<EventLog>()> log,
           std::function<void(const std::string&)> warn);
  ~Follower();

  // The log may have grown.
  void Wake();

  // Calls `done` with the books once at least `min_size` events are in them, or with null at
  // `deadline`; perhaps at once, else from the follower's thread, which reads no further meanwhile.
  // The books are valid during the call only.
  void AwaitBooks(const std::string& ledger_id, uint64_t min_size, absl::Time deadline,
                  std::function<void(const books::Books*)> done);

  // Answers everyone who waits.
  void Stop();

 private:
  struct Waiter {
    std::string ledger_id;
    uint64_t min_size;
    absl::Time deadline;
    std::function<void(const books::Books*)> done;
  };

  void Run();
  // True if there was something to read.
  bool Follow(const EventLog& log);
  static absl::StatusOr<bool> FollowOne(const EventLog& log, const std::string& ledger_id,
                                        books::BooksKeeper& keeper);
  void Answer();

  const std::function<std::shared_ptr<EventLog>()> log_;
  const std::function<void(const std::string&)> warn_;
  // The follower's thread only.
  struct Followed {
    books::BooksKeeper keeper;
    std::string error;  // why it stands still, as warned of; empty while it doesn't
  };
  std::map<std::string, Followed> followed_;

  std::mutex mutex_;  // guards what follows, up to the thread
  std::condition_variable wake_;
  bool woken_ = false;
  bool stopping_ = false;
  std::vector<Waiter> waiters_;
  std::thread thread_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_FOLLOWER_H_
