// What somebody should look at.
#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "services/reports.h"

namespace meritbook {
namespace {

using books::Books;
using books::kNoRow;
using books::OrderStep;
using books::OrderWhat;

// One thing to look at. What isn't known stays kNoRow or absent.
struct Finding {
  const char* pattern = "";
  uint32_t actor = kNoRow;
  uint32_t volunteer = kNoRow;
  uint32_t merchant = kNoRow;
  uint32_t organisation = kNoRow;
  DayNumber first_day = 0;
  DayNumber last_day = 0;
  std::optional<int64_t> count;
  std::optional<int64_t> minutes;
  std::optional<int64_t> units;
};

std::vector<Finding> Bursts(const Books& books, const Window& window) {
  std::vector<Finding> findings;
  for (const auto& [key, burst] : books.bursts) {
    const auto& [actor, day] = key;
    if (burst.records < kBurstRecordsMin || !window.Has(day)) continue;
    Finding finding;
    finding.pattern = "backdated_burst";
    finding.actor = actor;
    finding.first_day = burst.earliest_service;
    finding.last_day = day;
    finding.count = burst.records;
    finding.minutes = static_cast<int64_t>(burst.minutes);
    findings.push_back(finding);
  }
  return findings;
}

std::vector<Finding> OwnTeams(const Books& books, const Window& window) {
  std::vector<Finding> findings;
  for (const auto& [key, team] : books.own_teams) {
    const auto& [actor, organisation, day] = key;
    if (team.submitted + team.reviewed < kOwnTeamRecordsMin || !window.Has(day)) continue;
    Finding finding;
    finding.pattern = "own_team";
    finding.actor = actor;
    finding.organisation = organisation;
    finding.first_day = finding.last_day = day;
    finding.count = team.submitted + team.reviewed;
    findings.push_back(finding);
  }
  return findings;
}

// For each volunteer and merchant the most orders within kSameMerchantDays, where they are many.
std::vector<Finding> SameMerchants(const Books& books, const Window& window) {
  struct HandOver {
    uint32_t volunteer;
    uint32_t merchant;
    DayNumber day;
    int64_t units;
  };
  std::vector<HandOver> all;
  for (const OrderStep& step : books.order_steps) {
    const bool handed_over =
        step.what == OrderWhat::kRedeemed || step.what == OrderWhat::kConfirmed;
    if (!handed_over || !window.HasInstant(step.occurred_us)) continue;
    const books::Order& order = books.orders[step.order];
    all.push_back({books.Survivor(order.volunteer), order.merchant, books.DayOf(step.occurred_us),
                   step.units});
  }
  const auto key = [](const HandOver& h) { return std::pair(h.volunteer, h.merchant); };
  std::stable_sort(all.begin(), all.end(), [&](const HandOver& a, const HandOver& b) {
    return std::tuple(a.volunteer, a.merchant, a.day) < std::tuple(b.volunteer, b.merchant, b.day);
  });
  std::vector<Finding> findings;
  for (size_t begin = 0; begin < all.size();) {
    size_t end = begin;
    while (end < all.size() && key(all[end]) == key(all[begin])) ++end;
    size_t most = 0;
    size_t most_first = begin;
    for (size_t first = begin, next = begin; first < end; ++first) {
      while (next < end && all[next].day < all[first].day + kSameMerchantDays) ++next;
      if (next - first <= most) continue;
      most = next - first;
      most_first = first;
    }
    if (most >= kSameMerchantOrdersMin) {
      Finding finding;
      finding.pattern = "same_merchant";
      finding.volunteer = all[begin].volunteer;
      finding.merchant = all[begin].merchant;
      finding.first_day = all[most_first].day;
      finding.last_day = all[most_first + most - 1].day;
      finding.count = static_cast<int64_t>(most);
      finding.units = 0;
      for (size_t i = most_first; i < most_first + most; ++i) *finding.units += all[i].units;
      findings.push_back(finding);
    }
    begin = end;
  }
  return findings;
}

std::vector<Finding> LongDays(const Books& books, const Window& window) {
  struct Part {
    uint64_t volunteer_and_day;
    int64_t minutes;
  };
  std::vector<Part> parts;
  for (const books::Record& record : books.records) {
    if (!record.counts || record.place == kNoRow) continue;
    const uint64_t person = uint64_t{books.Survivor(record.volunteer)} << 32;
    for (uint32_t i = 0; i < record.segments; ++i) {
      const books::Segment& segment = books.segments[record.first_segment + i];
      if (!window.Has(segment.day)) continue;
      parts.push_back({person | static_cast<uint32_t>(segment.day),
                       segment.credited_minutes + segment.honorary_minutes});
    }
  }
  std::sort(parts.begin(), parts.end(),
            [](const Part& a, const Part& b) { return a.volunteer_and_day < b.volunteer_and_day; });
  std::vector<Finding> findings;
  for (size_t begin = 0; begin < parts.size();) {
    size_t end = begin;
    int64_t minutes = 0;
    for (; end < parts.size() && parts[end].volunteer_and_day == parts[begin].volunteer_and_day;
         ++end) {
      minutes += parts[end].minutes;
    }
    if (minutes >= kLongDayMinutesMin) {
      Finding finding;
      finding.pattern = "long_day";
      finding.volunteer = static_cast<uint32_t>(parts[begin].volunteer_and_day >> 32);
      finding.first_day = finding.last_day =
          static_cast<DayNumber>(parts[begin].volunteer_and_day & 0xFFFFFFFF);
      finding.count = static_cast<int64_t>(end - begin);
      finding.minutes = minutes;
      findings.push_back(finding);
    }
    begin = end;
  }
  return findings;
}

Value Named(const books::Names& names, uint32_t row) {
  return row == kNoRow ? Value() : Value(names[row]);
}

}  // namespace

ReportTable Suspicious(const Books& books, const Window& window) {
  ReportTable table({{"pattern", kText},
                     {"actor", kText},
                     {"volunteer_id", kText},
                     {"merchant_id", kText},
                     {"organisation_id", kText},
                     {"first_day", kDay},
                     {"last_day", kDay},
                     {"count", kCount},
                     {"minutes", kMinutes},
                     {"units", kUnits}});
  for (auto* find : {&Bursts, &SameMerchants, &OwnTeams, &LongDays}) {
    std::vector<Finding> findings = (*find)(books, window);
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.last_day < b.last_day; });
    for (const Finding& f : findings) {
      table.Add({f.pattern, Named(books.actors, f.actor), Named(books.volunteer_ids, f.volunteer),
                 Named(books.merchant_ids, f.merchant),
                 Named(books.organisation_ids, f.organisation), f.first_day, f.last_day, f.count,
                 f.minutes, f.units});
    }
  }
  return table;
}

}  // namespace meritbook
