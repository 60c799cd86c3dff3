#include "cli/report_command.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include "cli/client.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/report.grpc.pb.h"

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
};

std::string TitleOf(const Session& session, const std::string& name) {
  for (const Title& title : kTitles) {
    if (title.name == name) return session.Say(title.english, title.chinese);
  }
  return name;
}

// Points, hours and times as people read them.
Cell Shown(Session& session, const std::string& name, const std::string& value) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) return value;
  if (name == "last_recorded_us") return session.InstantCell(number);
  if (name == "units_per_point" || number < 0) return value;
  if (name.ends_with("_units")) return PointsCell(number);
  if (name.ends_with("minutes")) return HoursCell(static_cast<uint64_t>(number));
  return CountCell(static_cast<uint64_t>(number));
}

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::InvalidArgumentError(Text(file, ": can't be read"));
  return text.str();
}

Table FigureTable(Session& session, const std::vector<Figure>& figures, bool compared) {
  std::vector<Column> columns = {{session.Say("figure", "指标"), "figure"}};
  if (compared) {
    columns.push_back({session.Say("expected", "应为"), "expected", Align::kRight});
  }
  columns.push_back({session.Say("ledger", "账本"), "found", Align::kRight});
  if (compared) columns.push_back({"", "differs"});
  Table table(columns);
  for (const Figure& figure : figures) {
    const Cell name(TitleOf(session, figure.name), figure.name);
    const Cell found = Shown(session, figure.name, figure.found);
    if (!compared) {
      table.Add({name, found});
      continue;
    }
    const char* const mark = figure.expected.empty() ? ""
                             : figure.differs        ? session.Say("DIFFERS", "不一致")
                                                     : session.Say("agrees", "一致");
    table.Add({name, Shown(session, figure.name, figure.expected), found,
               Cell(mark, figure.differs ? "true" : "false")});
  }
  return table;
}

}  // namespace

absl::StatusOr<int> ReportSummary(Session& session, const SummaryFlags& flags) {
  std::optional<std::string> expected_json;
  if (!flags.expected_file.empty()) {
    auto text = ReadFile(flags.expected_file);
    if (!text.ok()) return text.status();
    expected_json = *std::move(text);
  }
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto stub = v1::ReportService::NewStub((*client)->channel());
  v1::GetSummaryRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_min_size(flags.size_min);
  v1::GetSummaryResponse summary;
  const absl::Status status =
      (*client)->Call(static_cast<v1::ReportService::StubInterface&>(*stub),
                      &v1::ReportService::StubInterface::GetSummary, request, &summary);
  if (!status.ok()) return status;
  const auto figures = CompareSummary(summary, expected_json);
  if (!figures.ok()) {
    return absl::InvalidArgumentError(Text(flags.expected_file, ": ", MessageOf(figures.status())));
  }
  std::string differing;
  for (const Figure& figure : *figures) {
    if (figure.differs) differing += Text(differing.empty() ? "" : ", ", figure.name);
  }
  const bool compared = !flags.expected_file.empty();
  if (session.globals().format != Format::kJson) {
    session.ShowTable(FigureTable(session, *figures, compared), Shape::kRows);
  } else if (compared) {
    session.ShowText(JsonText(summary, {{"differs", differing}}));
  } else {
    session.ShowText(JsonText(summary));
  }
  if (differing.empty()) return kExitOk;
  session.Note(Text(session.Say("these figures differ: ", "以下指标不一致："), differing));
  return kExitRefused;
}

}  // namespace meritbook::cli
