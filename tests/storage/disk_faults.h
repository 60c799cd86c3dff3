// Owns: which calls of a disk go wrong, and how; counts of calls and of faults.
// Promises: the same seed and the same calls give the same faults.
// Thread: any.
#ifndef MERITBOOK_TESTS_STORAGE_DISK_FAULTS_H_
#define MERITBOOK_TESTS_STORAGE_DISK_FAULTS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace meritbook {

enum class DiskCall {
  kMake,
  kWrite,
  kSync,
  kSyncRange,
  kSyncFolder,
  kRename,
  kLink,
  kRemove,
  kRead
};
enum class FileKind { kWal, kManifest, kCurrent, kTable, kGuard, kFolder, kOther };

inline constexpr DiskCall kDiskCalls[] = {
    DiskCall::kMake,      DiskCall::kWrite,      DiskCall::kSync,
    DiskCall::kSyncRange, DiskCall::kSyncFolder, DiskCall::kRename,
    DiskCall::kLink,      DiskCall::kRemove,     DiskCall::kRead};

inline constexpr FileKind kFileKinds[] = {FileKind::kWal,   FileKind::kManifest, FileKind::kCurrent,
                                          FileKind::kTable, FileKind::kGuard,    FileKind::kFolder,
                                          FileKind::kOther};

std::string_view NameOf(DiskCall call);
std::string_view NameOf(FileKind kind);
FileKind KindOf(DiskCall call, std::string_view path);

enum class FaultWay {
  kFail,        // nothing is done
  kFailPartly,  // a write: some of it is written first
  kDelay,       // it goes well, later
  kLie,         // a sync: it reports success and does nothing
};

struct Fault {
  std::optional<DiskCall> call = {};  // none: all that change something
  std::optional<FileKind> kind = {};  // none: any
  FaultWay way = FaultWay::kFail;
  uint64_t after = 0;           // so many such calls go well first,
  uint64_t count = UINT64_MAX;  // then so many are met, each
  double share = 1;             // with this probability
  std::chrono::microseconds delay{0};
};

class DiskFaults {
 public:
  explicit DiskFaults(uint64_t seed) : random_(seed) {}

  void Inject(const Fault& fault);
  void Clear();                 // power is on as well, then
  void SetPaused(bool paused);  // neither counted nor met, while a test looks at what there is

  // So many more calls that change something are done; from then on each of them fails. Reading
  // goes on, so that what a test is just comparing can be compared.
  void CutPowerAfter(uint64_t calls);
  bool power_is_off() const;

  struct Verdict {
    bool fails = false;
    double written = 0;  // the part of a failing write that is done
    bool lies = false;
  };
  // To be asked before each call. Takes its time if it is to be slow.
  Verdict Meet(DiskCall call, const std::string& path);

  uint64_t faults() const;  // met since Clear
  uint64_t calls(DiskCall call, FileKind kind) const;
  std::set<std::string> met() const;  // since Clear: "write of WAL"

 private:
  struct Injected {
    Fault fault;
    uint64_t seen = 0;
  };

  mutable std::mutex mutex_;  // guards all below
  std::mt19937_64 random_;
  std::vector<Injected> injected_;
  std::optional<uint64_t> changes_left_;
  uint64_t faults_ = 0;
  std::set<std::string> met_;
  bool paused_ = false;
  std::map<std::pair<DiskCall, FileKind>, uint64_t> calls_;
};

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_DISK_FAULTS_H_
