#include "cli/audit/served_comparison.h"

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>
#include <utility>

#include "absl/numeric/int128.h"
#include "cli/audit/flow.h"
#include "cli/audit/identifier.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

constexpr uint64_t kNone = std::numeric_limits<uint64_t>::max();

std::string NumberText(absl::int128 number) {
  std::ostringstream text;  // StrCat of this Abseil doesn't take 128 bits
  text << number;
  return text.str();
}

// "available_units: expected 5, found 6; frozen: ...", or nothing.
class Differences {
 public:
  void Compare(std::string_view field, absl::int128 want, absl::int128 found) {
    if (want != found) Compare(field, NumberText(want), NumberText(found));
  }
  void Compare(std::string_view field, const std::string& want, const std::string& found) {
    if (want == found) return;
    text_ += Text(text_.empty() ? "" : "; ", field, ": expected ", want, ", found ", found);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Parts of one day and lot count as one.
std::vector<PendingLot> Joined(const std::vector<PendingLot>& entries) {
  std::vector<PendingLot> joined;
  for (const PendingLot& entry : entries) Join(joined, entry);
  return joined;
}

void ComparePending(Differences& differences, const Volunteer& volunteer,
                    const v1::Balance& served) {
  differences.Compare("pending_units", PendingUnitsOf(volunteer), served.pending_units());
  std::vector<PendingLot> want;
  for (const PendingUnits& entry : volunteer.pending) {
    want.push_back({entry.matures_day, entry.lot});
  }
  want = Joined(want);
  const std::vector<PendingLot> found = Joined(PendingOf(served.pending()));
  if (found != want) differences.Compare("pending", PendingText(want), PendingText(found));
}

std::string CompareBalance(const Volunteer& volunteer, const v1::Balance& served) {
  Differences differences;
  ComparePending(differences, volunteer, served);
  differences.Compare("available_units", volunteer.lots.units(), served.available_units());
  differences.Compare("held_units", volunteer.held_units, served.held_units());
  differences.Compare("debt_units", volunteer.debt_units, served.debt_units());
  const std::vector<Lot> lots = LotsOf(served.lots());
  if (lots != volunteer.lots.lots()) {
    differences.Compare("lots", LotText(volunteer.lots.lots()), LotText(lots));
  }
  differences.Compare("credited_minutes", volunteer.credited_minutes, served.credited_minutes());
  differences.Compare("honorary_minutes", volunteer.honorary_minutes, served.honorary_minutes());
  differences.Compare("frozen", volunteer.frozen ? 1 : 0, served.frozen() ? 1 : 0);
  differences.Compare("closed", volunteer.closed ? 1 : 0, served.closed() ? 1 : 0);
  const std::string merged_into(volunteer.merged_into == nullptr ? std::string_view()
                                                                 : volunteer.merged_into->id);
  if (merged_into != served.merged_into()) {
    differences.Compare("merged_into", Shown(merged_into), Shown(served.merged_into()));
  }
  differences.Compare("event_count", volunteer.event_count, served.event_count());
  differences.Compare("last_sequence", volunteer.last_sequence, served.last_sequence());
  return differences.text();
}

}  // namespace

void ServedComparison::Tell(uint64_t size, Invariant invariant, std::string message,
                            std::string_view volunteer_id) {
  findings_.Add({size, invariant,
                 IsPersonalNumber(volunteer_id) ? std::string() : std::string(volunteer_id),
                 std::move(message)});
}

void ServedComparison::AddPage(v1::ListBalancesResponse page) {
  next_size_ = std::min(pages_.empty() && !trial_balance_ ? page.size() : next_size_, page.size());
  pages_.push_back({std::move(page), false, {}});
}

void ServedComparison::SetTrialBalance(v1::GetTrialBalanceResponse trial_balance) {
  next_size_ = std::min(pages_.empty() ? trial_balance.size() : next_size_, trial_balance.size());
  trial_balance_ = std::move(trial_balance);
}

uint64_t ServedComparison::TargetSize() const {
  uint64_t size = trial_balance_ ? trial_balance_->size() : 0;
  for (const Page& page : pages_) size = std::max(size, page.served.size());
  return size;
}

void ServedComparison::CompareDue(const Reducer& reducer) {
  const uint64_t size = reducer.size();
  uint64_t next = kNone;
  for (Page& page : pages_) {
    if (page.compared) continue;
    if (page.served.size() != size) {
      next = std::min(next, page.served.size());
      continue;
    }
    if (&page == &pages_.front()) volunteers_due_ = reducer.books().volunteers.rows().size();
    ComparePage(reducer.books(), page);
    page.served.clear_balances();  // not needed again
  }
  if (trial_balance_ && !trial_balance_compared_) {
    if (trial_balance_->size() == size) {
      CompareTrialBalance(reducer.books());
    } else {
      next = std::min(next, trial_balance_->size());
    }
  }
  next_size_ = next;
}

void ServedComparison::ComparePage(const Books& books, Page& page) {
  page.compared = true;
  page.ordinals.reserve(static_cast<size_t>(page.served.balances_size()));
  for (const v1::Balance& served : page.served.balances()) {
    const Volunteer* volunteer = books.volunteers.Find(served.volunteer_id());
    if (volunteer == nullptr) {
      Tell(page.served.size(), Invariant::BALANCE_NOT_IN_LOG,
           Text("volunteer ", Shown(served.volunteer_id()), " is served but was never registered"),
           served.volunteer_id());
      continue;
    }
    ++balances_compared_;
    page.ordinals.push_back(volunteer->ordinal);
    std::string differences = CompareBalance(*volunteer, served);
    if (differences.empty()) continue;
    Tell(page.served.size(), Invariant::BALANCE_DIFFERS, std::move(differences), volunteer->id);
  }
}

void ServedComparison::CompareTrialBalance(const Books& books) {
  trial_balance_compared_ = true;
  CompareTotals(books);
  CompareMerchants(books);
  const uint64_t volunteers = books.volunteers.rows().size();
  if (trial_balance_->volunteers() != volunteers) {
    Tell(trial_balance_->size(), Invariant::TRIAL_BALANCE_DIFFERS,
         Text("volunteers: expected ", volunteers, ", found ", trial_balance_->volunteers()));
  }
}

void ServedComparison::CompareTotals(const Books& books) {
  // An account that is not served counts as zero.
  std::map<std::string, absl::int128> want = {
      {"issued", books.accounts.issued_units},
      {"expired", books.accounts.expired_units},
      {"revoked", books.accounts.revoked_units},
      {"forfeited", books.accounts.forfeited_units},
      {"donated", books.accounts.donated_units},
      {"pending", books.accounts.pending_units},
      {"available", books.accounts.available_units},
      {"held", books.accounts.held_units},
      {"debt", books.accounts.debt_units},
      {"payable", books.accounts.payable_units},
      {"settled", books.accounts.settled_units},
      {"written_off", books.accounts.written_off_units},
  };
  std::map<std::string, absl::int128> found;
  absl::int128 sum_units = 0;
  for (const v1::AccountTotal& total : trial_balance_->totals()) {
    want.try_emplace(total.account(), 0);
    found[total.account()] += total.units();
    sum_units += total.units();
  }
  if (sum_units != 0) {
    Tell(trial_balance_->size(), Invariant::ACCOUNTS_DONT_SUM,
         Text("the served totals sum to ", NumberText(sum_units)));
    return;  // which of them is wrong, the balances tell
  }
  Differences differences;
  for (const auto& [account, units] : want)
    differences.Compare(Shown(account), units, found[account]);
  if (differences.text().empty()) return;
  Tell(trial_balance_->size(), Invariant::TRIAL_BALANCE_DIFFERS, differences.text());
}

void ServedComparison::CompareMerchants(const Books& books) {
  Differences differences;
  std::string before;
  std::map<std::string_view, absl::int128> owed;
  for (const Merchant& merchant : books.merchants.rows())
    owed[merchant.id] = merchant.payable_units;
  for (const v1::MerchantBalance& served : trial_balance_->merchants()) {
    ++merchants_compared_;
    if (served.merchant_id() <= before) {
      differences.Compare("order", Text("after ", Shown(before)), Shown(served.merchant_id()));
    }
    before = served.merchant_id();
    const auto row = owed.find(served.merchant_id());
    if (row == owed.end()) {
      differences.Compare(Shown(served.merchant_id()), "no such merchant, or once",
                          Text(served.payable_units()));
      continue;
    }
    differences.Compare(Shown(served.merchant_id()), row->second, served.payable_units());
    owed.erase(row);
  }
  for (const auto& [merchant_id, units] : owed) {
    if (units != 0) differences.Compare(Shown(merchant_id), NumberText(units), "none");
  }
  if (differences.text().empty()) return;
  Tell(trial_balance_->size(), Invariant::MERCHANT_BALANCE_DIFFERS, differences.text());
}

void ServedComparison::Finish(const Reducer& reducer) {
  if (reducer.size() < TargetSize()) {
    Tell(reducer.size(), Invariant::LOG_TOO_SHORT,
         Text("expected at least ", TargetSize(), " events, found ", reducer.size()));
  }
  if (pages_.empty() || !pages_.front().compared) return;
  const auto& volunteers = reducer.books().volunteers.rows();
  std::vector<bool> served(volunteers.size(), false);
  uint64_t before = kNone;
  for (const Page& page : pages_) {
    if (!page.compared) return;  // told as a log that is too short
    for (uint64_t ordinal : page.ordinals) {
      if (before != kNone && ordinal <= before) {
        Tell(page.served.size(), Invariant::BALANCE_ORDER_WRONG,
             Text(served[ordinal] ? "served twice" : "served out of order", ", after ",
                  Shown(volunteers[before].id)),
             volunteers[ordinal].id);
      }
      served[ordinal] = true;
      before = ordinal;
    }
  }
  for (uint64_t ordinal = 0; ordinal < volunteers_due_; ++ordinal) {
    if (served[ordinal]) continue;
    Tell(pages_.front().served.size(), Invariant::BALANCE_NOT_SERVED,
         "is registered but not served", volunteers[ordinal].id);
  }
}

}  // namespace meritbook::audit
