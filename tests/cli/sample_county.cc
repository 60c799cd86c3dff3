#include "sample_county.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "absl/time/civil_time.h"
#include "cli/sample/county.h"

namespace meritbook {

namespace fs = std::filesystem;

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "county-XXXXXX").string();
  if (mkdtemp(name.data()) != nullptr) path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

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

namespace {

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

}  // namespace

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

int64_t SecondNumber(const std::string& instant) {
  return MinuteNumber(instant) * 60 + std::stoi(instant.substr(17, 2));
}

namespace {

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

}  // namespace

std::map<std::string, Row> ById(const std::vector<Row>& rows, const std::string& column) {
  std::map<std::string, Row> found;
  for (const Row& row : rows) {
    EXPECT_TRUE(found.emplace(row.at(column), row).second) << row.at(column);
  }
  return found;
}

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
    recount.credited.emplace_back(row.at("recorded_at"), volunteer, minutes);
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

void SampleCountyTest::SetUpTestSuite() {
  folder_ = new Folder;
  ASSERT_EQ(WriteCounty(folder_->path(), CountyOptions{}), absl::OkStatus());
  county_ = new County(ReadCounty(folder_->path()));
  recount_ = new Recount(CountHours(*county_));
}

void SampleCountyTest::TearDownTestSuite() {
  delete recount_;
  delete county_;
  delete folder_;
}

Folder* SampleCountyTest::folder_ = nullptr;
County* SampleCountyTest::county_ = nullptr;
Recount* SampleCountyTest::recount_ = nullptr;

}  // namespace meritbook
