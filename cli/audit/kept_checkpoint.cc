#include "cli/audit/kept_checkpoint.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "cli/audit/text.h"
#include "cli/audit/tile_source.h"

namespace meritbook::audit {
namespace {

constexpr char kEnding[] = ".checkpoint";
constexpr size_t kNameBytesMax = 200;  // of the 255 that a file's name may have

absl::Status Failed(const std::string& path, int error) {
  return absl::UnavailableError(Text(path, ": ", std::generic_category().message(error)));
}

// A name of a file that tells the origin to a person: "example.com%2Fcounty".
std::string FileNameOf(std::string_view origin) {
  std::string name;
  for (const char c : origin) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ||
                       (c == '.' && !name.empty());
    if (plain) {
      name.push_back(c);
    } else {
      name += absl::StrFormat("%%%02X", static_cast<unsigned char>(c));
    }
  }
  if (name.size() <= kNameBytesMax) return name + kEnding;
  const Hash hash = Sha256Of(origin);
  // '~' stands in no other name.
  return Text("~", absl::BytesToHexString(AbslView(BytesOf(hash))), kEnding);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status WriteDurably(const std::string& path, std::string_view bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return Failed(path, errno);
  while (!bytes.empty()) {
    const ssize_t put = write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Failed(path, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return fsync(file.get()) == 0 ? absl::OkStatus() : Failed(path, errno);
}

absl::Status ReplaceDurably(const std::string& path, int folder_fd, std::string_view bytes) {
  const std::string unfinished = Text(path, "~");
  if (absl::Status status = WriteDurably(unfinished, bytes); !status.ok()) return status;
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) return Failed(path, errno);
  return fsync(folder_fd) == 0 ? absl::OkStatus() : Failed(path, errno);
}

absl::Status CheckReplaceable(const CheckedCheckpoint& kept, const TreeHead& now) {
  const TreeHead& tree = kept.checkpoint.tree;
  switch (RelationOf(tree, now)) {
    case TreeRelation::kSame:
    case TreeRelation::kGrown:
      return absl::OkStatus();
    case TreeRelation::kShorter:
      return absl::FailedPreconditionError(
          Text("a tree of size ", tree.size, " is kept already, larger than ", now.size));
    case TreeRelation::kOtherRoot:
      return absl::FailedPreconditionError(
          Text("another tree of size ", tree.size, " is kept already"));
  }
  return absl::InternalError("no such relation");
}

}  // namespace

TreeRelation RelationOf(const TreeHead& kept, const TreeHead& now) {
  if (now.size < kept.size) return TreeRelation::kShorter;
  if (now.size > kept.size) return TreeRelation::kGrown;
  return now.root == kept.root ? TreeRelation::kSame : TreeRelation::kOtherRoot;
}

std::string KeptCheckpointPath(const std::string& folder, std::string_view origin) {
  return Text(folder, "/", FileNameOf(origin));
}

absl::StatusOr<std::optional<CheckedCheckpoint>> ReadKeptCheckpoint(const std::string& folder,
                                                                    const TrustPolicy& policy) {
  const auto bytes = FolderSource(folder).Read(FileNameOf(policy.origin), kNoteBytesMax);
  if (absl::IsNotFound(bytes.status())) return std::nullopt;
  if (!bytes.ok()) return bytes.status();
  TrustPolicy signed_by_log = policy;
  signed_by_log.witnesses.clear();
  signed_by_log.quorum = 0;
  CheckedCheckpoint checked = CheckCheckpoint(*bytes, signed_by_log);
  if (checked.verdict != Verdict::kGood) {
    return absl::DataLossError(
        Text(KeptCheckpointPath(folder, policy.origin), ": ", checked.message));
  }
  return checked;
}

absl::Status KeepCheckpoint(const std::string& folder, const CheckedCheckpoint& checked,
                            const TrustPolicy& policy) {
  if (checked.verdict != Verdict::kGood) {
    return absl::FailedPreconditionError("only a checkpoint that verifies is kept");
  }
  const Descriptor held(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (held.get() < 0) return Failed(folder, errno);
  // Else an audit that began earlier and ends later could put an older checkpoint back.
  if (flock(held.get(), LOCK_EX) != 0) return Failed(folder, errno);
  const auto kept = ReadKeptCheckpoint(folder, policy);
  if (!kept.ok()) return kept.status();
  if (*kept) {
    absl::Status status = CheckReplaceable(**kept, checked.checkpoint.tree);
    if (!status.ok()) return status;
  }
  return ReplaceDurably(KeptCheckpointPath(folder, policy.origin), held.get(), checked.note);
}

}  // namespace meritbook::audit
