// Owns: a ledger that is driven by lines of text, for tables of rules.
// Promises: no clock and no randomness of its own: the wall clock stands where the script put it,
//           and salts count up from 1.
// Thread: one.
//
//   Script script;
//   script.Given("use town");
//   EXPECT_EQ(script.Run(R"(ReceiveStock item_id: "bun" quantity: 3)"), "ok");
//
// A line is one of
//
//   at 2021-03-05 09:00         the wall clock, in the script's zone
//   recorded 2021-03-05 09:00   the recorded time that each command states; "recorded -" for none
//   by NAME source=S merchant=M volunteer=V of_ledger=yes
//                               the caller from here on; all but NAME may be left out
//   zone America/New_York       the zone of the script's times; Asia/Shanghai at first
//   use WORLD                   the lines of a world: town, old_town, mall
//   code VOLUNTEER              the next command shows a pay code of hers
//   sweep                       what is due for anybody
//   KIND #ID FIELDS             a command. FIELDS in protobuf's text format, where
//   @2021-03-05T09:00
//                               stands for microseconds, x^64 for 64 times x and $ for the number
//                               of events. Without #ID, kinds without a record or order id get one
//                               that counts up; "#-" gets none.
//
// and comes to "ok", "again" (already applied) or a refusal's name.
#ifndef MERITBOOK_TESTS_LEDGER_SCRIPT_H_
#define MERITBOOK_TESTS_LEDGER_SCRIPT_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "ledger/ledger.h"

namespace meritbook {

// One rule: what holds, what is asked, what it comes to: "ok", "again" or a refusal's name, with
// the field after it where that matters ("FIELD_INVALID command.stock").
struct Row {
  std::string name;
  std::string given;  // lines that are all "ok"
  std::string command;
  std::string want;
};

class Script {
 public:
  explicit Script(std::string ledger_id = "linhai", uint64_t first_salt = 1)
      : ledger_(std::move(ledger_id)), salt_(first_salt) {}

  // What the line comes to; with `field`, a refusal's field follows its name.
  std::string Run(std::string_view line, bool field = false);
  // Runs lines that must all be "ok".
  void Given(std::string_view lines);
  // One answer for each of the lines, which are one atomic call.
  std::vector<std::string> Atomic(const std::vector<std::string>& lines);

  const Ledger& ledger() const { return ledger_; }
  const State& state() const { return ledger_.state(); }
  const Volunteer& volunteer(std::string_view id) const;
  // The exact bytes of all events, and one of them decoded.
  const std::vector<std::string>& events() const { return events_; }
  v1::Event event(size_t sequence) const;
  v1::Event last_event() const { return event(events_.size() - 1); }
  // How often a shown pay code was looked at.
  int codes_asked() const { return codes_asked_; }
  // The newest refusal.
  const Refused& refused() const { return refused_; }
  // Micros of "2021-03-05 09:00" (or with a T) in the script's zone.
  int64_t Micros(std::string_view text) const;

 private:
  std::variant<Command, Refused> Parse(std::string_view line);
  std::string Expand(std::string_view text) const;
  std::string Tell(const Answer& answer, bool field);

  Ledger ledger_;
  uint64_t salt_;
  absl::TimeZone zone_ = absl::FixedTimeZone(8 * 3600);
  int64_t wall_us_ = 0;
  std::optional<int64_t> recorded_us_;
  std::optional<std::string> shown_;  // whose pay code the next command shows
  int codes_asked_ = 0;
  std::deque<Caller> callers_;                                   // commands refer to them
  std::deque<std::unique_ptr<google::protobuf::Message>> sent_;  // and to what was sent
  std::deque<std::string> request_ids_;
  std::vector<std::string> events_;
  Refused refused_;
};

// What a row of a table says, as a line of text.
std::string DescribeRow(const State& state, RowRef row);
// Every row of every table.
std::vector<RowRef> RowsOf(const State& state);

// All that a state says, as text; equal for equal states.
std::string Describe(const State& state);

// Replays the bytes into a fresh ledger and describes it; or says what is broken.
std::string DescribeReplayed(const std::string& ledger_id, const std::vector<std::string>& events);

// Rows that are run by RunRows and counted by refusal_test.cc.
class RuleTable {
 public:
  explicit RuleTable(std::vector<Row> rows);
  // Runs each row in a ledger of its own; afterwards a replay must come to the same state.
  void Run() const;
  // The rows of every table in the program.
  static const std::vector<Row>& All();

 private:
  std::vector<Row> rows_;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_LEDGER_SCRIPT_H_
