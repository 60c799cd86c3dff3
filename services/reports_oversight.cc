// What two people decided, what one did alone, and what waits.
#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/units.h"
#include "services/reports.h"

namespace meritbook {
namespace {

using books::Books;
using books::kNoRow;
using books::kNotYet;
using books::Proposal;
using books::StatementStep;
using books::StatementWhat;

const std::string& NameOf(v1::ProposeChange::ChangeCase change) {
  static const std::string kNone;
  const auto* field = v1::ProposeChange::descriptor()->FindFieldByNumber(change);
  return field == nullptr ? kNone : field->name();
}

Value VolunteerOf(const Books& books, uint32_t volunteer) {
  return volunteer == kNoRow ? Value() : Value(books.volunteer_ids[volunteer]);
}

// A row of EXCEPTIONS, to be sorted by its event.
struct Exception {
  uint32_t sequence = 0;
  std::vector<Value> values;
};

Exception ProposalRow(const Books& books, const Window& window, const Proposal& proposal) {
  const bool decided = window.Happened(proposal.decided_us);
  Value by;
  Value at;
  Value units;
  if (decided) {
    by = books.actors[proposal.decided_by];
    at = proposal.decided_us;
  }
  if (proposal.units != 0) units = proposal.units;
  return {proposal.sequence,
          {"two_people", books.words[proposal.id], NameOf(proposal.change),
           books.actors[proposal.proposed_by], proposal.proposed_us, by, at,
           !decided            ? "waits"
           : proposal.approved ? "approved"
                               : "rejected",
           VolunteerOf(books, proposal.volunteer), units, proposal.sequence}};
}

// The record comes back by its event; its id is not in the books.
Exception AloneRow(const Books& books, const books::TakenBack& taken) {
  return {taken.sequence,
          {"alone", Value(), taken.corrected ? "correct_hours" : "revoke_hours",
           books.actors[taken.actor], taken.occurred_us, Value(), Value(), Value(),
           VolunteerOf(books, taken.volunteer), -taken.units, taken.sequence}};
}

// The newest person who opened each statement.
void AddSamePerson(const Books& books, const Window& window, std::vector<Exception>& rows) {
  std::vector<const StatementStep*> opened(books.statements.size());
  for (const StatementStep& step : books.statement_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    if (step.what == StatementWhat::kOpened) opened[step.statement] = &step;
    const StatementStep* first = opened[step.statement];
    const bool looks = step.what == StatementWhat::kPaid || step.what == StatementWhat::kResolved;
    if (!looks || first == nullptr || first->actor != step.actor) continue;
    rows.push_back({step.sequence,
                    {"same_person", books.statement_ids[step.statement],
                     step.what == StatementWhat::kPaid ? "record_payment" : "resolve_objection",
                     books.actors[first->actor], first->occurred_us, books.actors[step.actor],
                     step.occurred_us, Value(), Value(),
                     step.amount.units == 0 ? Value() : Value(step.amount.units), step.sequence}});
  }
}

std::string ReasonsOf(uint32_t bits) {
  std::string names;
  for (int reason = 1; reason <= v1::WaitReason_MAX; ++reason) {
    if ((bits >> reason & 1U) == 0) continue;
    std::string name = v1::WaitReason_Name(static_cast<v1::WaitReason>(reason));
    name = name.substr(std::string_view("WAIT_REASON_").size());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    names += (names.empty() ? "" : " ") + name;
  }
  return names;
}

}  // namespace

ReportTable Exceptions(const Books& books, const Window& window) {
  std::vector<Exception> rows;
  for (const Proposal& proposal : books.proposals) {
    if (window.Happened(proposal.proposed_us)) {
      rows.push_back(ProposalRow(books, window, proposal));
    }
  }
  for (const books::TakenBack& taken : books.taken_back) {
    const bool much = taken.units >= kAlonePointsMin * kUnitsPerPoint;
    if (much && !taken.by_two && window.Happened(taken.occurred_us)) {
      rows.push_back(AloneRow(books, taken));
    }
  }
  AddSamePerson(books, window, rows);
  std::sort(rows.begin(), rows.end(),
            [](const Exception& a, const Exception& b) { return a.sequence < b.sequence; });
  ReportTable table({{"what", kText},
                     {"name", kText},
                     {"change", kText},
                     {"first_by", kText},
                     {"first_us", kInstant},
                     {"second_by", kText},
                     {"second_us", kInstant},
                     {"verdict", kText},
                     {"volunteer_id", kText},
                     {"units", kUnits},
                     {"sequence", kCount}});
  for (Exception& row : rows) table.Add(std::move(row.values));
  return table;
}

ReportTable Reviews(const Books& books, const Window& window) {
  ReportTable table({{"what", kText},
                     {"name", kText},
                     {"source", kText},
                     {"volunteer_id", kText},
                     {"submitted_by", kText},
                     {"since_us", kInstant},
                     {"reasons", kText},
                     {"sequence", kCount}});
  for (uint32_t i = 0; i < books.activities.size(); ++i) {
    const books::Activity& activity = books.activities[i];
    if (!window.Happened(activity.submitted_us) || window.Happened(activity.settled_us)) continue;
    table.Add({"activity", books.activity_ids[i], Value(), Value(),
               books.actors[activity.submitted_by], activity.submitted_us, Value(),
               activity.sequence});
  }
  std::vector<std::pair<uint32_t, const books::Waiting*>> waiting;
  for (const auto& [record, entry] : books.waiting) {
    if (entry.day <= window.until) waiting.emplace_back(record, &entry);
  }
  std::sort(waiting.begin(), waiting.end(),
            [](const auto& a, const auto& b) { return a.second->sequence < b.second->sequence; });
  for (const auto& [record, entry] : waiting) {
    table.Add({"record", entry->record_id, books.words[entry->source],
               books.volunteer_ids[books.records[record].volunteer],
               books.actors[entry->submitted_by], entry->since_us, ReasonsOf(entry->reasons),
               entry->sequence});
  }
  for (const Proposal& proposal : books.proposals) {
    if (!window.Happened(proposal.proposed_us) || window.Happened(proposal.decided_us)) continue;
    table.Add({"proposal", books.words[proposal.id], Value(),
               VolunteerOf(books, proposal.volunteer), books.actors[proposal.proposed_by],
               proposal.proposed_us, NameOf(proposal.change), proposal.sequence});
  }
  std::vector<const StatementStep*> objected(books.statements.size());
  for (const StatementStep& step : books.statement_steps) {
    if (!window.Happened(step.occurred_us)) continue;
    if (step.what == StatementWhat::kObjected) objected[step.statement] = &step;
    if (step.what == StatementWhat::kResolved) objected[step.statement] = nullptr;
  }
  for (const StatementStep* step : objected) {
    if (step == nullptr) continue;
    table.Add({"objection", books.statement_ids[step->statement],
               books.merchant_ids[books.statements[step->statement].merchant], Value(),
               books.actors[step->actor], step->occurred_us, Value(), step->sequence});
  }
  return table;
}

}  // namespace meritbook
