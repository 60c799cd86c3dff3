#include <algorithm>
#include <string>

#include "ledger/deciding.h"
#include "ledger/limits.h"
#include "ledger/text.h"
#include "ledger/units.h"

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

// Commands that bring records in, in the name of a platform.
bool BringsRecords(v1::CommandKind kind) {
  return kind == v1::COMMAND_KIND_CREDIT_HOURS || kind == v1::COMMAND_KIND_SUBMIT_HOURS ||
         kind == v1::COMMAND_KIND_RECORD_ATTENDANCE || kind == v1::COMMAND_KIND_BACKFILL_HOURS ||
         kind == v1::COMMAND_KIND_AWARD_POINTS;
}

MaybeRefused RefuseHerself(const State& state, const Caller& caller,
                           const std::string& volunteer_id, std::string field) {
  if (volunteer_id.empty()) return std::nullopt;  // she shows a pay code
  const auto volunteer = state.volunteers().IndexOf(volunteer_id);
  const bool herself = caller.volunteer_id == volunteer_id ||
                       (volunteer && IsHerself(state, caller, state.Survivor(*volunteer)));
  if (!herself) return std::nullopt;
  return Refuse(v1::REFUSAL_SELF_REDEMPTION, std::move(field),
                "nobody redeems for herself; ask a colleague");
}

// The item's merchant, of a caller who may act for one only.
template <typename ItemCommand>
MaybeRefused CheckItem(const State& state, const Caller& caller, const ItemCommand& c) {
  const Item* item = state.items().Find(c.item_id());
  if (caller.merchant_id.empty() || item == nullptr) return std::nullopt;
  if (state.merchants()[item->merchant].id == caller.merchant_id) return std::nullopt;
  return MerchantNotYours(caller, "command.item_id");
}

template <typename OrderCommand>
MaybeRefused CheckPurchase(const State& state, const Caller& caller, const OrderCommand& c) {
  if (!caller.merchant_id.empty() && caller.merchant_id != c.merchant_id()) {
    return MerchantNotYours(caller, "command.merchant_id");
  }
  return RefuseHerself(state, caller, c.volunteer_id(), "command.volunteer_id");
}

template <typename OrderCommand>
MaybeRefused RefuseOwnOrder(const State& state, const Caller& caller, const OrderCommand& c) {
  const auto* owner = c.has_owner() ? &c.owner() : nullptr;
  const Order* order = state.orders().Find(KeyOf(OrderNamed(caller, owner, c.order_id())));
  if (order == nullptr) return std::nullopt;
  return RefuseHerself(state, caller, state.volunteers()[order->volunteer].id, "command.order_id");
}

template <typename StatementCommand>
MaybeRefused CheckStatement(const State& state, const Caller& caller, const StatementCommand& c) {
  const Statement* statement = state.statements().Find(c.statement_id());
  if (caller.merchant_id.empty() || statement == nullptr) return std::nullopt;
  if (state.merchants()[statement->merchant].id == caller.merchant_id) return std::nullopt;
  return MerchantNotYours(caller, "command.statement_id");
}

// For whom the caller may act, and never for herself: by what the command is about.
template <typename Message>
MaybeRefused CheckMerchantOf(const State&, const Caller&, const Message&) {
  return std::nullopt;
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::ReceiveStock& c) {
  return CheckItem(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::ReturnStock& c) {
  return CheckItem(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::WithdrawItem& c) {
  return CheckItem(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::RedeemNow& c) {
  return CheckPurchase(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::HoldOrder& c) {
  return CheckPurchase(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::IssueVoucher& c) {
  return CheckPurchase(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::ConfirmOrder& c) {
  if (c.voucher_sha256().empty()) return RefuseOwnOrder(state, caller, c);
  const auto order = state.OrderOfVoucher(c.voucher_sha256());
  if (!order) return std::nullopt;
  return RefuseHerself(state, caller, state.volunteers()[state.orders()[*order].volunteer].id,
                       "voucher_code");
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller, const v1::RefundOrder& c) {
  return RefuseOwnOrder(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller,
                             const v1::ObjectStatement& c) {
  return CheckStatement(state, caller, c);
}
MaybeRefused CheckMerchantOf(const State& state, const Caller& caller,
                             const v1::CloseStatement& c) {
  return CheckStatement(state, caller, c);
}

MaybeRefused CheckBinding(const State& state, const Command& command) {
  const Caller& caller = *command.caller;
  if (BringsRecords(command.kind) && caller.source.empty()) {
    return Refused{v1::REFUSAL_SOURCE_MISSING,
                   "",
                   "hours are posted in the name of a platform; the caller has no source",
                   {}};
  }
  if (caller.of_ledger) {
    // As the ledger knows it now: a revocation also holds for what was queued before it.
    const Principal* principal = state.principals().Find(caller.principal_id);
    if (principal == nullptr || principal->revoked) {
      return Refused{
          v1::REFUSAL_UNAUTHENTICATED, "authorization", "the principal was revoked meanwhile", {}};
    }
  }
  return std::visit([&](const auto* body) { return CheckMerchantOf(state, caller, *body); },
                    command.body);
}

// A copy of what the client sent, in the event's own command field.
template <typename Body, typename Sent>
Body* Carry(Body* body, const Sent& command) {
  *body->mutable_command() = command;
  return body;
}

MaybeRefused Decide(Deciding& d, const v1::CreateLedger& c) {
  v1::LedgerCreated* created = Carry(d.NewEvent()->mutable_ledger_created(), c);
  created->set_ledger_id(d.state.ledger_id());
  created->set_time_zone(c.has_time_zone() ? c.time_zone() : "Asia/Shanghai");
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::FinishMigration& c) {
  if (!d.state.migrating()) {
    return Refuse(v1::REFUSAL_NOT_MIGRATING, "ledger_id", "the ledger is live already");
  }
  Carry(d.NewEvent()->mutable_migration_finished(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::DeclareLoss& c) {
  if (c.kept_size() != d.state.size()) {
    return Refused{v1::REFUSAL_LOSS_NOT_HERE,
                   "command.kept_size",
                   Text("the ledger has ", d.state.size(), " events, not ", c.kept_size()),
                   {{"size", Text(d.state.size())}}};
  }
  Carry(d.NewEvent()->mutable_loss_declared(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::PublishRule& c) {
  const std::vector<Rule>& rules = d.state.ledger().rules;
  const DayNumber day = *ParseDay(c.effective_from_day());
  if (!rules.empty() && day < rules.back().effective_from) {
    return Refused{v1::REFUSAL_RULE_BACKDATED,
                   "command.effective_from_day",
                   "a rule that was published earlier takes effect later",
                   {{"effective_from_day_min", FormatDay(rules.back().effective_from)}}};
  }
  Carry(d.NewEvent()->mutable_rule_published(), c)
      ->set_rule_version(static_cast<uint32_t>(rules.size() + 1));
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RegisterPrincipal& c) {
  if (d.state.principals().Find(c.principal_id()) != nullptr) {
    return Exists(v1::REFUSAL_PRINCIPAL_EXISTS, "principal_id", c.principal_id());
  }
  if (c.has_merchant_id() && d.state.merchants().Find(c.merchant_id()) == nullptr) {
    return Unknown(v1::REFUSAL_MERCHANT_UNKNOWN, "merchant_id", c.merchant_id());
  }
  if (c.has_volunteer_id()) {
    const auto found = FindVolunteer(d.state, c.volunteer_id(), "command.volunteer_id");
    if (const auto* refused = std::get_if<Refused>(&found)) return *refused;
  }
  Carry(d.NewEvent()->mutable_principal_registered(), c);
  return std::nullopt;
}

MaybeRefused Decide(Deciding& d, const v1::RevokePrincipal& c) {
  const Principal* principal = d.state.principals().Find(c.principal_id());
  if (principal == nullptr || principal->revoked) {
    return Unknown(v1::REFUSAL_PRINCIPAL_UNKNOWN, "principal_id", c.principal_id());
  }
  Carry(d.NewEvent()->mutable_principal_revoked(), c);
  return std::nullopt;
}

}  // namespace

Refused Refuse(v1::Refusal reason, std::string field, std::string message) {
  return Refused{reason, std::move(field), std::move(message), {}};
}

std::variant<uint32_t, Refused> FindVolunteer(const State& state, std::string_view id,
                                              const std::string& path) {
  const auto index = state.volunteers().IndexOf(id);
  if (!index) {
    return Refused{v1::REFUSAL_VOLUNTEER_UNKNOWN,
                   path,
                   Text("there is no volunteer_id ", id),
                   {{"volunteer_id", std::string(id)}}};
  }
  const uint32_t survivor = state.Survivor(*index);
  if (survivor == *index) return survivor;
  return Refused{v1::REFUSAL_VOLUNTEER_MERGED,
                 path,
                 Text(id, " was merged into ", state.volunteers()[survivor].id),
                 {{"survivor_id", state.volunteers()[survivor].id}}};
}

bool IsHerself(const State& state, const std::string& principal_id, uint32_t volunteer) {
  const Principal* principal = state.principals().Find(principal_id);
  if (principal == nullptr || !principal->registered.has_volunteer_id()) return false;
  const auto bound = state.volunteers().IndexOf(principal->registered.volunteer_id());
  return bound && state.Survivor(*bound) == volunteer;
}

bool IsHerself(const State& state, const Caller& caller, uint32_t volunteer) {
  if (!caller.volunteer_id.empty()) {
    const auto bound = state.volunteers().IndexOf(caller.volunteer_id);
    if (bound && state.Survivor(*bound) == volunteer) return true;
  }
  // By what the ledger knows too: an actor's name is held to be hers, whoever lets her call.
  return IsHerself(state, caller.principal_id, volunteer);
}

MaybeRefused RefuseClosed(const Volunteer& volunteer, std::string path) {
  if (!volunteer.closed) return std::nullopt;
  return Refused{v1::REFUSAL_VOLUNTEER_CLOSED,
                 std::move(path),
                 "the account was closed for ever",
                 {{"volunteer_id", volunteer.id}}};
}

MaybeRefused RefuseFrozen(const Volunteer& volunteer, std::string path) {
  if (!volunteer.frozen) return std::nullopt;
  return Refused{v1::REFUSAL_VOLUNTEER_FROZEN,
                 std::move(path),
                 "the volunteer is frozen",
                 {{"volunteer_id", volunteer.id}}};
}

// Says nothing of the balance: a till may not read it.
Refused BalanceTooLow(std::string path, int64_t needed, std::string_view what) {
  return Refused{v1::REFUSAL_BALANCE_TOO_LOW,
                 std::move(path),
                 Text("the volunteer has fewer than ", needed, " ", what),
                 {{Text("needed_", what), Text(needed)}}};
}

bool CanIssue(const State& state, int64_t units) {
  return -state.ledger().issued_units <= kIssuedUnitsMax - units;
}

Refused CannotIssue(std::string path) {
  return Refuse(v1::REFUSAL_AMOUNT_OVERFLOW, std::move(path),
                "the ledger can't issue that many points more");
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

std::variant<Events, Refused> Decide(const State& state, const Command& command, int64_t now_us,
                                     google::protobuf::Arena* arena) {
  Deciding d{state, command, now_us, state.DayAt(now_us), arena, {}};
  auto refused = std::visit([&](const auto* body) { return Decide(d, *body); }, command.body);
  if (refused) return *std::move(refused);
  for (const v1::Event* event : d.events) {
    if (event->ByteSizeLong() <= kEventBodyBytesMax) continue;
    return Refused{v1::REFUSAL_AMOUNT_OVERFLOW,
                   "command",
                   "the points concerned expire on too many different days for one event",
                   {{"event_bytes_max", Text(kEventBodyBytesMax)}}};
  }
  return std::move(d.events);
}

}  // namespace meritbook
