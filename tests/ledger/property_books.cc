#include "tests/ledger/property_books.h"

#include <algorithm>

#include "ledger/text.h"
#include "tests/ledger/property_compare.h"

namespace meritbook::property {
namespace {

constexpr int64_t kUnitsPerPoint = 6000;

const v1::CategoryRate* RateOf(const v1::PublishRule& rule, const std::string& category) {
  for (const v1::CategoryRate& rate : rule.earning().rates()) {
    if (rate.category() == category) return &rate;
  }
  return nullptr;
}

int64_t TotalOf(const Accounts& accounts, const std::string& prefix) {
  int64_t sum = 0;
  for (const auto& [account, units] : accounts) {
    if (account.starts_with(prefix)) sum += units;
  }
  return sum;
}

}  // namespace

std::string Books::Survivor(std::string volunteer) const {
  for (auto into = merged_.find(volunteer); into != merged_.end(); into = merged_.find(volunteer)) {
    volunteer = into->second;
  }
  return volunteer;
}

std::set<std::string> Books::SelvesOf(const std::string& principal) const {
  const auto self = selves_.find(principal);
  if (self == selves_.end()) return {};
  return {Survivor(self->second)};
}

void Books::Envelope(const v1::Event& event) {
  Need(event.sequence() == size_++, "a sequence is left out");
  Need(event.recorded_us() >= recorded_us_, "the recorded time goes back");
  recorded_us_ = event.recorded_us();
  Need(event.command_first_sequence() <= event.sequence() &&
           event.sequence() < event.command_first_sequence() + event.command_event_count(),
       "an event outside of its command");
  for (const v1::PassbookLink& link : event.passbook()) {
    auto& [events, newest] = passbooks_[link.volunteer_id()];
    Need(link.event_count() == events + 1, "a page of a passbook is left out");
    Need(link.has_previous_sequence() == (events > 0) && link.previous_sequence() == newest,
         "a passbook's chain is broken");
    ++events;
    newest = event.sequence();
  }
  if (event.scope() == v1::REQUEST_SCOPE_UNSPECIFIED) {
    Need(event.request_id().empty() && event.actor().empty() && event.source().empty(),
         "the ledger's own event names somebody");
    Need(event.kind() == v1::COMMAND_KIND_UNSPECIFIED, "the ledger's own event has a kind");
    Need(event.has_points_expired() || event.has_points_matured() || event.has_hold_timed_out() ||
             (event.has_statement_closed() && !event.statement_closed().has_command()),
         "an event without a scope");
  } else if (event.sequence() == event.command_first_sequence()) {
    const std::string& owner =
        event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source();
    Need(requests_
             .insert(Text(int{event.kind()}, "|", int{event.scope()}, "|", owner, "|",
                          event.request_id()))
             .second,
         "one request, two effects");
  }
}

void Books::Bring(const Name& name, const v1::ServiceRecord& service, const v1::Event& event) {
  Booked record{
      service.volunteer_id(), service.activity_id(), event.actor(), {}, {}, false, false, ""};
  if (service.has_interval()) {
    record.interval = {service.interval().start_us(), service.interval().end_us()};
  }
  Need(records_.emplace(name, record).second, "a record comes in twice");
}

void Books::CheckSegment(const Booked& record, const v1::CreditSegment& segment) {
  Need(segment.rule_version() >= 1 && segment.rule_version() <= rules_.size(), "no such rule");
  const v1::PublishRule& rule = rules_.at(segment.rule_version() - 1);
  if (record.award) {
    Need(segment.units() > 0 && segment.units() % kUnitsPerPoint == 0, "an award of no points");
    Need(segment.credited_minutes() + segment.honorary_minutes() == 0, "an award has minutes");
    return;
  }
  const v1::CategoryRate* rate = RateOf(rule, categories_.at(record.activity));
  Need(rate != nullptr && rate->points_per_hour() == segment.points_per_hour() &&
           rate->percentage() == segment.percentage(),
       "another rate than the pinned rule's");
  Need(segment.units() ==
           int64_t{segment.credited_minutes()} * segment.points_per_hour() * segment.percentage(),
       "units that aren't minutes times rate");
  // The day's cap, as it held when this was decided.
  uint32_t credited = 0;
  uint32_t honorary = 0;
  for (const auto& [name, other] : records_) {
    if (!other.counts || Survivor(other.volunteer) != Survivor(record.volunteer)) continue;
    for (const v1::CreditSegment& part : other.segments) {
      if (part.service_day_number() != segment.service_day_number()) continue;
      credited += part.credited_minutes();
      honorary += part.honorary_minutes();
    }
  }
  Need(segment.credited_minutes() == 0 || credited <= rule.earning().credited_minutes_per_day(),
       "more minutes earn than the day's cap");
  Need(credited + honorary <= 1440, "a day of more than 1,440 minutes");
}

void Books::Count(const Name& name, const v1::Credit& credit) {
  Booked& record = records_.at(name);
  Need(!record.counts, "a record counts twice");
  record.counts = true;
  record.segments.assign(credit.segments().begin(), credit.segments().end());
  for (size_t i = 0; i < record.segments.size(); ++i) {
    Need(i == 0 ||
             record.segments[i - 1].service_day_number() < record.segments[i].service_day_number(),
         "segments out of order");
    CheckSegment(record, record.segments[i]);
  }
  for (const auto& [other_name, other] : records_) {
    if (other_name == name || !other.counts || !other.interval || !record.interval) continue;
    if (Survivor(other.volunteer) != Survivor(record.volunteer)) continue;
    Need(other.interval->second <= record.interval->first ||
             record.interval->second <= other.interval->first,
         "approved intervals overlap");
  }
}

void Books::Hours(const v1::Event& event) {
  if (event.has_hours_credited()) {
    const auto& record = event.hours_credited().command().record();
    Bring({event.source(), record.record_id()}, record, event);
    Count({event.source(), record.record_id()}, event.hours_credited().credit());
  } else if (event.has_hours_submitted()) {
    const auto& record = event.hours_submitted().command().record();
    Bring({event.source(), record.record_id()}, record, event);
    Need(event.hours_submitted().has_credit() == event.hours_submitted().wait_reasons().empty(),
         "neither credited nor waiting");
    if (event.hours_submitted().has_credit()) {
      Count({event.source(), record.record_id()}, event.hours_submitted().credit());
    }
  } else if (event.has_hours_backfilled()) {
    const auto& record = event.hours_backfilled().command().record();
    Bring({event.source(), record.record_id()}, record, event);
    if (event.hours_backfilled().has_credit()) {
      Count({event.source(), record.record_id()}, event.hours_backfilled().credit());
    }
  } else if (event.has_award_submitted()) {
    const v1::AwardPoints& award = event.award_submitted().command();
    const Booked record{award.volunteer_id(), "", event.actor(), {}, {}, true, false, ""};
    Need(records_.emplace(Name(event.source(), award.record_id()), record).second,
         "a record comes in twice");
  } else if (event.has_hours_reviewed()) {
    const v1::HoursReviewed& body = event.hours_reviewed();
    const Name name(body.command().record().source(), body.command().record().record_id());
    Booked& record = records_.at(name);
    Need(body.volunteer_id() == Survivor(record.volunteer), "another volunteer's review");
    Need(record.submitted_by != event.actor(), "somebody reviews what she submitted");
    Need(record.disputed_by != event.actor(), "somebody settles her own dispute");
    record.disputed_by.clear();
    Need(SelvesOf(event.actor()).count(body.volunteer_id()) == 0, "somebody reviews her own hours");
    if (body.has_claw_back()) record.counts = false;
    if (body.has_credit()) Count(name, body.credit());
    Need(record.counts == (body.command().verdict() == v1::VERDICT_APPROVE),
         "a verdict without effect");
  } else if (event.has_hours_disputed()) {
    const v1::RecordRef& ref = event.hours_disputed().command().record();
    records_.at({ref.source(), ref.record_id()}).disputed_by = event.actor();
  } else if (event.has_hours_revoked()) {
    const v1::RecordRef& ref = event.hours_revoked().command().record();
    Booked& record = records_.at({ref.source(), ref.record_id()});
    Need(record.counts, "a record is revoked that doesn't count");
    record.counts = false;
  } else if (event.has_hours_corrected()) {
    const v1::HoursCorrected& body = event.hours_corrected();
    const v1::RecordRef& ref = body.command().record();
    const v1::ServiceRecord& service = body.command().replacement();
    Booked& old = records_.at({ref.source(), ref.record_id()});
    Need(old.counts && !old.award, "a record is corrected that doesn't count");
    old.counts = false;
    Bring({ref.source(), service.record_id()}, service, event);
    Count({ref.source(), service.record_id()}, body.credit());
  }
}

// Who shops, and for whom.
void Books::Orders(const v1::Event& event) {
  const auto herself = [&](const std::string& volunteer) {
    Need(SelvesOf(event.actor()).count(Survivor(volunteer)) == 0, "somebody redeems for herself");
  };
  const auto placed = [&](const std::string& order_id, const std::string& volunteer) {
    v1::OrderRef order;
    order.set_scope(event.scope());
    order.set_owner(event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source());
    order.set_order_id(order_id);
    shoppers_[NameOf(order)] = volunteer;
    herself(volunteer);
  };
  const auto of = [&](const v1::OrderRef& order, const std::string& volunteer) {
    Need(volunteer == Survivor(shoppers_[NameOf(order)]), "somebody else's order");
  };
  if (event.has_order_held()) {
    placed(event.order_held().command().order_id(), event.order_held().hold().volunteer_id());
  } else if (event.has_voucher_issued()) {
    placed(event.voucher_issued().command().order_id(),
           event.voucher_issued().hold().volunteer_id());
  } else if (event.has_order_redeemed()) {
    placed(event.order_redeemed().command().order_id(), event.order_redeemed().volunteer_id());
  } else if (event.has_order_confirmed()) {
    of(event.order_confirmed().order(), event.order_confirmed().volunteer_id());
    herself(event.order_confirmed().volunteer_id());
  } else if (event.has_order_cancelled()) {
    of(event.order_cancelled().hold().order(), event.order_cancelled().hold().volunteer_id());
  } else if (event.has_hold_timed_out()) {
    of(event.hold_timed_out().hold().order(), event.hold_timed_out().hold().volunteer_id());
  } else if (event.has_order_refunded()) {
    of(event.order_refunded().order(), event.order_refunded().volunteer_id());
    herself(event.order_refunded().volunteer_id());
  }
}

void Books::People(const v1::Event& event) {
  if (event.has_rule_published()) rules_.push_back(event.rule_published().command());
  if (event.has_principal_registered()) {
    const v1::RegisterPrincipal& command = event.principal_registered().command();
    if (command.has_volunteer_id()) selves_[command.principal_id()] = command.volunteer_id();
  }
  if (event.has_volunteers_merged()) {
    const v1::MergeVolunteers& command = event.volunteers_merged().command();
    merged_[command.volunteer_id()] = command.survivor_id();
  }
  if (event.has_activity_registered()) {
    const v1::RegisterActivity& command = event.activity_registered().command();
    categories_[command.activity_id()] = command.category();
  }
  if (event.has_activity_submitted()) {
    const v1::SubmitActivity& command = event.activity_submitted().command();
    categories_[command.activity_id()] = command.category();
    activity_submitters_[command.activity_id()] = event.actor();
  }
  if (event.has_activity_reviewed()) {
    Need(
        activity_submitters_.at(event.activity_reviewed().command().activity_id()) != event.actor(),
        "somebody reviews her own activity");
  }
  if (event.has_change_proposed()) {
    proposers_[event.change_proposed().command().proposal_id()] = event.actor();
  }
  if (event.has_change_approved()) {
    const v1::ChangeApproved& body = event.change_approved();
    const std::string& proposer = proposers_.at(body.command().proposal_id());
    Need(body.proposed_by() == proposer, "another proposer");
    Need(proposer != event.actor(), "two people are one principal");
    for (const std::string& self : SelvesOf(proposer)) {
      Need(SelvesOf(event.actor()).count(self) == 0, "two people are one volunteer");
    }
  }
}

std::string Books::Post(const v1::Event& event) {
  Envelope(event);
  People(event);
  Hours(event);
  Orders(event);
  if (broken_.empty()) broken_ = mall_.Post(event);
  int64_t sum = 0;
  for (const auto& [account, units] : PostingsOf(event)) {
    accounts_[account] += units;
    sum += units;
  }
  Need(sum == 0, "postings don't sum to zero");
  for (const v1::PassbookLink& link : event.passbook()) {
    const std::string& who = link.volunteer_id();
    Need(accounts_["pending " + who] >= 0, "pending below 0");
    Need(accounts_["available " + who] >= 0, "available below 0");
    Need(accounts_["held " + who] >= 0, "held below 0");
    Need(accounts_["debt " + who] <= 0, "debt above 0");
    Need(accounts_["available " + who] == 0 || accounts_["debt " + who] == 0,
         "somebody owes and has");
  }
  return broken_.empty() ? "" : Text("  ", broken_, "\n    ", event.ShortDebugString(), "\n");
}

std::string Books::Check(const State& state) const {
  std::string out;
  const auto same = [&out](const std::string& name, int64_t want, int64_t got) {
    if (want != got) out += Text("  ", name, " is ", got, ", by the events ", want, "\n");
  };
  const auto account = [this](const std::string& name) {
    const auto found = accounts_.find(name);
    return found == accounts_.end() ? 0 : found->second;
  };
  const LedgerRow& row = state.ledger();
  same("size", static_cast<int64_t>(size_), static_cast<int64_t>(row.size));
  same("issued", account("issued"), row.issued_units);
  same("expired", account("expired"), row.expired_units);
  same("revoked", account("revoked"), row.revoked_units);
  same("forfeited", account("forfeited"), row.forfeited_units);
  same("donated", account("donated"), row.donated_units);
  same("pending", TotalOf(accounts_, "pending "), row.pending_units);
  same("available", TotalOf(accounts_, "available "), row.available_units);
  same("held", TotalOf(accounts_, "held "), row.held_units);
  same("debt", TotalOf(accounts_, "debt "), row.debt_units);
  same("payable", TotalOf(accounts_, "payable "), row.payable_units);
  same("settled", account("settled"), row.settled_units);
  same("written off", account("written_off"), row.written_off_units);
  same("all accounts", 0, TotalOf(accounts_, ""));
  for (uint32_t i = 0; i < state.volunteers().size(); ++i) {
    const Volunteer& volunteer = state.volunteers()[i];
    same("pending of " + volunteer.id, account("pending " + volunteer.id), volunteer.pending_units);
    same("available of " + volunteer.id, account("available " + volunteer.id),
         volunteer.available_units);
    same("held of " + volunteer.id, account("held " + volunteer.id), volunteer.held_units);
    same("debt of " + volunteer.id, account("debt " + volunteer.id), volunteer.debt_units);
  }
  for (uint32_t i = 0; i < state.merchants().size(); ++i) {
    const Merchant& merchant = state.merchants()[i];
    same("payable of " + merchant.id, account("payable " + merchant.id), merchant.payable_units);
  }
  return out + mall_.Check(state) + BrokenRows(state);
}

}  // namespace meritbook::property
