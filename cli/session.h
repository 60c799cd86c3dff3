// Owns: what a command works with: flags, connection, standard output.
// Promises: connects only when a command asks for it.
// Thread: one.
#ifndef MERITBOOK_CLI_SESSION_H_
#define MERITBOOK_CLI_SESSION_H_

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/globals.h"
#include "cli/table.h"
#include "meritbook/v1/audit.pb.h"

namespace meritbook::cli {

class Client;

enum class Shape { kRows, kDown };

class Session {
 public:
  explicit Session(Globals globals);
  ~Session();

  const Globals& globals() const { return globals_; }
  Language language() const { return globals_.language; }
  const char* Say(const char* english, const char* chinese) const {
    return Pick(globals_.language, english, chinese);
  }

  absl::StatusOr<Client*> Connect();
  // --ledger, or InvalidArgument.
  absl::StatusOr<std::string> LedgerId() const;
  // As it was when first asked for.
  absl::StatusOr<v1::GetLedgerResponse> Ledger();
  // As it is.
  absl::StatusOr<v1::GetLedgerResponse> LedgerNow();

  // The ledger's; UTC for who may not read the ledger.
  absl::TimeZone Zone();
  // "2021-03-05T09:00:00+08:00" in the ledger's zone; in UTC for who may not read the ledger.
  std::string Instant(int64_t us);
  Cell InstantCell(int64_t us);

  // The table, or the message as JSON.
  void Show(const google::protobuf::Message& message, const Table& table, Shape shape);
  void ShowText(std::string_view text) const;
  // A table as --format wants it; JSON is the caller's.
  void ShowTable(const Table& table, Shape shape) const;
  // For people: on standard error.
  void Note(std::string_view text) const;

 private:
  const Globals globals_;
  std::unique_ptr<Client> client_;
  std::optional<v1::GetLedgerResponse> ledger_;
  std::optional<absl::TimeZone> zone_;
};

// The instant of --recorded-at.
absl::StatusOr<int64_t> InstantFlag(std::string_view flag, std::string_view value);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SESSION_H_
