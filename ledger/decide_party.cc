// Volunteers, organisations, activities and sessions.
#include <string>

#include "ledger/deciding.h"

namespace meritbook {
namespace {

template <typename Body, typename Sent>
void Carry(Body* body, const Sent& command) {
  *body->mutable_command() = command;
}

Refused NotOpen(const std::string& activity_id, std::string_view why) {
  return Refuse(v1::REFUSAL_ACTIVITY_NOT_OPEN, "command.activity_id",
                Text("activity ", activity_id, " ", why));
}

template <typename ActivityCommand>
MaybeRefused CheckNewActivity(const State& state, const ActivityCommand& c) {
  if (state.activities().Find(c.activity_id()) != nullptr) {
    return Exists(v1::REFUSAL_ACTIVITY_EXISTS, "activity_id", c.activity_id());
  }
  if (state.organisations().Find(c.organisation_id()) == nullptr) {
    return Unknown(v1::REFUSAL_ORGANISATION_UNKNOWN, "organisation_id", c.organisation_id());
  }
  return std::nullopt;
}

}  // namespace

MaybeRefused Decide(Deciding& d, const v1::RegisterVolunteer& c) {
  if (d.state.volunteers().Find(c.volunteer_id()) != nullptr) {
    return Exists(v1::REFUSAL_VOLUNTEER_EXISTS, "volunteer_id", c.volunteer_id());
  }
  if (c.has_organisation_id() && d.state.organisations().Find(c.organisation_id()) == nullptr) {
    return Unknown(v1::REFUSAL_ORGANISATION_UNKNOWN, "organisation_id", c.organisation_id());
  }
  Carry(d.NewEvent()->mutable_volunteer_registered(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::FreezeVolunteer& c) {
  const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Volunteer& volunteer = d.state.volunteers()[std::get<uint32_t>(found)];
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  if (auto refused = RefuseFrozen(volunteer, "command.volunteer_id")) return refused;
  Carry(d.NewEvent()->mutable_volunteer_frozen(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::UnfreezeVolunteer& c) {
  const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
  if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  const Volunteer& volunteer = d.state.volunteers()[std::get<uint32_t>(found)];
  if (auto refused = RefuseClosed(volunteer, "command.volunteer_id")) return refused;
  if (!volunteer.frozen) {
    return Refuse(v1::REFUSAL_VOLUNTEER_NOT_FROZEN, "command.volunteer_id",
                  "the volunteer isn't frozen");
  }
  Carry(d.NewEvent()->mutable_volunteer_unfrozen(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RegisterOrganisation& c) {
  if (d.state.organisations().Find(c.organisation_id()) != nullptr) {
    return Exists(v1::REFUSAL_ORGANISATION_EXISTS, "organisation_id", c.organisation_id());
  }
  Carry(d.NewEvent()->mutable_organisation_registered(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::SetRoster& c) {
  if (d.state.organisations().Find(c.organisation_id()) == nullptr) {
    return Unknown(v1::REFUSAL_ORGANISATION_UNKNOWN, "organisation_id", c.organisation_id());
  }
  Carry(d.NewEvent()->mutable_roster_set(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RegisterActivity& c) {
  if (auto refused = CheckNewActivity(d.state, c)) return refused;
  Carry(d.NewEvent()->mutable_activity_registered(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::SubmitActivity& c) {
  if (auto refused = CheckNewActivity(d.state, c)) return refused;
  Carry(d.NewEvent()->mutable_activity_submitted(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::ReviewActivity& c) {
  const Activity* activity = d.state.activities().Find(c.activity_id());
  if (activity == nullptr) {
    return Unknown(v1::REFUSAL_ACTIVITY_UNKNOWN, "activity_id", c.activity_id());
  }
  if (activity->state != ActivityState::kWaiting) {
    return Refuse(v1::REFUSAL_ACTIVITY_NOT_WAITING, "command.activity_id",
                  Text("activity ", activity->id, " doesn't wait for a review"));
  }
  if (d.state.names()[activity->submitted_by].id == d.command.caller->principal_id) {
    return Refuse(v1::REFUSAL_SELF_REVIEW, "command.activity_id",
                  "nobody reviews what she submitted");
  }
  Carry(d.NewEvent()->mutable_activity_reviewed(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::CloseActivity& c) {
  const Activity* activity = d.state.activities().Find(c.activity_id());
  if (activity == nullptr) {
    return Unknown(v1::REFUSAL_ACTIVITY_UNKNOWN, "activity_id", c.activity_id());
  }
  if (activity->state != ActivityState::kOpen) return NotOpen(activity->id, "is not open");
  Carry(d.NewEvent()->mutable_activity_closed(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::CancelActivity& c) {
  const Activity* activity = d.state.activities().Find(c.activity_id());
  if (activity == nullptr) {
    return Unknown(v1::REFUSAL_ACTIVITY_UNKNOWN, "activity_id", c.activity_id());
  }
  if (activity->state == ActivityState::kRejected || activity->state == ActivityState::kCancelled) {
    return NotOpen(activity->id, "was turned down or called off before");
  }
  Carry(d.NewEvent()->mutable_activity_cancelled(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RegisterSession& c) {
  if (d.state.sessions().Find(c.session_id()) != nullptr) {
    return Exists(v1::REFUSAL_SESSION_EXISTS, "session_id", c.session_id());
  }
  const Activity* activity = d.state.activities().Find(c.activity_id());
  if (activity == nullptr) {
    return Unknown(v1::REFUSAL_ACTIVITY_UNKNOWN, "activity_id", c.activity_id());
  }
  if (activity->state != ActivityState::kOpen) return NotOpen(activity->id, "is not open");
  Carry(d.NewEvent()->mutable_session_registered(), c);
  return std::nullopt;
}

}  // namespace meritbook
