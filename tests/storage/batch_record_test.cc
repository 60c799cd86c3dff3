#include "storage/batch_record.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "ledger/text.h"
#include "storage/byte_codec.h"
#include "storage/event_log.h"
#include "storage/log_key.h"
#include "storage/writer_row.h"
#include "tests/storage/scratch.h"

namespace meritbook {
namespace {

std::string Hex(std::string_view bytes) { return absl::BytesToHexString(std::string(bytes)); }

EventRun GoldenEvents() {
  EventRun events;
  events.Add("one");
  events.Add("");
  events.Add("three");
  return events;
}

EncodedRecord GoldenRecord() {
  Hash previous;
  for (size_t i = 0; i < previous.size(); ++i) previous[i] = static_cast<uint8_t>(i);
  const EventRun events = GoldenEvents();
  return EncodeBatchRecord({.ledger = "linhai",
                            .first_sequence = 0x0102030405060708,
                            .writer = {.epoch = 9, .nonce = 0xfffefdfcfbfaf9f8},
                            .previous = previous},
                           events, 0, events.size());
}

// The record with `bytes` at `offset`, and its checksum put right again: what a hostile writer,
// rather than a decaying disk, would make.
std::string Resealed(std::string record, size_t offset, std::string_view bytes) {
  record.replace(offset, bytes.size(), bytes);
  record.resize(record.size() - sizeof(Hash));
  const Hash hash = Sha256(record);
  record += AsBytes(hash);
  return record;
}

TEST(BatchRecord, GoldenBytes) {
  EXPECT_EQ(Hex(GoldenRecord().bytes),
            "4d424252"
            "01000000"
            "06"
            "6c696e686169"
            "0807060504030201"
            "0900000000000000"
            "f8f9fafbfcfdfeff"
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            "03000000"
            "0300"
            "0000"
            "0500"
            "6f6e65"
            "7468726565"
            "e051feeedcfdc4d0118af83840425e6248556e85053b4d45b51848b44712f30a");
}

TEST(BatchRecord, GoldenKeys) {
  EXPECT_EQ(Hex(RecordKey("linhai", 0x0102030405060708)),
            "6c696e68616900"
            "0102030405060708");
  EXPECT_EQ(Hex(WriterRowKey("linhai")), "6c696e68616900");
  EXPECT_EQ(Hex(AsBytes(FirstPreviousHash("linhai"))),
            "7150428d751bafaa80079fe967d65097433a846c8cb4f1a6a3538605bbc4b157");
  EXPECT_EQ(FirstPreviousHash("linhai"), Sha256("meritbook/log/1/linhai"));
}

TEST(BatchRecord, GoldenWriterRow) {
  EXPECT_EQ(Hex(EncodeWriterRow("linhai", {.epoch = 9, .nonce = 0xfffefdfcfbfaf9f8})),
            "4d425752"
            "01000000"
            "0900000000000000"
            "f8f9fafbfcfdfeff"
            "5268ab5be76aafd505b548f5208495ef5673b27c2905e1192043e6dd80cf83c6");
}

TEST(BatchRecord, DecodesWhatWasEncoded) {
  const EncodedRecord encoded = GoldenRecord();
  const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(encoded.bytes);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->header.ledger, "linhai");
  EXPECT_EQ(record->header.first_sequence, 0x0102030405060708u);
  EXPECT_EQ(record->end_sequence(), 0x0102030405060708u + 3);
  EXPECT_EQ(record->header.writer, (WriterStamp{.epoch = 9, .nonce = 0xfffefdfcfbfaf9f8}));
  EXPECT_EQ(record->hash, encoded.hash);
  EXPECT_TRUE(record->events() == GoldenEvents());
}

TEST(BatchRecord, EncodesAnyStretchOfARun) {
  const EventRun events = EventsAt("linhai", 0, 100);
  const EncodedRecord encoded = EncodeBatchRecord({.ledger = "linhai"}, events, 40, 60);
  EXPECT_TRUE(DecodeBatchRecord(encoded.bytes)->events() == EventsAt("linhai", 40, 20));
}

// Offsets in the golden record.
constexpr size_t kVersionAt = 4;
constexpr size_t kLedgerAt = 8;
constexpr size_t kFirstSequenceAt = 15;
constexpr size_t kCountAt = 71;
constexpr size_t kLengthsAt = 75;
constexpr size_t kEndAt = 89;

TEST(BatchRecord, StrictDecoding) {
  const std::string golden = GoldenRecord().bytes;
  ASSERT_EQ(golden.size(), kEndAt + sizeof(Hash));
  const std::string most = std::string(8, '\xff');
  const struct {
    std::string name;
    std::string bytes;
    std::string want;
  } rows[] = {
      {"empty", "", "too short"},
      {"shorter than a hash", std::string(31, 'x'), "too short"},
      {"hash alone", Resealed(std::string(32, 'x'), 0, ""), "wrong magic"},
      {"last byte missing", golden.substr(0, golden.size() - 1), "checksum mismatch"},
      {"byte appended", golden + 'x', "checksum mismatch"},
      {"magic", Resealed(golden, 0, "MBBX"), "wrong magic"},
      {"version", Resealed(golden, kVersionAt, std::string("\2", 1)), "unknown version 2"},
      {"ends in the version", Resealed(golden.substr(0, 6 + 32), 0, ""), "within the version"},
      {"ends before the ledger", Resealed(golden.substr(0, 8 + 32), 0, ""),
       "within the ledger's length"},
      {"ledger longer than all", Resealed(golden, kLedgerAt, "\xff"), "within the ledger"},
      {"ledger empty", Resealed(golden, kLedgerAt, std::string(1, '\0')), "not a ledger's id"},
      {"ledger no id", Resealed(golden, kLedgerAt + 1, "/"), "not a ledger's id"},
      {"ends in the header", Resealed(golden.substr(0, 60 + 32), 0, ""), "within the header"},
      {"sequences overflow", Resealed(golden, kFirstSequenceAt, most), "overflow"},
      {"no event", Resealed(golden, kCountAt, std::string(4, '\0')), "holds no event"},
      {"count far too large", Resealed(golden, kCountAt, "\xff\xff\xff\xff"), "events' lengths"},
      {"count too large", Resealed(golden, kCountAt, "\x04"), "within the events"},
      {"count too small", Resealed(golden, kCountAt, "\x02"), "trailing bytes"},
      {"length too large", Resealed(golden, kLengthsAt, "\x04"), "within the events"},
      {"length too small", Resealed(golden, kLengthsAt, "\x02"), "trailing bytes"},
      {"ends in the lengths", Resealed(golden.substr(0, kLengthsAt + 3 + 32), 0, ""),
       "events' lengths"},
      {"ends in the events", Resealed(golden.substr(0, kEndAt - 1 + 32), 0, ""),
       "within the events"},
      {"trailing byte", Resealed(golden + 'x', 0, ""), "trailing bytes"},
  };
  for (const auto& row : rows) {
    const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(row.bytes);
    ASSERT_FALSE(record.ok()) << row.name;
    EXPECT_EQ(record.status().code(), absl::StatusCode::kDataLoss) << row.name;
    EXPECT_NE(MessageOf(record.status()).find(row.want), std::string_view::npos)
        << row.name << ": " << record.status();
  }
}

TEST(BatchRecord, EveryFlippedBitIsRefused) {
  const std::string golden = GoldenRecord().bytes;
  for (size_t i = 0; i < golden.size() * 8; ++i) {
    std::string flipped = golden;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(DecodeBatchRecord(flipped).ok()) << "bit " << i;
  }
}

TEST(BatchRecord, HostileBytesGiveAStatus) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(Text("seed ", seed, ": put it in place of random_device to replay"));
  std::mt19937 random(seed);
  const std::string golden = GoldenRecord().bytes;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes =
        golden.substr(0, random() % 4 == 0 ? 32 + random() % kEndAt : golden.size());
    for (uint32_t flips = random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const std::string sealed = Resealed(bytes, 0, "");
    const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(sealed);
    if (record.ok()) {
      EXPECT_EQ(record->events().size(), record->event_count);
    }
  }
}

TEST(BatchRecord, CutsAreFullButNotFuller) {
  EventRun events;
  EXPECT_TRUE(RecordCuts(events).empty());
  events.Add(std::string(kRecordBytesMax / 2 - 2, 'a'));
  events.Add(std::string(kRecordBytesMax / 2 - 2, 'b'));
  EXPECT_EQ(RecordCuts(events), (std::vector<size_t>{2}));  // exactly full
  EXPECT_TRUE(DecodeBatchRecord(EncodeBatchRecord({.ledger = "l"}, events, 0, 2).bytes).ok());
  events.Add("");
  EXPECT_EQ(RecordCuts(events), (std::vector<size_t>{2, 3}));
  EventRun one_more;
  one_more.Add(std::string(kRecordBytesMax / 2 - 2, 'a'));
  one_more.Add(std::string(kRecordBytesMax / 2 - 1, 'b'));
  EXPECT_EQ(RecordCuts(one_more), (std::vector<size_t>{1, 2}));
  EventRun longest;
  for (int i = 0; i < 3; ++i) longest.Add(std::string(kEventBytesMax, 'x'));
  EXPECT_EQ(RecordCuts(longest), (std::vector<size_t>{1, 2, 3}));
  EventRun empties;
  for (size_t i = 0; i < kRecordBytesMax / 2 + 1; ++i) empties.Add("");
  EXPECT_EQ(RecordCuts(empties), (std::vector<size_t>{kRecordBytesMax / 2, empties.size()}));
}

TEST(BatchRecord, AFullerRecordIsRefused) {
  EventRun events;
  events.Add(std::string(kRecordBytesMax / 2 - 2, 'a'));
  events.Add(std::string(kRecordBytesMax / 2 - 2, 'b'));
  const std::string full = EncodeBatchRecord({.ledger = "l"}, events, 0, 2).bytes;
  // One byte more in the first event.
  const size_t lengths_at = 4 + 4 + 2 + 24 + 32 + 4;
  std::string fuller = full;
  fuller.insert(lengths_at + 4, "x");
  fuller[lengths_at] = static_cast<char>(fuller[lengths_at] + 1);
  const std::string sealed = Resealed(fuller, 0, "");
  const absl::StatusOr<BatchRecordView> record = DecodeBatchRecord(sealed);
  EXPECT_NE(MessageOf(record.status()).find("too long"), std::string_view::npos);
}

TEST(LogKey, SortsByLedgerThenSequence) {
  const std::vector<std::string> sorted = {
      WriterRowKey("a"),       RecordKey("a", 0),
      RecordKey("a", 255),     RecordKey("a", 256),
      RecordKey("a", 1 << 30), RecordKey("a", std::numeric_limits<uint64_t>::max()),
      LedgerKeysEnd("a"),      WriterRowKey("a-"),
      RecordKey("a-", 3),      WriterRowKey("aa")};
  for (size_t i = 1; i < sorted.size(); ++i) EXPECT_LT(sorted[i - 1], sorted[i]) << i;
}

TEST(LogKey, DecodesItsOwnAndNothingElse) {
  const std::string key = RecordKey("linhai", 77);
  EXPECT_EQ(DecodeLogKey(key)->ledger, "linhai");
  EXPECT_EQ(DecodeLogKey(key)->first_sequence, 77u);
  EXPECT_FALSE(DecodeLogKey(WriterRowKey("linhai"))->first_sequence.has_value());
  for (const std::string& bad :
       {std::string(), std::string("linhai"), key + 'x', key.substr(0, key.size() - 1),
        std::string("\0"
                    "12345678",
                    9),
        RecordKey("a/b", 1), LedgerKeysEnd("linhai")}) {
    EXPECT_EQ(DecodeLogKey(bad).status().code(), absl::StatusCode::kDataLoss) << Hex(bad);
  }
}

TEST(WriterRow, BelongsToItsLedgerAndShowsEveryFlippedBit) {
  const WriterStamp writer{.epoch = 3, .nonce = 12345};
  const std::string row = EncodeWriterRow("linhai", writer);
  EXPECT_EQ(*DecodeWriterRow("linhai", row), writer);
  EXPECT_FALSE(DecodeWriterRow("taizhou", row).ok());
  EXPECT_FALSE(DecodeWriterRow("linhai", row + 'x').ok());
  EXPECT_FALSE(DecodeWriterRow("linhai", "").ok());
  for (size_t i = 0; i < row.size() * 8; ++i) {
    std::string flipped = row;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(DecodeWriterRow("linhai", flipped).ok()) << "bit " << i;
  }
}

}  // namespace
}  // namespace meritbook
