#include "cli/report_words.h"

#include <algorithm>

namespace meritbook::cli {
namespace {

struct Words {
  std::string_view key;
  const char* english;
  const char* chinese;
};

constexpr Words kColumns[] = {
    {"about_closed_facts", "about closed months", "追记笔数"},
    {"about_closed_fen", "of that yuan", "其中金额(元)"},
    {"about_closed_issued_units", "of that issued", "其中发放"},
    {"about_closed_redeemed_units", "of that redeemed", "其中兑换"},
    {"account", "account", "科目"},
    {"activities", "projects", "活动项目"},
    {"activity_id", "activity", "活动"},
    {"actor", "person", "操作人"},
    {"adjusted_units", "adjusted", "调整"},
    {"allocated_fen", "allocated (yuan)", "拨款(元)"},
    {"available_units", "available", "可用"},
    {"balance_fen", "balance (yuan)", "结余(元)"},
    {"balance_units", "balance", "余额"},
    {"brought_along_units", "brought along", "迁入"},
    {"campaign", "campaign", "专项行动"},
    {"category", "category", "类别"},
    {"change", "change", "变更"},
    {"closing_fen", "closing (yuan)", "期末(元)"},
    {"closing_units", "closing", "期末"},
    {"community_id", "community", "社区"},
    {"confirmed_fen", "handed over (yuan)", "兑付(元)"},
    {"confirmed_units", "handed over", "兑付"},
    {"count", "count", "次数"},
    {"credited_minutes", "credited", "计分时长"},
    {"day", "day", "日期"},
    {"deadline_us", "deadline", "取货期限"},
    {"debt_units", "debt", "欠分"},
    {"detail", "about", "摘要"},
    {"donated_units", "donated", "捐赠"},
    {"earned_units", "earned", "获得"},
    {"ends_us", "ends by itself", "自动失效"},
    {"event", "event", "事项"},
    {"expired_units", "lapsed", "过期"},
    {"expiry_day", "last day", "有效期至"},
    {"fen", "yuan", "金额(元)"},
    {"first_by", "first person", "第一人"},
    {"first_day", "first day", "起始日"},
    {"first_us", "when", "时间"},
    {"forfeited_units", "forfeited", "作废"},
    {"free", "free", "可售"},
    {"from_minutes", "from", "起算时长"},
    {"handed_over", "handed over", "已兑"},
    {"headcount", "headcount", "在册人数"},
    {"held_units", "held", "冻结"},
    {"honorary_minutes", "honorary", "荣誉时长"},
    {"issued_units", "issued", "发放"},
    {"item_id", "item", "商品"},
    {"kind", "kind", "类型"},
    {"last_day", "last day", "截止日"},
    {"later_facts", "later facts", "事后入账笔数"},
    {"later_fen", "of that yuan", "其中金额(元)"},
    {"later_issued_units", "of that issued", "其中发放"},
    {"later_redeemed_units", "of that redeemed", "其中兑换"},
    {"left_fen", "left (yuan)", "剩余(元)"},
    {"mark_reached", "90 % reached", "达到90%"},
    {"merchant_id", "merchant", "商户"},
    {"minutes", "hours", "时长"},
    {"month", "month", "月份"},
    {"name", "name", "名称"},
    {"occurred_us", "when", "时间"},
    {"on_hand", "on hand", "库存"},
    {"opened_us", "drawn up", "出具时间"},
    {"opening_fen", "opening (yuan)", "期初(元)"},
    {"opening_units", "opening", "期初"},
    {"order_id", "order", "订单"},
    {"organisation_id", "organisation", "组织"},
    {"outstanding_units", "all she has", "合计结余"},
    {"owed_fen", "owed (yuan)", "应付(元)"},
    {"paid_fen", "paid (yuan)", "已付(元)"},
    {"paid_units", "paid", "已付"},
    {"participation", "took part of headcount", "参与率"},
    {"pattern", "pattern", "情形"},
    {"pending_units", "pending", "待生效"},
    {"person_times", "person-times", "人次"},
    {"pieces", "pieces", "件数"},
    {"placed_us", "placed", "下单时间"},
    {"price_points", "price (points)", "单价(分)"},
    {"reasons", "why", "原因"},
    {"received", "received", "入库"},
    {"redeemed_units", "redeemed", "兑换"},
    {"refunded_fen", "refunded (yuan)", "退货(元)"},
    {"refunded_units", "refunded", "退货"},
    {"registered", "registered", "注册人数"},
    {"reserved", "reserved", "预留"},
    {"reserved_fen", "reserved (yuan)", "预留(元)"},
    {"returned", "taken back", "退回"},
    {"reversed_fen", "payments returned (yuan)", "退汇(元)"},
    {"reversed_units", "payments returned", "退汇"},
    {"revoked_units", "revoked", "撤销"},
    {"second_by", "second person", "第二人"},
    {"second_us", "when", "时间"},
    {"sent_back", "sent back", "退供"},
    {"sequence", "event no.", "序号"},
    {"service_minutes", "service", "服务时长"},
    {"session_id", "session", "场次"},
    {"sessions", "sessions", "场次数"},
    {"settle_fen", "settled at (yuan)", "结算价(元)"},
    {"since_us", "since", "起始时间"},
    {"site", "crossing", "路口"},
    {"slot", "slot", "时段"},
    {"source", "source", "来源"},
    {"stars", "stars", "星级"},
    {"state", "state", "状态"},
    {"statement_id", "statement", "结算单"},
    {"submitted_by", "submitted by", "提交人"},
    {"through_month", "through", "截至月份"},
    {"took_part", "took part", "参与人数"},
    {"units", "points", "积分"},
    {"used", "used", "使用率"},
    {"verdict", "verdict", "结果"},
    {"volunteer_id", "volunteer", "志愿者"},
    {"volunteers", "volunteers", "志愿者数"},
    {"what", "what", "事项"},
    {"written_off_fen", "written off (yuan)", "核销(元)"},
    {"written_off_units", "written off", "核销"},
    {"year", "year", "年度"},
};

// Values of columns that have a closed list of them.
constexpr std::string_view kWordColumns[] = {"account",      "change",  "event",   "kind",
                                             "mark_reached", "pattern", "reasons", "state",
                                             "verdict",      "what"};

constexpr Words kValues[] = {
    {"above_auto_minutes", "many minutes on one day", "当日时长超过免审上限"},
    {"activity", "project", "活动项目"},
    {"adjust_points", "adjust points", "调整积分"},
    {"allocate_budget", "allocate budget", "预算拨款"},
    {"alone", "by one person", "单人办理"},
    {"approved", "approved", "通过"},
    {"available", "available", "可用"},
    {"award", "an award", "奖励"},
    {"award_submitted", "award asked for", "申报奖励"},
    {"backdated_burst", "many back-dated at once", "集中补报旧时长"},
    {"backfilled", "an old record that would earn points", "补录可计积分"},
    {"carried_forward", "carried forward", "结转下期"},
    {"cause", "cause", "公益项目"},
    {"books_closed", "closed", "已关账"},
    {"books_open", "open", "未关账"},
    {"closed", "closed", "已确认"},
    {"community", "community", "社区"},
    {"correct_hours", "correct hours", "更正时长"},
    {"debt", "debt", "欠分"},
    {"disputed", "disputed", "有异议"},
    {"donated", "donated", "已捐赠"},
    {"expired", "lapsed", "已过期"},
    {"forfeited", "forfeited", "已作废"},
    {"handed_over", "handed over", "兑付"},
    {"held", "held", "冻结"},
    {"hold", "hold", "预留单"},
    {"hold_timed_out", "order timed out", "订单超时"},
    {"hours_backfilled", "old service entered", "补录服务"},
    {"hours_corrected", "service corrected", "更正服务"},
    {"hours_credited", "service credited", "服务计分"},
    {"hours_disputed", "service disputed", "服务有异议"},
    {"hours_reviewed", "service reviewed", "服务审核"},
    {"hours_revoked", "service revoked", "撤销服务"},
    {"hours_submitted", "service submitted", "提交服务"},
    {"issued", "issued", "累计发放"},
    {"late", "submitted late", "提交过晚"},
    {"load_opening_balances", "load opening balances", "迁入期初余额"},
    {"long_day", "16 hours or more in a day", "单日满16小时"},
    {"merge_volunteers", "merge volunteers", "合并志愿者"},
    {"no", "no", "否"},
    {"not_stated", "in no statement yet", "尚未出单"},
    {"objected", "objected", "有异议"},
    {"objection", "objection", "结算异议"},
    {"on_sale", "on sale", "在售"},
    {"open", "open", "待确认"},
    {"opening", "opening balance", "期初"},
    {"opening_balance_loaded", "balance brought along", "迁入期初余额"},
    {"order_cancelled", "order cancelled", "取消订单"},
    {"order_confirmed", "order handed over", "订单兑付"},
    {"order_held", "order held", "下单预留"},
    {"order_redeemed", "redeemed at once", "即时兑换"},
    {"order_refunded", "order refunded", "订单退货"},
    {"over_capacity", "more people than places", "超出活动名额"},
    {"own_hours", "submitted by herself", "本人提交"},
    {"own_team", "her own team's records", "经办本团队记录"},
    {"paid", "paid", "已付款"},
    {"payable", "owed to merchants", "应付商户"},
    {"payment_reversed", "payment came back", "退汇"},
    {"pending", "pending", "待生效"},
    {"points_adjusted", "points adjusted", "积分调整"},
    {"points_donated", "points donated", "积分捐赠"},
    {"points_expired", "points lapsed", "积分过期"},
    {"points_matured", "points became available", "积分生效"},
    {"points_reinstated", "points given back", "恢复积分"},
    {"proposal", "proposal", "提议"},
    {"record", "record", "服务记录"},
    {"record_payment", "payment recorded", "登记付款"},
    {"refunded", "refunded", "退货"},
    {"reinstate_points", "give lapsed points back", "恢复过期积分"},
    {"rejected", "rejected", "驳回"},
    {"resolve_objection", "objection resolved", "处理异议"},
    {"revoke_hours", "revoke hours", "撤销时长"},
    {"revoked", "revoked", "已撤销"},
    {"same_merchant", "one merchant again and again", "频繁在同一商户兑换"},
    {"same_person", "by the same person", "同一人经办"},
    {"settled", "paid to merchants", "已付商户"},
    {"station", "station", "服务站"},
    {"team", "team", "团队"},
    {"two_people", "two people", "双人办理"},
    {"unit", "unit", "单位"},
    {"volunteer_closed", "account closed", "账户关闭"},
    {"volunteer_frozen", "frozen", "冻结账户"},
    {"volunteer_registered", "registered", "注册"},
    {"volunteer_unfrozen", "no longer frozen", "解除冻结"},
    {"volunteers_merged", "registrations merged", "合并注册"},
    {"voucher", "voucher", "兑换券"},
    {"voucher_issued", "voucher issued", "开具兑换券"},
    {"waits", "waits", "待定"},
    {"withdrawn", "withdrawn", "已下架"},
    {"write_off", "write off", "核销"},
    {"written_off", "written off", "已核销"},
    {"yes", "yes", "是"},
};

template <size_t kCount>
const Words* Find(const Words (&table)[kCount], std::string_view key) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const Words& w) { return w.key == key; });
  return found == std::end(table) ? nullptr : found;
}

std::string Spaced(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '_', ' ');
  return spaced;
}

}  // namespace

const std::vector<ReportName>& ReportNames() {
  static const std::vector<ReportName> names = {
      {"summary", v1::REPORT_KIND_UNSPECIFIED, "The programme in figures", "项目总览",
       "Volunteers, service, points, goods and money in figures",
       "志愿者、服务、积分、兑换与资金总览"},
      {"communities", v1::REPORT_KIND_COMMUNITIES, "Communities", "社区情况",
       "Each community's projects, person-times, hours and points", "各社区项目、人次、时长与积分"},
      {"organisations", v1::REPORT_KIND_ORGANISATIONS, "Participation of organisations",
       "组织参与情况", "Who took part of each organisation's headcount, as a share, never by name",
       "各组织参与人数占在册人数的比例，不列个人"},
      {"totals", v1::REPORT_KIND_TOTALS, "Service by group", "服务汇总",
       "Service by activity, session, organisation, community, category, campaign, day or month "
       "(--by)",
       "按活动、场次、组织、社区、类别、专项、日或月汇总（--by）"},
      {"crossings", v1::REPORT_KIND_CROSSINGS, "Traffic courtesy by crossing", "文明交通路口情况",
       "Traffic sessions by crossing and slot", "各路口各时段文明交通场次"},
      {"daybook", v1::REPORT_KIND_DAYBOOK, "Merchant's day-book", "商户日记账",
       "Orders and refunds line by line, with day totals", "逐笔兑付与退货，附日合计"},
      {"settlement", v1::REPORT_KIND_SETTLEMENT, "Settlement", "商户结算",
       "Each merchant's statements, and what is in none yet", "各商户结算单及未出单部分"},
      {"passbook", v1::REPORT_KIND_PASSBOOK, "Passbook", "志愿者存折",
       "Every event of one volunteer (--volunteer)", "某志愿者的全部事项（--volunteer）"},
      {"certificate", v1::REPORT_KIND_CERTIFICATE, "Certificate of service", "志愿服务证明",
       "One volunteer's hours by year and category, and her stars (--volunteer)",
       "某志愿者分年分类服务时长与星级（--volunteer）"},
      {"account", v1::REPORT_KIND_ACCOUNT, "Statement of account", "账户明细",
       "A volunteer's or a merchant's account with a running balance",
       "志愿者或商户账户明细与逐笔余额"},
      {"trial-balance", v1::REPORT_KIND_TRIAL_BALANCE, "Trial balance", "试算平衡表",
       "The sum of each kind of account; together zero", "各科目合计，总和为零"},
      {"roll-forward", v1::REPORT_KIND_ROLL_FORWARD, "Roll-forward by month", "积分变动表",
       "By booked month: opening, what moved, closing", "按入账月份：期初、变动、期末"},
      {"exceptions", v1::REPORT_KIND_EXCEPTIONS, "Two-person decisions and exceptions",
       "双人复核与例外", "What two people decided, and what one did alone",
       "双人办理事项，以及单人办理的例外"},
      {"expiry-calendar", v1::REPORT_KIND_EXPIRY_CALENDAR, "Expiry calendar", "积分到期日历",
       "Points by the last day on which they can be spent", "按有效期统计的积分"},
      {"stock", v1::REPORT_KIND_STOCK, "Stock", "库存", "Items with their pieces", "商品与件数"},
      {"open-orders", v1::REPORT_KIND_OPEN_ORDERS, "Open orders", "未完成订单",
       "Orders and vouchers that are held", "预留中的订单与兑换券"},
      {"reviews", v1::REPORT_KIND_REVIEWS, "Waiting for review", "待审核事项",
       "Projects, records, proposals and objections that wait", "待办的项目、记录、提议与异议"},
      {"stars", v1::REPORT_KIND_STARS, "Star levels", "星级志愿者",
       "How many volunteers have how many stars", "各星级志愿者人数"},
      {"suspicious", v1::REPORT_KIND_SUSPICIOUS, "Worth a look", "异常线索",
       "Patterns that somebody should look at", "值得核查的情形"},
      {"budgets", v1::REPORT_KIND_BUDGETS, "Budgets", "预算执行",
       "Budgets: allocated, reserved, owed, paid, left", "预算拨款、预留、应付、已付与剩余"},
      {"months", v1::REPORT_KIND_MONTHS, "Months and later facts", "月度与事后入账",
       "What each month has, and where facts about closed months were booked",
       "各月情况，以及已关账月份的事后入账"},
  };
  return names;
}

const ReportName* ReportNamed(std::string_view name) {
  for (const ReportName& report : ReportNames()) {
    if (report.name == name) return &report;
  }
  return nullptr;
}

std::vector<std::string> ReportGroupNames() {
  return {"activity", "session",  "organisation", "community",
          "category", "campaign", "day",          "month"};
}

v1::ReportGroup ReportGroupNamed(std::string_view name) {
  const std::vector<std::string> names = ReportGroupNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return v1::REPORT_GROUP_UNSPECIFIED;
  return static_cast<v1::ReportGroup>(v1::REPORT_GROUP_ACTIVITY + (found - names.begin()));
}

std::string ColumnTitle(std::string_view key, Language language) {
  const Words* const words = Find(kColumns, key);
  return words == nullptr ? Spaced(key) : Pick(language, words->english, words->chinese);
}

std::string ValueWords(std::string_view column_key, std::string_view value, Language language) {
  if (std::find(std::begin(kWordColumns), std::end(kWordColumns), column_key) ==
      std::end(kWordColumns)) {
    return std::string(value);
  }
  // Several reasons stand beside each other.
  std::string said;
  while (!value.empty()) {
    const std::string_view word = value.substr(0, value.find(' '));
    value.remove_prefix(std::min(value.size(), word.size() + 1));
    const Words* const words = Find(kValues, word);
    if (!said.empty()) said += Pick(language, ", ", "、");
    said += words == nullptr ? Spaced(word) : Pick(language, words->english, words->chinese);
  }
  return said;
}

}  // namespace meritbook::cli
