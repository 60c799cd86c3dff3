#include "cli/language.h"

#include <cstdlib>
#include <map>
#include <string>

#include "cli/client.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

using Phrases = std::map<std::string_view, std::string_view>;

const Phrases& Refusals() {
  static const auto* const phrases = new Phrases{
      {"UNAUTHENTICATED", "没有有效的 API 密钥"},
      {"ROLE_MISSING", "您的角色无权执行此操作"},
      {"MERCHANT_NOT_YOURS", "只能在本商户兑换"},
      {"SELF_REDEMPTION", "不能为本人兑换，请同事操作"},
      {"SOURCE_MISSING", "登记时长需要以某个平台的名义"},
      {"FIELD_MISSING", "缺少必填字段"},
      {"FIELD_INVALID", "字段超出允许范围"},
      {"ID_MALFORMED", "编号格式不正确"},
      {"PERSONAL_IDENTIFIER", "编号是手机号或身份证号，请使用随机编号"},
      {"DAY_MALFORMED", "日期格式应为 YYYY-MM-DD"},
      {"BATCH_TOO_LARGE", "一次提交的条数过多"},
      {"VALUE_REPEATED", "列表中有重复的值"},
      {"AMOUNT_OVERFLOW", "数量超出账本上限"},
      {"REQUEST_CONFLICT", "该请求编号已用于其他内容"},
      {"ATOMIC_ABORTED", "同批的另一条被拒绝，整批未执行"},
      {"REQUEST_UNKNOWN", "没有该请求编号的记录"},
      {"LEDGER_UNKNOWN", "账本不存在"},
      {"LEDGER_EXISTS", "账本已存在"},
      {"RECORDED_TIME_MISSING", "迁移中的账本要求给出记录时间"},
      {"RECORDED_TIME_NOT_ALLOWED", "正式运行的账本自行决定记录时间"},
      {"RECORDED_TIME_BACKWARDS", "记录时间早于最新事件"},
      {"RECORDED_TIME_IN_FUTURE", "记录时间在未来"},
      {"NOT_MIGRATING", "账本不在迁移状态"},
      {"RULE_MISSING", "服务当日没有生效的规则"},
      {"CATEGORY_UNKNOWN", "规则中没有该类别的标准"},
      {"RULE_BACKDATED", "规则不能早于已发布的规则生效"},
      {"PRINCIPAL_UNKNOWN", "操作人不存在"},
      {"PRINCIPAL_EXISTS", "操作人已存在"},
      {"VOLUNTEER_UNKNOWN", "志愿者不存在"},
      {"VOLUNTEER_EXISTS", "志愿者已登记"},
      {"VOLUNTEER_FROZEN", "志愿者账户已冻结"},
      {"GUARDIAN_CONSENT_MISSING", "未满14周岁需要监护人同意"},
      {"ORGANISATION_UNKNOWN", "组织不存在"},
      {"ORGANISATION_EXISTS", "组织已登记"},
      {"ACTIVITY_UNKNOWN", "项目不存在"},
      {"ACTIVITY_EXISTS", "项目已登记"},
      {"SESSION_UNKNOWN", "场次不存在"},
      {"SESSION_EXISTS", "场次已登记"},
      {"SESSION_NOT_OF_ACTIVITY", "场次不属于该项目"},
      {"RECORD_EXISTS", "服务记录编号已存在"},
      {"TIMES_REVERSED", "结束时间不晚于开始时间"},
      {"TIME_NOT_WHOLE_MINUTE", "时间必须为整分钟"},
      {"MINUTES_OFF_UNIT", "时长不是记录单位的整数倍"},
      {"SERVICE_IN_FUTURE", "服务时间在未来"},
      {"SERVICE_TOO_OLD", "超出补录期限"},
      {"SERVICE_BEFORE_ACTIVITY", "服务早于项目开始"},
      {"SERVICE_AFTER_ACTIVITY", "服务晚于项目结束"},
      {"SERVICE_OUTSIDE_SESSION", "服务时间不在场次内"},
      {"DAY_OVERFULL", "同一天超过1440分钟"},
      {"INTERVAL_OVERLAPS", "与另一条服务记录时间重叠"},
      {"MERCHANT_UNKNOWN", "商户不存在"},
      {"MERCHANT_EXISTS", "商户已登记"},
      {"ITEM_UNKNOWN", "商品不存在"},
      {"ITEM_EXISTS", "商品已登记"},
      {"ITEM_NOT_OF_MERCHANT", "商品不属于该商户"},
      {"ORDER_EXISTS", "订单编号已存在"},
      {"STOCK_TOO_LOW", "库存不足"},
      {"BALANCE_TOO_LOW", "积分余额不足"},
      {"QUEUE_FULL", "服务器繁忙，请稍后重试"},
      {"STORAGE_LOW", "服务器磁盘空间不足，暂停写入"},
      {"OUTCOME_UNKNOWN", "结果未知，请用同一请求编号重试"},
      {"CLOCK_SUSPECT", "服务器时钟异常，等待运维确认"},
      {"DEADLINE_EXCEEDED", "等待超时，未执行"},
      {"STOPPING", "服务器正在停止"},
      {"INTERNAL", "服务器内部错误"},
      {"SEQUENCE_NOT_REACHED", "账本尚未到达所要求的序号"},
  };
  return *phrases;
}

const Phrases& Labels() {
  static const auto* const phrases = new Phrases{
      {"figure", "指标"},
      {"ledger", "账本"},
      {"published", "公布值"},
      {"agrees", "一致"},
      {"yes", "是"},
      {"NO", "否"},
      {"registered volunteers", "注册志愿者"},
      {"of them party members", "其中党员"},
      {"of them League members", "其中团员"},
      {"volunteers with 1,000 points or more earned", "累计获得1000分以上的志愿者"},
      {"volunteers with 1,000 points or more now", "当前余额1000分以上的志愿者"},
      {"service projects", "服务项目"},
      {"person-times", "人次"},
      {"service hours", "服务时长"},
      {"points issued", "发放积分"},
      {"points redeemed", "兑换积分"},
      {"points expired", "过期积分"},
      {"communities", "社区"},
      {"projects of the communities", "社区项目"},
      {"person-times of the communities", "社区人次"},
      {"hours of the communities", "社区服务时长"},
      {"traffic courtesy sessions", "文明交通劝导场次"},
      {"merchants", "商户"},
      {"items", "商品"},
      {"orders", "订单"},
      {"organisations", "组织"},
      {"events", "事件"},
      {"volunteer", "志愿者"},
      {"available", "可用"},
      {"pending", "待生效"},
      {"held", "冻结中"},
      {"debt", "欠分"},
      {"credited time", "计分时长"},
      {"honorary time", "荣誉时长"},
      {"frozen", "已冻结"},
      {"lapses after", "到期日"},
      {"never", "永不"},
      {"points", "积分"},
      {"state", "状态"},
      {"time zone", "时区"},
      {"last recorded", "最后记录"},
      {"rule version", "规则版本"},
      {"sequence", "序号"},
      {"recorded", "记录时间"},
      {"event", "事件"},
      {"reference", "编号"},
      {"time", "时长"},
      {"who", "对象"},
      {"item", "商品"},
      {"merchant", "商户"},
      {"price", "价格"},
      {"pieces left", "库存"},
      {"reason", "原因"},
      {"count", "数量"},
      {"result", "结果"},
      {"balances compared", "核对余额"},
      {"merchants compared", "核对商户"},
      {"findings", "问题"},
      {"volunteers", "志愿者"},
      {"seconds", "秒"},
      {"new events", "新事件"},
      {"there already", "已存在"},
      {"refused", "被拒绝"},
      {"rows", "行"},
      {"events/s", "事件/秒"},
      {"clean", "无误"},
      {"order", "订单"},
      {"paid", "支付"},
      {"finding", "问题"},
  };
  return *phrases;
}

std::string_view Found(const Phrases& phrases, std::string_view key) {
  const auto found = phrases.find(key);
  return found == phrases.end() ? std::string_view() : found->second;
}

}  // namespace

std::string LanguageOf(const std::string& asked) {
  if (!asked.empty()) return asked;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).substr(0, 2) == "zh" ? "zh" : "en";
  }
  return "en";
}

std::string Explain(const Refusal& refusal, std::string_view language) {
  std::string text = refusal.message;
  if (language == "zh") {
    const std::string_view chinese = ChineseRefusal(refusal.reason);
    if (!chinese.empty()) text = chinese;
  }
  if (refusal.reason.empty()) return text;
  text += Join(" (", refusal.reason);
  if (!refusal.field.empty()) text += Join(", ", refusal.field);
  for (const auto& [key, value] : refusal.metadata) text += Join(", ", key, "=", value);
  return text + ")";
}

std::string_view ChineseRefusal(std::string_view reason) { return Found(Refusals(), reason); }

std::string Label(std::string_view english, std::string_view language) {
  const std::string_view chinese = language == "zh" ? Found(Labels(), english) : std::string_view();
  return std::string(chinese.empty() ? english : chinese);
}

}  // namespace meritbook::cli
