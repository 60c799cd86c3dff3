// All accounts together: the trial balance, months, and what lapses when.
#include <array>
#include <map>
#include <vector>

#include "services/reports.h"

namespace meritbook {
namespace {

using books::Books;
using books::EventKind;
using books::Leg;

const char* NameOf(Account account) {
  switch (account) {
    case Account::kIssued:
      return "issued";
    case Account::kExpired:
      return "expired";
    case Account::kRevoked:
      return "revoked";
    case Account::kForfeited:
      return "forfeited";
    case Account::kDonated:
      return "donated";
    case Account::kPending:
      return "pending";
    case Account::kAvailable:
      return "available";
    case Account::kHeld:
      return "held";
    case Account::kDebt:
      return "debt";
    case Account::kPayable:
      return "payable";
    case Account::kSettled:
      return "settled";
    case Account::kWrittenOff:
      return "written_off";
  }
  return "";
}

constexpr Account kAccounts[] = {Account::kIssued,  Account::kPending,   Account::kAvailable,
                                 Account::kHeld,    Account::kDebt,      Account::kExpired,
                                 Account::kRevoked, Account::kForfeited, Account::kDonated,
                                 Account::kPayable, Account::kSettled,   Account::kWrittenOff};

// What changed what volunteers have, in one month.
enum Movement : size_t {
  kEarned,
  kBroughtAlong,
  kAdjusted,
  kRevoked,
  kLapsed,
  kForfeited,
  kDonated,
  kRedeemed,
  kRefunded,
  kMovements
};
using MonthMovements = std::array<int64_t, kMovements>;

Movement MovementTo(Account account, EventKind kind) {
  switch (account) {
    case Account::kIssued:
      return kind == EventKind::kOpeningBalanceLoaded ? kBroughtAlong
             : kind == EventKind::kPointsAdjusted     ? kAdjusted
                                                      : kEarned;
    case Account::kExpired:
      return kLapsed;
    case Account::kRevoked:
      return kRevoked;
    case Account::kForfeited:
      return kForfeited;
    case Account::kDonated:
      return kDonated;
    case Account::kPayable:
    case Account::kSettled:
    case Account::kWrittenOff:
      return kind == EventKind::kOrderRefunded ? kRefunded : kRedeemed;
    case Account::kPending:
    case Account::kAvailable:
    case Account::kHeld:
    case Account::kDebt:
      break;
  }
  return kEarned;
}

// Months of instants; most of them are the one before's.
class MonthOfInstant {
 public:
  explicit MonthOfInstant(const Books& books) : books_(books) {}

  MonthNumber operator()(uint32_t sequence, int64_t occurred_us) {
    if (const auto late = Late(sequence)) return *late;
    return Own(occurred_us);
  }
  // Whatever its books say.
  MonthNumber Own(int64_t occurred_us) {
    if (occurred_us < from_us_ || occurred_us >= until_us_) {
      month_ = MonthOf(books_.DayOf(occurred_us));
      from_us_ = books_.calendar->StartOf(FirstDayOf(month_));
      until_us_ = books_.calendar->StartOf(FirstDayOf(month_ + 1));
    }
    return month_;
  }

 private:
  // Asked in the order of the sequence.
  std::optional<MonthNumber> Late(uint32_t sequence) {
    const auto& facts = books_.late_facts;
    while (next_late_ < facts.size() && facts[next_late_].sequence < sequence) ++next_late_;
    if (next_late_ == facts.size() || facts[next_late_].sequence != sequence) return std::nullopt;
    return facts[next_late_].booked;
  }

  const Books& books_;
  MonthNumber month_ = 0;
  int64_t from_us_ = 1;
  int64_t until_us_ = 0;
  size_t next_late_ = 0;
};

// What one month's booking comes to.
struct Booking {
  int64_t issued_units = 0;    // less what was revoked
  int64_t redeemed_units = 0;  // less refunds
  int64_t fen = 0;             // of the redeemed
  Booking& operator+=(const Booking& other) {
    issued_units += other.issued_units;
    redeemed_units += other.redeemed_units;
    fen += other.fen;
    return *this;
  }
};

Booking BookingOf(const Leg& leg) {
  Booking booking;
  if (leg.from() == Account::kIssued) booking.issued_units += leg.units;
  if (leg.to() == Account::kIssued) booking.issued_units -= leg.units;
  if (leg.to() == Account::kRevoked) booking.issued_units -= leg.units;
  if (leg.from() == Account::kRevoked) booking.issued_units += leg.units;
  return booking;
}

Booking BookingOf(const Books& books, const books::OrderStep& step) {
  int sign = 0;
  if (step.what == books::OrderWhat::kRedeemed || step.what == books::OrderWhat::kConfirmed) {
    sign = 1;
  }
  if (step.what == books::OrderWhat::kRefunded) sign = -1;
  Booking booking;
  booking.redeemed_units = sign * step.units;
  for (uint32_t i = 0; i < step.lines; ++i) {
    booking.fen += sign * books.lines[step.first_line + i].fen();
  }
  return booking;
}

struct MonthFigures {
  Booking booked;
  Booking later;         // took place here, booked elsewhere
  Booking about_closed;  // booked here, took place before
  int64_t later_facts = 0;
  int64_t about_closed_facts = 0;
  int64_t minutes = 0;
  bool closed = false;
};

void Book(std::map<MonthNumber, MonthFigures>& months, MonthNumber own, MonthNumber booked,
          const Booking& booking) {
  months[booked].booked += booking;
  if (own == booked) return;
  months[own].later += booking;
  months[booked].about_closed += booking;
}

}  // namespace

ReportTable TrialBalance(const Books& books, const Window& window) {
  std::map<Account, int64_t> sums;
  for (const Leg& leg : books.legs) {
    if (!window.Happened(leg.occurred_us)) continue;
    sums[leg.from()] -= leg.units;
    sums[leg.to()] += leg.units;
  }
  ReportTable table({{"account", kText}, {"units", kUnits}});
  int64_t total = 0;
  for (const Account account : kAccounts) {
    total += sums[account];
    table.Add({NameOf(account), sums[account]});
  }
  table.AddTotal({Value(), total});
  return table;
}

ReportTable RollForward(const Books& books, const Window& window) {
  std::map<MonthNumber, MonthMovements> months;
  MonthOfInstant month_of(books);
  for (const Leg& leg : books.legs) {
    if (!window.Happened(leg.occurred_us)) continue;
    const bool gives = IsVolunteers(leg.from());
    const bool takes = IsVolunteers(leg.to());
    if (gives == takes) continue;
    MonthMovements& month =
        months.try_emplace(month_of(leg.sequence, leg.occurred_us)).first->second;
    if (takes) {
      month[MovementTo(leg.from(), leg.kind())] += leg.units;
    } else {
      month[MovementTo(leg.to(), leg.kind())] -= leg.units;
    }
  }
  ReportTable table({{"month", kMonth},
                     {"opening_units", kUnits},
                     {"earned_units", kUnits},
                     {"brought_along_units", kUnits},
                     {"adjusted_units", kUnits},
                     {"revoked_units", kUnits},
                     {"expired_units", kUnits},
                     {"forfeited_units", kUnits},
                     {"donated_units", kUnits},
                     {"redeemed_units", kUnits},
                     {"refunded_units", kUnits},
                     {"closing_units", kUnits}});
  const auto values = [](Value month, int64_t opening, const MonthMovements& moved,
                         int64_t closing) {
    std::vector<Value> row = {std::move(month), opening};
    for (const int64_t units : moved) row.emplace_back(units);
    row.emplace_back(closing);
    return row;
  };
  MonthMovements sums = {};
  int64_t balance = 0;
  for (const auto& [month, moved] : months) {
    const int64_t opening = balance;
    for (size_t i = 0; i < kMovements; ++i) {
      balance += moved[i];
      sums[i] += moved[i];
    }
    table.Add(values(month, opening, moved, balance));
  }
  table.AddTotal(values(Value(), 0, sums, balance));
  return table;
}

ReportTable Months(const Books& books, const Window& window) {
  std::map<MonthNumber, MonthFigures> months;
  MonthOfInstant leg_month(books);
  for (const Leg& leg : books.legs) {
    if (!window.Happened(leg.occurred_us)) continue;
    const MonthNumber booked = leg_month(leg.sequence, leg.occurred_us);
    Book(months, leg_month.Own(leg.occurred_us), booked, BookingOf(leg));
  }
  MonthOfInstant step_month(books);
  for (const books::OrderStep& step : books.order_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    const MonthNumber booked = step_month(step.sequence, step.occurred_us);
    Book(months, step_month.Own(step.occurred_us), booked, BookingOf(books, step));
  }
  for (const books::LateFact& fact : books.late_facts) {
    if (!window.Happened(fact.occurred_us)) continue;
    ++months[fact.occurred].later_facts;
    ++months[fact.booked].about_closed_facts;
  }
  for (const books::Record& record : books.records) {
    if (!record.counts || record.place == books::kNoRow) continue;
    for (uint32_t i = 0; i < record.segments; ++i) {
      const books::Segment& segment = books.segments[record.first_segment + i];
      if (!window.Has(segment.day)) continue;
      months[MonthOf(segment.day)].minutes += segment.credited_minutes + segment.honorary_minutes;
    }
  }
  for (const books::ClosedMonth& closed : books.closed_months) {
    if (!window.Happened(closed.occurred_us)) continue;
    for (auto& [month, figures] : months) figures.closed |= month <= closed.month;
  }
  ReportTable table({{"month", kMonth},
                     {"state", kText},
                     {"service_minutes", kMinutes},
                     {"issued_units", kUnits},
                     {"redeemed_units", kUnits},
                     {"fen", kFen},
                     {"later_facts", kCount},
                     {"later_issued_units", kUnits},
                     {"later_redeemed_units", kUnits},
                     {"later_fen", kFen},
                     {"about_closed_facts", kCount},
                     {"about_closed_issued_units", kUnits},
                     {"about_closed_redeemed_units", kUnits},
                     {"about_closed_fen", kFen}});
  const auto values = [](Value month, Value state, const MonthFigures& f) {
    return std::vector<Value>{std::move(month),
                              std::move(state),
                              f.minutes,
                              f.booked.issued_units,
                              f.booked.redeemed_units,
                              f.booked.fen,
                              f.later_facts,
                              f.later.issued_units,
                              f.later.redeemed_units,
                              f.later.fen,
                              f.about_closed_facts,
                              f.about_closed.issued_units,
                              f.about_closed.redeemed_units,
                              f.about_closed.fen};
  };
  MonthFigures sum;
  for (const auto& [month, figures] : months) {
    table.Add(values(month, figures.closed ? "books_closed" : "books_open", figures));
    sum.booked += figures.booked;
    sum.later += figures.later;
    sum.about_closed += figures.about_closed;
    sum.later_facts += figures.later_facts;
    sum.about_closed_facts += figures.about_closed_facts;
    sum.minutes += figures.minutes;
  }
  table.AddTotal(values(Value(), Value(), sum));
  return table;
}

ReportTable ExpiryCalendar(const Books& books, const Window& window) {
  struct Units {
    int64_t available = 0;
    int64_t pending = 0;
    int64_t held = 0;
    int64_t sum() const { return available + pending + held; }
  };
  std::map<DayNumber, Units> days;
  Units total;
  const auto add = [](Units& units, Account account, int64_t moved) {
    if (account == Account::kAvailable) units.available += moved;
    if (account == Account::kPending) units.pending += moved;
    if (account == Account::kHeld) units.held += moved;
  };
  for (const auto& [lot, moved] : books.lots) {
    if (lot.day > window.until) continue;
    add(days[lot.expiry], lot.account, moved);
    add(total, lot.account, moved);
  }
  ReportTable table({{"expiry_day", kDay},
                     {"available_units", kUnits},
                     {"pending_units", kUnits},
                     {"held_units", kUnits},
                     {"units", kUnits}});
  for (const auto& [expiry, units] : days) {
    if (units.available == 0 && units.pending == 0 && units.held == 0) continue;
    table.Add({expiry == kNeverExpires ? Value() : Value(expiry), units.available, units.pending,
               units.held, units.sum()});
  }
  table.AddTotal({Value(), total.available, total.pending, total.held, total.sum()});
  return table;
}

}  // namespace meritbook
