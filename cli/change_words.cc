#include "cli/change_words.h"

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "cli/quantity.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int64_t kMinuteUs = 60'000'000;

std::string Signed(int64_t units) { return Text(units > 0 ? "+" : "", Points(units)); }

std::string Until(bool lapses, const std::string& day, Language language) {
  if (!lapses) return Pick(language, "without end", "长期有效");
  return Text(Pick(language, "until ", "有效期至 "), day);
}

std::string Opening(const v1::LoadOpeningBalances& opening, Language language) {
  int64_t units = 0;
  for (const v1::OpeningBalance& balance : opening.balances()) {
    for (const v1::OpeningLot& lot : balance.lots()) units += lot.units();
  }
  const std::string hash = absl::BytesToHexString(opening.file_sha256()).substr(0, 16);
  return Text(Pick(language, "opening balances, part ", "期初余额，第 "), opening.part(),
              Pick(language, " of ", " / "), opening.parts(), Pick(language, ": ", " 部分："),
              opening.balances_size(), Pick(language, " volunteers, ", " 名志愿者，"),
              Points(units), Pick(language, " points, file ", " 积分，文件 "), hash, "…");
}

}  // namespace

std::string WordsOf(const v1::ServiceRecord& record, Language language, absl::TimeZone zone) {
  std::string when;
  if (record.has_interval()) {
    const int64_t us = record.interval().end_us() - record.interval().start_us();
    const std::string start = absl::FormatTime(
        "%Y-%m-%d %H:%M%Ez", absl::FromUnixMicros(record.interval().start_us()), zone);
    when = Text(Hours(us > 0 ? static_cast<uint64_t>(us / kMinuteUs) : 0),
                Pick(language, " from ", "，自 "), start);
  } else {
    when = Text(record.duration().service_day(), ", ", Hours(record.duration().minutes()));
  }
  return Text(record.record_id(), " ", record.volunteer_id(), " ", record.activity_id(),
              record.session_id().empty() ? "" : " ", record.session_id(), " ", when);
}

std::string WordsOf(const v1::ProposeChange& proposal, Language language, absl::TimeZone zone) {
  const auto say = [language](const char* english, const char* chinese) {
    return Pick(language, english, chinese);
  };
  switch (proposal.change_case()) {
    case v1::ProposeChange::kAdjustPoints: {
      const v1::AdjustPoints& c = proposal.adjust_points();
      std::string text =
          Text(say("adjust ", "调整 "), c.volunteer_id(), say(" by ", "："), Signed(c.units()));
      if (c.units() > 0) text += Text(", ", Until(c.has_expiry_day(), c.expiry_day(), language));
      return Text(text, " (", c.reason_code(), ")");
    }
    case v1::ProposeChange::kReinstatePoints: {
      const v1::ReinstatePoints& c = proposal.reinstate_points();
      return Text(say("reinstate ", "恢复 "), c.volunteer_id(), " ", Signed(c.units()),
                  say(" that lapsed on ", "，过期于 "), c.lapsed_day(), ", ",
                  Until(true, c.expiry_day(), language), " (", c.reason_code(), ")");
    }
    case v1::ProposeChange::kMergeVolunteers:
      return Text(say("merge ", "合并 "), proposal.merge_volunteers().volunteer_id(),
                  say(" into ", " 到 "), proposal.merge_volunteers().survivor_id());
    case v1::ProposeChange::kLoadOpeningBalances:
      return Opening(proposal.load_opening_balances(), language);
    case v1::ProposeChange::kCorrectHours: {
      const v1::CorrectHours& c = proposal.correct_hours();
      return Text(say("correct ", "更正 "), c.record().source(), "/", c.record().record_id(),
                  say(" to ", " 为 "), WordsOf(c.replacement(), language, zone), " (",
                  c.reason_code(), ")");
    }
    case v1::ProposeChange::kRevokeHours: {
      const v1::RevokeHours& c = proposal.revoke_hours();
      return Text(say("revoke ", "撤销 "), c.record().source(), "/", c.record().record_id(), " (",
                  c.reason_code(), ")");
    }
    case v1::ProposeChange::kAllocateBudget: {
      const v1::AllocateBudget& c = proposal.allocate_budget();
      std::string text = Text(say("budget ", "预算 "), c.source(), " ", c.year(), say(" by ", "："),
                              c.fen() > 0 ? "+" : "", Yuan(c.fen()), say(" yuan", " 元"));
      if (c.has_warn_percent()) {
        text += Text(say(", warn at ", "，预警线 "), c.warn_percent(), " %");
      }
      return text;
    }
    case v1::ProposeChange::kWriteOff: {
      const v1::WriteOff& c = proposal.write_off();
      std::string text =
          Text(say("write off ", "核销 "), c.statement_id(), ": ", Points(c.amounts().units()),
               say(" points, ", " 积分，"), Yuan(c.amounts().fen()), say(" yuan", " 元"));
      if (c.has_budget()) {
        text += Text(say(", budget ", "，预算 "), c.budget().source(), "/", c.budget().year());
      }
      return Text(text, " (", c.reason_code(), ")");
    }
    case v1::ProposeChange::CHANGE_NOT_SET:
      break;
  }
  return say("a change unknown to this merit", "未知的变更（请升级 merit）");
}

}  // namespace meritbook::cli
