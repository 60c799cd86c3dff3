// Service of communities, organisations, groups and crossings.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/reports.h"
#include "services/service_sum.h"

namespace meritbook {
namespace {

using books::Books;
using books::kNoRow;
using books::Place;

bool IsCommunity(const Books& books, uint32_t organisation) {
  return books.organisations[organisation].kind == v1::ORGANISATION_KIND_COMMUNITY;
}

// Row numbers in the order of their names; kNoRow, which has none, comes last.
template <typename NameOf>
void SortByName(std::vector<uint32_t>& rows, const NameOf& name_of) {
  std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(a == kNoRow, a == kNoRow ? std::string_view() : name_of(a)) <
           std::pair(b == kNoRow, b == kNoRow ? std::string_view() : name_of(b));
  });
}

std::string_view KindName(v1::OrganisationKind kind) {
  switch (kind) {
    case v1::ORGANISATION_KIND_UNIT:
      return "unit";
    case v1::ORGANISATION_KIND_TEAM:
      return "team";
    case v1::ORGANISATION_KIND_COMMUNITY:
      return "community";
    case v1::ORGANISATION_KIND_STATION:
      return "station";
    case v1::ORGANISATION_KIND_CAUSE:
      return "cause";
    case v1::ORGANISATION_KIND_UNSPECIFIED:
    case v1::OrganisationKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::OrganisationKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

// How the rows of TOTALS are grouped and named.
struct Grouping {
  const char* column;
  v1::ColumnType type;
};

Grouping GroupingOf(v1::ReportGroup group) {
  switch (group) {
    case v1::REPORT_GROUP_ACTIVITY:
      return {"activity_id", kText};
    case v1::REPORT_GROUP_SESSION:
      return {"session_id", kText};
    case v1::REPORT_GROUP_ORGANISATION:
      return {"organisation_id", kText};
    case v1::REPORT_GROUP_COMMUNITY:
      return {"community_id", kText};
    case v1::REPORT_GROUP_CATEGORY:
      return {"category", kText};
    case v1::REPORT_GROUP_CAMPAIGN:
      return {"campaign", kText};
    case v1::REPORT_GROUP_DAY:
      return {"day", kDay};
    case v1::REPORT_GROUP_MONTH:
      return {"month", kMonth};
    case v1::REPORT_GROUP_UNSPECIFIED:
    case v1::ReportGroup_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReportGroup_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {"", kText};
}

uint32_t GroupRow(const Books& books, v1::ReportGroup group, const Place& place, DayNumber day) {
  const books::Activity& activity = books.activities[place.activity];
  switch (group) {
    case v1::REPORT_GROUP_ACTIVITY:
      return place.activity;
    case v1::REPORT_GROUP_SESSION:
      return place.session;
    case v1::REPORT_GROUP_ORGANISATION:
      return activity.organisation;
    case v1::REPORT_GROUP_COMMUNITY:
      return IsCommunity(books, activity.organisation) ? activity.organisation : kNoRow;
    case v1::REPORT_GROUP_CATEGORY:
      return activity.category;
    case v1::REPORT_GROUP_CAMPAIGN:
      return activity.campaign;
    case v1::REPORT_GROUP_DAY:
      return static_cast<uint32_t>(day);
    case v1::REPORT_GROUP_MONTH:
      return static_cast<uint32_t>(MonthOf(day));
    case v1::REPORT_GROUP_UNSPECIFIED:
    case v1::ReportGroup_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReportGroup_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return kNoRow;
}

std::string_view GroupName(const Books& books, v1::ReportGroup group, uint32_t row) {
  switch (group) {
    case v1::REPORT_GROUP_ACTIVITY:
      return books.activity_ids[row];
    case v1::REPORT_GROUP_SESSION:
      return books.session_ids[row];
    case v1::REPORT_GROUP_ORGANISATION:
    case v1::REPORT_GROUP_COMMUNITY:
      return books.organisation_ids[row];
    case v1::REPORT_GROUP_CATEGORY:
    case v1::REPORT_GROUP_CAMPAIGN:
      return books.words[row];
    case v1::REPORT_GROUP_DAY:
    case v1::REPORT_GROUP_MONTH:
    case v1::REPORT_GROUP_UNSPECIFIED:
    case v1::ReportGroup_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::ReportGroup_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

bool IsTime(v1::ReportGroup group) {
  return group == v1::REPORT_GROUP_DAY || group == v1::REPORT_GROUP_MONTH;
}

std::vector<Value> ServiceValues(Value name, const ServiceSum& sum) {
  return {std::move(name),      sum.person_times,     sum.volunteers,
          sum.credited_minutes, sum.honorary_minutes, sum.units};
}

}  // namespace

std::optional<int64_t> BasisPoints(int64_t part, int64_t whole) {
  if (whole <= 0) return std::nullopt;
  const auto scaled = static_cast<__int128>(part) * 20'000;
  const __int128 doubled = scaled / whole;
  return static_cast<int64_t>((doubled + 1) / 2);
}

ReportTable Communities(const Books& books, const Window& window) {
  const auto in_community = [&](const Place& place, DayNumber, uint32_t) {
    const uint32_t organisation = books.activities[place.activity].organisation;
    return IsCommunity(books, organisation) ? std::optional(organisation) : std::nullopt;
  };
  auto sums = SumService(books, window, in_community);
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < books.organisations.size(); ++i) {
    if (IsCommunity(books, i) && window.Happened(books.organisations[i].registered_us)) {
      rows.push_back(i);
    }
  }
  SortByName(rows, [&](uint32_t row) { return books.organisation_ids[row]; });
  std::vector<int64_t> opened(books.organisations.size());
  for (const books::Activity& activity : books.activities) {
    if (window.Happened(activity.opened_us)) ++opened[activity.organisation];
  }
  ReportTable table({{"organisation_id", kText},
                     {"activities", kCount},
                     {"person_times", kCount},
                     {"volunteers", kCount},
                     {"credited_minutes", kMinutes},
                     {"honorary_minutes", kMinutes},
                     {"units", kUnits}});
  int64_t projects = 0;
  for (const uint32_t row : rows) {
    const ServiceSum& sum = sums[row];
    projects += opened[row];
    table.Add({books.organisation_ids[row], opened[row], sum.person_times, sum.volunteers,
               sum.credited_minutes, sum.honorary_minutes, sum.units});
  }
  const auto all = SumService(books, window, [&](const Place& place, DayNumber day, uint32_t p) {
    return in_community(place, day, p) ? std::optional<uint32_t>(0) : std::nullopt;
  });
  const ServiceSum total = all.empty() ? ServiceSum() : all.begin()->second;
  table.AddTotal({Value(), projects, total.person_times, total.volunteers, total.credited_minutes,
                  total.honorary_minutes, total.units});
  return table;
}

ReportTable Organisations(const Books& books, const Window& window) {
  std::vector<int64_t> registered(books.organisations.size());
  for (uint32_t i = 0; i < books.volunteers.size(); ++i) {
    const books::Volunteer& volunteer = books.volunteers[i];
    if (volunteer.merged_into != kNoRow || volunteer.organisation == kNoRow) continue;
    if (window.Happened(volunteer.registered_us)) ++registered[volunteer.organisation];
  }
  auto took_part = SumService(
      books, window, [&](const Place&, DayNumber, uint32_t person) -> std::optional<uint32_t> {
        const uint32_t organisation = books.volunteers[person].organisation;
        return organisation == kNoRow ? std::nullopt : std::optional(organisation);
      });
  std::vector<uint32_t> rows;
  for (uint32_t i = 0; i < books.organisations.size(); ++i) {
    if (window.Happened(books.organisations[i].registered_us)) rows.push_back(i);
  }
  SortByName(rows, [&](uint32_t row) { return books.organisation_ids[row]; });
  ReportTable table({{"organisation_id", kText},
                     {"kind", kText},
                     {"headcount", kCount},
                     {"registered", kCount},
                     {"took_part", kCount},
                     {"participation", kShare},
                     {"mark_reached", kText}});
  int64_t all_registered = 0;
  int64_t all_took_part = 0;
  for (const uint32_t row : rows) {
    const books::Organisation& organisation = books.organisations[row];
    std::optional<int64_t> headcount;
    for (const books::Headcount& set : organisation.headcounts) {
      if (window.Happened(set.since_us)) headcount = set.people;
    }
    const int64_t served = took_part[row].volunteers;
    all_registered += registered[row];
    all_took_part += served;
    const auto share = headcount ? BasisPoints(served, *headcount) : std::nullopt;
    Value mark;
    if (share) mark = served * 100 >= *headcount * kParticipationPercent ? "yes" : "no";
    table.Add({books.organisation_ids[row], KindName(organisation.kind), headcount, registered[row],
               served, share, mark});
  }
  table.AddTotal({Value(), Value(), Value(), all_registered, all_took_part, Value(), Value()});
  return table;
}

ReportTable Totals(const Books& books, const Window& window, v1::ReportGroup group) {
  const auto sums = SumService(
      books, window, [&](const Place& place, DayNumber day, uint32_t) -> std::optional<uint32_t> {
        return GroupRow(books, group, place, day);
      });
  std::vector<uint32_t> rows;
  rows.reserve(sums.size());
  for (const auto& [row, sum] : sums) rows.push_back(row);
  if (!IsTime(group)) {
    SortByName(rows, [&](uint32_t row) { return GroupName(books, group, row); });
  }
  const Grouping grouping = GroupingOf(group);
  ReportTable table({{grouping.column, grouping.type},
                     {"person_times", kCount},
                     {"volunteers", kCount},
                     {"credited_minutes", kMinutes},
                     {"honorary_minutes", kMinutes},
                     {"units", kUnits}});
  for (const uint32_t row : rows) {
    Value name;
    if (IsTime(group)) {
      name = static_cast<int32_t>(row);
    } else if (row != kNoRow) {
      name = GroupName(books, group, row);
    }
    table.Add(ServiceValues(std::move(name), sums.at(row)));
  }
  table.AddTotal(ServiceValues(Value(), SumService(books, window)));
  return table;
}

ReportTable Crossings(const Books& books, const Window& window) {
  const auto traffic = books.words.Of(kTrafficCategory);
  const auto is_crossing = [&](const Place& place) {
    return place.session != kNoRow && traffic &&
           books.activities[place.activity].category == *traffic;
  };
  // Numbered (site, slot).
  std::vector<std::pair<uint32_t, uint32_t>> crossings;
  std::vector<uint32_t> crossing_of(books.sessions.size(), kNoRow);
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> numbers;
  for (uint32_t i = 0; i < books.sessions.size(); ++i) {
    const books::Session& session = books.sessions[i];
    const Place& place = books.places[session.place];
    if (!is_crossing(place)) continue;
    const uint32_t site =
        session.site != kNoRow ? session.site : books.activities[place.activity].site;
    const auto [entry, added] =
        numbers.try_emplace({site, session.slot}, static_cast<uint32_t>(crossings.size()));
    if (added) crossings.emplace_back(site, session.slot);
    crossing_of[i] = entry->second;
  }
  const auto sums = SumService(
      books, window, [&](const Place& place, DayNumber, uint32_t) -> std::optional<uint32_t> {
        return is_crossing(place) ? std::optional(crossing_of[place.session]) : std::nullopt;
      });
  const auto sessions = SumService(
      books, window, [&](const Place& place, DayNumber, uint32_t) -> std::optional<uint32_t> {
        return is_crossing(place) ? std::optional(place.session) : std::nullopt;
      });
  std::vector<int64_t> served(crossings.size());
  for (const auto& [session, sum] : sessions) {
    if (sum.person_times > 0) ++served[crossing_of[session]];
  }
  const auto text_of = [&](uint32_t word) { return word == kNoRow ? "" : books.words[word]; };
  std::vector<uint32_t> rows;
  for (const auto& [row, sum] : sums) rows.push_back(row);
  std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(text_of(crossings[a].first), text_of(crossings[a].second)) <
           std::pair(text_of(crossings[b].first), text_of(crossings[b].second));
  });
  ReportTable table({{"site", kText},
                     {"slot", kText},
                     {"sessions", kCount},
                     {"person_times", kCount},
                     {"volunteers", kCount},
                     {"minutes", kMinutes}});
  const auto name = [&](uint32_t word) { return word == kNoRow ? Value() : books.words[word]; };
  int64_t all_sessions = 0;
  for (const uint32_t row : rows) {
    const ServiceSum& sum = sums.at(row);
    all_sessions += served[row];
    table.Add({name(crossings[row].first), name(crossings[row].second), served[row],
               sum.person_times, sum.volunteers, sum.minutes()});
  }
  const auto all = SumService(
      books, window, [&](const Place& place, DayNumber, uint32_t) -> std::optional<uint32_t> {
        return is_crossing(place) ? std::optional<uint32_t>(0) : std::nullopt;
      });
  const ServiceSum total = all.empty() ? ServiceSum() : all.begin()->second;
  table.AddTotal(
      {Value(), Value(), all_sessions, total.person_times, total.volunteers, total.minutes()});
  return table;
}

}  // namespace meritbook
