#include "cli/import/import_command.h"

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "cli/client.h"
#include "cli/import/import_run.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/progress.h"
#include "cli/quantity.h"
#include "cli/refusal_words.h"
#include "cli/session.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

struct ImportSummary {
  ImportCounts counts;
  double seconds = 0;
  uint64_t size = 0;
  std::string refused_file;

  double EventsPerSecond() const {
    return seconds > 0 ? static_cast<double>(counts.applied) / seconds : 0;
  }
  uint64_t Refused() const {
    uint64_t sum = 0;
    for (const auto& [reason, count] : counts.refused) sum += count;
    return sum;
  }
};

std::string JsonOf(const ImportSummary& summary) {
  nlohmann::ordered_json json;
  json["rows"] = summary.counts.rows;
  json["commands"] = summary.counts.commands;
  json["applied"] = summary.counts.applied;
  json["already_applied"] = summary.counts.already_applied;
  json["refused"] = nlohmann::ordered_json::object();
  for (const auto& [reason, count] : summary.counts.refused) json["refused"][reason] = count;
  json["seconds"] = summary.seconds;
  json["events_per_s"] = summary.EventsPerSecond();
  json["size"] = summary.size;
  json["refused_file"] = summary.refused_file;
  return JsonText(json);
}

Table TableOf(const Session& session, const ImportSummary& summary) {
  Table table({{session.Say("rows", "行数"), "rows", Align::kRight},
               {session.Say("events written", "新入账"), "applied", Align::kRight},
               {session.Say("already there", "此前已入账"), "already_applied", Align::kRight},
               {session.Say("refused", "被拒绝"), "refused", Align::kRight},
               {session.Say("seconds", "秒"), "seconds", Align::kRight},
               {session.Say("events/s", "事件/秒"), "events_per_s", Align::kRight},
               {session.Say("ledger's size", "账本事件数"), "size", Align::kRight}});
  table.Add({CountCell(summary.counts.rows), CountCell(summary.counts.applied),
             CountCell(summary.counts.already_applied), CountCell(summary.Refused()),
             absl::StrFormat("%.2f", summary.seconds),
             CountCell(static_cast<uint64_t>(summary.EventsPerSecond())), CountCell(summary.size)});
  return table;
}

Table ReasonTable(const Session& session, const ImportSummary& summary) {
  Table table({{session.Say("refused", "被拒绝"), "refused", Align::kRight},
               {session.Say("reason", "原因"), "reason"},
               {session.Say("meaning", "说明"), "meaning"}});
  for (const auto& [reason, count] : summary.counts.refused) {
    const auto words = WordsOf(std::string_view(reason));
    table.Add({CountCell(count), reason, words ? words->Meaning(session.language()) : ""});
  }
  return table;
}

}  // namespace

absl::StatusOr<int> Import(Session& session, const ImportFlags& flags) {
  const auto begin = std::chrono::steady_clock::now();
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger = session.Ledger();
  if (!ledger.ok()) return ledger.status();
  Progress progress(session.Say("import", "导入"));
  ImportOptions options;
  options.folder = flags.folder;
  options.refused_file = flags.refused_file.empty()
                             ? (std::filesystem::path(flags.folder) / "refused.csv").string()
                             : flags.refused_file;
  options.ledger_id = ledger->ledger_id();
  options.with_recorded_time = ledger->state() == v1::LEDGER_STATE_MIGRATING;
  options.batch_items_max = flags.batch_items_max;
  options.in_flight_max = flags.in_flight_max;
  options.language = session.language();
  options.note = [&session](std::string_view text) { session.Note(text); };
  options.progress = [&progress](uint64_t done, uint64_t total) { progress.Update(done, total); };
  auto counts = RunImport(**client, options);
  if (!counts.ok()) return counts.status();
  ImportSummary summary;
  summary.counts = *std::move(counts);
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  summary.refused_file = options.refused_file;
  const auto after = session.LedgerNow();
  if (!after.ok()) return after.status();
  summary.size = after->size();

  if (session.globals().format == Format::kJson) {
    session.ShowText(JsonOf(summary));
  } else {
    session.ShowTable(TableOf(session, summary), Shape::kDown);
  }
  if (session.globals().format == Format::kTable && summary.Refused() > 0) {
    session.ShowText("\n");
    session.ShowTable(ReasonTable(session, summary), Shape::kRows);
    session.ShowText(Text(session.Say("which rows: ", "明细见 "), summary.refused_file, "\n"));
  }
  return flags.strict && summary.Refused() > 0 ? kExitRefused : kExitOk;
}

}  // namespace meritbook::cli
