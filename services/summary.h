// Owns: the programme in figures, counted from the events of one ledger.
// Promises: the same for the same events, whenever they are counted; knows nothing of the core's
//           state.
// Thread: one at a time; the follower guards it.
//
// What counts is what counts now: a record enters when it is approved and leaves when it is
// revoked, replaced or rejected after a dispute, with its minutes and its person-time. A
// person-time is a distinct (volunteer, session), or (volunteer, activity, first day of the
// service) where there is no session, with at least one approved record; awards are none. Service
// minutes are those of such records, credited and honorary; minutes of opening balances are not
// service of this ledger. A registration that was merged counts as its survivor, who is a member of
// what either was. An activity counts once it is open, and stays when it is closed or called off.
//
// Points are the accounts' own: issued is all that ever was (records, awards, opening balances,
// adjustments), expired is net of what was reinstated or clawed back, redeemed net of refunds. What
// a volunteer ever earned is what was issued to her less what was revoked; spent and lapsed points
// stay in it.
#ifndef MERITBOOK_SERVICES_SUMMARY_H_
#define MERITBOOK_SERVICES_SUMMARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "google/protobuf/arena.h"
#include "ledger/calendar.h"
#include "ledger/command.h"
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
  // A session, or an activity's day where there is no session; `day` is kInSession for a session.
  struct Place {
    uint32_t session_or_activity = 0;
    DayNumber day = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  struct Volunteer {
    int64_t earned_units = 0;
    int64_t available_units = 0;
    bool party = false;
    bool league = false;
    std::optional<uint32_t> merged_into;
    absl::btree_map<Place, uint32_t> served;  // how many approved records
  };
  struct Activity {
    bool of_community = false;
    bool traffic = false;
    bool open = false;  // or was
  };
  struct Session {
    uint32_t activity = 0;
    uint32_t records = 0;  // approved
  };
  // A record or an award, as far as it is needed when it leaves. The place's day is unknown until
  // it is approved.
  struct Record {
    uint32_t volunteer = 0;  // as posted
    uint32_t activity = 0;   // kNone for an award
    Place place;
    uint32_t minutes = 0;
    bool counts = false;
  };
  // Names of one kind, numbered in order of arrival.
  template <typename Row>
  struct Rows {
    absl::flat_hash_map<std::string, uint32_t> index;
    std::vector<Row> rows;
    // Null if the id is taken.
    Row* Add(const std::string& id);
    std::optional<uint32_t> Of(std::string_view id) const;
  };
  // Of all activities, or of communities' alone.
  struct Service {
    int64_t activities = 0;
    int64_t person_times = 0;
    int64_t minutes = 0;
  };
  // The volunteers whose passbook the event belongs to, in order.
  using Concerned = absl::InlinedVector<uint32_t, 2>;

  // False, and nothing counted, if the event names what no earlier one brought.
  bool Count(const v1::Event& event);
  bool CountBody(const v1::Event& event, const Concerned& concerned);
  bool CountVolunteer(const v1::RegisterVolunteer& command);
  void CountMerge(uint32_t ending, uint32_t survivor);
  bool CountOrganisation(const v1::RegisterOrganisation& command);
  template <typename ActivityCommand>
  bool CountActivity(const ActivityCommand& command, bool open);
  bool CountReview(const v1::ReviewActivity& command);
  bool CountSession(const v1::RegisterSession& command);
  // A record comes in; approved at once where there is a credit.
  bool CountRecord(const v1::ServiceRecord& service, const std::string& source, uint32_t volunteer,
                   const v1::Credit* credit);
  bool CountAward(const v1::AwardPoints& command, const std::string& source, uint32_t volunteer);
  bool CountReview(const v1::HoursReviewed& reviewed);
  bool CountRevoked(const v1::HoursRevoked& revoked);
  bool CountCorrected(const v1::HoursCorrected& corrected, uint32_t volunteer);

  std::optional<Record> NewRecord(const v1::ServiceRecord& service, uint32_t volunteer) const;
  Record* Find(const v1::RecordRef& ref);
  void Enter(Record& record, const v1::Credit& credit);
  void Leave(Record& record);
  // One approved record more or less, with its minutes.
  void Tally(const Record& record, int sign);
  void AddToService(const Activity& activity, int64_t person_times, int64_t minutes);
  void CountOpened(const Activity& activity);
  // Moves the points of an event whose volunteers are all known.
  void Post(const v1::Event& event, const Concerned& concerned);
  uint32_t Survivor(uint32_t volunteer) const;

  google::protobuf::Arena arena_;
  uint64_t size_ = 0;
  int64_t last_recorded_us_ = 0;
  Rows<Volunteer> volunteers_;
  absl::flat_hash_map<std::string, bool> organisations_;  // true: a community
  Rows<Activity> activities_;
  Rows<Session> sessions_;
  absl::flat_hash_map<RequestKey, Record> records_;  // by RecordKey
  Service service_;
  Service of_communities_;
  uint64_t merged_ = 0;
  int64_t issued_units_ = 0;
  int64_t expired_units_ = 0;
  int64_t redeemed_units_ = 0;
  v1::GetSummaryResponse figures_;  // what is a plain count
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SUMMARY_H_
