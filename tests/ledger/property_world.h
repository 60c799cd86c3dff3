// Owns: random commands of a small world: ids that collide, times that meet, rules with all
//       features on and off.
// Promises: the same for the same seed and the same model; asks the model what there is, never the
//           ledger, so that a history can be made without it.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_WORLD_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_WORLD_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/ledger/model.h"

namespace meritbook::property {

using google::protobuf::Message;
using model::Ask;
using model::Model;

// One call, or one sweep of the clock.
struct Turn {
  std::vector<Ask> asks;  // none: a sweep
  bool atomic = false;
  int64_t wall_us = 0;
};
using History = std::vector<Turn>;

std::string Describe(const Ask& ask);

// Small numbers, one after the other: random ones, or those that a fuzzer's input says.
class Chances {
 public:
  explicit Chances(uint64_t seed) : engine_(seed) {}
  explicit Chances(std::string bytes) : bytes_(std::move(bytes)) {}
  // 0 to n-1.
  uint32_t Below(size_t n) { return static_cast<uint32_t>(Draw() % n); }
  // Of an input: nothing is left of it, and only zeros come.
  bool used_up() const { return bytes_ && used_ >= bytes_->size(); }
  bool Percent(uint32_t percent) { return Below(100) < percent; }
  template <typename T>
  T Of(std::initializer_list<T> values) {
    return *(values.begin() + Below(values.size()));
  }
  template <typename T>
  const T& From(const std::vector<T>& values) {
    return values[Below(values.size())];
  }
  std::string Id(const char* prefix, size_t n) { return prefix + std::to_string(Below(n)); }

 private:
  uint64_t Draw() {
    if (!bytes_) return engine_();
    uint64_t drawn = 0;
    for (int i = 0; i < 2 && used_ < bytes_->size(); ++i) {
      drawn = drawn << 8 | static_cast<unsigned char>((*bytes_)[used_++]);
    }
    return drawn;
  }

  std::mt19937_64 engine_;
  std::optional<std::string> bytes_;
  size_t used_ = 0;
};

class World {
 public:
  // Looks at the model, which must have answered each turn before the next is asked for.
  World(const Model& model, Chances chances);
  // Founding commands first, then random ones.
  Turn Next();
  // Whether there are still founding commands to come.
  bool founding() const { return !founding_.empty(); }
  bool used_up() const { return chances_.used_up(); }

 private:
  // Founding, time and faults (property_world.cc), callers (property_caller.cc).
  std::vector<Ask> Founding();
  Ask Found() const;
  void PassTime();
  int64_t NowUs() const;  // what the ledger takes for now
  Ask Make();
  Ask Repeat();
  void SetCaller(Ask& ask);
  void SetMall(v1::PublishRule* rule, bool first);
  void SetRequestId(Ask& ask);
  void SetRecorded(Ask& ask);
  void As(Ask& ask, const std::string& who) const;
  // A principal of the ledger's own.
  std::string AnyPrincipal();
  // Another one who is bound to the same volunteer; empty if there is none.
  std::string Twin(const std::string& principal) const;
  std::shared_ptr<Message> Spoilt(const Message& message);
  bool Spoil(Message& message);
  bool Alter(Message& message);

  // Commands by kind (property_party.cc, property_hours.cc).
  using Made = std::shared_ptr<Message>;
  Made Urgent();  // null if nothing is
  Made Rule(bool first);
  Made Volunteer();
  Made VolunteerNamed(const std::string& id, v1::AgeBand age_band) const;
  Made Freeze();
  Made Unfreeze();
  Made Close();
  Made Organisation(const std::string& id) const;
  Made Roster();
  Made Activity(bool submitted);
  Made ReviewActivity();
  Made CloseActivity();
  Made CancelActivity();
  Made Session();
  Made Principal();
  Made RevokePrincipal();
  Made Loss();

  Made Credit();
  Made Submit();
  Made Attend();
  Made Backfill();
  Made Award();
  Made Review();
  Made Dispute();
  std::shared_ptr<v1::CorrectHours> Correct();
  std::shared_ptr<v1::RevokeHours> Revoke();
  v1::ServiceRecord Service(bool old);
  v1::RecordRef Ref(const std::function<bool(const model::Record&)>& wanted);
  std::string NewRecordId();

  // The mall and settlement (property_mall.cc, property_settlement.cc).
  Made Merchant(const std::string& id) const;
  Made Suspend();
  Made Resume();
  Made Offboard();
  Made Item(const std::string& id, const std::string& merchant);
  void SetFunding(v1::PublishItem* item);
  Made Withdraw();
  Made Receive();
  Made ReturnStock();
  template <typename Order>
  std::shared_ptr<Order> Purchase();
  Made Redeem();
  Made Hold();
  Made Voucher();
  Made Confirm();
  Made Cancel();
  Made Refund();
  std::vector<Ask> Hoard();
  void ShowCode(Ask& ask);
  std::string AnyMerchant();
  std::string AnyItem();
  std::string Shopper();
  std::string AnyOrder(const std::function<bool(const model::Order&)>& wanted);
  // Whether the caller of an order's command is who placed it, or its merchant.
  bool SetShop(Ask& ask);

  Made ClosePeriod();
  Made OpenStatement();
  Made Object();
  Made Resolve();
  Made CloseStatement();
  Made Pay();
  Made Reverse();
  void Allocate(v1::AllocateBudget* allocate, bool first);
  void ProposeWriteOff(v1::WriteOff* write_off);
  int64_t LeftIn(const model::BudgetKey& key) const;
  std::string AnyStatement(const std::function<bool(const model::Statement&)>& wanted);
  std::string StatementIn(model::StatementState state, uint32_t percent);

  Made Donate();
  Made Propose();
  void ProposeReinstatement(v1::ProposeChange& propose);
  void ProposeOpening(v1::ProposeChange& propose);
  Made Decide(bool approve);

  std::string AnyVolunteer();
  std::string AnyActivity();
  // One who has points, or owes some, where there is one.
  std::string Owner();
  std::string Debtor();
  std::string AnyDay(int64_t from, uint32_t days);  // from days after today

  const Model& model_;
  Chances chances_;
  const int64_t start_us_;
  const bool new_york_;
  const bool founds_migrating_;
  const bool market_;  // rather about the mall than about hours
  int64_t wall_us_;
  int64_t recorded_us_;  // what a client states while migrating
  uint32_t records_ = 0;
  std::vector<Ask> founding_;  // what is left of it, last first
  std::vector<Ask> asked_;
};

constexpr int64_t kHourUs = 60 * model::kMinuteUs;
constexpr int64_t kDayUs = 24 * kHourUs;

// YYYY-MM-DD.
std::string DayText(int64_t day);

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_WORLD_H_
