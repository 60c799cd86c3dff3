// Owns: a client that posts records of a minute each, one call after the other, and keeps what it
//       was told.
// Promises: what isn't acknowledged is sent again, with the same request id, until it is; nothing
//           but the server's absence or a full or silent disk keeps it from that, else the test
//           fails.
// Thread: one; what is read of it while it runs, from any.
#ifndef MERITBOOK_TESTS_E2E_POSTER_H_
#define MERITBOOK_TESTS_E2E_POSTER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/town.h"

namespace meritbook::e2e {

struct PosterOptions {
  int number = 0;  // apart from all others of the town
  int batch = 0;   // records a call; 0: single calls
  std::chrono::milliseconds deadline = std::chrono::seconds(60);
};

class Poster {
 public:
  // `port` is the server's, whenever it changes.
  Poster(PosterOptions options, const std::atomic<int>& port, std::string key);
  ~Poster();

  // Registers whom it posts for; the recording unit is a minute.
  void Register(const Town& town) const;

  void Begin();
  // Returns when what is under way has been acknowledged.
  void End();

  // While it runs: records acknowledged so far, and how often calls and items of batches ended so.
  int64_t acknowledged_count() const { return acknowledged_count_; }
  std::map<std::string, int> outcomes() const;

  // After End: record id to sequence.
  const std::map<std::string, uint64_t>& acknowledged() const { return acknowledged_; }
  int repeated() const { return repeated_; }
  int failed_calls() const { return failed_calls_; }

 private:
  void Run();
  v1::CreditHoursRequest RecordAt(int n) const;
  bool PostOne(const Client& client);
  bool PostBatch(const Client& client);
  void Take(const Outcome& outcome);
  void Acknowledge(const std::string& record, const v1::Receipt& receipt);

  const PosterOptions options_;
  const std::atomic<int>& port_;
  const std::string key_;
  std::atomic<bool> ending_ = false;
  std::atomic<int64_t> acknowledged_count_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, int> outcomes_;  // guarded by mutex_
  std::thread thread_;
  // The thread's, until it has ended.
  int next_ = 0;
  bool given_up_ = false;  // it was told what can't pass
  int repeated_ = 0;
  int failed_calls_ = 0;
  std::map<std::string, uint64_t> acknowledged_;
};

// Some of them on one town.
class Posters {
 public:
  // One for each size of batch; 0 posts single records. They begin at once.
  Posters(Town& town, const std::vector<int>& batches,
          std::chrono::milliseconds deadline = std::chrono::seconds(60));

  // After the server's start.
  void MoveTo(int port) { port_ = port; }

  int64_t acknowledged_count() const;
  // Of all together.
  std::map<std::string, int> outcomes() const;
  // True when `count` more were acknowledged within `patience`.
  bool AwaitMore(int64_t count, std::chrono::milliseconds patience) const;

  // Ends them and holds what they were told against the log and the balances: every record stands
  // there once, at the sequence it was acknowledged with, and nothing else does.
  void ExpectEverythingOnce(const Town& town);

 private:
  std::atomic<int> port_;
  std::vector<std::unique_ptr<Poster>> posters_;
};

// Calls it until it is true; false when it wasn't in time.
template <typename Condition>
bool Await(std::chrono::milliseconds patience, const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_POSTER_H_
