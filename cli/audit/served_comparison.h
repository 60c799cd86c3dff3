// Owns: what the server served, until the replay has reached the size that each answer reflects.
// Promises: compares each answer at exactly that size, so a ledger may grow while it is audited.
// Thread: one.
//
//   comparison.AddPage(page);  ...  comparison.SetTrialBalance(totals);
//   comparison.Observe(reducer);                       // before the first event
//   for (...) { reducer.Add(...); comparison.Observe(reducer); }
//   comparison.Finish(reducer);
#ifndef MERITBOOK_CLI_AUDIT_SERVED_COMPARISON_H_
#define MERITBOOK_CLI_AUDIT_SERVED_COMPARISON_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/audit/finding.h"
#include "cli/audit/reducer.h"
#include "meritbook/v1/account.pb.h"
#include "meritbook/v1/audit.pb.h"

namespace meritbook::audit {

class ServedComparison {
 public:
  // Pages in the order in which they were served. All answers before the first Observe().
  void AddPage(v1::ListBalancesResponse page);
  void SetTrialBalance(v1::GetTrialBalanceResponse trial_balance);

  // How many events have to be replayed: the largest size of an answer.
  uint64_t TargetSize() const;

  // Compares the answers that reflect exactly the events taken so far. Cheap where there are none.
  void Observe(const Reducer& reducer) {
    if (reducer.size() == next_size_) CompareDue(reducer);
  }
  // Checks what can be said only at the end: who was left out. Once.
  void Finish(const Reducer& reducer);

  const std::vector<Finding>& findings() const { return findings_.kept(); }
  uint64_t findings_total() const { return findings_.total(); }
  uint64_t balances_compared() const { return balances_compared_; }
  uint64_t merchants_compared() const { return merchants_compared_; }

 private:
  struct Page {
    v1::ListBalancesResponse served;
    bool compared = false;
    std::vector<uint64_t> ordinals;  // which volunteers they were, once compared
  };

  void CompareDue(const Reducer& reducer);
  void ComparePage(const Books& books, Page& page);
  void CompareTrialBalance(const Books& books);
  void CompareTotals(const Books& books);
  void CompareMerchants(const Books& books);
  void Tell(uint64_t size, Invariant invariant, std::string message,
            std::string_view volunteer_id = {});

  std::vector<Page> pages_;
  std::optional<v1::GetTrialBalanceResponse> trial_balance_;
  bool trial_balance_compared_ = false;
  uint64_t next_size_ = 0;  // the next size at which there is something to do
  // How many were registered when the first page was read: these have to be on the pages.
  uint64_t volunteers_due_ = 0;
  uint64_t balances_compared_ = 0;
  uint64_t merchants_compared_ = 0;
  FindingList findings_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_SERVED_COMPARISON_H_
