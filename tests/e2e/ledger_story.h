// Owns: what a ledger's events say, reckoned by the test itself: each command's place, and what
//       every volunteer, item and order was at every size of the log.
// Promises: counts from the events' results alone and shares no code with the server; what can't be
//           is kept as a fault.
// Thread: one.
#ifndef MERITBOOK_TESTS_E2E_LEDGER_STORY_H_
#define MERITBOOK_TESTS_E2E_LEDGER_STORY_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "meritbook/v1/event.pb.h"

namespace meritbook::e2e {

// What something was from each size of the log on.
template <typename Value>
class Timeline {
 public:
  void Add(uint64_t size, const Value& value) { points_.push_back({size, value}); }
  const Value& newest() const { return points_.back().value; }

  // Before the first point: a Value as it is made.
  Value At(uint64_t size) const {
    auto after = After(size);
    return after == points_.begin() ? Value{} : std::prev(after)->value;
  }
  // True at one size at least, of `from` to `to`.
  template <typename Condition>
  bool Ever(uint64_t from, uint64_t to, const Condition& holds) const {
    if (holds(At(from))) return true;
    return std::any_of(After(from), std::max(After(from), After(to)),
                       [&](const Point& point) { return holds(point.value); });
  }

 private:
  struct Point {
    uint64_t size;
    Value value;
  };
  // The first point above this size.
  auto After(uint64_t size) const {
    return std::upper_bound(points_.begin(), points_.end(), size,
                            [](uint64_t s, const Point& point) { return s < point.size; });
  }

  std::vector<Point> points_;
};

struct Wealth {
  int64_t available_units = 0;
  int64_t held_units = 0;
  uint64_t credited_minutes = 0;
  uint64_t event_count = 0;
  uint64_t last_sequence = 0;
};

struct Shelf {
  uint64_t on_hand = 0;
  uint64_t reserved = 0;
  uint64_t free() const { return on_hand - reserved; }
};

// As the server calls it: "" before it is placed.
struct OrderStanding {
  std::string state;
  int64_t deadline_us = 0;
};

struct Written {
  uint64_t sequence = 0;
  int64_t recorded_us = 0;
};

class LedgerStory {
 public:
  // The next event's bytes.
  void Add(const std::string& bytes);

  uint64_t size() const { return hashes_.size(); }
  // Of an event's bytes.
  const std::vector<size_t>& hashes() const { return hashes_; }
  // By CommandKey.
  const std::unordered_map<std::string, Written>& commands() const { return commands_; }
  const Timeline<Wealth>& WealthOf(const std::string& volunteer) const;
  const Timeline<Shelf>& ShelfOf(const std::string& item) const;
  // Owners are sources: a platform or a merchant.
  const Timeline<OrderStanding>& OrderOf(const std::string& owner, const std::string& order) const;
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  void TakeBody(const v1::Event& event);
  void EndHold(const v1::HoldEnded& ended, const std::string& state);
  void Confirm(const v1::OrderConfirmed& confirmed);
  void MoveStanding(const std::string& order, const std::string& from, const std::string& to,
                    int64_t deadline_us = 0);
  void Reserve(const std::string& item, int64_t on_hand, int64_t reserved);
  Wealth& Change(const std::string& volunteer);

  std::vector<size_t> hashes_;
  int64_t recorded_us_ = 0;
  std::unordered_map<std::string, Written> commands_;
  std::unordered_map<std::string, Timeline<Wealth>> wealth_;
  std::map<std::string, Timeline<Shelf>> shelves_;
  std::unordered_map<std::string, Timeline<OrderStanding>> orders_;
  // What open holds set aside.
  std::unordered_map<std::string, v1::Hold> holds_;
  std::map<std::string, Wealth> changed_;  // by the event that is being added
  std::vector<std::string> faults_;
};

// What a request is remembered by: ids count for each kind of each source apart.
std::string CommandKey(v1::CommandKind kind, const std::string& source,
                       const std::string& request_id);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_LEDGER_STORY_H_
