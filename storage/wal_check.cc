// RocksDB's write-ahead log, as it is written with our options:
//
// file   = block*                      of 32,768 bytes, the last one shorter
// block  = part* fewer-than-7-zeros
// part   = crc:u32 length:u16 type:u8 bytes      crc32c, masked, of type and bytes
// type   = 1 a whole group · 2 its first part · 3 a middle one · 4 the last
// group  = sequence:u64 count:u32 rows           a WriteBatch: the number of its first row, and how
//                                                many it has
#include "storage/wal_check.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "storage/byte_codec.h"
#include "storage/crc32c.h"
#include "storage/rocks_glue.h"

namespace meritbook {
namespace {

constexpr size_t kBlockBytes = 32768;
constexpr size_t kPartHeaderBytes = 7;
constexpr size_t kGroupHeadBytes = sizeof(uint64_t) + sizeof(uint32_t);

enum PartType : uint8_t { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

struct Part {
  PartType type = kWhole;
  std::string_view bytes;
};

// The next part of a block; none if it is broken.
std::optional<Part> TakePart(ByteReader& block) {
  const std::optional<uint32_t> crc = block.TakeLittle<uint32_t>();
  const std::optional<uint16_t> length = block.TakeLittle<uint16_t>();
  if (!crc || !length) return std::nullopt;
  const std::optional<std::string_view> hashed = block.Take(size_t{1} + *length);
  if (!hashed || MaskedCrc32c(*hashed) != *crc) return std::nullopt;
  const char type = hashed->front();
  if (type < kWhole || type > kLast) return std::nullopt;
  return Part{.type = static_cast<PartType>(type), .bytes = hashed->substr(1)};
}

class WalWalk {
 public:
  absl::Status Walk(rocksdb::FileSystem& file_system, const std::string& path) {
    path_ = path;
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    const rocksdb::FileOptions options;
    rocksdb::IOStatus status = file_system.NewSequentialFile(path, options, &file, nullptr);
    if (!status.ok()) return FromRocks(status, path);
    std::string scratch(kBlockBytes, '\0');
    for (uint64_t offset = 0;; offset += kBlockBytes) {
      rocksdb::Slice block;
      status = file->Read(kBlockBytes, options.io_options, &block, scratch.data(), nullptr);
      if (!status.ok()) return FromRocks(status, path);
      if (block.empty()) break;
      if (absl::Status s = WalkBlock(ToView(block), offset); !s.ok()) return s;
    }
    if (head_) Break("its end");
    return absl::OkStatus();
  }

  WalGroups Found() && { return std::move(found_); }

 private:
  absl::Status WalkBlock(std::string_view bytes, uint64_t offset) {
    ByteReader block(bytes);
    while (block.rest().size() >= kPartHeaderBytes) {
      const uint64_t place = offset + bytes.size() - block.rest().size();
      const std::optional<Part> part = TakePart(block);
      if (!part) {
        Break(std::to_string(place));  // and where the next part begins can't be known
        return absl::OkStatus();
      }
      if (absl::Status s = Add(*part, place); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status Add(const Part& part, uint64_t place) {
    const bool begins = part.type == kWhole || part.type == kFirst;
    if (begins == head_.has_value()) Break(std::to_string(place));
    if (begins) head_ = "";
    if (!head_) return absl::OkStatus();  // of a group whose beginning is broken
    head_->append(part.bytes.substr(0, kGroupHeadBytes - head_->size()));
    if (part.type == kFirst || part.type == kMiddle) return absl::OkStatus();
    const std::string head = *std::exchange(head_, std::nullopt);
    return EndGroup(head, place);
  }

  absl::Status EndGroup(std::string_view head, uint64_t place) {
    ByteReader reader(head);
    const std::optional<uint64_t> sequence = reader.TakeLittle<uint64_t>();
    const std::optional<uint32_t> count = reader.TakeLittle<uint32_t>();
    if (!sequence || !count) return Damaged(place, "a group without a head");
    if (*sequence < found_.rows_end) {
      return Damaged(place, Text("the group here begins at row ", *sequence,
                                 ", but those before reach to ", found_.rows_end));
    }
    found_.rows_end = *sequence + *count;
    return absl::OkStatus();
  }

  void Break(std::string_view place) {
    head_.reset();
    if (found_.broken.empty()) found_.broken = Text(path_, " at ", place);
  }

  absl::Status Damaged(uint64_t place, std::string_view what) const {
    return absl::DataLossError(
        Text("the write-ahead log ", path_, " is damaged at ", place, ": ", what));
  }

  std::string path_;
  std::optional<std::string> head_;  // of the group whose last part was not seen yet
  WalGroups found_;
};

}  // namespace

absl::StatusOr<WalGroups> FindWalGroups(rocksdb::FileSystem& file_system,
                                        const std::string& folder) {
  std::vector<std::string> names;
  const rocksdb::IOStatus status =
      file_system.GetChildren(folder, rocksdb::IOOptions(), &names, nullptr);
  if (!status.ok()) return FromRocks(status, folder);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
  std::sort(names.begin(), names.end());  // numbers of one width
  WalWalk walk;
  for (const std::string& name : names) {
    if (absl::Status s = walk.Walk(file_system, folder + "/" + name); !s.ok()) return s;
  }
  return std::move(walk).Found();
}

}  // namespace meritbook
