// Changes that need two people: proposed, approved, rejected.
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/audit/body.h"
#include "cli/audit/change.h"
#include "cli/audit/require.h"
#include "cli/audit/service.h"
#include "cli/audit/settled.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr int64_t kRowsMax = 128;

// A volunteer whom a change names.
MaybeViolation RequireNamed(const Books& books, std::string_view volunteer_id) {
  const Volunteer* volunteer = books.volunteers.Find(volunteer_id);
  if (volunteer == nullptr) return Unknown("volunteer", volunteer_id);
  return RequireUnmerged(*volunteer);
}

MaybeViolation CheckLoad(const Books& books, const v1::LoadOpeningBalances& load) {
  if (!books.migrating) {
    return Violation{Invariant::OPENING_NOT_MIGRATING,
                     "old balances were proposed after the migration"};
  }
  if (auto violation = RequireRange("file_sha256 bytes",
                                    static_cast<int64_t>(load.file_sha256().size()), {32, 32})) {
    return violation;
  }
  if (auto violation = RequireRange("parts", load.parts(), {1, INT64_MAX})) return violation;
  if (auto violation = RequireRange("part", load.part(), {1, load.parts()})) return violation;
  if (auto violation = RequireRange("balances", load.balances_size(), {1, kRowsMax})) {
    return violation;
  }
  std::set<std::string_view> volunteers;
  for (const v1::OpeningBalance& balance : load.balances()) {
    if (auto violation = RequireNamed(books, balance.volunteer_id())) return violation;
    if (auto violation = CheckOpeningForm(balance)) return violation;
    if (!volunteers.insert(balance.volunteer_id()).second) {
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "balances: a volunteer stands twice"};
    }
  }
  return std::nullopt;
}

MaybeViolation CheckReplacement(Books& books, const v1::CorrectHours& command) {
  const v1::ServiceRecord& record = command.replacement();
  if (auto violation = RequireId("record_id", record.record_id())) return violation;
  if (books.ids.FindRecord(command.record().source(), record.record_id()) != kNoRow) {
    return Violation{Invariant::RECORD_REPEATED, "the replacement's record id was used before"};
  }
  Named named;
  if (auto violation = FindNamed(books, record, named)) return violation;
  Service service;
  return ReadService(books.days, record, service);
}

MaybeViolation CheckRef(const Taking& taking, const v1::RecordRef& ref,
                        std::string_view reason_code) {
  if (FindRecord(taking.books, ref) == nullptr) return Unknown("record", ref.record_id());
  if (auto violation = RequireOwnSource(taking, ref)) return violation;
  return RequireId("reason_code", reason_code);
}

MaybeViolation CheckChange(const Taking& taking, const v1::ProposeChange& command) {
  Books& books = taking.books;
  switch (command.change_case()) {
    case v1::ProposeChange::kAdjustPoints:
      if (auto violation = RequireNamed(books, command.adjust_points().volunteer_id())) {
        return violation;
      }
      return CheckAdjustForm(command.adjust_points());
    case v1::ProposeChange::kReinstatePoints:
      if (auto violation = RequireNamed(books, command.reinstate_points().volunteer_id())) {
        return violation;
      }
      return CheckReinstateForm(command.reinstate_points());
    case v1::ProposeChange::kMergeVolunteers: {
      const v1::MergeVolunteers& merge = command.merge_volunteers();
      if (auto violation = RequireNamed(books, merge.volunteer_id())) return violation;
      if (auto violation = RequireNamed(books, merge.survivor_id())) return violation;
      if (merge.volunteer_id() != merge.survivor_id()) return std::nullopt;
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "a registration merged into itself"};
    }
    case v1::ProposeChange::kLoadOpeningBalances:
      return CheckLoad(books, command.load_opening_balances());
    case v1::ProposeChange::kCorrectHours: {
      const v1::CorrectHours& correction = command.correct_hours();
      if (auto violation = CheckRef(taking, correction.record(), correction.reason_code())) {
        return violation;
      }
      return CheckReplacement(books, correction);
    }
    case v1::ProposeChange::kRevokeHours:
      return CheckRef(taking, command.revoke_hours().record(),
                      command.revoke_hours().reason_code());
    case v1::ProposeChange::kAllocateBudget:
      if (auto violation = RequireId("source", command.allocate_budget().source())) {
        return violation;
      }
      if (auto violation = RequireRange("year", command.allocate_budget().year(), {1970, 9999})) {
        return violation;
      }
      if (command.allocate_budget().fen() != 0) return std::nullopt;
      return Violation{Invariant::VALUE_OUT_OF_RANGE, "fen: expected some, found 0"};
    case v1::ProposeChange::kWriteOff:
      if (books.statements.Find(command.write_off().statement_id()) == nullptr) {
        return Unknown("statement", command.write_off().statement_id());
      }
      return RequireId("reason_code", command.write_off().reason_code());
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  return Violation{Invariant::VALUE_OUT_OF_RANGE, "change: expected one, found none"};
}

// Whether the change is about this volunteer.
bool Concerns(Books& books, const v1::ProposeChange& change, const Volunteer& volunteer) {
  const auto is_her = [&](std::string_view volunteer_id) {
    const Volunteer* named = books.volunteers.Find(volunteer_id);
    return named != nullptr && &Survivor(*named) == &volunteer;
  };
  const auto is_hers = [&](const v1::RecordRef& ref) {
    const Record* record = FindRecord(books, ref);
    return record != nullptr && &Survivor(*record->volunteer) == &volunteer;
  };
  switch (change.change_case()) {
    case v1::ProposeChange::kAdjustPoints:
      return is_her(change.adjust_points().volunteer_id());
    case v1::ProposeChange::kReinstatePoints:
      return is_her(change.reinstate_points().volunteer_id());
    case v1::ProposeChange::kMergeVolunteers:
      return is_her(change.merge_volunteers().volunteer_id()) ||
             is_her(change.merge_volunteers().survivor_id());
    case v1::ProposeChange::kLoadOpeningBalances:
      for (const v1::OpeningBalance& balance : change.load_opening_balances().balances()) {
        if (is_her(balance.volunteer_id())) return true;
      }
      return false;
    case v1::ProposeChange::kCorrectHours:
      return is_hers(change.correct_hours().record());
    case v1::ProposeChange::kRevokeHours:
      return is_hers(change.revoke_hours().record());
    case v1::ProposeChange::kAllocateBudget:
    case v1::ProposeChange::kWriteOff:
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  return false;
}

// The second of two people.
MaybeViolation CheckSecond(const Taking& taking, const Proposal& proposal) {
  if (taking.actor == proposal.proposed_by) {
    return Violation{Invariant::SAME_PERSON,
                     Text(Shown(taking.event.actor()), " approved what she had proposed")};
  }
  const Volunteer* self = taking.Self();
  if (self == nullptr) return std::nullopt;
  const Principal* proposer = proposal.proposed_by == nullptr
                                  ? nullptr
                                  : taking.books.principals.Find(proposal.proposed_by->id);
  if (proposer != nullptr && proposer->volunteer != nullptr &&
      &Survivor(*proposer->volunteer) == self) {
    return Violation{Invariant::SAME_PERSON,
                     "who approved and who proposed are the same volunteer"};
  }
  if (!Concerns(taking.books, proposal.change, *self)) return std::nullopt;
  return Violation{Invariant::SELF_REVIEW, "who approved is the volunteer concerned"};
}

MaybeViolation CheckOpen(const Proposal& proposal) {
  if (!proposal.closed) return std::nullopt;
  return Violation{Invariant::PROPOSAL_CLOSED,
                   Text("proposal ", proposal.id, " was approved or rejected before")};
}

}  // namespace

MaybeViolation TakeChangeProposed(Taking& taking, const v1::ProposeChange& command) {
  Books& books = taking.books;
  if (auto violation = RequireId("proposal_id", command.proposal_id())) return violation;
  if (books.proposals.Find(command.proposal_id()) != nullptr) {
    return Twice("proposal", command.proposal_id());
  }
  auto violation = CheckChange(taking, command);
  Proposal& proposal = books.proposals.FindOrAdd(command.proposal_id());
  proposal.change = command;
  proposal.proposed_by = taking.actor;
  return violation;
}

MaybeViolation TakeChangeApproved(Taking& taking, const v1::ChangeApproved& body) {
  Books& books = taking.books;
  Proposal* proposal = books.proposals.Find(body.command().proposal_id());
  books.open_change.emplace(OpenChange{proposal, 0});
  if (proposal == nullptr) return Unknown("proposal", body.command().proposal_id());
  auto first = CheckOpen(*proposal);
  proposal->closed = true;
  if (!first && proposal->proposed_by != nullptr &&
      body.proposed_by() != proposal->proposed_by->id) {
    first = Violation{Invariant::CHANGE_DIFFERS,
                      Text("expected a proposal of ", Shown(proposal->proposed_by->id), ", found ",
                           Shown(body.proposed_by()))};
  }
  return first ? first : CheckSecond(taking, *proposal);
}

MaybeViolation TakeChangeRejected(Taking& taking, const v1::RejectChange& command) {
  Proposal* proposal = taking.books.proposals.Find(command.proposal_id());
  if (proposal == nullptr) return Unknown("proposal", command.proposal_id());
  auto first = CheckOpen(*proposal);
  proposal->closed = true;
  return first ? first : RequireId("reason_code", command.reason_code());
}

}  // namespace meritbook::audit
