// Owns: everything that a replay knows: who and what is registered, and every account.
// Promises: only facts from the log's events; Sum() is zero after each of them.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_BOOKS_H_
#define MERITBOOK_CLI_AUDIT_BOOKS_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/numeric/int128.h"
#include "cli/audit/lot_book.h"
#include "cli/audit/register.h"
#include "cli/audit/rule_book.h"
#include "cli/audit/service_log.h"
#include "cli/audit/zone_days.h"

namespace meritbook::audit {

inline constexpr int64_t kUnitsPerPoint = 6'000;

struct Volunteer : Registered {
  uint64_t event_count = 0;
  uint64_t last_sequence = 0;
  uint64_t credited_minutes = 0;
  uint64_t honorary_minutes = 0;
  LotBook lots;
  ServiceLog service;
  bool frozen = false;
};

struct Organisation : Registered {};

struct Activity : Registered {
  const Category* category = nullptr;
  int64_t starts_us = 0;
  int64_t ends_us = std::numeric_limits<int64_t>::max();
};

struct Session : Registered {
  const Activity* activity = nullptr;
  int32_t service_day = 0;
  int64_t starts_us = 0;
  int64_t ends_us = 0;
};

struct Merchant : Registered {
  absl::int128 payable_units = 0;
};

struct Item : Registered {
  const Merchant* merchant = nullptr;
  uint32_t price_points = 0;
  int64_t on_hand = 0;
};

// Known from the log; others stand in the server's configuration.
struct Principal : Registered {
  std::string source;                    // empty when she posts for no platform
  std::string merchant_id;               // empty when she is bound to none
  const Volunteer* volunteer = nullptr;  // who she is, if she is one
  bool revoked = false;
};

struct Accounts {
  absl::int128 issued_units = 0;     // <= 0
  absl::int128 available_units = 0;  // of all volunteers
  absl::int128 expired_units = 0;
  absl::int128 payable_units = 0;  // to all merchants

  absl::int128 Sum() const {
    return issued_units + available_units + expired_units + payable_units;
  }
};

struct Books {
  bool created = false;
  bool migrating = false;
  ZoneDays days = ZoneDays::Utc();

  RuleBook rules;
  Register<Category> categories;
  Register<Principal> principals;
  Register<Volunteer> volunteers;
  Register<Organisation> organisations;
  Register<Activity> activities;
  Register<Session> sessions;
  Register<Merchant> merchants;
  Register<Item> items;
  Accounts accounts;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_BOOKS_H_
