// Events of merchants, orders and settlement in words.
#include "cli/event_description.h"
#include "cli/event_effect.h"
#include "cli/order_words.h"
#include "cli/quantity.h"
#include "cli/text.h"

namespace meritbook::cli {

void Description::MallChanged() {
  if (event_.has_merchant_onboarded()) {
    const v1::OnboardMerchant& command = event_.merchant_onboarded().command();
    return What("merchant onboarded", "商户登记", Joined({command.merchant_id(), command.kind()}));
  }
  if (event_.has_merchant_suspended()) {
    const v1::SuspendMerchant& command = event_.merchant_suspended().command();
    return What("merchant suspended", "商户暂停",
                Joined({command.merchant_id(), command.reason_code()}));
  }
  if (event_.has_merchant_resumed()) {
    const v1::ResumeMerchant& command = event_.merchant_resumed().command();
    return What("merchant resumed", "商户恢复",
                Joined({command.merchant_id(), command.reason_code()}));
  }
  if (event_.has_merchant_offboarded()) {
    const v1::OffboardMerchant& command = event_.merchant_offboarded().command();
    return What("merchant offboarded", "商户退出",
                Text(command.merchant_id(), Say(", last day ", "，最后一日 "), command.last_day(),
                     " ", command.reason_code()));
  }
  if (event_.has_item_published()) {
    const v1::PublishItem& command = event_.item_published().command();
    return What("item published", "商品上架",
                Text(Joined({command.item_id(), command.merchant_id()}), ", ",
                     Grouped(command.price_points()), Say(" points", " 积分")));
  }
  if (event_.has_item_withdrawn()) {
    const v1::WithdrawItem& command = event_.item_withdrawn().command();
    return What("item withdrawn", "商品下架", Joined({command.item_id(), command.reason_code()}));
  }
  if (event_.has_stock_received()) {
    const v1::ReceiveStock& command = event_.stock_received().command();
    return What("stock received", "补充库存", Text(command.item_id(), "=", command.quantity()));
  }
  const v1::ReturnStock& command = event_.stock_returned().command();
  What("stock returned", "退回库存",
       Text(command.item_id(), "=", command.quantity(), " ", command.reason_code()));
}

void Description::Held(const std::string& order_id, const std::string& merchant_id,
                       const v1::Hold& hold) {
  words_.about =
      Text(Joined({order_id, merchant_id, LinesText(hold.lines())}), Say(", until ", "，有效至 "),
           absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMicros(hold.deadline_us()), zone_));
  // From available to held: she owns as much as before.
  Of(hold.volunteer_id(), 0);
  words_.held_units = hold.units();
}

void Description::Confirmed(const v1::OrderConfirmed& body) {
  What("order confirmed", "订单交付",
       Joined({body.order().order_id(), body.merchant_id(), LinesText(body.lines())}));
  Of(body.volunteer_id(), -body.units() - UnitsOf(body.released().forfeited()));
  words_.held_units = -body.units() - All(body.released());
}

void Description::Ended(const v1::HoldEnded& body, const std::string& reason_code) {
  words_.about = Joined({body.order().order_id(), body.merchant_id(), reason_code});
  Of(body.volunteer_id(), -UnitsOf(body.released().forfeited()));
  words_.held_units = -body.units();
}

void Description::Ordered() {
  if (event_.has_order_held()) {
    const v1::OrderHeld& body = event_.order_held();
    What("order held", "订单预留");
    return Held(body.command().order_id(), body.command().merchant_id(), body.hold());
  }
  if (event_.has_voucher_issued()) {
    const v1::VoucherIssued& body = event_.voucher_issued();
    What("voucher issued", "兑换券开出");
    return Held(body.command().order_id(), body.command().merchant_id(), body.hold());
  }
  if (event_.has_order_confirmed()) return Confirmed(event_.order_confirmed());
  if (event_.has_order_cancelled()) {
    What("order cancelled", "订单取消");
    return Ended(event_.order_cancelled().hold(), event_.order_cancelled().command().reason_code());
  }
  if (event_.has_hold_timed_out()) {
    What("hold timed out", "预留超时");
    return Ended(event_.hold_timed_out().hold(), "");
  }
  if (event_.has_order_redeemed()) {
    const v1::OrderRedeemed& body = event_.order_redeemed();
    What("order redeemed", "积分兑换",
         Joined({body.command().order_id(), body.command().merchant_id(),
                 LinesText(body.command().lines())}));
    return Of(body.volunteer_id(), -body.units());
  }
  const v1::OrderRefunded& body = event_.order_refunded();
  What("order refunded", "订单退回",
       Joined({body.command().order_id(), body.merchant_id(), LinesText(body.command().lines()),
               body.command().reason_code()}));
  Of(body.volunteer_id(), Kept(body.inflow()));
}

void Description::Money(const v1::Amounts& amounts) {
  words_.about += Text(", ", Points(amounts.units()), Say(" points, ", " 积分，"),
                       Yuan(amounts.fen()), Say(" yuan", " 元"));
}

void Description::Settled() {
  if (event_.has_budget_allocated()) {
    const v1::BudgetAllocated& body = event_.budget_allocated();
    return What("budget allocated", "预算拨付",
                Text(body.command().source(), " ", body.command().year(), " ",
                     body.command().fen() > 0 ? "+" : "", Yuan(body.command().fen()),
                     Say(" yuan, of it in all ", " 元，累计 "),
                     Yuan(static_cast<int64_t>(body.allocated_fen()))));
  }
  if (event_.has_budget_warned()) {
    const v1::BudgetWarned& body = event_.budget_warned();
    return What("budget warning", "预算预警",
                Text(body.budget().source(), " ", body.budget().year(), ", ", body.warn_percent(),
                     Say(" % used: ", "% 已用："), Yuan(body.used_fen()), Say(" of ", " / "),
                     Yuan(static_cast<int64_t>(body.allocated_fen())), Say(" yuan", " 元")));
  }
  if (event_.has_statement_opened()) {
    const v1::OpenStatement& command = event_.statement_opened().command();
    What("statement opened", "结算单开出",
         Joined({command.statement_id(), command.merchant_id(),
                 command.final() ? Say("final", "最终") : command.through_month().c_str()}));
    return Money(event_.statement_opened().figures().closing());
  }
  if (event_.has_statement_objected()) {
    const v1::StatementObjected& body = event_.statement_objected();
    return What(
        "statement objected", "结算单异议",
        Joined({body.command().statement_id(), body.merchant_id(), body.command().reason_code()}));
  }
  if (event_.has_objection_resolved()) {
    const v1::ObjectionResolved& body = event_.objection_resolved();
    return What("objection resolved", "异议答复",
                Joined({body.command().statement_id(), body.merchant_id(),
                        body.command().upheld() ? Say("upheld", "成立") : Say("denied", "不成立"),
                        body.command().reason_code()}));
  }
  if (event_.has_statement_closed()) {
    const v1::StatementClosed& body = event_.statement_closed();
    What("statement closed", "结算单关闭", Joined({body.statement_id(), body.merchant_id()}));
    return Money(body.figures().closing());
  }
  if (event_.has_payment_recorded()) {
    const v1::PaymentRecorded& body = event_.payment_recorded();
    What("payment recorded", "付款登记",
         Joined({body.command().statement_id(), body.merchant_id(), body.command().reference()}));
    return Money(body.amounts());
  }
  if (event_.has_payment_reversed()) {
    const v1::PaymentReversed& body = event_.payment_reversed();
    What("payment reversed", "付款冲回",
         Joined({body.command().statement_id(), body.merchant_id(), body.command().reason_code()}));
    return Money(body.amounts());
  }
  if (event_.has_payable_written_off()) {
    const v1::PayableWrittenOff& body = event_.payable_written_off();
    What("written off", "核销",
         Joined({body.command().statement_id(), body.merchant_id(), body.command().reason_code()}));
    return Money(body.command().amounts());
  }
  What("period closed", "月度关账", Month(event_.period_closed().month_number()));
}

}  // namespace meritbook::cli
