// Owns: the faults of a disk that a server has below its data folder (bad_disk.c).
// Promises: a fault begins with Set and ends with Clear; Met tells whether the server ran into it.
// Thread: any.
#ifndef MERITBOOK_TESTS_E2E_BAD_DISK_H_
#define MERITBOOK_TESTS_E2E_BAD_DISK_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ledger/check.h"
#include "tests/e2e/server_process.h"

namespace meritbook::e2e {

class BadDisk {
 public:
  BadDisk() : folder_(testing::TempDir() + "/meritbook-disk-XXXXXX") {
    MB_CHECK(mkdtemp(folder_.data()) != nullptr);
    // As the server's links name it.
    folder_ = std::filesystem::canonical(folder_).string();
  }
  ~BadDisk() { std::filesystem::remove_all(folder_); }
  BadDisk(const BadDisk&) = delete;
  BadDisk& operator=(const BadDisk&) = delete;

  ServerOptions Options() const {
    return {.data_dir = folder_ + "/data",
            .environment = {"LD_PRELOAD=" BAD_DISK_PATH, "BAD_DISK=" + folder_ + "/data",
                            "BAD_DISK_FAULTS=" + folder_}};
  }

  // Such as "hang-sync".
  void Set(const std::string& fault) const { std::ofstream(folder_ + "/" + fault).close(); }
  void Clear(const std::string& fault) const { std::filesystem::remove(folder_ + "/" + fault); }
  bool Met(const std::string& fault) const {
    return std::filesystem::exists(folder_ + "/met-" + fault);
  }

 private:
  std::string folder_;
};

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_BAD_DISK_H_
