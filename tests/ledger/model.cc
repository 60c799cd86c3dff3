#include "tests/ledger/model.h"

#include <algorithm>
#include <cstdlib>

namespace meritbook::model {
namespace {

// What a request is remembered by.
std::string Key(const Ask& ask) {
  const std::string id = ask.request_id ? *ask.request_id : SubjectOf(*ask.message);
  return ask.message->GetDescriptor()->name() + "|" + Owner(ask) + "|" + id;
}

Reply Refuse(Reasons reasons) { return {Reply::kRefused, std::move(reasons), 0}; }

bool PostsHours(const Ask& ask) {
  return As<v1::CreditHours>(ask) || As<v1::SubmitHours>(ask) || As<v1::RecordAttendance>(ask) ||
         As<v1::BackfillHours>(ask) || As<v1::AwardPoints>(ask);
}

std::string Words(const Lot& lot) {
  return (lot.last_day == kNever ? "never" : std::to_string(lot.last_day)) +
         (lot.graced ? "g" : "");
}

}  // namespace

int64_t SumOf(const LotList& lots) {
  int64_t sum = 0;
  for (const auto& [lot, units] : lots) sum += units;
  return sum;
}

int64_t SumOf(const Lots& lots) { return SumOf(LotList(lots.begin(), lots.end())); }

std::string Words(const LotList& lots) {
  std::string out = "[";
  for (const auto& [lot, units] : lots) out += " " + Words(lot) + ":" + std::to_string(units);
  return out + " ]";
}

std::string Words(const PendingList& pending) {
  std::map<std::pair<int, Lot>, int64_t> joined;
  for (const auto& [matures, lot, units] : pending) joined[{matures, lot}] += units;
  std::string out = "(";
  for (const auto& [key, units] : joined) {
    out += " " + std::to_string(key.first) + "/" + Words(key.second) + ":" + std::to_string(units);
  }
  return out + " )";
}

std::string Words(const Inflow& inflow) {
  return " in " + Words(inflow.lots) + " repaid " + std::to_string(inflow.debt_repaid_units) +
         " forfeited " + Words(inflow.forfeited);
}

std::string Words(const ClawBack& claw_back) {
  return "pending " + Words(claw_back.pending) + " expired " + Words(claw_back.expired) +
         " forfeited " + Words(claw_back.forfeited) + " available " + Words(claw_back.available) +
         " debt " + std::to_string(claw_back.debt_units);
}

Reasons Model::WhoAsks(const Ask& ask) const {
  Reasons reasons;
  if (PostsHours(ask) && ask.source.empty()) reasons.insert(v1::REFUSAL_SOURCE_MISSING);
  if (ask.of_ledger) {
    const auto principal = principals.find(ask.principal);
    if (principal == principals.end() || principal->second.revoked) {
      reasons.insert(v1::REFUSAL_UNAUTHENTICATED);
    }
  }
  const auto bound_to = [&](const std::string& merchant) {
    if (!ask.merchant.empty() && ask.merchant != merchant) {
      reasons.insert(v1::REFUSAL_MERCHANT_NOT_YOURS);
    }
  };
  const auto item = [&](const auto* c) {
    if (c != nullptr && items.count(c->item_id()) != 0) bound_to(items.at(c->item_id()).merchant);
  };
  const auto purchase = [&](const auto* c) {
    if (c == nullptr) return;
    bound_to(c->merchant_id());
    if (!ask.pay_code && IsHerself(ask, c->volunteer_id())) {
      reasons.insert(v1::REFUSAL_SELF_REDEMPTION);
    }
  };
  const auto order = [&](const auto* c) {
    if (c == nullptr) return;
    const std::string name = Named(ask, *c);
    if (!name.empty() && IsHerself(ask, orders.at(name).volunteer)) {
      reasons.insert(v1::REFUSAL_SELF_REDEMPTION);
    }
  };
  const auto statement = [&](const auto* c) {
    if (c != nullptr && statements.count(c->statement_id()) != 0) {
      bound_to(statements.at(c->statement_id()).merchant);
    }
  };
  item(As<v1::ReceiveStock>(ask));
  item(As<v1::ReturnStock>(ask));
  item(As<v1::WithdrawItem>(ask));
  purchase(As<v1::RedeemNow>(ask));
  purchase(As<v1::HoldOrder>(ask));
  purchase(As<v1::IssueVoucher>(ask));
  order(As<v1::ConfirmOrder>(ask));
  order(As<v1::RefundOrder>(ask));
  statement(As<v1::ObjectStatement>(ask));
  statement(As<v1::CloseStatement>(ask));
  return reasons;
}

Model::Door Model::Enter(const Ask& ask, int64_t wall_us) const {
  Door door;
  const auto refuse = [&door](Reasons reasons) {
    door.reply = Refuse(std::move(reasons));
    return door;
  };
  Reasons form = FormFaults(ask);
  if (!ask.request_id && SubjectOf(*ask.message).empty()) form.insert(v1::REFUSAL_FIELD_MISSING);
  if (!form.empty()) return refuse(form);
  if (Reasons who = WhoAsks(ask); !who.empty()) return refuse(who);
  // What was asked before.
  if (const auto found = requests_.find(Key(ask)); found != requests_.end()) {
    if (found->second.content != ask.message->SerializeAsString()) {
      return refuse({v1::REFUSAL_REQUEST_CONFLICT});
    }
    door.reply = Reply{Reply::kAgain, {}, found->second.sequence};
    return door;
  }
  // The ledger and its clock.
  const auto* create = As<v1::CreateLedger>(ask);
  if (create == nullptr && !created) return refuse({v1::REFUSAL_LEDGER_UNKNOWN});
  if (create != nullptr && created) return refuse({v1::REFUSAL_LEDGER_EXISTS});
  if (create != nullptr ? create->migrating() : migrating) {
    if (!ask.recorded_us) return refuse({v1::REFUSAL_RECORDED_TIME_MISSING});
    if (*ask.recorded_us > wall_us) return refuse({v1::REFUSAL_RECORDED_TIME_IN_FUTURE});
    door.now_us = *ask.recorded_us;
    door.in_order = door.now_us >= last_recorded_us;
  } else {
    if (ask.recorded_us) return refuse({v1::REFUSAL_RECORDED_TIME_NOT_ALLOWED});
    door.now_us = std::max(wall_us, last_recorded_us);
  }
  return door;
}

std::vector<std::string> Model::VolunteerOf(const v1::RecordRef& ref) const {
  const auto record = records.find({ref.source(), ref.record_id()});
  if (record == records.end()) return {};
  return {Survivor(record->second.volunteer)};
}

std::vector<std::string> Model::Concerned(const v1::ProposeChange& c) const {
  if (c.has_adjust_points()) return {c.adjust_points().volunteer_id()};
  if (c.has_reinstate_points()) return {c.reinstate_points().volunteer_id()};
  if (c.has_merge_volunteers()) {
    return {c.merge_volunteers().volunteer_id(), c.merge_volunteers().survivor_id()};
  }
  if (c.has_correct_hours()) return VolunteerOf(c.correct_hours().record());
  if (c.has_revoke_hours()) return VolunteerOf(c.revoke_hours().record());
  if (c.has_allocate_budget() || c.has_write_off()) return {};
  std::vector<std::string> all;
  for (const v1::OpeningBalance& balance : c.load_opening_balances().balances()) {
    all.push_back(balance.volunteer_id());
  }
  return all;
}

std::vector<std::string> Model::Concerned(const Ask& ask) const {
  if (const auto* c = As<v1::CreditHours>(ask)) return {c->record().volunteer_id()};
  if (const auto* c = As<v1::SubmitHours>(ask)) return {c->record().volunteer_id()};
  if (const auto* c = As<v1::BackfillHours>(ask)) return {c->record().volunteer_id()};
  if (const auto* c = As<v1::AwardPoints>(ask)) return {c->volunteer_id()};
  if (ask.pay_code) return {ask.pay_code->volunteer};
  if (const auto* c = As<v1::RedeemNow>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::HoldOrder>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::IssueVoucher>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::DonatePoints>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::FreezeVolunteer>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::UnfreezeVolunteer>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::CloseVolunteer>(ask)) return {c->volunteer_id()};
  if (const auto* c = As<v1::ReviewHours>(ask)) return VolunteerOf(c->record());
  if (const auto* c = As<v1::CorrectHours>(ask)) return VolunteerOf(c->record());
  if (const auto* c = As<v1::RevokeHours>(ask)) return VolunteerOf(c->record());
  if (const auto* c = As<v1::DisputeHours>(ask)) return VolunteerOf(c->record());
  if (const auto* c = As<v1::ProposeChange>(ask)) return Concerned(*c);
  if (const auto* c = As<v1::ApproveChange>(ask)) {
    const auto found = proposals.find(c->proposal_id());
    if (found != proposals.end()) return Concerned(found->second.change);
  }
  std::string order;
  if (const auto* c = As<v1::ConfirmOrder>(ask)) order = Named(ask, *c);
  if (const auto* c = As<v1::CancelOrder>(ask)) order = Named(ask, *c);
  if (const auto* c = As<v1::RefundOrder>(ask)) order = Named(ask, *c);
  if (!order.empty()) return {orders.at(order).volunteer};
  std::vector<std::string> all;
  if (const auto* c = As<v1::RecordAttendance>(ask)) {
    for (const v1::Attendee& line : c->attendees()) all.push_back(line.volunteer_id());
  }
  return all;
}

Reply Model::Execute(const Ask& ask, int64_t wall_us) {
  const Door door = Enter(ask, wall_us);
  if (door.reply) return *door.reply;
  if (ask.pay_code && ask.pay_code->refused != v1::REFUSAL_UNSPECIFIED) {
    return Refuse({ask.pay_code->refused});
  }
  if (door.in_order) Advance(ask, door.now_us);
  const Model before = *this;
  const uint64_t first = size;
  const size_t emitted = emitted_.size();
  Reasons reasons = Carry({ask, door.now_us, DayOf(door.now_us)});
  // A row that is refused repeats its own reason, whatever its time.
  if (reasons.empty() && !door.in_order) reasons = {v1::REFUSAL_RECORDED_TIME_BACKWARDS};
  // The ledger keeps no count of orders of a day gone by.
  if (!door.in_order && reasons.count(v1::REFUSAL_VELOCITY_EXCEEDED) != 0) {
    reasons.insert(v1::REFUSAL_RECORDED_TIME_BACKWARDS);
  }
  if (!reasons.empty()) {
    *this = before;
    return Refuse(reasons);
  }
  requests_[Key(ask)] = {first, ask.message->SerializeAsString()};
  last_recorded_us = door.now_us;
  std::vector<std::string> turned;
  for (size_t i = emitted; i < emitted_.size(); ++i) {
    emitted_[i].first_sequence = first;
    emitted_[i].count = static_cast<uint32_t>(size - first);
    for (const std::string& volunteer : emitted_[i].volunteers) turned.push_back(volunteer);
  }
  // What was credited or refunded after it had lapsed lapses at once.
  for (const std::string& volunteer : turned) Settle(Survivor(volunteer), door.now_us);
  return {Reply::kAccepted, {}, first};
}

std::vector<Reply> Model::ExecuteAtomic(const std::vector<Ask>& asks, int64_t wall_us) {
  // What is due when the call begins stands whatever becomes of it.
  std::optional<int64_t> first_us;
  for (const Ask& ask : asks) {
    const Door door = Enter(ask, wall_us);
    if (door.reply || !door.in_order) continue;
    if (!first_us) first_us = door.now_us;
    if (door.now_us != *first_us) continue;
    // Who shows a pay code is known only when it is her turn.
    if (ask.pay_code) {
      RunTimers(door.now_us);
    } else {
      Advance(ask, door.now_us);
    }
  }
  const Model before = *this;
  std::vector<Reply> replies;
  for (const Ask& ask : asks) {
    replies.push_back(Execute(ask, wall_us));
    if (!replies.back().refused()) continue;
    *this = before;
    const Reply reason = replies.back();
    const size_t at = replies.size() - 1;
    replies.assign(asks.size(), Refuse({v1::REFUSAL_ATOMIC_ABORTED}));
    replies[at] = reason;
    return replies;
  }
  return replies;
}

void Model::Sweep(int64_t wall_us) {
  if (!created || migrating) return;
  const int64_t now_us = std::max(wall_us, last_recorded_us);
  RunTimers(now_us);
  while (true) {
    // The oldest day first; of one day, the volunteer who came first.
    std::string first_id;
    std::pair<int, uint64_t> first(DayOf(now_us) + 1, 0);
    for (const auto& [id, row] : volunteers) {
      std::pair<int, uint64_t> due(kNever, row.registered);
      if (!row.lots.empty()) due.first = row.lots.begin()->first.last_day + 1;
      if (!row.pending.empty()) {
        due.first = std::min(due.first, std::get<0>(row.pending.begin()->first));
      }
      if (due < first) {
        first = due;
        first_id = id;
      }
    }
    if (first_id.empty()) return;
    Settle(first_id, now_us);
  }
}

std::vector<Emitted> Model::TakeEmitted() { return std::exchange(emitted_, {}); }

void Model::Emit(const Context& at, v1::Event::BodyCase body, std::vector<std::string> turned,
                 std::string amounts, std::optional<int64_t> occurred_us) {
  for (const std::string& id : turned) {
    Volunteer& row = volunteers.at(id);
    ++row.events;
    row.last_sequence = size;
  }
  const int64_t when_us = occurred_us.value_or(at.now_us);
  const int booked = BookedIn(when_us);
  emitted_.push_back(
      {body, size, at.now_us, when_us, size, 1, std::move(turned), std::move(amounts),
       booked == MonthNumberOf(DayOf(when_us)) ? std::nullopt : std::optional(booked)});
  ++size;
}

int Model::BookedIn(int64_t occurred_us) const {
  const int month = MonthNumberOf(DayOf(occurred_us));
  return closed_through && month <= *closed_through ? *closed_through + 1 : month;
}

void Model::Advance(const Ask& ask, int64_t now_us) {
  if (As<v1::DeclareLoss>(ask)) return;  // nothing comes before it
  RunTimers(now_us);
  for (const std::string& volunteer : Concerned(ask)) Settle(Survivor(volunteer), now_us);
}

void Model::RunTimers(int64_t now_us) {
  while (RunTimer(now_us)) {
  }
}

bool Model::RunTimer(int64_t now_us) {
  // When, a hold or a statement, which.
  using Timer = std::tuple<int64_t, int, size_t, std::string>;
  Timer first(now_us + 1, 0, 0, "");
  for (const auto& [name, order] : orders) {
    if (order.state != OrderState::kHeld) continue;
    first = std::min(first, Timer(order.ends_us, 1, order.index, name));
  }
  for (const auto& [id, statement] : statements) {
    if (statement.state != StatementState::kOpen || !statement.closes_us) continue;
    first = std::min(first, Timer(*statement.closes_us, 2, statement.index, id));
  }
  const auto& [due_us, kind, index, name] = first;
  if (due_us > now_us) return false;
  last_recorded_us = now_us;
  if (kind == 1) {
    TimeOut(name, now_us);
  } else {
    CloseByItself(name, now_us);
  }
  return true;
}

void Model::Settle(const std::string& id, int64_t until_us, int64_t now_us) {
  while (SettleOnce(id, until_us, now_us)) {
  }
}

bool Model::SettleOnce(const std::string& id, int64_t until_us, int64_t now_us) {
  static const Ask kNobody;
  const Context at{kNobody, now_us, DayOf(until_us)};
  if (volunteers.count(id) == 0) return false;
  const Volunteer& row = volunteers.at(id);
  // The earliest first; what matures before what lapses on the same day.
  const int lapses = row.lots.empty() ? kNever : row.lots.begin()->first.last_day + 1;
  const int matures = row.pending.empty() ? kNever : std::get<0>(row.pending.begin()->first);
  if (std::min(lapses, matures) > at.today) return false;
  last_recorded_us = now_us;
  if (matures <= lapses) {
    Mature(at, id, matures);
  } else {
    Expire(at, id, row.lots.begin()->first);
  }
  return true;
}

void Model::Notice(const v1::Event& event, std::optional<int64_t> until_us) {
  const int64_t now_us = event.recorded_us();
  if (event.has_points_matured() || event.has_points_expired()) {
    SettleOnce(event.passbook(0).volunteer_id(), until_us.value_or(now_us), now_us);
  } else {
    RunTimer(now_us);
  }
}

Reasons Model::Carry(const Context& at) {
  Reasons reasons;
  const auto carry = [&]<typename Command>(const Command*) {
    const auto* c = As<Command>(at.ask);
    if (c != nullptr) reasons = Do(at, *c);
    return c != nullptr;
  };
  const auto any = [&]<typename... Commands>(std::tuple<Commands...>*) {
    return (carry(static_cast<const Commands*>(nullptr)) || ...);
  };
  using All = std::tuple<
      v1::CreateLedger, v1::FinishMigration, v1::PublishRule, v1::RegisterPrincipal,
      v1::RevokePrincipal, v1::RegisterVolunteer, v1::FreezeVolunteer, v1::UnfreezeVolunteer,
      v1::CloseVolunteer, v1::RegisterOrganisation, v1::SetRoster, v1::RegisterActivity,
      v1::SubmitActivity, v1::ReviewActivity, v1::CloseActivity, v1::CancelActivity,
      v1::RegisterSession, v1::CreditHours, v1::SubmitHours, v1::RecordAttendance,
      v1::BackfillHours, v1::ReviewHours, v1::CorrectHours, v1::RevokeHours, v1::DisputeHours,
      v1::AwardPoints, v1::DonatePoints, v1::ProposeChange, v1::ApproveChange, v1::RejectChange,
      v1::OnboardMerchant, v1::SuspendMerchant, v1::ResumeMerchant, v1::OffboardMerchant,
      v1::PublishItem, v1::WithdrawItem, v1::ReceiveStock, v1::ReturnStock, v1::HoldOrder,
      v1::IssueVoucher, v1::RedeemNow, v1::ConfirmOrder, v1::CancelOrder, v1::RefundOrder,
      v1::OpenStatement, v1::ObjectStatement, v1::ResolveObjection, v1::CloseStatement,
      v1::RecordPayment, v1::ReversePayment, v1::ClosePeriod, v1::DeclareLoss>;
  if (!any(static_cast<All*>(nullptr))) std::abort();
  return reasons;
}

}  // namespace meritbook::model
