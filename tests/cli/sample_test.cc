#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "cli/sample/county.h"

namespace meritbook {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 10> kFiles = {
    "organisations.csv", "activities.csv", "sessions.csv",    "merchants.csv",  "items.csv",
    "volunteers.csv",    "hours.csv",      "redemptions.csv", "rule.textproto", "expected.json"};

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "county-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> ReadAll(const fs::path& dir) {
  std::map<std::string, std::string> texts;
  for (const char* name : kFiles) texts[name] = ReadText(dir / name);
  return texts;
}

using Row = std::map<std::string, std::string>;

std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> fields(1);
  for (char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else {
      fields.back().push_back(c);
    }
  }
  return fields;
}

std::vector<Row> ReadRows(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> columns = Split(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> fields = Split(line);
    EXPECT_EQ(fields.size(), columns.size()) << line;
    Row row;
    for (size_t n = 0; n < std::min(fields.size(), columns.size()); ++n) {
      row[columns[n]] = fields[n];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

int DayNumber(const std::string& text) {
  return static_cast<int>(absl::CivilDay(std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)),
                                         std::stoi(text.substr(8, 2))) -
                          absl::CivilDay(2021, 1, 1));
}

int64_t MinuteNumber(const std::string& instant) {
  return int64_t{DayNumber(instant)} * 1440 + std::stoi(instant.substr(11, 2)) * 60 +
         std::stoi(instant.substr(14, 2));
}

struct Served {
  int64_t start_minute, end_minute;
  std::string recorded_at;
};

// What a reader of the CSV files counts, by means as plain as can be.
struct Recount {
  int64_t minutes = 0;
  int64_t community_minutes = 0;
  std::set<std::tuple<std::string, std::string, int>> person_times, community_person_times;
  std::set<std::string> traffic_sessions, traffic_sites, traffic_slots;
  std::map<std::string, int64_t> minutes_of_volunteer;
  std::map<std::pair<std::string, int>, int64_t> minutes_of_day;
  std::map<std::string, std::vector<Served>> served;
  std::map<std::string, int> refused;
};

// An hour row is refused for the first of these that is true of it.
std::string RefusalOf(const Row& row, const std::set<std::string>& records,
                      const std::map<std::string, Row>& activities, const Recount& recount) {
  if (records.count(row.at("record_id")) != 0) return "REQUEST_CONFLICT";
  const auto activity = activities.find(row.at("activity_id"));
  if (activity == activities.end()) return "ACTIVITY_UNKNOWN";
  if (row.at("starts_at").empty()) return "";
  // Texts of one form and offset compare as times do.
  if (row.at("starts_at") < activity->second.at("starts_at")) return "SERVICE_BEFORE_ACTIVITY";
  const auto served = recount.served.find(row.at("volunteer_id"));
  if (served == recount.served.end()) return "";
  const int64_t start = MinuteNumber(row.at("starts_at"));
  const int64_t end = MinuteNumber(row.at("ends_at"));
  for (const Served& other : served->second) {
    if (other.start_minute < end && start < other.end_minute) return "INTERVAL_OVERLAPS";
  }
  return "";
}

std::map<std::string, Row> ById(const std::vector<Row>& rows, const std::string& column) {
  std::map<std::string, Row> found;
  for (const Row& row : rows) {
    EXPECT_TRUE(found.emplace(row.at(column), row).second) << row.at(column);
  }
  return found;
}

struct County {
  std::map<std::string, std::string> texts;
  std::vector<Row> volunteers, hours, redemptions;
  std::map<std::string, Row> organisations, activities, sessions, merchants, items;
  nlohmann::json expected;
};

County ReadCounty(const fs::path& dir) {
  County county;
  county.texts = ReadAll(dir);
  county.volunteers = ReadRows(county.texts["volunteers.csv"]);
  county.hours = ReadRows(county.texts["hours.csv"]);
  county.redemptions = ReadRows(county.texts["redemptions.csv"]);
  county.organisations = ById(ReadRows(county.texts["organisations.csv"]), "organisation_id");
  county.activities = ById(ReadRows(county.texts["activities.csv"]), "activity_id");
  county.sessions = ById(ReadRows(county.texts["sessions.csv"]), "session_id");
  county.merchants = ById(ReadRows(county.texts["merchants.csv"]), "merchant_id");
  county.items = ById(ReadRows(county.texts["items.csv"]), "item_id");
  county.expected = nlohmann::json::parse(county.texts["expected.json"]);
  return county;
}

Recount CountHours(const County& county) {
  Recount recount;
  std::set<std::string> records;
  for (const Row& row : county.hours) {
    const std::string refusal = RefusalOf(row, records, county.activities, recount);
    if (!refusal.empty()) {
      ++recount.refused[refusal];
      continue;
    }
    records.insert(row.at("record_id"));
    const std::string& volunteer = row.at("volunteer_id");
    const Row& activity = county.activities.at(row.at("activity_id"));
    int64_t minutes = 0;
    int day = 0;
    if (row.at("starts_at").empty()) {
      minutes = std::stoi(row.at("minutes"));
      day = DayNumber(row.at("day"));
      recount.minutes_of_day[{volunteer, day}] += minutes;
    } else {
      const int64_t start = MinuteNumber(row.at("starts_at"));
      const int64_t end = MinuteNumber(row.at("ends_at"));
      minutes = end - start;
      day = static_cast<int>(start / 1440);
      for (int64_t at = start; at < end; ++at) {
        ++recount.minutes_of_day[{volunteer, static_cast<int>(at / 1440)}];
      }
      recount.served[volunteer].push_back({start, end, row.at("recorded_at")});
    }
    recount.minutes += minutes;
    recount.minutes_of_volunteer[volunteer] += minutes;
    const std::string& session = row.at("session_id");
    const auto person_time = session.empty()
                                 ? std::make_tuple(volunteer, row.at("activity_id"), day)
                                 : std::make_tuple(volunteer, session, -1);
    recount.person_times.insert(person_time);
    if (county.organisations.at(activity.at("organisation_id")).at("kind") == "community") {
      recount.community_minutes += minutes;
      recount.community_person_times.insert(person_time);
    } else if (activity.at("category") == "traffic_courtesy") {
      recount.traffic_sessions.insert(session);
      recount.traffic_sites.insert(county.sessions.at(session).at("site"));
      recount.traffic_slots.insert(county.sessions.at(session).at("slot"));
    }
  }
  return recount;
}

class SampleCountyTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    ASSERT_EQ(WriteCounty(folder_->path(), CountyOptions{}), absl::OkStatus());
    county_ = new County(ReadCounty(folder_->path()));
    recount_ = new Recount(CountHours(*county_));
  }
  static void TearDownTestSuite() {
    delete recount_;
    delete county_;
    delete folder_;
  }

  static Folder* folder_;
  static County* county_;
  static Recount* recount_;
};

Folder* SampleCountyTest::folder_ = nullptr;
County* SampleCountyTest::county_ = nullptr;
Recount* SampleCountyTest::recount_ = nullptr;

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

TEST_F(SampleCountyTest, OrdersAreAffordableAndInStock) {
  struct Event {
    std::string recorded_at;
    int rank;  // an hour comes before an order of the same second
    const Row* row;
  };
  std::vector<Event> events;
  for (const Row& row : county_->hours) events.push_back({row.at("recorded_at"), 0, &row});
  for (const Row& row : county_->redemptions) events.push_back({row.at("recorded_at"), 1, &row});
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.recorded_at, a.rank) < std::tie(b.recorded_at, b.rank);
  });

  std::map<std::string, Row> volunteers = ById(county_->volunteers, "volunteer_id");
  std::map<std::string, int64_t> units, stock;
  for (const auto& [id, item] : county_->items) {
    stock[id] = std::stoi(item.at("stock"));
    EXPECT_GE(std::stoi(item.at("price_points")), 20);
    EXPECT_LE(std::stoi(item.at("price_points")), 2'000);
    EXPECT_LE(county_->merchants.at(item.at("merchant_id")).at("recorded_at"),
              item.at("recorded_at"));
  }
  std::map<std::string, int> refused;
  int64_t redeemed_units = 0;
  Recount recount;
  std::set<std::string> records;
  for (const Event& event : events) {
    const Row& row = *event.row;
    const std::string& volunteer = row.at("volunteer_id");
    if (event.rank == 0) {
      if (!RefusalOf(row, records, county_->activities, recount).empty()) continue;
      records.insert(row.at("record_id"));
      if (row.at("starts_at").empty()) {
        units[volunteer] += std::stoi(row.at("minutes")) * 2'500;
        continue;
      }
      const int64_t start = MinuteNumber(row.at("starts_at"));
      const int64_t end = MinuteNumber(row.at("ends_at"));
      units[volunteer] += (end - start) * 2'500;
      recount.served[volunteer].push_back({start, end, ""});
      continue;
    }
    SCOPED_TRACE(row.at("order_id"));
    const Row& item = county_->items.at(row.at("item_id"));
    ASSERT_EQ(item.at("merchant_id"), row.at("merchant_id"));
    ASSERT_LE(item.at("recorded_at"), row.at("recorded_at"));
    const int quantity = std::stoi(row.at("quantity"));
    const int64_t price_units = int64_t{6'000} * std::stoi(item.at("price_points")) * quantity;
    // Refused or not, she could pay for it.
    ASSERT_LE(price_units, units[volunteer]);
    const std::string& frozen_at = volunteers.at(volunteer).at("frozen_at");
    const bool is_frozen = !frozen_at.empty() && frozen_at <= row.at("recorded_at");
    const bool in_stock = quantity <= stock[row.at("item_id")];
    ASSERT_FALSE(is_frozen && !in_stock);
    if (is_frozen) {
      ++refused["VOLUNTEER_FROZEN"];
    } else if (!in_stock) {
      // A volunteer who is frozen later would be refused for that, the second time.
      ASSERT_EQ(frozen_at, "");
      ++refused["STOCK_TOO_LOW"];
    } else {
      units[volunteer] -= price_units;
      stock[row.at("item_id")] -= quantity;
      redeemed_units += price_units;
    }
  }
  const std::map<std::string, int> want = {{"STOCK_TOO_LOW", 20}, {"VOLUNTEER_FROZEN", 14}};
  EXPECT_EQ(refused, want);
  EXPECT_EQ(redeemed_units, county_->expected["redeemed_units"]);
  EXPECT_NEAR(static_cast<double>(redeemed_units), 66'975'000'000.0 / 3, 2'000'000'000.0);
  EXPECT_EQ(county_->redemptions.size(), 34 + county_->expected["orders"].get<size_t>());
  EXPECT_EQ(std::count_if(units.begin(), units.end(),
                          [](const auto& balance) { return balance.second >= 6'000'000; }),
            county_->expected["volunteers_1000_balance"]);
}

TEST_F(SampleCountyTest, CountsTheEvents) {
  const auto freezes = std::count_if(county_->volunteers.begin(), county_->volunteers.end(),
                                     [](const Row& row) { return !row.at("frozen_at").empty(); });
  const size_t rows = county_->organisations.size() + county_->activities.size() +
                      county_->sessions.size() + county_->merchants.size() + county_->items.size() +
                      county_->volunteers.size() + county_->hours.size() +
                      county_->redemptions.size();
  constexpr size_t kRefused = 12 + 24 + 18 + 15 + 20 + 14;
  EXPECT_EQ(county_->expected["events"], rows + static_cast<size_t>(freezes) - kRefused + 2);
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
  for (const auto& entry : fs::directory_iterator(folder_->path())) {
    static_cast<void>(entry);
    ++files;
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
