// Owns what becomes of an order once it is placed: confirmed, cancelled, timed out, refunded.
// Promises rows that a ledger takes, but for confirms that come too late on purpose.
// Not shared between threads.
#ifndef MERITBOOK_CLI_SAMPLE_FATES_H_
#define MERITBOOK_CLI_SAMPLE_FATES_H_

#include <cstdint>
#include <vector>

#include "cli/sample/draw.h"
#include "cli/sample/plan.h"
#include "cli/sample/shelf.h"

namespace meritbook::sample {

class Fates {
 public:
  Fates(CountyPlan& plan, Shelf& shelf);

  // How a volunteer orders what may be released again.
  OrderKind DrawKind(int volunteer);
  // Decides about a redemption, a hold or a voucher; adds what is to be said of it to the plan and
  // tells the shelf what comes back. What would be said after the two years stays unsaid.
  void Settle(int order, bool final_sale);
  // Sorts what was added by recorded time.
  void Sort();

  int late_confirms() const { return late_confirms_; }

 private:
  struct Terms {
    int64_t deadline_second = 0;
    int64_t ends_second = 0;
  };

  Terms DrawHold(OrderRow& order);
  Terms DrawVoucher(OrderRow& order);
  int64_t DrawHandOver(const OrderRow& order, const Terms& terms);
  void Confirm(int order, const Terms& terms);
  void Cancel(int order, const Terms& terms);
  void TimeOut(int order, const Terms& terms);
  void MayRefund(int order, const std::vector<OrderLine>& delivered, int64_t second);
  void Release(int64_t second, const OrderRow& order, std::vector<OrderLine> lines);

  CountyPlan& plan_;
  Shelf& shelf_;
  Draw draw_;
  int late_confirms_ = 0;
};

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_FATES_H_
