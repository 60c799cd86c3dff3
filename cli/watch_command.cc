// merit watch: one line an event, as the ledger grows.
#include <cstdio>
#include <string>

#include "absl/strings/str_format.h"
#include "cli/account_commands.h"
#include "cli/client.h"
#include "cli/event_words.h"
#include "cli/json_text.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/session.h"
#include "cli/text.h"
#include "meritbook/v1/audit.grpc.pb.h"

namespace meritbook::cli {
namespace {

constexpr const char* kCsvHeader =
    "sequence,recorded_at,kind,volunteer_id,minutes,units,held_units,about\n";

std::string CsvLine(Session& session, const v1::Event& event, const EventWords& words) {
  return Text(event.sequence(), ",", session.Instant(event.recorded_us()), ",", words.kind, ",",
              words.volunteer_id, ",", words.minutes ? std::to_string(*words.minutes) : "", ",",
              words.units ? std::to_string(*words.units) : "", ",",
              words.held_units ? std::to_string(*words.held_units) : "", ",", CsvField(words.about),
              "\n");
}

std::string Signed(int64_t units) { return Text(units > 0 ? "+" : "", Points(units)); }

std::string Line(Session& session, const v1::Event& event, const EventWords& words) {
  std::string line = Text(absl::StrFormat("%9d", event.sequence()), "  ",
                          session.Instant(event.recorded_us()), "  ", words.what);
  if (!words.volunteer_id.empty()) line += Text("  ", words.volunteer_id);
  if (words.minutes) line += Text("  ", Hours(*words.minutes));
  // A hold moves points and changes no sum.
  const bool moves_only = words.held_units && words.units == 0;
  if (words.units && !moves_only) line += Text("  ", Signed(*words.units));
  if (words.held_units) {
    line += Text("  ", session.Say("held ", "占用 "), Signed(*words.held_units));
  }
  if (!words.about.empty()) line += Text("  ", words.about);
  return line + "\n";
}

}  // namespace

absl::StatusOr<int> Watch(Session& session, const WatchFlags& flags) {
  const auto client = session.Connect();
  if (!client.ok()) return client.status();
  const auto ledger_id = session.LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  v1::StreamEventsRequest request;
  request.set_ledger_id(*ledger_id);
  request.set_from_sequence(flags.from_sequence);
  request.set_follow(flags.follow);
  request.set_max_events(flags.events_max);
  const auto stub = v1::AuditService::NewStub((*client)->channel());
  grpc::ClientContext context;
  (*client)->Authorise(context);
  const auto stream = stub->StreamEvents(&context, request);
  if (session.globals().format == Format::kCsv) session.ShowText(kCsvHeader);
  v1::StreamEventsResponse response;
  v1::Event event;
  while (stream->Read(&response)) {
    for (const std::string& bytes : response.events()) {
      if (!event.ParseFromString(bytes)) {
        return absl::DataLossError("an event of the stream can't be read");
      }
      if (session.globals().format == Format::kJson) {
        session.ShowText(JsonLine(event) + "\n");
        continue;
      }
      const EventWords words = WordsOf(event, session.language(), session.Zone());
      session.ShowText(session.globals().format == Format::kCsv ? CsvLine(session, event, words)
                                                                : Line(session, event, words));
    }
    std::fflush(stdout);
  }
  const absl::Status status = (*client)->StatusOf(stream->Finish());
  if (!status.ok()) return status;
  return kExitOk;
}

}  // namespace meritbook::cli
