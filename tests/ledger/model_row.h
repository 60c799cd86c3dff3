// Owns: what the model (model.h) keeps and says, and the days that it counts.
// Promises: plain values; nothing of ledger/.
// Thread: any.
#ifndef MERITBOOK_TESTS_LEDGER_MODEL_ROW_H_
#define MERITBOOK_TESTS_LEDGER_MODEL_ROW_H_

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "google/protobuf/message.h"
#include "meritbook/v1/command.pb.h"
#include "meritbook/v1/event.pb.h"
#include "meritbook/v1/mall_command.pb.h"
#include "meritbook/v1/refusal.pb.h"
#include "meritbook/v1/settlement_command.pb.h"

namespace meritbook::model {

// What a shown pay code says: whose it is, or why it is no good.
struct PayCode {
  std::string volunteer;
  v1::Refusal refused = v1::REFUSAL_UNSPECIFIED;
};

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
  std::optional<PayCode> pay_code = {};
};

// All that speaks against a command. Which of them the answer names is the ledger's own business.
using Reasons = std::set<v1::Refusal>;

struct Reply {
  enum Kind { kAccepted, kAgain, kRefused } kind = kRefused;
  Reasons reasons;        // of a refusal
  uint64_t sequence = 0;  // otherwise, of the (first) event

  bool refused() const { return kind == kRefused; }
};

constexpr int kNever = 1'000'000'000;  // a day after all others

// What units have in common. Sorts by what lapses first.
struct Lot {
  int last_day = kNever;
  bool graced = false;
  friend auto operator<=>(const Lot&, const Lot&) = default;
};
using Lots = std::map<Lot, int64_t>;
using LotList = std::vector<std::pair<Lot, int64_t>>;
int64_t SumOf(const LotList& lots);
int64_t SumOf(const Lots& lots);

using RecordName = std::pair<std::string, std::string>;  // source, record id
// When it matures, whose it is, what it will be.
using PendingKey = std::tuple<int, RecordName, Lot>;
using PendingList = std::vector<std::tuple<int, Lot, int64_t>>;

struct Inflow {
  LotList lots;
  int64_t debt_repaid_units = 0;
  LotList forfeited;
};

struct ClawBack {
  PendingList pending;
  LotList expired;
  LotList forfeited;
  LotList available;
  int64_t debt_units = 0;
};

// In words, equal for equal values.
std::string Words(const LotList& lots);
std::string Words(const PendingList& pending);  // joined and sorted
std::string Words(const Inflow& inflow);
std::string Words(const ClawBack& claw_back);

// An event, as far as the model foresees it.
struct Emitted {
  v1::Event::BodyCase body = v1::Event::BODY_NOT_SET;
  uint64_t sequence = 0;
  int64_t recorded_us = 0;
  int64_t occurred_us = 0;
  uint64_t first_sequence = 0;  // of its command
  uint32_t count = 1;
  std::vector<std::string> volunteers;  // whose passbook it turns
  std::string amounts;                  // what went where, in words
  std::optional<int> booked;            // the month, where it isn't the month of occurred_us
};

struct Lost {
  int64_t expired = 0;
  int64_t forfeited = 0;
};

struct Volunteer {
  uint64_t registered = 0;  // the sequence
  bool frozen = false;
  bool closed = false;
  std::string merged_into;
  Lots lots;
  std::map<PendingKey, int64_t> pending;
  std::map<Lot, Lost> lost;
  int64_t debt_units = 0;  // >= 0: what she owes
  bool opened = false;     // brought a balance along
  int64_t opening_credited = 0;
  int64_t opening_honorary = 0;
  v1::AgeBand age_band = v1::AGE_BAND_UNSPECIFIED;
  uint64_t events = 0;
  uint64_t last_sequence = 0;
};

struct Principal {
  std::string volunteer;
  bool revoked = false;
};

enum class ActivityState { kWaiting = 1, kOpen, kRejected, kClosed, kCancelled };

struct Activity {
  std::string category;
  int64_t starts_us = 0;
  std::optional<int64_t> ends_us;
  std::optional<size_t> capacity;
  ActivityState state = ActivityState::kOpen;
  std::string submitted_by;
};

struct Organisation {
  v1::OrganisationKind kind = v1::ORGANISATION_KIND_UNSPECIFIED;
  std::optional<uint32_t> headcount;
};

struct Session {
  std::string activity;
  int day = 0;
  int64_t starts_us = 0;
  int64_t ends_us = 0;
};

struct Segment {
  int day = 0;
  int credited = 0;
  int honorary = 0;
  size_t rule = 0;  // version
  int64_t units = 0;
  Lot lot;
};

struct Record {
  std::string volunteer;  // as posted
  v1::ServiceRecord service;
  std::string award;
  int award_day = 0;
  int64_t award_points = 0;
  std::string submitted_by;
  v1::RecordState state = v1::RECORD_STATE_UNSPECIFIED;
  std::set<v1::WaitReason> wait_reasons;
  bool backfilled = false;
  bool disputed = false;
  std::string disputed_by;
  std::vector<Segment> segments;  // while approved
  int credited_day = 0;
  std::string corrects;
  std::string corrected_by;
  uint64_t sequence = 0;
  uint64_t last_sequence = 0;

  int64_t units() const;
};

struct Merchant {
  bool suspended = false;
  std::optional<int> last_day;
};

struct Item {
  std::string merchant;
  int64_t price_points = 0;
  int64_t settle_fen = 0;
  std::string budget_source;  // empty where settle_fen is 0 or the merchant gives it away
  std::optional<v1::ItemLimit> limit;
  std::set<int> age_bands;  // empty: for everybody
  int64_t received = 0;
  int64_t sent_back = 0;
  bool withdrawn = false;
};

// Points and money side by side.
struct Amount {
  int64_t units = 0;
  int64_t fen = 0;
  friend bool operator==(const Amount&, const Amount&) = default;
};
void Add(Amount& sum, const Amount& more, int64_t times = 1);

using BudgetKey = std::pair<int, std::string>;  // year, source
using FenByBudget = std::map<BudgetKey, int64_t>;
void Add(FenByBudget& sum, const FenByBudget& more, int64_t times = 1);

// Pieces of one item (or points of an open amount, without an item) at the price that held.
struct Line {
  std::string item;
  int64_t quantity = 0;
  int64_t price_points = 0;
  int64_t fen = 0;                  // of a piece
  std::optional<BudgetKey> budget;  // where fen > 0
};
using Lines = std::vector<Line>;
Amount SumOf(const Lines& lines);
FenByBudget FenOf(const Lines& lines);

enum class OrderState { kHeld = 1, kConfirmed, kCancelled, kTimedOut };

// Whose: scope and name of who placed it, and the order's id, as "merchant|m0|x1".
struct Order {
  size_t index = 0;       // as they were placed
  std::string volunteer;  // as posted
  std::string merchant;
  OrderState state = OrderState::kHeld;
  Lines lines;  // as ordered
  std::map<std::string, int64_t> delivered;
  std::map<std::string, int64_t> refunded;
  Lots lots;  // held, or paid and not refunded
  int64_t placed_us = 0;
  int64_t deadline_us = 0;
  int64_t ends_us = 0;
  int64_t delivered_us = 0;
  std::string voucher;  // the hash of its code
};

struct Budget {
  int64_t allocated = 0;
  int64_t owed = 0;
  int64_t paid = 0;
  int64_t warn_percent = 0;
  bool warned = false;
};

// What changed what a merchant is owed.
struct Booking {
  enum Kind { kConfirmed, kRefunded, kPaid, kReversed, kWrittenOff } kind = kConfirmed;
  std::string merchant;
  int month = 0;
  Amount amount;          // as the statement's line counts it
  FenByBudget fen;        // what it adds to what is owed, by budget
  std::string statement;  // that has it; empty until one is opened
};

enum class StatementState { kOpen = 1, kObjected, kClosed, kPaid, kWrittenOff, kCarriedForward };

struct Statement {
  size_t index = 0;
  std::string merchant;
  StatementState state = StatementState::kOpen;
  std::optional<int> through;  // nothing: the final one
  std::string previous;
  std::optional<int64_t> closes_us;
  int64_t opened_us = 0;
  std::string reference;
};

struct Figures {
  Amount opening;
  Amount sums[5];  // by Booking::Kind
  Amount closing;
};

std::string Words(const Amount& amount);
std::string Words(const FenByBudget& fen);
std::string Words(const Lines& lines);
std::string Words(const Figures& figures);

struct Proposal {
  v1::ProposeChange change;
  std::string proposed_by;
  bool open = true;
};

// The form of a command: all its faults. (model_form.cc)
Reasons FormFaults(const google::protobuf::Message& command);
// … and of who shows a pay code.
Reasons FormFaults(const Ask& ask);
// The record or order id that a request id defaults to; empty for other kinds.
std::string SubjectOf(const google::protobuf::Message& command);
// Where ids of the caller's count.
std::string Owner(const Ask& ask);
// The order that a command names, by whom it says or by the caller.
template <typename Command>
std::string OrderNamed(const Ask& ask, const Command& c) {
  std::string owner = Owner(ask);
  if (c.has_owner() && c.owner().has_source()) owner = "source|" + c.owner().source();
  if (c.has_owner() && c.owner().has_merchant_id()) owner = "merchant|" + c.owner().merchant_id();
  if (c.has_owner() && c.owner().has_principal_id()) {
    owner = "principal|" + c.owner().principal_id();
  }
  return owner + "|" + c.order_id();
}

// Days. (model_calendar.cc)
// The number of a day as YYYY-MM-DD; nothing if there is no such day.
std::optional<int> DayNumber(const std::string& text);
int DayIn(const std::string& zone, int64_t us);
int64_t StartIn(const std::string& zone, int day);
// The last day on which points can be spent that count from a day.
int LastDay(const v1::ExpiryRule& rule, int day);
int YearOf(int day);
std::pair<int, int> MonthOf(int day);
// Months since 1970-01, of a day and of YYYY-MM, and the first day of one.
int MonthNumberOf(int day);
std::optional<int> MonthNumber(const std::string& text);
int FirstDayOf(int month);
std::string MonthText(int month);
// Which period of an item's limit a day lies in.
int PeriodOf(v1::LimitPeriod period, int day);

constexpr int64_t kMinuteUs = 60'000'000;

template <typename T>
const T* As(const Ask& ask) {
  return dynamic_cast<const T*>(ask.message.get());
}

}  // namespace meritbook::model

#endif  // MERITBOOK_TESTS_LEDGER_MODEL_ROW_H_
