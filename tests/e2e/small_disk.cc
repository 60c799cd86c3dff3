#include "tests/e2e/small_disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook::e2e {
namespace {

std::string Failed(const char* call) { return Text(call, ": ", std::strerror(errno)); }

bool WriteTo(const char* file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  return static_cast<bool>(out.flush());
}

// A table of mounts of our own: as root, else as the root of a name space of users of our own.
std::string EnterOwnMounts() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return Failed("unshare");
    if (!WriteTo("/proc/self/setgroups", "deny")) return Failed("setgroups");
    if (!WriteTo("/proc/self/uid_map", Text("0 ", user, " 1"))) return Failed("uid_map");
    if (!WriteTo("/proc/self/gid_map", Text("0 ", group, " 1"))) return Failed("gid_map");
  }
  // Nothing of it is to be seen outside.
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return Failed("mount");
  // The machine may still forbid it.
  const std::string folder = testing::TempDir();
  if (mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") != 0) return Failed("mount of a tmpfs");
  if (umount(folder.c_str()) != 0) return Failed("umount");
  return "";
}

}  // namespace

std::string SmallDisk::WhyNot() {
  static const std::string reason = EnterOwnMounts();
  if (reason.empty()) return "";
  return Text("neither root nor a name space of our own may mount a tmpfs here: ", reason);
}

SmallDisk::SmallDisk(Size size)
    : folder_(testing::TempDir() + "/meritbook-small-XXXXXX"),
      options_(Text("size=", size.bytes, ",nr_inodes=", size.files, ",mode=0700")) {
  MB_CHECK(WhyNot().empty());
  MB_CHECK(mkdtemp(folder_.data()) != nullptr);
  MB_CHECK(mount("tmpfs", folder_.c_str(), "tmpfs", 0, options_.c_str()) == 0);
}

SmallDisk::~SmallDisk() {
  // A server may still end; the kernel lets go of it after that.
  umount2(folder_.c_str(), MNT_DETACH);
  std::filesystem::remove(folder_);
}

uint64_t SmallDisk::FreeBytes() const {
  struct statvfs disk = {};
  MB_CHECK(statvfs(folder_.c_str(), &disk) == 0);
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

void SmallDisk::LeaveFree(uint64_t bytes) const {
  const int file = open(filler().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  MB_CHECK(file >= 0);
  struct stat entry = {};
  MB_CHECK(fstat(file, &entry) == 0);
  const auto had = static_cast<int64_t>(entry.st_blocks) * 512;
  const int64_t wanted = had + static_cast<int64_t>(FreeBytes()) - static_cast<int64_t>(bytes);
  MB_CHECK(ftruncate(file, std::max<int64_t>(wanted, 0)) == 0);
  // The server writes meanwhile: what it took can't be had.
  for (int64_t size = wanted; size > 0 && fallocate(file, 0, 0, size) != 0; size -= 64 << 10) {
    MB_CHECK(errno == ENOSPC);
  }
  close(file);
}

void SmallDisk::TakeAllNames() const {
  std::filesystem::create_directory(names());
  for (int i = 0;; ++i) {
    const int file = open(Text(names(), "/", i).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
      MB_CHECK(errno == ENOSPC);
      return;
    }
    close(file);
  }
}

void SmallDisk::MakeRoom() const {
  std::filesystem::remove(filler());
  std::filesystem::remove_all(names());
}

void SmallDisk::Remount(unsigned long flags) const {
  MB_CHECK(mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | flags, options_.c_str()) == 0);
}

void SmallDisk::MakeReadOnly() const { Remount(MS_RDONLY); }

void SmallDisk::MakeWritable() const { Remount(0); }

}  // namespace meritbook::e2e
