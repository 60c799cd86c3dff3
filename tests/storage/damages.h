// Owns: what can happen to the files of a folder while nobody has them open.
// Promises: every file of the folder is damaged in every way that makes sense for it.
// Thread: one.
#ifndef MERITBOOK_TESTS_STORAGE_DAMAGES_H_
#define MERITBOOK_TESTS_STORAGE_DAMAGES_H_

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/text.h"
#include "tests/storage/disk_faults.h"
#include "tests/storage/scratch.h"

namespace meritbook {

// Every file but locks, by path.
using Tree = std::map<std::string, std::string>;

inline Tree ReadTree(const std::string& folder) {
  Tree files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (!entry.is_regular_file() || path.ends_with("/LOCK") || path.ends_with(".lock")) continue;
    files[path] = ReadFile(path);
  }
  return files;
}

struct Damage {
  std::string kind;  // of file
  std::string way;
  std::string what;                                      // for whom it may concern
  std::function<void(const std::string& folder)> apply;  // to a copy of the folder
};

// How often a kind of file, damaged in a way, led to what.
using DamageCounts = std::map<std::pair<std::string, std::string>, std::map<std::string, int>>;

inline void Print(const DamageCounts& counts) {
  for (const auto& [damage, outcomes] : counts) {
    std::cout << damage.first << " " << damage.second << ":";
    for (const auto& [outcome, count] : outcomes) std::cout << "  " << outcome << " " << count;
    std::cout << "\n";
  }
  std::cout << std::flush;
}

// Of the files right in `folder`; `older` is the same folder at an earlier time.
inline std::vector<Damage> DamagesOf(const std::string& folder, const std::string& older) {
  namespace fs = std::filesystem;
  struct Candidate {
    std::string name;
    std::string kind;
    std::string bytes;
  };
  const auto files_of = [](const std::string& path) {
    std::vector<Candidate> files;
    for (const auto& entry : fs::directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      const std::string name = entry.path().filename().string();
      const FileKind kind = KindOf(DiskCall::kRead, entry.path().string());
      files.push_back(
          {name,
           kind == FileKind::kOther ? name.substr(0, name.find('-')) : std::string(NameOf(kind)),
           ReadFile(entry.path().string())});
    }
    return files;
  };
  const std::vector<Candidate> files = files_of(folder);
  const std::vector<Candidate> older_files = files_of(older);

  std::vector<Damage> damages;
  for (const Candidate& file : files) {
    const auto becomes = [&](std::string way, std::string_view detail, std::string bytes) {
      if (bytes == file.bytes) return;
      damages.push_back({file.kind, way, Text(file.name, " ", way, " ", detail),
                         [name = file.name, bytes = std::move(bytes)](const std::string& copy) {
                           WriteFile(copy + "/" + name, bytes);
                         }});
    };
    const size_t size = file.bytes.size();
    std::set<size_t> flipped;
    const size_t flips = std::getenv("MERIT_LONG") != nullptr ? 400 : 8;
    for (size_t i = 0; i < flips && size > 0; ++i) flipped.insert(i * (size - 1) / (flips - 1));
    for (const size_t place : flipped) {
      std::string bytes = file.bytes;
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << (place & 7)));
      becomes("flipped", std::to_string(place), std::move(bytes));
    }
    for (const size_t cut : std::set<size_t>{0, size / 2, size - (size > 0)}) {
      becomes("cut", std::to_string(cut), file.bytes.substr(0, cut));
    }
    becomes("zeroed", "", std::string(size, '\0'));
    becomes("grown", "by zeros", file.bytes + std::string(4096, '\0'));
    // A MANIFEST that stands there twice makes Debian's RocksDB abort: it asserts that sequences
    // ascend, before it could call it corrupt. No disk does that, so it is left open here.
    if (file.kind != "MANIFEST") becomes("grown", "by itself", file.bytes + file.bytes);
    damages.push_back(
        {file.kind, "removed", file.name + " removed",
         [name = file.name](const std::string& copy) { fs::remove(copy + "/" + name); }});
    for (const Candidate& other : files) {
      if (other.kind == file.kind) becomes("swapped", other.name, other.bytes);
    }
    for (const Candidate& other : older_files) {
      if (other.kind == file.kind) becomes("older", other.name, other.bytes);
    }
  }
  return damages;
}

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_STORAGE_DAMAGES_H_
