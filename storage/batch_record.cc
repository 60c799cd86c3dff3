// record  = magic version ledger first epoch nonce previous count length* event* hash
// magic   = "MBBR"                  version = u32 = 1       ledger = u8 length, bytes
// first   = u64                     epoch   = u64           nonce  = u64
// previous = 32 bytes               count   = u32           length = u16 (one for each event)
// hash    = SHA-256 of all bytes before it
#include "storage/batch_record.h"

#include <limits>
#include <optional>

#include "ledger/check.h"
#include "ledger/text.h"
#include "storage/byte_codec.h"
#include "storage/event_log.h"

namespace meritbook {
namespace {

// On disk. Never renumber.
constexpr std::string_view kMagic = "MBBR";
constexpr uint32_t kVersion = 1;
constexpr std::string_view kFirstPreviousPrefix = "meritbook/log/1/";

constexpr size_t kLengthBytes = sizeof(uint16_t);

size_t EventBegin(const EventRun& events, size_t i) { return i == 0 ? 0 : events.ends[i - 1]; }

absl::Status Malformed(std::string_view what) {
  return absl::DataLossError(Text("batch record: ", what));
}

}  // namespace

Hash FirstPreviousHash(std::string_view ledger) {
  return Sha256(Text(kFirstPreviousPrefix, ledger));
}

EncodedRecord EncodeBatchRecord(const RecordHeader& header, const EventRun& events, size_t begin,
                                size_t end) {
  MB_CHECK(begin < end);
  MB_CHECK(end <= events.size());
  MB_CHECK(CheckLedgerId(header.ledger).ok());
  const size_t first_byte = EventBegin(events, begin);
  const size_t event_bytes = events.ends[end - 1] - first_byte;
  const size_t payload_bytes = event_bytes + (end - begin) * kLengthBytes;
  const bool fits = payload_bytes <= kRecordBytesMax || end - begin == 1;
  MB_CHECK(fits);

  EncodedRecord record;
  std::string& out = record.bytes;
  out.reserve(payload_bytes + 256);
  out.append(kMagic);
  AppendLittle(out, kVersion);
  AppendLittle(out, static_cast<uint8_t>(header.ledger.size()));
  out.append(header.ledger);
  AppendLittle(out, header.first_sequence);
  AppendLittle(out, header.writer.epoch);
  AppendLittle(out, header.writer.nonce);
  out.append(AsBytes(header.previous));
  AppendLittle(out, static_cast<uint32_t>(end - begin));
  for (size_t i = begin; i < end; ++i) {
    const size_t length = events.ends[i] - EventBegin(events, i);
    MB_CHECK(length <= kEventBytesMax);
    AppendLittle(out, static_cast<uint16_t>(length));
  }
  out.append(events.bytes, first_byte, event_bytes);
  record.hash = Sha256(out);
  out.append(AsBytes(record.hash));
  return record;
}

std::vector<size_t> RecordCuts(const EventRun& events) {
  std::vector<size_t> cuts;
  size_t payload_bytes = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    const size_t added = kLengthBytes + events.ends[i] - EventBegin(events, i);
    if (payload_bytes != 0 && payload_bytes + added > kRecordBytesMax) {
      cuts.push_back(i);
      payload_bytes = 0;
    }
    payload_bytes += added;
  }
  if (!events.empty()) cuts.push_back(events.size());
  return cuts;
}

EventRun BatchRecordView::events() const {
  EventRun run;
  run.bytes = event_bytes;
  run.ends.reserve(event_count);
  uint32_t end = 0;
  for (size_t i = 0; i < event_count; ++i) {
    end += LoadLittle<uint16_t>(event_lengths.data() + i * kLengthBytes);
    run.ends.push_back(end);
  }
  return run;
}

absl::StatusOr<BatchRecordView> DecodeBatchRecord(std::string_view bytes) {
  // The checksum comes first: when it fails, no other complaint means anything.
  BatchRecordView record;
  if (bytes.size() < sizeof(Hash)) return Malformed("too short");
  const std::string_view hashed = bytes.substr(0, bytes.size() - sizeof(Hash));
  record.hash = Sha256(hashed);
  if (AsBytes(record.hash) != bytes.substr(hashed.size())) return Malformed("checksum mismatch");

  ByteReader reader(hashed);
  if (reader.Take(kMagic.size()) != kMagic) return Malformed("wrong magic");
  const std::optional<uint32_t> version = reader.TakeLittle<uint32_t>();
  if (!version) return Malformed("ends within the version");
  if (*version != kVersion) return Malformed(Text("unknown version ", *version));
  const std::optional<uint8_t> ledger_bytes = reader.TakeLittle<uint8_t>();
  if (!ledger_bytes) return Malformed("ends within the ledger's length");
  const std::optional<std::string_view> ledger = reader.Take(*ledger_bytes);
  if (!ledger) return Malformed("ends within the ledger");
  if (!CheckLedgerId(*ledger).ok()) return Malformed("not a ledger's id");
  record.header.ledger = *ledger;
  const std::optional<uint64_t> first_sequence = reader.TakeLittle<uint64_t>();
  const std::optional<uint64_t> epoch = reader.TakeLittle<uint64_t>();
  const std::optional<uint64_t> nonce = reader.TakeLittle<uint64_t>();
  const std::optional<Hash> previous = reader.TakeHash();
  const std::optional<uint32_t> event_count = reader.TakeLittle<uint32_t>();
  if (!first_sequence || !epoch || !nonce || !previous || !event_count) {
    return Malformed("ends within the header");
  }
  record.header.first_sequence = *first_sequence;
  record.header.writer = {.epoch = *epoch, .nonce = *nonce};
  record.header.previous = *previous;
  record.event_count = *event_count;
  if (*event_count == 0) return Malformed("holds no event");
  if (*first_sequence > std::numeric_limits<uint64_t>::max() - *event_count) {
    return Malformed("its sequences overflow");
  }

  const size_t payload_bytes = reader.rest().size();
  if (payload_bytes > kRecordBytesMax && *event_count != 1) return Malformed("too long");
  const std::optional<std::string_view> lengths = reader.Take(size_t{*event_count} * kLengthBytes);
  if (!lengths) return Malformed("ends within the events' lengths");
  record.event_lengths = *lengths;
  record.event_bytes = reader.rest();
  size_t expected_bytes = 0;
  for (size_t i = 0; i < *event_count; ++i) {
    expected_bytes += LoadLittle<uint16_t>(lengths->data() + i * kLengthBytes);
  }
  if (record.event_bytes.size() < expected_bytes) return Malformed("ends within the events");
  if (record.event_bytes.size() > expected_bytes) return Malformed("trailing bytes");
  return record;
}

}  // namespace meritbook
