// Owns: everything that a replay knows: who and what is registered, and every account.
// Promises: only facts from the log's events; Sum() is zero after each of them.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_BOOKS_H_
#define MERITBOOK_CLI_AUDIT_BOOKS_H_

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "cli/audit/id_book.h"
#include "cli/audit/lot_book.h"
#include "cli/audit/mall_books.h"
#include "cli/audit/record_book.h"
#include "cli/audit/register.h"
#include "cli/audit/rule_book.h"
#include "cli/audit/volunteer.h"
#include "cli/audit/zone_days.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::audit {

inline constexpr int64_t kUnitsPerPoint = 6'000;

struct Organisation : Registered {
  bool is_cause = false;
};

enum class ActivityState : uint8_t { kOpen, kWaiting, kRejected, kClosed, kCancelled };

struct Activity : Registered {
  const Category* category = nullptr;
  int64_t starts_us = 0;
  int64_t ends_us = std::numeric_limits<int64_t>::max();
  uint32_t capacity = 0;  // 0 for no limit
  ActivityState state = ActivityState::kOpen;
  const Actor* submitted_by = nullptr;
};

struct Session : Registered {
  const Activity* activity = nullptr;
  int32_t service_day = 0;
  int64_t starts_us = 0;
  int64_t ends_us = 0;
};

// Known from the log; others stand in the server's configuration.
struct Principal : Registered {
  std::string source;              // empty when she posts for no platform
  std::string merchant_id;         // empty when she is bound to none
  Volunteer* volunteer = nullptr;  // who she is, if she is one
  bool revoked = false;
};

// The name of whoever acted.
struct Actor : Registered {
  Principal* principal = nullptr;  // nothing while the log doesn't know her
};

struct Proposal : Registered {
  v1::ProposeChange change;
  const Actor* proposed_by = nullptr;
  bool closed = false;
};

// A sheet or an approved change whose events are still to come.
struct OpenSheet {
  v1::RecordAttendance sheet;
  uint32_t said_credited = 0;
  int next = 0;
  uint32_t credited = 0;
};
struct OpenChange {
  const Proposal* proposal = nullptr;  // nothing when it is unknown: told already
  int next = 0;
};

// Events from `sequence` on had been others: the guard had seen `guard_size` events in all.
struct Loss {
  uint64_t sequence = 0;  // of the event that declares it
  uint64_t guard_size = 0;
};

// One kind of account: all of its units.
struct Accounts {
  absl::int128 issued_units = 0;  // <= 0
  absl::int128 expired_units = 0;
  absl::int128 revoked_units = 0;
  absl::int128 forfeited_units = 0;
  absl::int128 donated_units = 0;
  absl::int128 pending_units = 0;    // of all volunteers
  absl::int128 available_units = 0;  // of all volunteers
  absl::int128 held_units = 0;       // of all volunteers
  absl::int128 debt_units = 0;       // of all volunteers, <= 0
  absl::int128 payable_units = 0;    // to all merchants
  absl::int128 settled_units = 0;
  absl::int128 written_off_units = 0;

  absl::int128 Sum() const {
    return issued_units + expired_units + revoked_units + forfeited_units + donated_units +
           pending_units + available_units + held_units + debt_units + payable_units +
           settled_units + written_off_units;
  }
};

struct Books {
  bool created = false;
  bool migrating = false;
  ZoneDays days = ZoneDays::Utc();

  RuleBook rules;
  Register<Category> categories;
  Register<Award> awards;
  Register<Actor> actors;
  Register<Principal> principals;
  Register<Volunteer> volunteers;
  Register<Organisation> organisations;
  Register<Activity> activities;
  Register<Session> sessions;
  Register<Merchant> merchants;
  Register<Item> items;
  Register<Proposal> proposals;
  IdBook ids;
  RecordBook records;
  std::deque<Order> orders;
  absl::flat_hash_map<std::string, uint32_t> vouchers;  // orders by the hash of their code
  Register<Budget> budgets;                             // by year/source
  Register<Statement> statements;
  std::set<Timer> timers;
  std::optional<int32_t> closed_through;  // month; what occurred before `open_from_us` is booked …
  int64_t open_from_us = 0;               // … in the month after it
  // Who has approved records there, and how many; of activities that have a capacity.
  absl::flat_hash_map<Occurrence, absl::flat_hash_map<const Volunteer*, uint32_t>> attendance;
  Accounts accounts;
  std::vector<Loss> losses;

  // Between the events of one command.
  std::optional<OpenSheet> open_sheet;
  std::optional<OpenChange> open_change;
  Volunteer* open_closing = nullptr;   // whose holds are being cancelled
  std::vector<Budget*> open_warnings;  // that are still to come
};

// The event at hand.
struct Taking {
  Books& books;
  const v1::Event& event;
  int32_t today = 0;               // of its recorded time
  Principal* principal = nullptr;  // who acted, if the log knows her
  const Actor* actor = nullptr;    // nothing for the ledger itself
  bool continues = false;          // a command that an event before began

  // The volunteer who acted, if the log knows that she is one.
  const Volunteer* Self() const {
    if (principal == nullptr || principal->volunteer == nullptr) return nullptr;
    return &Survivor(*principal->volunteer);
  }
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_BOOKS_H_
