// Apply takes no event that can't be the next one: each mutation of a good log is refused. Here:
// the envelope, what a command's events have in common, and passbooks.
#include "ledger/apply.h"

#include <gtest/gtest.h>

#include "ledger/text.h"
#include "tests/ledger/mutation.h"

namespace meritbook {
namespace {

using E = v1::Event;

TEST(Apply, Envelope) {
  ExpectRefused({
      {"a gap in the sequence", E::kStockReceived, 0,
       [](E& e) { e.set_sequence(e.sequence() + 1); }, "event_.sequence() == state_.size()"},
      {"recorded backwards", E::kStockReceived, 0,
       [](E& e) {
         e.set_recorded_us(1);
         e.set_occurred_us(1);
       },
       "event_.recorded_us() >= state_.ledger().last_recorded_us"},
      {"recorded after 2199", E::kStockReceived, 0,
       [](E& e) { e.set_recorded_us(int64_t{7'258'118'400} * 1'000'000 + 1); },
       "event_.recorded_us() <= kInstantUsMax"},
      {"occurred after it was recorded", E::kStockReceived, 0,
       [](E& e) { e.set_occurred_us(e.recorded_us() + 1); },
       "event_.occurred_us() <= event_.recorded_us()"},
      {"a command that began before", E::kStockReceived, 0,
       [](E& e) {
         e.set_command_first_sequence(e.sequence() - 1);
         e.set_command_event_count(2);
       },
       "event_.command_first_sequence() == event_.sequence()"},
      {"a command with more to come", E::kStockReceived, 0,
       [](E& e) { e.set_command_event_count(2); }, "event_.command_event_count() == 1"},
      {"no body", E::kStockReceived, 0, [](E& e) { e.clear_body(); }, "doesn't know"},
      {"an unknown body", E::kStockReceived, 0,
       [](E& e) {
         e.clear_body();
         e.GetReflection()->MutableUnknownFields(&e)->AddLengthDelimited(99, "news");
       },
       "doesn't know"},
      {"another kind of command", E::kStockReceived, 0,
       [](E& e) { e.set_kind(v1::COMMAND_KIND_CREDIT_HOURS); }, "KindOf(*body) == event_.kind()"},
      {"a command that nobody asked for", E::kHoursCredited, 0,
       [](E& e) {
         e.clear_actor();
         e.clear_source();
         e.clear_scope();
         e.clear_request_id();
         e.clear_kind();
       },
       "IsTheLedgersOwn(event_)"},
      {"a command without a request id", E::kStockReceived, 0, [](E& e) { e.clear_request_id(); },
       "!event_.request_id().empty()"},
      {"a command without an actor", E::kStockReceived, 0, [](E& e) { e.clear_actor(); },
       "!event_.actor().empty()"},
      {"a platform without a name", E::kHoursCredited, 0, [](E& e) { e.clear_source(); },
       "!event_.source().empty()"},
      {"a principal's own request in a source's name", E::kHoursCredited, 0,
       [](E& e) { e.set_scope(v1::REQUEST_SCOPE_PRINCIPAL); }, "event_.source().empty()"},
      {"a scope of the future", E::kHoursCredited, 0,
       [](E& e) { e.set_scope(static_cast<v1::RequestScope>(9)); }, "scope"},
      {"a lapse that somebody asked for", E::kPointsExpired, 0, [](E& e) { e.set_actor("p1"); },
       "event_.actor().empty()"},
      {"a lapse of a platform", E::kPointsExpired, 0, [](E& e) { e.set_source("app"); },
       "event_.source().empty()"},
      {"a lapse with a request id", E::kPointsExpired, 0, [](E& e) { e.set_request_id("q"); },
       "event_.request_id().empty()"},
      {"a lapse of a kind", E::kPointsExpired, 0,
       [](E& e) { e.set_kind(v1::COMMAND_KIND_REDEEM_NOW); },
       "event_.kind() == v1::COMMAND_KIND_UNSPECIFIED"},
      {"a request id used before", E::kHoursCredited, 1, [](E& e) { e.set_request_id("r1"); },
       "state_.FindRequest(key) == nullptr"},
      {"a record used before, by default", E::kHoursCredited, 1,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->set_record_id("r1");
       },
       "state_.records().Find(record.id) == nullptr"},
      {"a record used before under a request id of its own", E::kHoursCredited, 2,
       [](E& e) {
         e.mutable_hours_credited()->mutable_command()->mutable_record()->set_record_id("r2");
         e.set_request_id("r2");
       },
       "state_.records().Find(record.id) == nullptr"},

      {"no link", E::kHoursCredited, 0, [](E& e) { e.clear_passbook(); }, "passbook_size()"},
      {"a link too many", E::kHoursCredited, 0, [](E& e) { *e.add_passbook() = e.passbook(0); },
       "passbook_size()"},
      {"a link where there is none", E::kStockReceived, 0, [](E& e) { e.add_passbook(); },
       "passbook_size()"},
      {"another's passbook", E::kHoursCredited, 0,
       [](E& e) { e.mutable_passbook(0)->set_volunteer_id("bob"); },
       "link.volunteer_id() == volunteers[i]"},
      {"a page left out", E::kHoursCredited, 1,
       [](E& e) { e.mutable_passbook(0)->set_event_count(e.passbook(0).event_count() + 1); },
       "link.event_count() == volunteer->event_count + 1"},
      {"no page before", E::kHoursCredited, 1,
       [](E& e) { e.mutable_passbook(0)->clear_previous_sequence(); },
       "link.has_previous_sequence()"},
      {"another page before", E::kHoursCredited, 1,
       [](E& e) { e.mutable_passbook(0)->set_previous_sequence(0); },
       "link.previous_sequence() == volunteer->last_sequence"},
      {"a first page with one before", E::kVolunteerRegistered, 0,
       [](E& e) { e.mutable_passbook(0)->set_previous_sequence(0); },
       "!link.has_previous_sequence()"},

      // Commands of several events.
      {"a sheet of another length", E::kAttendanceRecorded, 0,
       [](E& e) { e.set_command_event_count(4); },
       "event_.command_event_count() == static_cast<uint32_t>(1 + lines)"},
      {"a sheet that ends early", E::kAttendanceRecorded, 0,
       [](E& e) { e.set_command_event_count(2); },
       "event_.command_event_count() == static_cast<uint32_t>(1 + lines)"},
      {"a line of another length", E::kHoursSubmitted, 2,
       [](E& e) { e.set_command_event_count(1); },
       "event_.command_event_count() == open->event_count"},
      {"a line of its own command", E::kHoursSubmitted, 2,
       [](E& e) { e.set_command_first_sequence(e.sequence()); },
       "event_.command_first_sequence() == open->first_sequence"},
      {"a line of another request", E::kHoursSubmitted, 3, [](E& e) { e.set_request_id("q"); },
       "Key() == open->key"},
      {"a line of another kind", E::kHoursSubmitted, 3,
       [](E& e) { e.set_kind(v1::COMMAND_KIND_SUBMIT_HOURS); }, "Key() == open->key"},
      {"a line by somebody else", E::kHoursSubmitted, 3, [](E& e) { e.set_actor("app2"); },
       "event_.actor() == open->actor"},
      {"a line recorded later", E::kHoursSubmitted, 3,
       [](E& e) { e.set_recorded_us(e.recorded_us() + 1); },
       "event_.recorded_us() == state_.ledger().last_recorded_us"},
      {"something else within a sheet", E::kHoursSubmitted, 3,
       [](E& e) {
         e.mutable_stock_received();
         e.clear_passbook();
       },
       "MayFollow(*open, event_)"},
      {"an adjustment within a sheet", E::kHoursSubmitted, 3,
       [](E& e) { e.mutable_points_adjusted()->mutable_command()->set_volunteer_id("ann"); },
       "MayFollow(*open, event_)"},
      {"the ledger's own event within a sheet", E::kHoursSubmitted, 3,
       [](E& e) {
         e.clear_actor();
         e.clear_source();
         e.clear_scope();
         e.clear_request_id();
         e.clear_kind();
         e.mutable_points_expired()->set_volunteer_id("ann");
       },
       "event_.scope() != v1::REQUEST_SCOPE_UNSPECIFIED"},
      {"a sheet that nothing follows", E::kHoursBackfilled, 0,
       [](E& e) { e.set_command_event_count(2); }, "event_.command_event_count() == 1"},
      {"an adjustment that nobody approved", E::kPointsDonated, 0,
       [](E& e) { e.mutable_points_adjusted()->mutable_command()->set_volunteer_id("ann"); },
       "!IsEffectOnly(event_)"},
      {"an approval without an effect", E::kChangeApproved, 0,
       [](E& e) { e.set_command_event_count(1); },
       "event_.command_event_count() == static_cast<uint32_t>(1 + effects)"},
      {"an approval with two", E::kChangeApproved, 0, [](E& e) { e.set_command_event_count(3); },
       "event_.command_event_count() == static_cast<uint32_t>(1 + effects)"},
      {"another effect than the approved one", E::kPointsAdjusted, 0,
       [](E& e) {
         e.mutable_volunteers_merged()->mutable_command()->set_volunteer_id("cat");
         e.mutable_volunteers_merged()->mutable_command()->set_survivor_id("eve");
       },
       "Approved()->merge_volunteers().SerializeAsString() == command.SerializeAsString()"},
      {"hours credited within an approval", E::kPointsAdjusted, 0,
       [](E& e) {
         e.mutable_hours_submitted()->mutable_command()->mutable_record()->set_volunteer_id("ann");
       },
       "MayFollow(*open, event_)"},
      {"a maturity that somebody asked for", E::kPointsMatured, 0, [](E& e) { e.set_actor("p1"); },
       "event_.actor().empty()"},
      {"points of a merged volunteer", E::kPointsDonated, 0,
       [](E& e) { e.mutable_points_donated()->mutable_command()->set_volunteer_id("cat"); },
       "!volunteer->merged_into"},
  });
}

TEST(Apply, ALogMustBeWhole) {
  Script script;
  script.Given(WholeLife());
  for (size_t left_out = 0; left_out + 1 < script.events().size(); ++left_out) {
    std::vector<std::string> events = script.events();
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(left_out));
    EXPECT_NE(DescribeReplayed("linhai", events).find(Text("event ", left_out, ": broken")),
              std::string::npos);
  }
  std::vector<std::string> twice = script.events();
  twice.push_back(twice.back());
  EXPECT_NE(DescribeReplayed("linhai", twice).find("broken"), std::string::npos);
}

TEST(Apply, BytesThatAreNoEvent) {
  Ledger ledger("linhai");
  const absl::Status status = ledger.Replay("\xFF");
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "ledger linhai, event 0: not an event");
}

}  // namespace
}  // namespace meritbook
