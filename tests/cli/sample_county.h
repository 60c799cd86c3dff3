// Owns: the sample county as a reader of its files sees it, for the tests.
// Promises: plain means, nothing of the generator's. Thread: one.
#ifndef MERITBOOK_TESTS_CLI_SAMPLE_COUNTY_H_
#define MERITBOOK_TESTS_CLI_SAMPLE_COUNTY_H_

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace meritbook {

inline constexpr std::array<const char*, 18> kFiles = {"organisations.csv",
                                                       "activities.csv",
                                                       "sessions.csv",
                                                       "merchants.csv",
                                                       "items.csv",
                                                       "volunteers.csv",
                                                       "hours.csv",
                                                       "redemptions.csv",
                                                       "holds.csv",
                                                       "vouchers.csv",
                                                       "confirmations.csv",
                                                       "cancellations.csv",
                                                       "refunds.csv",
                                                       "rule.textproto",
                                                       "expected.json",
                                                       "budgets/script.jsonl",
                                                       "settlement/script.jsonl",
                                                       "settlement/expected.json"};

// Gone with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string ReadText(const std::filesystem::path& path);
std::map<std::string, std::string> ReadAll(const std::filesystem::path& dir);

using Row = std::map<std::string, std::string>;
std::vector<Row> ReadRows(const std::string& text);
std::map<std::string, Row> ById(const std::vector<Row>& rows, const std::string& column);

// Since 2021-01-01, of "2021-03-05…" and "2021-03-05T09:00:00+08:00".
int DayNumber(const std::string& text);
int64_t MinuteNumber(const std::string& instant);
int64_t SecondNumber(const std::string& instant);

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
  // Of the rows that count: when they were recorded, whose they are, how long.
  std::vector<std::tuple<std::string, std::string, int64_t>> credited;
};

struct County {
  std::map<std::string, std::string> texts;
  std::vector<Row> volunteers, hours, redemptions;
  std::map<std::string, Row> organisations, activities, sessions, merchants, items;
  nlohmann::json expected;
};

County ReadCounty(const std::filesystem::path& dir);
Recount CountHours(const County& county);

class SampleCountyTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static Folder* folder_;
  static County* county_;
  static Recount* recount_;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_CLI_SAMPLE_COUNTY_H_
