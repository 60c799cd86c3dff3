// Owns: the programme in figures, counted from the events of one ledger.
// Promises: the same for the same events, whenever they are counted; knows nothing of the core's
//           state.
// Thread: one at a time; the follower guards it.
#ifndef MERITBOOK_SERVICES_SUMMARY_H_
#define MERITBOOK_SERVICES_SUMMARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "google/protobuf/arena.h"
#include "ledger/calendar.h"
#include "meritbook/v1/event.pb.h"
#include "meritbook/v1/report.pb.h"

namespace meritbook {

class Summary {
 public:
  uint64_t size() const { return size_; }

  // The next event of the log. After an error nothing of it was counted.
  absl::Status Add(std::string_view event);

  v1::GetSummaryResponse Figures() const;

 private:
  struct Volunteer {
    int64_t earned_units = 0;
    int64_t available_units = 0;
  };
  struct Activity {
    bool of_community = false;
    bool traffic = false;
  };
  struct Session {
    bool served = false;
  };
  // Names of one kind, numbered in order of arrival.
  template <typename Row>
  struct Rows {
    absl::flat_hash_map<std::string, uint32_t> index;
    std::vector<Row> rows;
    // Null if the id is taken.
    Row* Add(const std::string& id);
    std::optional<uint32_t> Of(const std::string& id) const {
      const auto found = index.find(id);
      if (found == index.end()) return std::nullopt;
      return found->second;
    }
  };

  // False, and nothing counted, if the event names what no earlier one brought.
  bool Count(const v1::Event& event);
  bool CountActivity(const v1::RegisterActivity& command);
  bool CountSession(const v1::RegisterSession& command);
  bool CountHours(const v1::HoursCredited& credited);
  bool CountExpired(const v1::PointsExpired& expired);
  bool CountOrder(const v1::OrderRedeemed& order);

  google::protobuf::Arena arena_;
  uint64_t size_ = 0;
  int64_t last_recorded_us_ = 0;
  Rows<Volunteer> volunteers_;
  absl::flat_hash_map<std::string, bool> organisations_;  // true: a community
  Rows<Activity> activities_;
  Rows<Session> sessions_;
  // (volunteer, session, -1), or (volunteer, activity, day) where there is no session.
  absl::flat_hash_set<std::tuple<uint32_t, uint32_t, DayNumber>> person_times_;
  v1::GetSummaryResponse figures_;  // what is a plain count
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SUMMARY_H_
