#include "ledger/decide.h"

#include <algorithm>
#include <string>

#include "ledger/text.h"

namespace meritbook {
namespace {

// Founding a ledger twice is refused before anything else is asked of the state.
std::optional<Refused> CheckExistence(const State& state, const Command& command) {
  const bool creates = std::holds_alternative<const v1::CreateLedger*>(command.body);
  if (!creates && !state.created()) {
    return Unknown(v1::REFUSAL_LEDGER_UNKNOWN, "ledger_id", state.ledger_id());
  }
  if (creates && state.created()) {
    return Exists(v1::REFUSAL_LEDGER_EXISTS, "ledger_id", state.ledger_id());
  }
  return std::nullopt;
}

Refused MerchantNotYours(const Caller& caller, std::string field) {
  return {v1::REFUSAL_MERCHANT_NOT_YOURS,
          std::move(field),
          Text("you act for merchant ", caller.merchant_id, " only"),
          {{"merchant_id", caller.merchant_id}}};
}

std::optional<Refused> CheckBinding(const State& state, const Command& command) {
  const bool credits = std::holds_alternative<const v1::CreditHours*>(command.body);
  if (credits && command.caller->source.empty()) {
    return Refused{v1::REFUSAL_SOURCE_MISSING,
                   "",
                   "hours are posted in the name of a platform; the caller has no source",
                   {}};
  }
  const Caller& caller = *command.caller;
  if (caller.of_ledger) {
    // As the ledger knows it now: a revocation also holds for what was queued before it.
    const Principal* principal = state.principals().Find(caller.principal_id);
    if (principal == nullptr || principal->revoked) {
      return Refused{
          v1::REFUSAL_UNAUTHENTICATED, "authorization", "the principal was revoked meanwhile", {}};
    }
  }
  if (const auto* receive = std::get_if<const v1::ReceiveStock*>(&command.body)) {
    const Item* item = state.items().Find((*receive)->item_id());
    if (!caller.merchant_id.empty() && item != nullptr &&
        state.merchants()[item->merchant].id != caller.merchant_id) {
      return MerchantNotYours(caller, "command.item_id");
    }
  }
  const auto* redeem = std::get_if<const v1::RedeemNow*>(&command.body);
  if (redeem == nullptr) return std::nullopt;
  if (!caller.merchant_id.empty() && caller.merchant_id != (*redeem)->merchant_id()) {
    return MerchantNotYours(caller, "command.merchant_id");
  }
  // By what the ledger knows too: Apply holds an actor's name to be hers, whoever lets her call.
  const Principal* principal = state.principals().Find(caller.principal_id);
  const std::string& volunteer_id = (*redeem)->volunteer_id();
  const bool herself = (!caller.volunteer_id.empty() && caller.volunteer_id == volunteer_id) ||
                       (principal != nullptr && principal->registered.has_volunteer_id() &&
                        principal->registered.volunteer_id() == volunteer_id);
  if (herself) {
    return Refused{v1::REFUSAL_SELF_REDEMPTION,
                   "command.volunteer_id",
                   "nobody redeems for herself; ask a colleague",
                   {}};
  }
  return std::nullopt;
}

// A copy of what the client sent, in the event's own command field.
template <typename Body, typename Sent>
Body* Carry(Body* body, const Sent& command) {
  *body->mutable_command() = command;
  return body;
}

struct DecideVisitor {
  const State& state;
  const Command& context;
  int64_t now_us;
  v1::Event* event;

  Decision operator()(const v1::CreateLedger* c) {
    v1::LedgerCreated* created = Carry(event->mutable_ledger_created(), *c);
    created->set_ledger_id(state.ledger_id());
    created->set_time_zone(c->has_time_zone() ? c->time_zone() : "Asia/Shanghai");
    return event;
  }

  Decision operator()(const v1::FinishMigration* c) {
    if (!state.migrating()) {
      return Refused{v1::REFUSAL_NOT_MIGRATING, "ledger_id", "the ledger is live already", {}};
    }
    Carry(event->mutable_migration_finished(), *c);
    return event;
  }

  Decision operator()(const v1::PublishRule* c) {
    const std::vector<Rule>& rules = state.ledger().rules;
    const DayNumber day = *ParseDay(c->effective_from_day());
    if (!rules.empty() && day < rules.back().effective_from) {
      return Refused{v1::REFUSAL_RULE_BACKDATED,
                     "command.effective_from_day",
                     "a rule that was published earlier takes effect later",
                     {{"effective_from_day_min", FormatDay(rules.back().effective_from)}}};
    }
    Carry(event->mutable_rule_published(), *c)
        ->set_rule_version(static_cast<uint32_t>(rules.size() + 1));
    return event;
  }

  Decision operator()(const v1::RegisterPrincipal* c) {
    if (state.principals().Find(c->principal_id()) != nullptr) {
      return Exists(v1::REFUSAL_PRINCIPAL_EXISTS, "principal_id", c->principal_id());
    }
    if (c->has_merchant_id() && state.merchants().Find(c->merchant_id()) == nullptr) {
      return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", c->merchant_id());
    }
    if (c->has_volunteer_id() && state.volunteers().Find(c->volunteer_id()) == nullptr) {
      return Unknown(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", c->volunteer_id());
    }
    Carry(event->mutable_principal_registered(), *c);
    return event;
  }

  Decision operator()(const v1::RevokePrincipal* c) {
    const Principal* principal = state.principals().Find(c->principal_id());
    if (principal == nullptr || principal->revoked) {
      return Unknown(v1::REFUSAL_PRINCIPAL_UNKNOWN, "principal_id", c->principal_id());
    }
    Carry(event->mutable_principal_revoked(), *c);
    return event;
  }

  Decision operator()(const v1::RegisterVolunteer* c) {
    if (state.volunteers().Find(c->volunteer_id()) != nullptr) {
      return Exists(v1::REFUSAL_VOLUNTEER_EXISTS, "volunteer_id", c->volunteer_id());
    }
    if (c->has_organisation_id() && state.organisations().Find(c->organisation_id()) == nullptr) {
      return Unknown(v1::REFUSAL_ORGANISATION_UNKNOWN, "organisation_id", c->organisation_id());
    }
    Carry(event->mutable_volunteer_registered(), *c);
    return event;
  }

  Decision operator()(const v1::FreezeVolunteer* c) {
    const Volunteer* volunteer = state.volunteers().Find(c->volunteer_id());
    if (volunteer == nullptr) {
      return Unknown(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", c->volunteer_id());
    }
    if (volunteer->frozen) {
      return Refused{v1::REFUSAL_VOLUNTEER_FROZEN,
                     "command.volunteer_id",
                     "the volunteer is frozen already",
                     {{"volunteer_id", c->volunteer_id()}}};
    }
    Carry(event->mutable_volunteer_frozen(), *c);
    return event;
  }

  Decision operator()(const v1::RegisterOrganisation* c) {
    if (state.organisations().Find(c->organisation_id()) != nullptr) {
      return Exists(v1::REFUSAL_ORGANISATION_EXISTS, "organisation_id", c->organisation_id());
    }
    Carry(event->mutable_organisation_registered(), *c);
    return event;
  }

  Decision operator()(const v1::RegisterActivity* c) {
    if (state.activities().Find(c->activity_id()) != nullptr) {
      return Exists(v1::REFUSAL_ACTIVITY_EXISTS, "activity_id", c->activity_id());
    }
    if (state.organisations().Find(c->organisation_id()) == nullptr) {
      return Unknown(v1::REFUSAL_ORGANISATION_UNKNOWN, "organisation_id", c->organisation_id());
    }
    Carry(event->mutable_activity_registered(), *c);
    return event;
  }

  Decision operator()(const v1::RegisterSession* c) {
    if (state.sessions().Find(c->session_id()) != nullptr) {
      return Exists(v1::REFUSAL_SESSION_EXISTS, "session_id", c->session_id());
    }
    if (state.activities().Find(c->activity_id()) == nullptr) {
      return Unknown(v1::REFUSAL_ACTIVITY_UNKNOWN, "activity_id", c->activity_id());
    }
    Carry(event->mutable_session_registered(), *c);
    return event;
  }

  Decision operator()(const v1::CreditHours* c) {
    return DecideCreditHours(state, *c, context, now_us, event);
  }

  Decision operator()(const v1::OnboardMerchant* c) {
    if (state.merchants().Find(c->merchant_id()) != nullptr) {
      return Exists(v1::REFUSAL_MERCHANT_EXISTS, "merchant_id", c->merchant_id());
    }
    Carry(event->mutable_merchant_onboarded(), *c);
    return event;
  }

  Decision operator()(const v1::PublishItem* c) { return DecidePublishItem(state, *c, event); }
  Decision operator()(const v1::ReceiveStock* c) { return DecideReceiveStock(state, *c, event); }
  Decision operator()(const v1::RedeemNow* c) { return DecideRedeemNow(state, *c, context, event); }
};

}  // namespace

Refused Unknown(v1::Refusal reason, std::string_view field, std::string_view id) {
  std::string path(field == "ledger_id" ? field : Text("command.", field));
  return Refused{reason,
                 std::move(path),
                 Text("there is no ", field, " ", id),
                 {{std::string(field), std::string(id)}}};
}

Refused Exists(v1::Refusal reason, std::string_view field, std::string_view id) {
  std::string path(field == "ledger_id" ? field : Text("command.", field));
  return Refused{reason,
                 std::move(path),
                 Text(field, " ", id, " is taken already"),
                 {{std::string(field), std::string(id)}}};
}

std::variant<Admitted, AlreadyApplied, Refused> Admit(const State& state, const Command& command,
                                                      int64_t wall_us) {
  if (auto refused = CheckBinding(state, command)) return *std::move(refused);
  if (const RequestEntry* entry = state.FindRequest(command.key)) {
    if (entry->content == command.content) return AlreadyApplied{entry->sequence};
    return Refused{v1::REFUSAL_REQUEST_CONFLICT,
                   "request_id",
                   Text("request id ", command.request_id, " was used before with other content"),
                   {{"request_id", std::string(command.request_id)},
                    {"first_sequence", Text(entry->sequence)}}};
  }
  if (auto refused = CheckExistence(state, command)) return *std::move(refused);

  const auto* create = std::get_if<const v1::CreateLedger*>(&command.body);
  const bool migrating = create != nullptr ? (*create)->migrating() : state.migrating();
  const int64_t last_us = state.ledger().last_recorded_us;
  if (!migrating) {
    if (command.recorded_us) {
      return Refused{v1::REFUSAL_RECORDED_TIME_NOT_ALLOWED,
                     "recorded_us",
                     "the ledger is not migrating: its own clock decides",
                     {}};
    }
    return Admitted{std::max(last_us, wall_us), true};
  }
  if (!command.recorded_us) {
    return Refused{v1::REFUSAL_RECORDED_TIME_MISSING,
                   "recorded_us",
                   "the ledger is migrating: every command states its recorded time",
                   {}};
  }
  if (*command.recorded_us > wall_us) {
    return Refused{v1::REFUSAL_RECORDED_TIME_IN_FUTURE,
                   "recorded_us",
                   "the recorded time lies in the future",
                   {}};
  }
  return Admitted{*command.recorded_us, *command.recorded_us >= last_us};
}

Refused RecordedTimeBackwards(const State& state) {
  return Refused{v1::REFUSAL_RECORDED_TIME_BACKWARDS,
                 "recorded_us",
                 "the recorded time lies before the newest event's",
                 {{"recorded_us_min", Text(state.ledger().last_recorded_us)}}};
}

std::variant<v1::Event*, Refused> Decide(const State& state, const Command& command, int64_t now_us,
                                         google::protobuf::Arena* arena) {
  v1::Event* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena);
  event->set_occurred_us(now_us);
  return std::visit(DecideVisitor{state, command, now_us, event}, command.body);
}

}  // namespace meritbook
