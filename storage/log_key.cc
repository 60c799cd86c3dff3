#include "storage/log_key.h"

#include "absl/strings/escaping.h"
#include "ledger/text.h"
#include "storage/event_log.h"

namespace meritbook {
namespace {

constexpr size_t kSequenceBytes = 8;

}  // namespace

std::string WriterRowKey(std::string_view ledger) {
  std::string key(ledger);
  key.push_back('\0');
  return key;
}

std::string RecordKey(std::string_view ledger, uint64_t first_sequence) {
  std::string key = WriterRowKey(ledger);
  for (int shift = 56; shift >= 0; shift -= 8) {  // big-endian: bytewise order is numeric order
    key.push_back(static_cast<char>(first_sequence >> shift));
  }
  return key;
}

std::string LedgerKeysEnd(std::string_view ledger) {
  std::string key(ledger);
  key.push_back('\1');
  return key;
}

absl::StatusOr<LogKey> DecodeLogKey(std::string_view key) {
  const size_t end = key.find('\0');
  if (end != std::string_view::npos && CheckLedgerId(key.substr(0, end)).ok()) {
    LogKey decoded{.ledger = key.substr(0, end), .first_sequence = std::nullopt};
    const std::string_view sequence = key.substr(end + 1);
    if (sequence.empty()) return decoded;
    if (sequence.size() == kSequenceBytes) {
      uint64_t first_sequence = 0;
      for (const char byte : sequence) {
        first_sequence = first_sequence << 8 | static_cast<uint8_t>(byte);
      }
      decoded.first_sequence = first_sequence;
      return decoded;
    }
  }
  return absl::DataLossError(
      Text("unknown key '", absl::CHexEscape(std::string(key.substr(0, 100))), "' in the log"));
}

}  // namespace meritbook
