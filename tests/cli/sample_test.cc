#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/sample/county.h"
#include "sample_county.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

void ExpectPublished(const nlohmann::json& expected) {
  EXPECT_EQ(expected["volunteers"], 27'038);
  EXPECT_EQ(expected["party_members"], 3'800);
  EXPECT_EQ(expected["league_members"], 7'628);
  EXPECT_EQ(expected["volunteers_1000_earned"], 4'410);
  EXPECT_EQ(expected["activities"], 11'859);
  EXPECT_EQ(expected["service_minutes"], 26'790'000);
  EXPECT_EQ(expected["points_issued_units"], 66'975'000'000);
  EXPECT_EQ(expected["units_per_point"], 6'000);
  EXPECT_EQ(expected["communities"]["activities"], 8'019);
  EXPECT_EQ(expected["communities"]["person_times"], 142'700);
  EXPECT_EQ(expected["communities"]["minutes"], 17'838'000);
  EXPECT_EQ(expected["traffic_sessions"], 4'515);
}

TEST_F(SampleCountyTest, ExpectsThePublishedFigures) { ExpectPublished(county_->expected); }

TEST_F(SampleCountyTest, RegistersTheVolunteersPublished) {
  std::map<std::string, int> cohorts;
  for (const Row& row : county_->volunteers) {
    ++cohorts[row.at("cohorts")];
    if (row.at("age_band") == "under_14") {
      EXPECT_EQ(row.at("guardian_consent"), "true") << row.at("volunteer_id");
    }
    const Row& organisation = county_->organisations.at(row.at("organisation_id"));
    EXPECT_LE(organisation.at("recorded_at"), row.at("recorded_at"));
  }
  EXPECT_EQ(county_->volunteers.size(), 27'038u);
  const std::map<std::string, int> want = {
      {"", 27'038 - 3'800 - 7'628}, {"league", 7'628}, {"party", 3'800}};
  EXPECT_EQ(cohorts, want);
}

TEST_F(SampleCountyTest, RecountsTheHours) {
  EXPECT_EQ(recount_->minutes, 446'500 * 60);
  EXPECT_EQ(recount_->community_minutes, 297'300 * 60);
  EXPECT_EQ(recount_->community_person_times.size(), 142'700u);
  EXPECT_EQ(recount_->person_times.size(), county_->expected["person_times"]);
  EXPECT_NEAR(static_cast<double>(recount_->person_times.size()), 214'000, 1'000);
  EXPECT_GT(county_->hours.size(), recount_->person_times.size());
  const auto& minutes = recount_->minutes_of_volunteer;
  EXPECT_EQ(std::count_if(minutes.begin(), minutes.end(),
                          [](const auto& volunteer) { return volunteer.second >= 2'400; }),
            4'410);
}

TEST_F(SampleCountyTest, KeepsTheCrossings) {
  EXPECT_EQ(recount_->traffic_sessions.size(), 4'515u);
  EXPECT_EQ(recount_->traffic_sites.size(), 14u);
  EXPECT_EQ(recount_->traffic_slots.size(), 4u);
  int sessions = 0;
  for (const auto& [id, session] : county_->sessions) {
    const Row& activity = county_->activities.at(session.at("activity_id"));
    if (activity.at("category") == "traffic_courtesy") ++sessions;
  }
  EXPECT_GT(sessions, 4'515) << "no session without an accepted record";
}

TEST_F(SampleCountyTest, HasTheActivitiesPublished) {
  EXPECT_EQ(county_->activities.size(), 11'859u);
  int communities = 0;
  int of_communities = 0;
  for (const auto& [id, organisation] : county_->organisations) {
    if (organisation.at("kind") == "community") ++communities;
  }
  for (const auto& [id, activity] : county_->activities) {
    const Row& organisation = county_->organisations.at(activity.at("organisation_id"));
    if (organisation.at("kind") == "community") ++of_communities;
    EXPECT_NE(county_->texts["rule.textproto"].find('"' + activity.at("category") + '"'),
              std::string::npos);
  }
  EXPECT_EQ(communities, 7);
  EXPECT_EQ(of_communities, 8'019);
  EXPECT_NE(county_->texts["rule.textproto"].find("auto_minutes_per_day: 480"), std::string::npos);
}

TEST_F(SampleCountyTest, NobodyServesMoreThanADayHolds) {
  int64_t most = 0;
  for (const auto& [day, minutes] : recount_->minutes_of_day) most = std::max(most, minutes);
  EXPECT_LE(most, 1'440);
}

TEST_F(SampleCountyTest, OnlyTheRowsMeantAreRefused) {
  const std::map<std::string, int> want_hours = {{"ACTIVITY_UNKNOWN", 12},
                                                 {"INTERVAL_OVERLAPS", 24},
                                                 {"REQUEST_CONFLICT", 18},
                                                 {"SERVICE_BEFORE_ACTIVITY", 15}};
  EXPECT_EQ(recount_->refused, want_hours);
  std::map<std::string, int> want = want_hours;
  want["STOCK_TOO_LOW"] = 20;
  want["VOLUNTEER_FROZEN"] = 14;
  want["ITEM_LIMIT_REACHED"] = 8;
  want["BUDGET_EXHAUSTED"] = 6;
  want["CONFIRM_TOO_LATE"] = 10;
  EXPECT_EQ((county_->expected["refused"].get<std::map<std::string, int>>()), want);
}

// Every row but those meant to be refused refers to what was recorded before it, ends before it
// is recorded, and stays in its activity and session.
TEST_F(SampleCountyTest, HoursComeAfterWhatTheyReferTo) {
  std::map<std::string, Row> volunteers = ById(county_->volunteers, "volunteer_id");
  std::string last;
  int over_midnight = 0;
  int on_paper = 0;
  for (const Row& row : county_->hours) {
    SCOPED_TRACE(row.at("record_id"));
    ASSERT_LE(last, row.at("recorded_at"));
    last = row.at("recorded_at");
    ASSERT_LE(volunteers.at(row.at("volunteer_id")).at("recorded_at"), last);
    const auto activity = county_->activities.find(row.at("activity_id"));
    if (activity == county_->activities.end()) continue;
    ASSERT_LE(activity->second.at("recorded_at"), last);
    const bool has_clock = !row.at("starts_at").empty();
    const std::string day = has_clock ? row.at("starts_at").substr(0, 10) : row.at("day");
    ASSERT_LE(DayNumber(last) - DayNumber(day), 60);
    if (has_clock) {
      ASSERT_LE(row.at("ends_at"), last);
      ASSERT_EQ(row.at("starts_at").substr(16), ":00+08:00");
      ASSERT_EQ(row.at("ends_at").substr(16), ":00+08:00");
      if (row.at("ends_at").substr(0, 10) != day) ++over_midnight;
    } else {
      ASSERT_LT(day, last.substr(0, 10));
      ++on_paper;
    }
    const std::string& ends_at = activity->second.at("ends_at");
    if (!ends_at.empty() && has_clock) {
      ASSERT_LE(row.at("ends_at"), ends_at);
    }
    if (row.at("session_id").empty()) continue;
    const Row& session = county_->sessions.at(row.at("session_id"));
    ASSERT_LE(session.at("recorded_at"), last);
    if (!has_clock) {
      ASSERT_EQ(session.at("day"), day);
      continue;
    }
    ASSERT_LE(session.at("starts_at"), row.at("starts_at"));
    ASSERT_GE(session.at("ends_at"), row.at("ends_at"));
  }
  EXPECT_LE(last, "2022-12-31T23:59:59+08:00");
  EXPECT_GT(over_midnight, 100);
  EXPECT_GT(on_paper, 1'000);
}

TEST_F(SampleCountyTest, SomeDaysStandOut) {
  std::map<int, int> records;
  for (const Row& row : county_->hours) {
    ++records[DayNumber(row.at("starts_at").empty() ? row.at("day") : row.at("starts_at"))];
  }
  int64_t weekend = 0;
  int64_t working = 0;
  int busiest = 0;
  for (const auto& [day, count] : records) {
    (day % 7 == 1 || day % 7 == 2 ? weekend : working) += count;  // day 0 is a Friday
    if (count > records[busiest]) busiest = day;
  }
  EXPECT_GT(weekend / 2, working / 5 * 3 / 2);  // a day of either
  const std::set<int> lei_feng_days = {63, 365 + 63};
  EXPECT_EQ(lei_feng_days.count(busiest), 1u) << "day " << busiest;
}

TEST_F(SampleCountyTest, IdsAreShortAndNoPersonsNumbers) {
  const std::regex form("[A-Za-z0-9._:-]{1,64}");
  const std::regex phone("1[0-9]{10}");
  const std::regex resident("[0-9]{17}[0-9Xx]");
  const auto check = [&](const std::string& id) {
    EXPECT_TRUE(std::regex_match(id, form)) << id;
    EXPECT_FALSE(std::regex_match(id, phone)) << id;
    EXPECT_FALSE(std::regex_match(id, resident)) << id;
    EXPECT_LT(id.size(), 20u) << id;
  };
  std::set<std::string> volunteers;
  for (const Row& row : county_->volunteers) {
    check(row.at("volunteer_id"));
    volunteers.insert(row.at("volunteer_id"));
  }
  EXPECT_EQ(volunteers.size(), county_->volunteers.size());
  for (const auto* rows : {&county_->organisations, &county_->activities, &county_->sessions,
                           &county_->merchants, &county_->items}) {
    for (const auto& [id, row] : *rows) check(id);
  }
  check(county_->hours.back().at("record_id"));
  check(county_->redemptions.back().at("order_id"));
}

TEST_F(SampleCountyTest, FilesAreInUnixForm) {
  for (const auto& [name, text] : county_->texts) {
    SCOPED_TRACE(name);
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(text.back(), '\n');
    EXPECT_EQ(text.find('\r'), std::string::npos);
    EXPECT_NE(text[0], '\xef');
  }
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_->path())) {
    if (entry.is_regular_file()) ++files;
  }
  EXPECT_EQ(files, kFiles.size()) << "something partial is left";
}

TEST_F(SampleCountyTest, SameSeedSameBytes) {
  Folder again;
  ASSERT_EQ(WriteCounty(again.path(), CountyOptions{}), absl::OkStatus());
  for (const auto& [name, text] : ReadAll(again.path())) {
    EXPECT_TRUE(text == county_->texts[name]) << name;
  }
}

TEST_F(SampleCountyTest, EverySeedMeetsTheFigures) {
  for (uint64_t seed : {uint64_t{0}, uint64_t{7}, UINT64_MAX}) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Folder other;
    ASSERT_EQ(WriteCounty(other.path(), {seed, 1}), absl::OkStatus());
    const std::map<std::string, std::string> texts = ReadAll(other.path());
    ExpectPublished(nlohmann::json::parse(texts.at("expected.json")));
    EXPECT_TRUE(texts.at("hours.csv") != county_->texts["hours.csv"]);
    EXPECT_TRUE(texts.at("volunteers.csv") != county_->texts["volunteers.csv"]);
    EXPECT_TRUE(texts.at("redemptions.csv") != county_->texts["redemptions.csv"]);
  }
}

TEST_F(SampleCountyTest, ScaleMakesCountiesOfTheirOwn) {
  Folder folder;
  ASSERT_EQ(WriteCounty(folder.path() / "deep" / "er", {kCountySeed, 2}), absl::OkStatus());
  const auto first = ReadAll(folder.path() / "deep" / "er" / "county-1");
  const auto second = ReadAll(folder.path() / "deep" / "er" / "county-2");
  EXPECT_TRUE(first.at("hours.csv") == county_->texts["hours.csv"]);
  EXPECT_TRUE(second.at("hours.csv") != first.at("hours.csv"));
  ExpectPublished(nlohmann::json::parse(second.at("expected.json")));
}

TEST(SampleCountyRefusesTest, ScalesOutOfRange) {
  Folder folder;
  for (int scale : {-1, 0, kCountyScaleMax + 1}) {
    EXPECT_EQ(WriteCounty(folder.path(), {kCountySeed, scale}).code(),
              absl::StatusCode::kInvalidArgument)
        << scale;
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(SampleCountyRefusesTest, AFileInPlaceOfTheFolder) {
  Folder folder;
  const fs::path file = folder.path() / "file";
  std::ofstream(file) << "here already";
  const absl::Status taken = WriteCounty(file, CountyOptions{});
  EXPECT_EQ(taken.code(), absl::StatusCode::kInvalidArgument) << taken;
  const absl::Status below = WriteCounty(file / "below", CountyOptions{});
  EXPECT_EQ(below.code(), absl::StatusCode::kInvalidArgument) << below;
  EXPECT_EQ(ReadText(file), "here already");
}

TEST(SampleCountyRefusesTest, AFolderThatCantBeWritten) {
  constexpr uid_t kNobody = 65'534;
  Folder folder;
  const bool root = geteuid() == 0;  // who may write everywhere, so somebody else tries
  if (root) {
    ASSERT_EQ(chown(folder.path().c_str(), kNobody, static_cast<gid_t>(-1)), 0);
  }
  ASSERT_EQ(chmod(folder.path().c_str(), 0500), 0);
  if (root) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const absl::Status status = WriteCounty(folder.path(), CountyOptions{});
  if (root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
}

}  // namespace
}  // namespace meritbook
