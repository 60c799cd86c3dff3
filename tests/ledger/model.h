// Owns: a second opinion: what a ledger must answer, worked out the slow way.
// Promises: shares nothing with ledger/ but the messages: sets and lists of plain values, days
// minute by
//           minute, overlaps by comparing all pairs. What it can't do: zones but Asia/Shanghai and
//           America/New_York, times before 2007.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_MODEL_H_
#define MERITBOOK_TESTS_LEDGER_MODEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/message.h"
#include "meritbook/v1/command.pb.h"
#include "meritbook/v1/refusal.pb.h"

namespace meritbook::model {

// A command as a client sends it.
struct Ask {
  std::string principal;
  std::string source;
  std::string merchant;
  std::string volunteer;   // who the caller is
  bool of_ledger = false;  // registered in the ledger, not in the server's configuration
  std::shared_ptr<const google::protobuf::Message> message;
  std::optional<std::string> request_id;
  std::optional<int64_t> recorded_us;
};

struct Reply {
  enum Kind { kAccepted, kAgain, kRefused } kind = kRefused;
  v1::Refusal reason = v1::REFUSAL_UNSPECIFIED;  // of a refusal
  uint64_t sequence = 0;                         // otherwise, of the (first) event

  bool refused() const { return kind == kRefused; }
};

constexpr int kNever = 1'000'000'000;  // a day after all others

struct Volunteer {
  uint64_t registered = 0;  // the sequence
  bool frozen = false;
  std::vector<std::pair<int, int64_t>> lots;  // (last day, units), sorted
  std::vector<std::pair<int64_t, int64_t>> served_us;
  std::map<int, std::pair<int, int>> days;  // credited, honorary minutes
  uint64_t events = 0;
  uint64_t last_sequence = 0;

  int64_t AvailableUnits() const;
};

struct Principal {
  std::string volunteer;
  bool revoked = false;
};

struct Activity {
  std::string category;
  int64_t starts_us = 0;
  std::optional<int64_t> ends_us;
};

struct Session {
  std::string activity;
  int day = 0;
  int64_t starts_us = 0;
  int64_t ends_us = 0;
};

struct Item {
  std::string merchant;
  int64_t price_points = 0;
  int64_t received = 0;
  int64_t delivered = 0;
};

class Model {
 public:
  Reply Execute(const Ask& ask, int64_t wall_us);
  std::vector<Reply> ExecuteAtomic(const std::vector<Ask>& asks, int64_t wall_us);
  void Sweep(int64_t wall_us);

  bool created = false;
  bool migrating = false;
  std::string zone;
  uint64_t size = 0;
  int64_t last_recorded_us = 0;
  std::vector<v1::PublishRule> rules;
  std::map<std::string, Principal> principals;
  std::map<std::string, Volunteer> volunteers;
  std::set<std::string> organisations;
  std::map<std::string, Activity> activities;
  std::map<std::string, Session> sessions;
  std::map<std::string, int64_t> merchants;  // payable units
  std::map<std::string, Item> items;
  int64_t issued_units = 0;  // >= 0
  int64_t expired_units = 0;

 private:
  struct Remembered {
    uint64_t sequence = 0;
    std::string content;
  };

  // Either what the command meets at the door, or the time at which it is decided.
  struct Door {
    std::optional<Reply> reply;
    int64_t now_us = 0;
    bool in_order = true;
  };
  Door Enter(const Ask& ask, int64_t wall_us) const;
  v1::Refusal Carry(const Ask& ask, int64_t now_us);
  v1::Refusal Credit(const Ask& ask, const v1::CreditHours& command, int64_t now_us);
  v1::Refusal Redeem(const Ask& ask, const v1::RedeemNow& command);
  void Lapse(const std::string& volunteer, int64_t now_us);
  void Touch(const std::string& volunteer);
  const v1::PublishRule* RuleOf(int day) const;
  int DayOf(int64_t us) const;

  std::map<std::string, Remembered> requests_;  // by kind, scope, owner, request id
  std::set<std::string> subjects_;              // by kind, scope, owner, record or order id
};

// The number of a day as YYYY-MM-DD; nothing if there is no such day.
std::optional<int> DayNumber(const std::string& text);

}  // namespace meritbook::model

#endif  // MERITBOOK_TESTS_LEDGER_MODEL_H_
