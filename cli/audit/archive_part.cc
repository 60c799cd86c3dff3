#include "cli/audit/archive_part.h"

#include <openssl/sha.h>

#include <array>
#include <cstdio>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "cli/audit/identifier.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// On disk. Never renumber.
constexpr std::string_view kMagic = "MBAR";
constexpr uint32_t kVersion = 1;

constexpr size_t kNameDigits = 20;

template <typename Number>
void Append(std::string& bytes, Number number) {
  for (size_t i = 0; i < sizeof(Number); ++i) {
    bytes.push_back(static_cast<char>(static_cast<uint64_t>(number) >> (8 * i)));
  }
}

std::string Sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Takes pieces off the front; once one is missing, all that follow are.
class Pieces {
 public:
  explicit Pieces(std::string_view bytes) : rest_(bytes) {}

  std::string_view Bytes(size_t count) {
    whole_ = whole_ && rest_.size() >= count;
    if (!whole_) return {};
    const std::string_view piece = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return piece;
  }

  template <typename Number>
  Number Take() {
    uint64_t number = 0;
    const std::string_view piece = Bytes(sizeof(Number));
    for (size_t i = 0; i < piece.size(); ++i) {
      number |= uint64_t{static_cast<unsigned char>(piece[i])} << (8 * i);
    }
    return static_cast<Number>(number);
  }

  bool whole() const { return whole_; }
  bool at_end() const { return rest_.empty(); }
  size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool whole_ = true;
};

absl::Status Wrong(std::string_view what) { return absl::DataLossError(AbslView(what)); }

}  // namespace

std::string PartName(uint64_t first) {
  char digits[kNameDigits + 1];
  std::snprintf(digits, sizeof digits, "%020llu", static_cast<unsigned long long>(first));
  return Text(digits, kArchiveEnding);
}

std::optional<uint64_t> FirstOfPartName(std::string_view name) {
  uint64_t first = 0;
  if (name.size() < kNameDigits) return std::nullopt;
  if (!absl::SimpleAtoi(AbslView(name.substr(0, kNameDigits)), &first)) return std::nullopt;
  if (name != PartName(first)) return std::nullopt;
  return first;
}

PartBuilder::PartBuilder(std::string_view ledger_id, uint64_t first, std::string_view before) {
  bytes_ = kMagic;
  Append(bytes_, kVersion);
  Append(bytes_, static_cast<uint8_t>(ledger_id.size()));
  bytes_ += ledger_id;
  Append(bytes_, first);
  count_at_ = bytes_.size();
  Append(bytes_, count_);
  bytes_ += before;
}

void PartBuilder::Add(std::string_view event) {
  Append(bytes_, static_cast<uint16_t>(event.size()));
  bytes_ += event;
  ++count_;
}

std::string PartBuilder::Finish() {
  std::string count;
  Append(count, count_);
  bytes_.replace(count_at_, count.size(), count);
  bytes_ += Sha256(bytes_);
  return std::move(bytes_);
}

absl::StatusOr<Part> ReadPart(std::string bytes) {
  Part part;
  part.bytes = std::make_unique<const std::string>(std::move(bytes));
  const std::string_view all = *part.bytes;
  if (!all.starts_with(kMagic)) return Wrong("it is no file of an archive, or its start is gone");
  if (all.size() < kArchiveHashBytes) return Wrong("it was cut off");
  const std::string_view hashed = all.substr(0, all.size() - kArchiveHashBytes);
  part.hash = all.substr(hashed.size());
  if (Sha256(hashed) != part.hash) return Wrong("its bytes are not those that were written");
  Pieces pieces(hashed.substr(kMagic.size()));
  const auto version = pieces.Take<uint32_t>();
  if (version != kVersion) {
    return Wrong(Text("it has format version ", version, ", which this merit doesn't know"));
  }
  part.ledger_id = pieces.Bytes(pieces.Take<uint8_t>());
  part.first = pieces.Take<uint64_t>();
  const auto count = pieces.Take<uint64_t>();
  part.before = pieces.Bytes(kArchiveHashBytes);
  // Each event has its length at least, so that no count makes room for more than there is.
  if (!pieces.whole() || !IsWellFormedId(part.ledger_id) || count == 0 ||
      count > pieces.left() / sizeof(uint16_t)) {
    return Wrong("its header makes no sense");
  }
  part.events.reserve(count);
  while (part.events.size() < count && pieces.whole()) {
    part.events.push_back(pieces.Bytes(pieces.Take<uint16_t>()));
  }
  if (!pieces.whole() || !pieces.at_end()) return Wrong("it has not as many events as it says");
  return part;
}

}  // namespace meritbook::audit
