#include "cli/refusal_words.h"

#include <string>

#include "cli/text.h"

namespace meritbook::cli {

Words WordsOf(v1::Refusal refusal) {
  switch (refusal) {
    case v1::REFUSAL_UNSPECIFIED:
      return {"refused", "the server gives no reason", "请求被拒绝", "服务器没有说明原因"};
    // Who calls.
    case v1::REFUSAL_UNAUTHENTICATED:
      return {"the API key is missing or unknown", "give one with --key-file or MERIT_KEY",
              "没有提供密钥，或密钥无效", "请用 --key-file 或 MERIT_KEY 提供密钥"};
    case v1::REFUSAL_ROLE_MISSING:
      return {"your roles don't allow this", "use the key of a principal who may",
              "您的角色无权执行此操作", "请改用有权限的主体的密钥"};
    case v1::REFUSAL_MERCHANT_NOT_YOURS:
      return {"you act for another merchant", "redeem with that merchant's key",
              "您只能代表自己的商户", "请用该商户的密钥兑换"};
    case v1::REFUSAL_SELF_REDEMPTION:
      return {"nobody redeems for herself", "ask a colleague to do it", "不能为自己兑换",
              "请由同事办理"};
    case v1::REFUSAL_SOURCE_MISSING:
      return {"the principal has no source to post hours for", "register one with --source",
              "该主体没有来源平台，不能登记时长", "请用 --source 注册主体"};
    case v1::REFUSAL_SELF_REVIEW:
      return {"nobody reviews her own hours or what she submitted", "ask a colleague to review it",
              "不能审核自己的时长或自己提交的内容", "请由同事审核"};
    case v1::REFUSAL_SOURCE_NOT_YOURS:
      return {"the record belongs to another platform", "ask that platform, or the committee",
              "该记录属于其他平台", "请由该平台或委员会办理"};
    case v1::REFUSAL_SAME_PERSON:
      return {"the same person can't propose and approve", "ask somebody else to approve it",
              "提议人和批准人不能是同一人", "请由另一人批准"};
    // The form of the call.
    case v1::REFUSAL_FIELD_MISSING:
      return {"a required field is missing", "fill it in", "缺少必填字段", "请填写该字段"};
    case v1::REFUSAL_FIELD_INVALID:
      return {"a field is out of its range", "see the limits", "字段超出取值范围",
              "请按给出的限制修改"};
    case v1::REFUSAL_ID_MALFORMED:
      return {"an id is malformed", "ids are 1 to 64 of A-Z a-z 0-9 . _ : -", "编号格式不正确",
              "编号为 1 至 64 个字符：A-Z a-z 0-9 . _ : -"};
    case v1::REFUSAL_PERSONAL_IDENTIFIER:
      return {"an id is a phone or identity number", "use a random id", "编号是手机号或身份证号",
              "请改用随机编号"};
    case v1::REFUSAL_DAY_MALFORMED:
      return {"a day is malformed", "write it as 2021-03-05", "日期格式不正确",
              "请写成 2021-03-05"};
    case v1::REFUSAL_BATCH_TOO_LARGE:
      return {"too many items in one call", "send fewer at a time", "一次提交的条目过多",
              "请分批提交"};
    case v1::REFUSAL_VALUE_REPEATED:
      return {"a value stands twice in a list", "leave one out", "列表中有重复的值",
              "请删去重复项"};
    case v1::REFUSAL_AMOUNT_OVERFLOW:
      return {"more than the ledger can count", "use a smaller amount", "数量超出账本的上限",
              "请减小数量"};
    // Idempotency.
    case v1::REFUSAL_REQUEST_CONFLICT:
      return {"the request id was used before with other content",
              "compare the two, or use another request id", "该请求号已用于不同的内容",
              "请核对两次内容，或换一个请求号"};
    case v1::REFUSAL_ATOMIC_ABORTED:
      return {"another item of the same call was refused", "correct that one and send all again",
              "同一批次中有条目被拒绝", "请改正后整批重发"};
    case v1::REFUSAL_REQUEST_UNKNOWN:
      return {"no event with this request id", "it was not carried out, or by somebody else",
              "没有此请求号的事件", "该请求未执行，或由他人提交"};
    // The ledger's clock and life.
    case v1::REFUSAL_LEDGER_UNKNOWN:
      return {"there is no such ledger", "merit ledger list names them", "没有这个账本",
              "用 merit ledger list 查看账本"};
    case v1::REFUSAL_LEDGER_EXISTS:
      return {"the ledger exists already", "use another id", "账本已存在", "请换一个编号"};
    case v1::REFUSAL_RECORDED_TIME_MISSING:
      return {"a migrating ledger needs the recorded time", "give one with --recorded-at",
              "迁移中的账本需要登记时间", "请用 --recorded-at 指定"};
    case v1::REFUSAL_RECORDED_TIME_NOT_ALLOWED:
      return {"a live ledger sets the recorded time itself", "leave --recorded-at out",
              "正式账本自行决定登记时间", "请去掉 --recorded-at"};
    case v1::REFUSAL_RECORDED_TIME_BACKWARDS:
      return {"the recorded time lies before the newest event's", "import in the order of time",
              "登记时间早于最新事件", "请按时间先后导入"};
    case v1::REFUSAL_RECORDED_TIME_IN_FUTURE:
      return {"the recorded time lies in the future", "check the time and its offset",
              "登记时间在将来", "请检查时间及时区"};
    case v1::REFUSAL_NOT_MIGRATING:
      return {"the ledger is live already", "its migration has ended", "账本已经正式启用",
              "迁移已经结束"};
    // Rules.
    case v1::REFUSAL_RULE_MISSING:
      return {"no rule is in force on the day of service", "publish one with merit rule publish",
              "服务当日没有生效的规则", "请用 merit rule publish 发布规则"};
    case v1::REFUSAL_CATEGORY_UNKNOWN:
      return {"the rule has no rate for the activity's category",
              "publish a rule with that category", "规则中没有该活动类别的积分标准",
              "请发布包含该类别的规则"};
    case v1::REFUSAL_RULE_BACKDATED:
      return {"a rule published earlier takes effect later", "choose a later first day",
              "先发布的规则生效更晚", "请选择更晚的生效日期"};
    case v1::REFUSAL_AWARD_UNKNOWN:
      return {"the rule has no award of this name", "check the name, or publish a rule with it",
              "规则中没有此项奖励", "请检查名称，或发布包含该奖励的规则"};
    case v1::REFUSAL_AWARD_TOO_LARGE:
      return {"more points than the rule allows for this award", "give fewer points",
              "积分超出该奖励的上限", "请减少积分"};
    case v1::REFUSAL_AWARD_CAP_REACHED:
      return {"this award was given as often this year as the rule allows",
              "no more of it this year", "该奖励本年度次数已满", "本年度不能再发放"};
    // Two people.
    case v1::REFUSAL_PROPOSAL_UNKNOWN:
      return {"there is no such proposal", "merit review lists the open ones", "没有这个提议",
              "用 merit review 查看待批准的提议"};
    case v1::REFUSAL_PROPOSAL_EXISTS:
      return {"the proposal id is taken", "use another id", "提议编号已被使用", "请换一个编号"};
    case v1::REFUSAL_PROPOSAL_CLOSED:
      return {"the proposal was approved or rejected before", "make a new one if it is still due",
              "该提议已批准或已驳回", "如仍需要，请重新提议"};
    case v1::REFUSAL_TWO_PEOPLE_NEEDED:
      return {"this change needs a second person",
              "propose it with merit propose, a colleague approves it", "此变更须两人办理",
              "请用 merit propose 提议，再由同事批准"};
    // Parties.
    case v1::REFUSAL_PRINCIPAL_UNKNOWN:
      return {"there is no such principal", "check the id", "没有这个主体", "请检查编号"};
    case v1::REFUSAL_PRINCIPAL_EXISTS:
      return {"the principal id is taken", "ids are never given out twice: use another",
              "主体编号已被使用", "编号不会重复发放，请换一个"};
    case v1::REFUSAL_VOLUNTEER_UNKNOWN:
      return {"there is no such volunteer", "check the id, or register the volunteer",
              "没有这个志愿者", "请检查编号，或先登记志愿者"};
    case v1::REFUSAL_VOLUNTEER_EXISTS:
      return {"the volunteer is registered already", "check the id", "志愿者已经登记",
              "请检查编号"};
    case v1::REFUSAL_VOLUNTEER_FROZEN:
      return {"the volunteer is frozen", "the committee knows the reason", "志愿者已被冻结",
              "请向委员会了解原因"};
    case v1::REFUSAL_GUARDIAN_CONSENT_MISSING:
      return {"under 14 a guardian must consent", "ask for it, then say so",
              "未满 14 周岁须监护人同意", "请先取得同意并注明"};
    case v1::REFUSAL_ORGANISATION_UNKNOWN:
      return {"there is no such organisation", "check the id, or register it", "没有这个组织",
              "请检查编号，或先登记组织"};
    case v1::REFUSAL_ORGANISATION_EXISTS:
      return {"the organisation is registered already", "check the id", "组织已经登记",
              "请检查编号"};
    case v1::REFUSAL_ACTIVITY_UNKNOWN:
      return {"there is no such activity", "check the id, or register it", "没有这个活动",
              "请检查编号，或先登记活动"};
    case v1::REFUSAL_ACTIVITY_EXISTS:
      return {"the activity is registered already", "check the id", "活动已经登记", "请检查编号"};
    case v1::REFUSAL_SESSION_UNKNOWN:
      return {"there is no such session", "check the id, or register it", "没有这个场次",
              "请检查编号，或先登记场次"};
    case v1::REFUSAL_SESSION_EXISTS:
      return {"the session is registered already", "check the id", "场次已经登记", "请检查编号"};
    case v1::REFUSAL_SESSION_NOT_OF_ACTIVITY:
      return {"the session belongs to another activity", "correct one of the two",
              "该场次属于另一个活动", "请改正活动或场次"};
    case v1::REFUSAL_VOLUNTEER_CLOSED:
      return {"the volunteer's account was closed for ever", "nothing can be done with it",
              "志愿者账户已永久关闭", "不能再办理业务"};
    case v1::REFUSAL_VOLUNTEER_MERGED:
      return {"the registration was merged into another", "use the survivor_id given here",
              "该登记已合并到另一登记", "请改用 survivor_id 所示编号"};
    case v1::REFUSAL_VOLUNTEER_NOT_FROZEN:
      return {"the volunteer is not frozen", "there is nothing to undo", "志愿者并未冻结",
              "无须解冻"};
    case v1::REFUSAL_ACTIVITY_NOT_OPEN:
      return {"the activity is not open",
              "it waits for review, or was rejected, closed or cancelled", "活动未开放",
              "可能待审核、被驳回、已结束或已取消"};
    case v1::REFUSAL_ACTIVITY_NOT_WAITING:
      return {"the activity doesn't wait for review", "it was reviewed before, or never needed it",
              "活动不在待审核状态", "可能已审核，或无须审核"};
    case v1::REFUSAL_CAUSE_UNKNOWN:
      return {"there is no such cause", "donate to an organisation of kind cause",
              "没有这个公益项目", "只能捐给类别为 cause 的组织"};
    case v1::REFUSAL_OPENING_BALANCE_EXISTS:
      return {"the volunteer's opening balance was brought in before",
              "propose an adjustment instead", "该志愿者的期初余额已导入", "请改为提议调整"};
    // Hours.
    case v1::REFUSAL_RECORD_EXISTS:
      return {"the record id was used before", "check whether it is the same service",
              "服务记录编号已被使用", "请核对是否为同一次服务"};
    case v1::REFUSAL_TIMES_REVERSED:
      return {"the end is not after the start", "correct the times", "结束时间不晚于开始时间",
              "请改正时间"};
    case v1::REFUSAL_TIME_NOT_WHOLE_MINUTE:
      return {"clock times are whole minutes", "leave the seconds out", "时间须为整分钟",
              "请去掉秒数"};
    case v1::REFUSAL_MINUTES_OFF_UNIT:
      return {"the length is no multiple of the recording unit", "correct it: nothing is rounded",
              "时长不是计时单位的整数倍", "请改正，系统不会取整"};
    case v1::REFUSAL_SERVICE_IN_FUTURE:
      return {"the service is not over yet", "record it afterwards", "服务尚未结束",
              "请在服务结束后登记"};
    case v1::REFUSAL_SERVICE_TOO_OLD:
      return {"the service lies too long ago", "the rule's backdating window has passed",
              "服务时间过早", "已超过规则允许的补录期限"};
    case v1::REFUSAL_SERVICE_BEFORE_ACTIVITY:
      return {"the service lies before the activity", "correct the times or the activity",
              "服务早于活动开始", "请改正时间或活动"};
    case v1::REFUSAL_SERVICE_AFTER_ACTIVITY:
      return {"the service lies after the activity", "correct the times or the activity",
              "服务晚于活动结束", "请改正时间或活动"};
    case v1::REFUSAL_SERVICE_OUTSIDE_SESSION:
      return {"the service lies outside its session", "correct the times or the session",
              "服务不在场次时间内", "请改正时间或场次"};
    case v1::REFUSAL_DAY_OVERFULL:
      return {"more than 24 hours on one day", "correct the minutes", "一天之内超过 24 小时",
              "请改正时长"};
    case v1::REFUSAL_INTERVAL_OVERLAPS:
      return {"the volunteer served elsewhere at that time", "correct one of the two records",
              "志愿者同一时间在别处服务", "请改正其中一条记录"};
    case v1::REFUSAL_RECORD_UNKNOWN:
      return {"there is no such record", "check platform and id: PLATFORM/RECORD",
              "没有这条服务记录", "请检查平台和编号：平台/记录"};
    case v1::REFUSAL_RECORD_NOT_WAITING:
      return {"the record doesn't wait for review", "merit record show tells what became of it",
              "该记录不在待审核状态", "用 merit record show 查看其状态"};
    case v1::REFUSAL_RECORD_NOT_APPROVED:
      return {"the record doesn't count", "merit record show tells what became of it",
              "该记录未生效", "用 merit record show 查看其状态"};
    case v1::REFUSAL_RECORD_NOT_SETTLED:
      return {"only a record that was approved or rejected can be disputed",
              "merit record show tells what became of it", "只有已通过或已驳回的记录可提异议",
              "用 merit record show 查看其状态"};
    case v1::REFUSAL_VOLUNTEER_DIFFERS:
      return {"a correction keeps the volunteer", "revoke the record and submit another",
              "更正不能更换志愿者", "请撤销原记录后重新提交"};
    case v1::REFUSAL_RECORD_IS_AWARD:
      return {"an award can't be corrected", "revoke it and submit another", "奖励不能更正",
              "请撤销后重新申报"};
    // The mall.
    case v1::REFUSAL_MERCHANT_UNKNOWN:
      return {"there is no such merchant", "check the id, or onboard it", "没有这个商户",
              "请检查编号，或先登记商户"};
    case v1::REFUSAL_MERCHANT_EXISTS:
      return {"the merchant is there already", "check the id", "商户已经登记", "请检查编号"};
    case v1::REFUSAL_ITEM_UNKNOWN:
      return {"there is no such item", "check the id", "没有这个商品", "请检查编号"};
    case v1::REFUSAL_ITEM_EXISTS:
      return {"the item is offered already", "check the id", "商品已经上架", "请检查编号"};
    case v1::REFUSAL_ITEM_NOT_OF_MERCHANT:
      return {"the merchant doesn't offer this item", "correct one of the two", "该商户没有此商品",
              "请改正商户或商品"};
    case v1::REFUSAL_ORDER_EXISTS:
      return {"the order id was used before", "use another order id", "订单编号已被使用",
              "请换一个订单编号"};
    case v1::REFUSAL_STOCK_TOO_LOW:
      return {"not enough pieces are left", "take fewer, or receive stock", "库存不足",
              "请减少数量，或先补充库存"};
    case v1::REFUSAL_BALANCE_TOO_LOW:
      return {"the volunteer has too few points", "merit balance shows how many", "志愿者积分不足",
              "用 merit balance 查看余额"};
    case v1::REFUSAL_ORDER_UNKNOWN:
      return {"there is no such order of yours", "check the order id, and who placed it",
              "没有这个订单，或不是您的订单", "请检查订单编号及下单方"};
    case v1::REFUSAL_REFUND_TOO_LARGE:
      return {"more than was sold and not yet refunded", "refund fewer pieces",
              "退回数量超过已售未退数量", "请减少数量"};
    // Orders, pay codes, vouchers, settlement.
    case v1::REFUSAL_MERCHANT_SUSPENDED:
    case v1::REFUSAL_MERCHANT_OFFBOARDED:
    case v1::REFUSAL_MERCHANT_NOT_SUSPENDED:
    case v1::REFUSAL_ITEM_WITHDRAWN:
    case v1::REFUSAL_ITEM_LIMIT_REACHED:
    case v1::REFUSAL_AGE_NOT_ALLOWED:
    case v1::REFUSAL_VELOCITY_EXCEEDED:
    case v1::REFUSAL_OPEN_ORDERS_TOO_MANY:
    case v1::REFUSAL_OPEN_AMOUNT_OFF:
    case v1::REFUSAL_BUDGET_EXHAUSTED:
    case v1::REFUSAL_HOLDS_OFF:
    case v1::REFUSAL_ORDER_NOT_HELD:
    case v1::REFUSAL_CONFIRM_TOO_LATE:
    case v1::REFUSAL_CONFIRM_TIME_INVALID:
    case v1::REFUSAL_CONFIRM_TOO_LARGE:
    case v1::REFUSAL_ORDER_OF_OTHER_MERCHANT:
    case v1::REFUSAL_VOUCHER_UNKNOWN:
    case v1::REFUSAL_VOUCHER_EXISTS:
    case v1::REFUSAL_REFUND_TOO_LATE:
    case v1::REFUSAL_PAY_CODE_UNKNOWN:
    case v1::REFUSAL_PAY_CODE_EXPIRED:
    case v1::REFUSAL_PAY_CODE_USED:
    case v1::REFUSAL_PAY_CODE_OF_OTHER_MERCHANT:
    case v1::REFUSAL_PAY_CODE_TRIES_EXCEEDED:
    case v1::REFUSAL_STATEMENT_UNKNOWN:
    case v1::REFUSAL_STATEMENT_EXISTS:
    case v1::REFUSAL_STATEMENT_NOT_OPEN:
    case v1::REFUSAL_STATEMENT_OBJECTED:
    case v1::REFUSAL_STATEMENT_NOT_OBJECTED:
    case v1::REFUSAL_STATEMENT_NOT_CLOSED:
    case v1::REFUSAL_STATEMENT_SETTLED:
    case v1::REFUSAL_STATEMENT_CARRIED_FORWARD:
    case v1::REFUSAL_STATEMENT_NOT_PAID:
    case v1::REFUSAL_AMOUNT_DIFFERS:
    case v1::REFUSAL_NOTHING_TO_PAY:
    case v1::REFUSAL_PERIOD_NOT_CLOSED:
    case v1::REFUSAL_PERIOD_CLOSED:
    case v1::REFUSAL_PERIOD_NOT_OVER:
    case v1::REFUSAL_ORDERS_OPEN:
    case v1::REFUSAL_MERCHANT_STILL_HERE:
    case v1::REFUSAL_PREVIOUS_STATEMENT_OPEN:
    case v1::REFUSAL_STATEMENT_OVERLAPS:
    case v1::REFUSAL_BUDGET_UNKNOWN:
    case v1::REFUSAL_REPORT_NOT_YOURS:
      return MallWordsOf(refusal);
    // Points.
    case v1::REFUSAL_LAPSED_TOO_LOW:
      return {"fewer points than that lapsed on this day", "merit entries shows what lapsed",
              "该日过期的积分没有这么多", "用 merit entries 查看过期积分"};
    case v1::REFUSAL_EXPIRY_IN_PAST:
      return {"the new last day is over already", "choose a later day", "新的有效期已过",
              "请选择更晚的日期"};
    // The service.
    case v1::REFUSAL_QUEUE_FULL:
      return {"the server is busy", "try again: nothing doubles", "服务器繁忙",
              "请重试，不会重复入账"};
    case v1::REFUSAL_STORAGE_LOW:
      return {"the server's disk is nearly full", "tell its operator, then try again",
              "服务器磁盘空间不足", "请通知运维人员后重试"};
    case v1::REFUSAL_OUTCOME_UNKNOWN:
      return {"nobody knows whether it was written", "send the same again: nothing doubles",
              "不确定是否已写入", "请原样重发，不会重复入账"};
    case v1::REFUSAL_CLOCK_SUSPECT:
      return {"the server's clock is in doubt", "look at it, then merit clock confirm",
              "服务器时钟存疑", "检查后用 merit clock confirm 确认"};
    case v1::REFUSAL_DEADLINE_EXCEEDED:
      return {"it took too long, nothing was done", "try again, or with a longer --timeout",
              "处理超时，未执行任何操作", "请重试，或加大 --timeout"};
    case v1::REFUSAL_STOPPING:
      return {"the server is stopping", "try again when it is back", "服务器正在停止",
              "请在恢复后重试"};
    case v1::REFUSAL_INTERNAL:
      return {"the server has a bug", "its log says more", "服务器内部错误", "详情见服务器日志"};
    case v1::REFUSAL_SEQUENCE_NOT_REACHED:
      return {"the ledger has not grown that far", "try again later", "账本尚未增长到所需位置",
              "请稍后重试"};
    case v1::REFUSAL_LOG_DAMAGED:
      return {"the server's log was found changed on its disk",
              "nothing is written any more; tell its operator: restore a backup",
              "服务器日志在磁盘上已被改动", "已停止写入；请通知运维人员用备份恢复"};
    case v1::REFUSAL_BACKUP_NOT_CONFIGURED:
      return {"the server has no folder for backups", "set backup_dir in its configuration",
              "服务器没有设置备份目录", "请在服务器配置中设置 backup_dir"};
    case v1::REFUSAL_BACKUP_UNDER_WAY:
      return {"another backup is being made", "try again when it is done", "另一备份正在进行",
              "请待其完成后重试"};
    case v1::REFUSAL_BACKUP_FAILED:
      return {"the backup could not be made or did not verify",
              "there is none of it; look at the server's log and its disk",
              "备份未能完成或未通过校验", "本次备份未保留，请查看服务器日志与磁盘"};
    case v1::REFUSAL_LOSS_NOT_HERE:
      return {"the ledger has another size than the loss says", "see how many events there are",
              "账本的事件数与声明的不符", "请核对现有事件数"};
    case v1::Refusal_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Refusal_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return WordsOf(v1::REFUSAL_UNSPECIFIED);
}

std::optional<Words> WordsOf(std::string_view reason) {
  v1::Refusal refusal = v1::REFUSAL_UNSPECIFIED;
  if (!v1::Refusal_Parse(Text("REFUSAL_", reason), &refusal)) return std::nullopt;
  return WordsOf(refusal);
}

}  // namespace meritbook::cli
