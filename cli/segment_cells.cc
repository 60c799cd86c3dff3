#include "cli/segment_cells.h"

#include "cli/quantity.h"

namespace meritbook::cli {

void AddSegmentCells(const Session& session, const SegmentList& segments,
                     std::vector<NamedCell>& cells) {
  if (segments.empty()) return;
  uint64_t credited_minutes = 0;
  uint64_t honorary_minutes = 0;
  int64_t units = 0;
  for (const v1::CreditSegment& segment : segments) {
    credited_minutes += segment.credited_minutes();
    honorary_minutes += segment.honorary_minutes();
    units += segment.units();
  }
  cells.push_back({{session.Say("service credited", "计分时长"), "credited_minutes"},
                   HoursCell(credited_minutes)});
  cells.push_back({{session.Say("service honorary", "荣誉时长"), "honorary_minutes"},
                   HoursCell(honorary_minutes)});
  cells.push_back({{session.Say("points", "积分"), "units"}, PointsCell(units)});
}

Table SegmentTable(const Session& session, const SegmentList& segments) {
  Table table({{session.Say("day", "日期"), "service_day"},
               {session.Say("credited", "计分时长"), "credited_minutes", Align::kRight},
               {session.Say("honorary", "荣誉时长"), "honorary_minutes", Align::kRight},
               {session.Say("rule", "规则版本"), "rule_version", Align::kRight},
               {session.Say("points/h", "积分/小时"), "points_per_hour", Align::kRight},
               {session.Say("percent", "百分比"), "percentage", Align::kRight},
               {session.Say("points", "积分"), "units", Align::kRight},
               {session.Say("can be spent until", "有效期至"), "expiry_day"}});
  for (const v1::CreditSegment& segment : segments) {
    table.Add({Day(segment.service_day_number()), HoursCell(segment.credited_minutes()),
               HoursCell(segment.honorary_minutes()), std::to_string(segment.rule_version()),
               std::to_string(segment.points_per_hour()), std::to_string(segment.percentage()),
               PointsCell(segment.units()),
               segment.units() == 0              ? Cell("")
               : segment.has_expiry_day_number() ? Cell(Day(segment.expiry_day_number()))
                                                 : Cell(session.Say("for ever", "长期有效"), "")});
  }
  return table;
}

}  // namespace meritbook::cli
