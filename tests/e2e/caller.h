// Owns: a client of a town whose server is killed again and again, and its history.
// Promises: a call of unknown outcome is sent again with the same request id until the outcome is
//           known; the client's choices follow from its seed.
// Thread: one for each client; Stage from any.
#ifndef MERITBOOK_TESTS_E2E_CALLER_H_
#define MERITBOOK_TESTS_E2E_CALLER_H_

#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "meritbook/v1/request.pb.h"
#include "tests/e2e/history.h"
#include "tests/e2e/town.h"

namespace meritbook::e2e {

// What the clients know of each other.
struct Stage {
  std::atomic<int> port = 0;
  std::atomic<bool> ending = false;
  // The ledger had this many events once.
  std::atomic<uint64_t> known_size = 0;
};

// A client that keeps what it was told.
class Caller {
 public:
  // `source` is the platform or merchant in whose name the key asks.
  Caller(Stage& stage, std::string key, std::string source, uint64_t seed);
  virtual ~Caller() = default;
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  // Until the stage ends.
  void Run();
  const History& history() const { return history_; }

  // Demands what is known to be there.
  void ReadWealth(const std::string& volunteer);

 protected:
  // One thing after the other; the server may be away.
  virtual void Act() = 0;

  // Sends it until the outcome is known; null if that never came.
  template <typename Response, typename Request>
  const Answered* Do(v1::CommandKind kind, const std::string& request_id, const Request& request,
                     Deed deed = {}) {
    deed.key = CommandKey(kind, source_, request_id);
    deed.first_sent_us = NowMonotonicUs();
    Deed& kept = history_.deeds.emplace_back(std::move(deed));
    while (true) {
      Response response;
      Answered answer;
      answer.at.sent_us = NowMonotonicUs();
      const Outcome outcome = Connected().Call(request, &response, kPatience);
      answer.at.answered_us = NowMonotonicUs();
      if (IsKnown(outcome)) {
        const v1::Receipt receipt = response.receipt();
        response.mutable_receipt()->set_already_applied(false);
        TakeAnswer(outcome, receipt, response.SerializeAsString(), answer);
        kept.answers.push_back(std::move(answer));
        return &kept.answers.back();
      }
      ++kept.unknown;
      if (!WaitBeforeRetry()) return nullptr;
      if (Chance(0.3)) LookUpRequest(kind, request_id);
    }
  }
  // As Do, when it had been done before; the answers are kept together.
  template <typename Response, typename Request>
  void Again(size_t deed, const Request& request) {
    Response response;
    Answered answer;
    answer.at.sent_us = NowMonotonicUs();
    const Outcome outcome = Connected().Call(request, &response, kPatience);
    answer.at.answered_us = NowMonotonicUs();
    if (!IsKnown(outcome)) {
      ++history_.deeds[deed].unknown;
      return;
    }
    const v1::Receipt receipt = response.receipt();
    response.mutable_receipt()->set_already_applied(false);
    TakeAnswer(outcome, receipt, response.SerializeAsString(), answer);
    history_.deeds[deed].answers.push_back(std::move(answer));
  }

  void LookUpRequest(v1::CommandKind kind, const std::string& request_id);
  void ReadShelf(const std::string& item);

  const Client& Connected();
  // False when the outcome is still unknown; an answer that nobody can explain fails the test.
  bool IsKnown(const Outcome& outcome);
  void TakeAnswer(const Outcome& outcome, const v1::Receipt& receipt, const std::string& response,
                  Answered& answer);
  // False when it has been waited for long enough.
  bool WaitBeforeRetry();
  void Know(uint64_t size);
  uint64_t MinSize();

  bool Chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  int Pick(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }
  static int64_t NowMonotonicUs();

  static constexpr std::chrono::seconds kPatience{20};

  Stage& stage_;
  const std::string key_;
  const std::string source_;
  History history_;
  std::mt19937_64 random_;

 private:
  std::optional<Client> client_;
  int port_ = 0;
  int64_t retrying_since_us_ = 0;
};

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_CALLER_H_
