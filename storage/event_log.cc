#include "storage/event_log.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr size_t kLedgerIdBytesMax = 64;

bool IsIdByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == ':' ||
         c == '-';
}

}  // namespace

EventLog::~EventLog() = default;

absl::Status EventLog::BackUp(BackupFolder&, const BackupProgress&) const {
  return absl::UnimplementedError("this log can't be backed up");
}

absl::Status CheckLedgerId(std::string_view ledger) {
  if (ledger.empty() || ledger.size() > kLedgerIdBytesMax ||
      !std::all_of(ledger.begin(), ledger.end(), IsIdByte) || ledger == "." || ledger == "..") {
    return absl::InvalidArgumentError(Text(
        "'", ledger.substr(0, kLedgerIdBytesMax),
        "' can't name a ledger: want 1 to 64 of A-Z a-z 0-9 . _ : - and neither \".\" nor \"..\""));
  }
  return absl::OkStatus();
}

void CheckAppendGroup(const std::vector<LedgerAppend>& group) {
  MB_CHECK(!group.empty());
  std::vector<std::string_view> ledgers;
  ledgers.reserve(group.size());
  for (const LedgerAppend& append : group) {
    MB_CHECK(!append.events.empty());
    MB_CHECK(append.events.ends.back() == append.events.bytes.size());
    uint32_t begin = 0;
    for (const uint32_t end : append.events.ends) {
      MB_CHECK(begin <= end);
      MB_CHECK(end - begin <= kEventBytesMax);
      begin = end;
    }
    ledgers.push_back(append.ledger);
  }
  std::sort(ledgers.begin(), ledgers.end());
  const bool ledger_appears_twice =
      std::adjacent_find(ledgers.begin(), ledgers.end()) != ledgers.end();
  MB_CHECK(!ledger_appears_twice);
}

}  // namespace meritbook
