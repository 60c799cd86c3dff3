// The files about orders: how they were placed, what became of them, and who pays.

#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "cli/sample/csv_text.h"
#include "cli/sample/draw.h"
#include "cli/sample/files.h"
#include "cli/sample/script_line.h"

namespace meritbook::sample {
namespace {

// 19 random digits and the one that makes Luhn's sum a multiple of ten.
std::string DrawVoucherCode(Draw& draw) {
  std::string code;
  int sum = 0;
  for (int n = 0; n < 19; ++n) {
    const int digit = draw.Below(10);
    code.push_back(static_cast<char>('0' + digit));
    // Every other digit counts twice, beginning beside the check digit.
    const int counted = n % 2 == 0 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  code.push_back(static_cast<char>('0' + (10 - sum % 10) % 10));
  return code;
}

std::string HexSha256(absl::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

class OrderRenderer {
 public:
  OrderRenderer(const CountyPlan& plan, const MallIds& ids) : plan_(plan), ids_(ids) {}

  std::string Redemptions() const {
    Csv csv("recorded_at,order_id,volunteer_id,merchant_id,item_id,quantity");
    ForEach(OrderKind::kRedemption, csv, [&](const OrderRow& order) {
      const OrderLine& line = order.lines[0];
      csv.Text(ids_.items[static_cast<size_t>(line.item)]).Number(line.quantity);
    });
    return csv.Take();
  }

  std::string Holds() const {
    Csv csv("recorded_at,order_id,volunteer_id,merchant_id,lines,hold_seconds,offline");
    ForEach(OrderKind::kHold, csv, [&](const OrderRow& order) {
      csv.Text(Lines(order.lines)).Number(order.hold_seconds).Text(order.offline ? "true" : "");
    });
    return csv.Take();
  }

  std::string Vouchers() const {
    Csv csv("recorded_at,order_id,volunteer_id,merchant_id,lines,code_sha256,valid_days");
    Draw draw(plan_.seed, "voucher codes");
    ForEach(OrderKind::kVoucher, csv, [&](const OrderRow& order) {
      csv.Text(Lines(order.lines)).Text(HexSha256(DrawVoucherCode(draw))).Number(order.valid_days);
    });
    return csv.Take();
  }

  std::string Confirmations() const {
    Csv csv("recorded_at,order_id,lines,happened_at");
    for (const ConfirmRow& row : plan_.confirmations) {
      csv.Instant(row.recorded_second).Text(OrderId(row.order)).Text(Lines(row.lines));
      csv.Instant(row.happened_second).EndRow();
    }
    return csv.Take();
  }

  std::string Cancellations() const {
    Csv csv("recorded_at,order_id,reason_code");
    for (const CancelRow& row : plan_.cancellations) {
      csv.Instant(row.recorded_second).Text(OrderId(row.order)).Text(row.reason).EndRow();
    }
    return csv.Take();
  }

  std::string Refunds() const {
    Csv csv("recorded_at,refund_id,order_id,lines,reason_code");
    int number = 0;
    for (const RefundRow& row : plan_.refunds) {
      csv.Instant(row.recorded_second).Text(absl::StrFormat("ref-%04d", ++number));
      csv.Text(OrderId(row.order)).Text(Lines(row.lines)).Text(row.reason).EndRow();
    }
    return csv.Take();
  }

 private:
  // One number for all kinds, since their ids are one platform's.
  static std::string OrderId(int order) { return absl::StrFormat("ord-%05d", order + 1); }

  std::string Lines(const std::vector<OrderLine>& lines) const {
    std::string text;
    for (const OrderLine& line : lines) {
      absl::StrAppend(&text, text.empty() ? "" : ";", ids_.items[static_cast<size_t>(line.item)]);
      if (line.quantity > 1) absl::StrAppend(&text, "=", line.quantity);
    }
    return text;
  }

  template <typename AddRest>
  void ForEach(OrderKind kind, Csv& csv, AddRest add_rest) const {
    for (size_t n = 0; n < plan_.orders.size(); ++n) {
      const OrderRow& order = plan_.orders[n];
      if (order.kind != kind) continue;
      const Item& item = plan_.items[static_cast<size_t>(order.lines[0].item)];
      csv.Instant(order.recorded_second).Text(OrderId(static_cast<int>(n)));
      csv.Text(plan_.volunteers[static_cast<size_t>(order.volunteer)].id);
      csv.Text(ids_.merchants[static_cast<size_t>(item.merchant)]);
      add_rest(order);
      csv.EndRow();
    }
  }

  const CountyPlan& plan_;
  const MallIds& ids_;
};

// Before anything is sold.
std::string RenderBudgets(const CountyPlan& plan) {
  ScriptText script("budgets");
  for (absl::string_view person : {"treasurer", "secretary"}) {
    script.Add(0, "operator", "AdminService.RegisterPrincipal",
               {{"principal_id", std::string(person)},
                {"roles", nlohmann::ordered_json::array({"ROLE_COMMITTEE"})}});
  }
  for (const Allocation& allocation : plan.allocations) {
    const std::string id = absl::StrCat(allocation.source, "-", allocation.year);
    script.Add(0, "treasurer", "AccountService.ProposeChange",
               {{"proposal_id", id},
                {"allocate_budget",
                 {{"source", std::string(allocation.source)},
                  {"year", allocation.year},
                  {"fen", allocation.fen},
                  {"warn_percent", allocation.warn_percent}}}});
    script.Add(0, "secretary", "AccountService.ApproveChange", {{"proposal_id", id}});
  }
  return script.Take();
}

}  // namespace

void RenderOrders(const CountyPlan& plan, const MallIds& ids, CountyFiles& files) {
  const OrderRenderer renderer(plan, ids);
  files.redemptions = renderer.Redemptions();
  files.holds = renderer.Holds();
  files.vouchers = renderer.Vouchers();
  files.confirmations = renderer.Confirmations();
  files.cancellations = renderer.Cancellations();
  files.refunds = renderer.Refunds();
  files.budgets = RenderBudgets(plan);
}

}  // namespace meritbook::sample
