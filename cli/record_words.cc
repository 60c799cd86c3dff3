#include "cli/record_words.h"

namespace meritbook::cli {

const char* WordsOf(v1::WaitReason reason, Language language) {
  const auto say = [language](const char* english, const char* chinese) {
    return Pick(language, english, chinese);
  };
  switch (reason) {
    case v1::WAIT_REASON_ABOVE_AUTO_MINUTES:
      return say("many minutes on one day", "当日时长超过免审上限");
    case v1::WAIT_REASON_LATE:
      return say("submitted late", "提交过晚");
    case v1::WAIT_REASON_OVER_CAPACITY:
      return say("more people than places", "超出活动名额");
    case v1::WAIT_REASON_BACKFILLED:
      return say("an old record that would earn points", "补录的旧记录可计积分");
    case v1::WAIT_REASON_OWN_HOURS:
      return say("submitted by the volunteer herself", "由志愿者本人提交");
    case v1::WAIT_REASON_AWARD:
      return say("an award", "奖励须审核");
    case v1::WAIT_REASON_DISPUTED:
      return say("disputed", "有异议");
    case v1::WAIT_REASON_UNSPECIFIED:
    case v1::WaitReason_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::WaitReason_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return say("for an unknown reason", "原因未知");
}

const char* WordsOf(v1::RecordState state, Language language) {
  const auto say = [language](const char* english, const char* chinese) {
    return Pick(language, english, chinese);
  };
  switch (state) {
    case v1::RECORD_STATE_WAITING:
      return say("waits for review", "待审核");
    case v1::RECORD_STATE_APPROVED:
      return say("approved", "已通过");
    case v1::RECORD_STATE_REJECTED:
      return say("rejected", "已驳回");
    case v1::RECORD_STATE_REVOKED:
      return say("revoked", "已撤销");
    case v1::RECORD_STATE_CORRECTED:
      return say("replaced by a correction", "已更正");
    case v1::RECORD_STATE_UNSPECIFIED:
    case v1::RecordState_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::RecordState_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return say("unknown", "未知");
}

const char* WordsOf(v1::Verdict verdict, Language language) {
  switch (verdict) {
    case v1::VERDICT_APPROVE:
      return Pick(language, "approved", "通过");
    case v1::VERDICT_REJECT:
      return Pick(language, "rejected", "驳回");
    case v1::VERDICT_UNSPECIFIED:
    case v1::Verdict_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Verdict_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Pick(language, "unknown", "未知");
}

const char* WordsOf(v1::CloseReason reason, Language language) {
  switch (reason) {
    case v1::CLOSE_REASON_MOVED:
      return Pick(language, "moved away", "迁出");
    case v1::CLOSE_REASON_WITHDREW:
      return Pick(language, "withdrew", "退出");
    case v1::CLOSE_REASON_DIED:
      return Pick(language, "died", "去世");
    case v1::CLOSE_REASON_UNSPECIFIED:
    case v1::CloseReason_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::CloseReason_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Pick(language, "unknown", "未知");
}

std::string WordsOf(const google::protobuf::RepeatedField<int>& wait_reasons, Language language) {
  std::string text;
  for (const int reason : wait_reasons) {
    if (!text.empty()) text += Pick(language, ", ", "、");
    text += WordsOf(static_cast<v1::WaitReason>(reason), language);
  }
  return text;
}

}  // namespace meritbook::cli
