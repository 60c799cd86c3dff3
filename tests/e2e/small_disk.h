// Owns: a file system of few bytes, in memory, that only this process and its children see.
// Promises: it is gone when this object goes, and when the process ends.
// Thread: one, which also starts the servers that use it.
//
//   if (const std::string reason = SmallDisk::WhyNot(); !reason.empty()) GTEST_SKIP() << reason;
//   SmallDisk disk({.bytes = 160 << 20});
//   disk.FillUpTo(1 << 20);  // so much stays free
#ifndef MERITBOOK_TESTS_E2E_SMALL_DISK_H_
#define MERITBOOK_TESTS_E2E_SMALL_DISK_H_

#include <cstdint>
#include <string>

namespace meritbook::e2e {

class SmallDisk {
 public:
  // Why none can be made here; empty if one can. Must be asked before the process has threads.
  static std::string WhyNot();

  struct Size {
    uint64_t bytes = 0;
    uint64_t files = 1'024;
  };
  explicit SmallDisk(Size size);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // A server's data folder on it.
  std::string data_dir() const { return folder_ + "/data"; }

  uint64_t FreeBytes() const;
  // Makes the filler so large, or so small, that this much is left; never below no filler.
  void LeaveFree(uint64_t bytes) const;
  // Takes all names that can still be given; no new file can be made then.
  void TakeAllNames() const;
  // What LeaveFree and TakeAllNames took.
  void MakeRoom() const;

  // Refused by the kernel while a file on it is open for writing.
  void MakeReadOnly() const;
  void MakeWritable() const;

 private:
  std::string filler() const { return folder_ + "/filler"; }
  std::string names() const { return folder_ + "/names"; }
  void Remount(unsigned long flags) const;

  std::string folder_;
  std::string options_;
};

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_SMALL_DISK_H_
