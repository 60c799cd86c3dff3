#include "cli/session.h"

#include <cstdio>

#include "cli/api_key.h"
#include "cli/client.h"
#include "cli/instant.h"
#include "cli/json_text.h"
#include "cli/text.h"
#include "meritbook/v1/audit.grpc.pb.h"

namespace meritbook::cli {

Session::Session(Globals globals) : globals_(std::move(globals)) {}
Session::~Session() = default;

absl::StatusOr<Client*> Session::Connect() {
  if (client_ != nullptr) return client_.get();
  std::string key = globals_.key;
  if (!globals_.key_file.empty()) {
    auto read = ReadKeyFile(globals_.key_file);
    if (!read.ok()) return read.status();
    key = *std::move(read);
  }
  auto client = Client::New(globals_.server, key, globals_.timeout_seconds);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  return client_.get();
}

absl::StatusOr<std::string> Session::LedgerId() const {
  if (!globals_.ledger.empty()) return globals_.ledger;
  return absl::InvalidArgumentError("which ledger? Give --ledger ID or set MERIT_LEDGER");
}

absl::StatusOr<v1::GetLedgerResponse> Session::Ledger() {
  if (ledger_) return *ledger_;
  auto ledger = LedgerNow();
  if (ledger.ok()) ledger_ = *ledger;
  return ledger;
}

absl::StatusOr<v1::GetLedgerResponse> Session::LedgerNow() {
  const auto ledger_id = LedgerId();
  if (!ledger_id.ok()) return ledger_id.status();
  const auto client = Connect();
  if (!client.ok()) return client.status();
  const auto stub = v1::AuditService::NewStub((*client)->channel());
  v1::GetLedgerRequest request;
  request.set_ledger_id(*ledger_id);
  v1::GetLedgerResponse response;
  const absl::Status status =
      (*client)->Call(static_cast<v1::AuditService::StubInterface&>(*stub),
                      &v1::AuditService::StubInterface::GetLedger, request, &response);
  if (!status.ok()) return status;
  return response;
}

absl::TimeZone Session::Zone() {
  if (!zone_) {
    zone_ = absl::UTCTimeZone();
    const auto ledger = Ledger();
    absl::TimeZone zone;
    if (ledger.ok() && absl::LoadTimeZone(ledger->time_zone(), &zone)) zone_ = zone;
  }
  return *zone_;
}

std::string Session::Instant(int64_t us) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", absl::FromUnixMicros(us), Zone());
}

Cell Session::InstantCell(int64_t us) {
  const std::string text = Instant(us);
  return {text, text};
}

void Session::Show(const google::protobuf::Message& message, const Table& table, Shape shape) {
  if (globals_.format == Format::kJson) {
    ShowText(JsonText(message));
  } else {
    ShowTable(table, shape);
  }
}

void Session::ShowTable(const Table& table, Shape shape) const {
  if (globals_.format == Format::kCsv) {
    ShowText(table.Csv());
  } else {
    ShowText(shape == Shape::kRows ? table.Text(globals_.colour) : table.TextDown(globals_.colour));
  }
}

void Session::ShowText(std::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Session::Note(std::string_view text) const {
  const std::string line = Text("merit: ", text, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

absl::StatusOr<int64_t> InstantFlag(std::string_view flag, std::string_view value) {
  const ParsedInstant parsed = ParseInstant(value);
  if (parsed.fault == nullptr) return parsed.us;
  return absl::InvalidArgumentError(Text(flag, " ", value, ": ", parsed.fault));
}

}  // namespace meritbook::cli
