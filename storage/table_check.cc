// RocksDB's block-based table, format version 5, from the end:
//
// footer  = checksum-type:1 metaindex:handle index:handle zeros to 41 version:u32 magic:u64
// handle  = offset:varint size:varint              a block's place, without its trailer
// trailer = compression:1 crc:u32                  follows each block; crc32c, masked, of the block
//                                                  and the compression byte
// metaindex block = entry* restart:u32* restarts:u32
// entry   = shared:varint unshared:varint value-size:varint key-rest value; values are handles
#include "storage/table_check.h"

#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "ledger/text.h"
#include "storage/byte_codec.h"
#include "storage/crc32c.h"
#include "storage/disk.h"
#include "storage/scrub_reading.h"

namespace meritbook {
namespace {

constexpr uint64_t kMagic = 0x88e241b785f4cff7;
constexpr size_t kHandlesBytes = 40;
constexpr size_t kFooterBytes = 1 + kHandlesBytes + sizeof(uint32_t) + sizeof(kMagic);
constexpr size_t kTrailerBytes = 1 + sizeof(uint32_t);
constexpr uint64_t kMetaBlockBytesMax = uint64_t{1} << 30;

struct BlockHandle {
  uint64_t offset = 0;
  uint64_t size = 0;
};

std::optional<uint64_t> TakeVarint(ByteReader& reader) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::optional<uint8_t> byte = reader.TakeLittle<uint8_t>();
    if (!byte) return std::nullopt;
    if (*byte == 0 && shift > 0) return std::nullopt;  // longer than need be: not as it was written
    value |= uint64_t{*byte & 0x7fu} << shift;
    if (*byte < 0x80) return value;
  }
  return std::nullopt;
}

std::optional<BlockHandle> TakeHandle(ByteReader& reader) {
  const std::optional<uint64_t> offset = TakeVarint(reader);
  const std::optional<uint64_t> size = TakeVarint(reader);
  if (!offset || !size) return std::nullopt;
  return BlockHandle{.offset = *offset, .size = *size};
}

class TableFile {
 public:
  TableFile(const std::string& path, const File& file, uint64_t size)
      : path_(path), file_(file), size_(size) {}

  absl::Status Damaged(std::string_view what) const {
    return absl::DataLossError(Text("the table ", path_, " is damaged: ", what));
  }

  // The verified block, as stored, without its trailer.
  absl::StatusOr<std::string> ReadBlock(const BlockHandle& handle) const {
    if (handle.size > kMetaBlockBytesMax || handle.offset > size_ ||
        handle.size + kTrailerBytes > size_ - handle.offset) {
      return Damaged("a block lies outside it");
    }
    absl::StatusOr<std::string> block = file_.ReadAt(handle.offset, handle.size + kTrailerBytes);
    if (!block.ok()) return block;
    const std::string_view hashed = std::string_view(*block).substr(0, handle.size + 1);
    if (MaskedCrc32c(hashed) != LoadLittle<uint32_t>(block->data() + hashed.size())) {
      return Damaged(Text("the block at ", handle.offset, " fails its checksum"));
    }
    block->resize(handle.size);
    return block;
  }

  absl::Status Check() const {
    if (size_ < kFooterBytes) return Damaged("too short");
    const absl::StatusOr<std::string> footer = file_.ReadAt(size_ - kFooterBytes, kFooterBytes);
    if (!footer.ok()) return footer.status();
    const char* const version = footer->data() + 1 + kHandlesBytes;
    if (footer->front() != kTableChecksum ||
        LoadLittle<uint32_t>(version) != uint32_t{kTableFormatVersion} ||
        LoadLittle<uint64_t>(version + sizeof(uint32_t)) != kMagic) {
      return Damaged("its footer is not one of ours");
    }
    ByteReader handles(std::string_view(*footer).substr(1, kHandlesBytes));
    const std::optional<BlockHandle> metaindex = TakeHandle(handles);
    const std::optional<BlockHandle> index = TakeHandle(handles);
    const bool padded = handles.rest().find_first_not_of('\0') == std::string_view::npos;
    if (!metaindex || !index || !padded) return Damaged("its footer is malformed");
    if (absl::Status s = ReadBlock(*index).status(); !s.ok()) return s;
    const absl::StatusOr<std::string> block = ReadBlock(*metaindex);
    if (!block.ok()) return block.status();
    return CheckMetaBlocks(*block);
  }

 private:
  absl::Status CheckMetaBlocks(std::string_view metaindex) const {
    constexpr std::string_view kMalformed = "its list of meta blocks is malformed";
    if (metaindex.size() < sizeof(uint32_t)) return Damaged(kMalformed);
    const size_t restarts =
        LoadLittle<uint32_t>(metaindex.data() + metaindex.size() - sizeof(uint32_t));
    const size_t tail_bytes = (restarts + 1) * sizeof(uint32_t);
    if (tail_bytes > metaindex.size()) return Damaged(kMalformed);
    ByteReader entries(metaindex.substr(0, metaindex.size() - tail_bytes));
    while (!entries.rest().empty()) {
      const std::optional<uint64_t> shared = TakeVarint(entries);
      const std::optional<uint64_t> unshared = TakeVarint(entries);
      const std::optional<uint64_t> value_bytes = TakeVarint(entries);
      if (!shared || !unshared || !value_bytes) return Damaged(kMalformed);
      const std::optional<std::string_view> key_rest = entries.Take(*unshared);
      const std::optional<std::string_view> value = entries.Take(*value_bytes);
      if (!key_rest || !value) return Damaged(kMalformed);
      ByteReader handle_reader(*value);
      const std::optional<BlockHandle> handle = TakeHandle(handle_reader);
      if (!handle) return Damaged(kMalformed);
      if (absl::Status s = ReadBlock(*handle).status(); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  const std::string& path_;
  const File& file_;
  const uint64_t size_;
};

class TableCheckingFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit TableCheckingFileSystem(const std::shared_ptr<rocksdb::FileSystem>& beneath)
      : FileSystemWrapper(beneath) {}

  const char* Name() const override { return "TableCheckingFileSystem"; }

  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override {
    if (path.ends_with(".sst")) {
      const absl::Status status = CheckTableFile(path);
      if (absl::IsNotFound(status)) return rocksdb::IOStatus::PathNotFound(path);
      if (absl::IsDataLoss(status)) {
        return rocksdb::IOStatus::Corruption(std::string(MessageOf(status)));
      }
      if (!status.ok()) return rocksdb::IOStatus::IOError(std::string(MessageOf(status)));
    }
    rocksdb::IOStatus opened = FileSystemWrapper::NewRandomAccessFile(path, options, file, debug);
    if (opened.ok()) *file = HeedScrubReading(std::move(*file));
    return opened;
  }
};

}  // namespace

absl::Status CheckTableFile(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<File>> file = MachineDisk().Open(path, OpenMode::kRead);
  if (!file.ok()) return file.status();
  const absl::StatusOr<uint64_t> size = (*file)->Size();
  if (!size.ok()) return size.status();
  return TableFile(path, **file, *size).Check();
}

rocksdb::Env* TableCheckingEnv(const std::shared_ptr<rocksdb::FileSystem>& beneath) {
  static auto* const mutex = new std::mutex;
  static auto* const made = new std::map<rocksdb::FileSystem*, std::unique_ptr<rocksdb::Env>>;
  const auto file_system = beneath ? beneath : rocksdb::FileSystem::Default();
  const std::lock_guard lock(*mutex);
  std::unique_ptr<rocksdb::Env>& env = (*made)[file_system.get()];
  if (env == nullptr) {
    env = rocksdb::NewCompositeEnv(std::make_shared<TableCheckingFileSystem>(file_system));
  }
  return env.get();
}

}  // namespace meritbook
