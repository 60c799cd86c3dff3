// Volunteers, organisations, activities and sessions.
#include <algorithm>

#include "ledger/applying.h"

namespace meritbook {

absl::Status Application::Apply(const v1::VolunteerRegistered& registered) {
  const v1::RegisterVolunteer& command = registered.command();
  MB_REQUIRE(!state_.volunteers().Find(command.volunteer_id()));
  MB_REQUIRE(!command.has_organisation_id() ||
             state_.organisations().Find(command.organisation_id()));
  Volunteer row;
  row.id = command.volunteer_id();
  row.age_band = command.age_band();
  state_.Add(std::move(row));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::VolunteerFrozen& frozen) {
  const auto index = state_.volunteers().IndexOf(frozen.command().volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(!state_.volunteers()[*index].frozen);
  MB_REQUIRE(!state_.volunteers()[*index].closed);
  state_.Mutable<Volunteer>(*index).frozen = true;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::VolunteerUnfrozen& unfrozen) {
  const auto index = state_.volunteers().IndexOf(unfrozen.command().volunteer_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(state_.volunteers()[*index].frozen);
  MB_REQUIRE(!state_.volunteers()[*index].closed);
  state_.Mutable<Volunteer>(*index).frozen = false;
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::OrganisationRegistered& registered) {
  const v1::RegisterOrganisation& command = registered.command();
  MB_REQUIRE(!state_.organisations().Find(command.organisation_id()));
  Organisation row{command.organisation_id(), command.kind(), std::nullopt};
  if (command.has_headcount()) row.headcount = command.headcount();
  state_.Add(std::move(row));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::RosterSet& set) {
  const auto index = state_.organisations().IndexOf(set.command().organisation_id());
  MB_REQUIRE(index.has_value());
  state_.Mutable<Organisation>(*index).headcount = set.command().headcount();
  return absl::OkStatus();
}

template <typename ActivityCommand>
absl::Status Application::AddActivity(const ActivityCommand& command, ActivityState state) {
  MB_REQUIRE(!state_.activities().Find(command.activity_id()));
  const auto organisation = state_.organisations().IndexOf(command.organisation_id());
  MB_REQUIRE(organisation.has_value());
  Activity row;
  row.id = command.activity_id();
  row.organisation = *organisation;
  row.category = command.category();
  row.starts_us = command.starts_us();
  if (command.has_ends_us()) row.ends_us = command.ends_us();
  if (command.has_capacity()) row.capacity = command.capacity();
  row.state = state;
  row.submitted_by = ActorName();
  row.sequence = event_.sequence();
  state_.Add(std::move(row));
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ActivityRegistered& registered) {
  return AddActivity(registered.command(), ActivityState::kOpen);
}

absl::Status Application::Apply(const v1::ActivitySubmitted& submitted) {
  return AddActivity(submitted.command(), ActivityState::kWaiting);
}

absl::Status Application::Apply(const v1::ActivityReviewed& reviewed) {
  const auto index = state_.activities().IndexOf(reviewed.command().activity_id());
  MB_REQUIRE(index.has_value());
  const Activity& activity = state_.activities()[*index];
  MB_REQUIRE(activity.state == ActivityState::kWaiting);
  MB_REQUIRE(state_.names()[activity.submitted_by].id != event_.actor());
  const v1::Verdict verdict = reviewed.command().verdict();
  MB_REQUIRE(verdict == v1::VERDICT_APPROVE || verdict == v1::VERDICT_REJECT);
  state_.Edit<Activity>(*index, [&](Activity& row) {
    row.state = verdict == v1::VERDICT_APPROVE ? ActivityState::kOpen : ActivityState::kRejected;
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ActivityClosed& closed) {
  const auto index = state_.activities().IndexOf(closed.command().activity_id());
  MB_REQUIRE(index.has_value());
  MB_REQUIRE(state_.activities()[*index].state == ActivityState::kOpen);
  state_.Edit<Activity>(*index, [&](Activity& row) {
    row.state = ActivityState::kClosed;
    row.ends_us = std::min(row.ends_us.value_or(event_.recorded_us()), event_.recorded_us());
  });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::ActivityCancelled& cancelled) {
  const auto index = state_.activities().IndexOf(cancelled.command().activity_id());
  MB_REQUIRE(index.has_value());
  const ActivityState before = state_.activities()[*index].state;
  MB_REQUIRE(before != ActivityState::kRejected);
  MB_REQUIRE(before != ActivityState::kCancelled);
  state_.Edit<Activity>(*index, [](Activity& row) { row.state = ActivityState::kCancelled; });
  return absl::OkStatus();
}

absl::Status Application::Apply(const v1::SessionRegistered& registered) {
  const v1::RegisterSession& command = registered.command();
  MB_REQUIRE(!state_.sessions().Find(command.session_id()));
  const auto activity = state_.activities().IndexOf(command.activity_id());
  MB_REQUIRE(activity.has_value());
  MB_REQUIRE(state_.activities()[*activity].state == ActivityState::kOpen);
  const auto day = ParseDay(command.service_day());
  MB_REQUIRE(day.has_value());
  state_.Add(
      Session{command.session_id(), *activity, *day, command.starts_us(), command.ends_us()});
  return absl::OkStatus();
}

}  // namespace meritbook
