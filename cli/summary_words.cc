#include "cli/summary_words.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>

#include "cli/quantity.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

struct Title {
  std::string_view name;
  const char* english;
  const char* chinese;
};

constexpr Title kTitles[] = {
    {"size", "events", "事件数"},
    {"last_recorded_us", "last recorded", "最近登记时间"},
    {"volunteers", "volunteers", "志愿者"},
    {"party_members", "of them party members", "其中党员"},
    {"league_members", "of them League members", "其中团员"},
    {"volunteers_1000_earned", "1,000 points or more earned", "累计满 1000 分"},
    {"volunteers_1000_balance", "1,000 points or more now", "余额满 1000 分"},
    {"organisations", "organisations", "组织"},
    {"activities", "activities", "活动项目"},
    {"person_times", "person-times", "人次"},
    {"service_minutes", "service", "服务时长"},
    {"points_issued_units", "points issued", "发放积分"},
    {"expired_units", "points expired", "过期积分"},
    {"redeemed_units", "points redeemed", "兑换积分"},
    {"units_per_point", "units in a point", "每积分单位数"},
    {"communities.communities", "communities", "社区"},
    {"communities.activities", "their activities", "社区活动项目"},
    {"communities.person_times", "their person-times", "社区人次"},
    {"communities.minutes", "their service", "社区服务时长"},
    {"traffic_sessions", "traffic courtesy sessions", "文明交通场次"},
    {"merchants", "merchants", "商户"},
    {"items", "items", "商品"},
    {"orders", "orders", "订单"},
    {"active_volunteers", "active in twelve months", "近十二个月活跃志愿者"},
    {"this_year.year", "this year", "本年度"},
    {"this_year.new_volunteers", "new volunteers this year", "本年新增志愿者"},
    {"this_year.active_volunteers", "active this year", "本年活跃志愿者"},
    {"this_year.service_minutes", "service this year", "本年服务时长"},
    {"this_year.person_times", "person-times this year", "本年人次"},
    {"this_year.redeemed_units", "points redeemed this year", "本年兑换积分"},
    {"last_year.year", "the year before, up to the same day", "上年同期"},
    {"last_year.new_volunteers", "new volunteers the year before", "上年同期新增志愿者"},
    {"last_year.active_volunteers", "active the year before", "上年同期活跃志愿者"},
    {"last_year.service_minutes", "service the year before", "上年同期服务时长"},
    {"last_year.person_times", "person-times the year before", "上年同期人次"},
    {"last_year.redeemed_units", "points redeemed the year before", "上年同期兑换积分"},
    {"outstanding_units", "points outstanding", "未兑换积分"},
    {"outstanding_fen", "the same in yuan, as paid on average", "折合金额(元)"},
    {"budget_left_fen", "budget left (yuan)", "预算剩余(元)"},
    {"budget_allocated_fen", "budget allocated (yuan)", "预算拨款(元)"},
};

// In 1/100 of a percent, half away from zero; a sign where it is a change.
std::string Percent(int64_t part, int64_t whole, bool change) {
  const auto twice = static_cast<__int128>(part) * 20'000 / whole;
  const auto points = static_cast<int64_t>((twice + (twice < 0 ? -1 : 1)) / 2);
  const auto magnitude = static_cast<uint64_t>(std::llabs(points));
  const char* const sign = points < 0 ? "-" : change && points > 0 ? "+" : "";
  return Text(sign, Grouped(magnitude / 100), ".", magnitude % 100 < 10 ? "0" : "", magnitude % 100,
              " %");
}

}  // namespace

std::string FigureTitle(const std::string& name, Language language) {
  for (const Title& title : kTitles) {
    if (title.name == name) return Pick(language, title.english, title.chinese);
  }
  return name;
}

Cell FigureCell(const std::string& name, const std::string& value, absl::TimeZone zone) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) return value;
  if (name == "last_recorded_us") {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", absl::FromUnixMicros(number), zone);
  }
  if (name == "units_per_point" || name.ends_with(".year")) return value;
  if (name.ends_with("_units")) return PointsCell(number);
  if (name.ends_with("_fen")) return YuanCell(number);
  if (number < 0) return value;
  if (name.ends_with("minutes")) return HoursCell(static_cast<uint64_t>(number));
  return CountCell(static_cast<uint64_t>(number));
}

std::vector<DerivedFigure> DerivedFigures(const v1::GetSummaryResponse& summary,
                                          Language language) {
  std::vector<DerivedFigure> figures;
  const auto add = [&](const char* name, const char* english, const char* chinese, int64_t part,
                       int64_t whole, bool change) {
    if (whole <= 0) return;
    figures.push_back({name, Pick(language, english, chinese), Percent(part, whole, change)});
  };
  add("redemption_rate", "redeemed of issued", "兑换率", summary.redeemed_units(),
      summary.points_issued_units(), false);
  add("budget_used", "budget used", "预算使用率",
      summary.budget_allocated_fen() - summary.budget_left_fen(), summary.budget_allocated_fen(),
      false);
  const v1::YearFigures& now = summary.this_year();
  const v1::YearFigures& before = summary.last_year();
  const auto year_on_year = [&](const char* name, const char* english, const char* chinese,
                                auto this_year, auto last_year) {
    add(name, english, chinese, static_cast<int64_t>(this_year) - static_cast<int64_t>(last_year),
        static_cast<int64_t>(last_year), true);
  };
  year_on_year("new_volunteers_change", "new volunteers, year on year", "新增志愿者同比",
               now.new_volunteers(), before.new_volunteers());
  year_on_year("active_volunteers_change", "active volunteers, year on year", "活跃志愿者同比",
               now.active_volunteers(), before.active_volunteers());
  year_on_year("service_change", "service, year on year", "服务时长同比", now.service_minutes(),
               before.service_minutes());
  year_on_year("person_times_change", "person-times, year on year", "人次同比", now.person_times(),
               before.person_times());
  year_on_year("redeemed_change", "points redeemed, year on year", "兑换积分同比",
               now.redeemed_units(), before.redeemed_units());
  return figures;
}

}  // namespace meritbook::cli
