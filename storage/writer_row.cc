// row = "MBWR" version:u32=1 epoch:u64 nonce:u64 hash
// hash = SHA-256(the bytes before it ‖ the ledger's id)
#include "storage/writer_row.h"

#include "ledger/text.h"
#include "storage/byte_codec.h"

namespace meritbook {
namespace {

// On disk. Never renumber.
constexpr std::string_view kMagic = "MBWR";
constexpr uint32_t kVersion = 1;

}  // namespace

std::string EncodeWriterRow(std::string_view ledger, const WriterStamp& writer) {
  std::string row(kMagic);
  AppendLittle(row, kVersion);
  AppendLittle(row, writer.epoch);
  AppendLittle(row, writer.nonce);
  const Hash hash = Sha256(Text(row, ledger));
  row.append(AsBytes(hash));
  return row;
}

absl::StatusOr<WriterStamp> DecodeWriterRow(std::string_view ledger, std::string_view bytes) {
  // Fixed width: decode what is there, encode it again, and compare the whole.
  constexpr size_t kEpochOffset = kMagic.size() + sizeof(kVersion);
  constexpr size_t kRowBytes = kEpochOffset + 2 * sizeof(uint64_t) + sizeof(Hash);
  if (bytes.size() == kRowBytes) {
    const WriterStamp writer{
        .epoch = LoadLittle<uint64_t>(bytes.data() + kEpochOffset),
        .nonce = LoadLittle<uint64_t>(bytes.data() + kEpochOffset + sizeof(uint64_t))};
    if (EncodeWriterRow(ledger, writer) == bytes) return writer;
  }
  return absl::DataLossError(Text("ledger '", ledger, "': its writer row is damaged"));
}

}  // namespace meritbook
