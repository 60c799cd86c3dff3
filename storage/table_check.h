// Owns: a check of the outer parts of RocksDB's table files, done before RocksDB parses them.
// Promises: a file that passes has whole index, properties and other meta blocks.
// Thread: any.
//
// RocksDB 7.8 parses a table's properties before it verifies their checksum; one flipped bit there
// trips an assertion, which Debian's build has on, and the process aborts at each start without
// naming a file. So each table is looked at here first. Data blocks are left to RocksDB, which
// verifies them before it parses them.
#ifndef MERITBOOK_STORAGE_TABLE_CHECK_H_
#define MERITBOOK_STORAGE_TABLE_CHECK_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "rocksdb/table.h"

namespace meritbook {

// The only ones that CheckTableFile accepts.
inline constexpr rocksdb::ChecksumType kTableChecksum = rocksdb::kCRC32c;
inline constexpr int kTableFormatVersion = 5;

// kDataLoss names the file.
absl::Status CheckTableFile(const std::string& path);

// An environment on `beneath`, or on the machine's file system if that is null, but opening a table
// for reading checks it first. Never destroyed: RocksDB's background threads may outlive main.
rocksdb::Env* TableCheckingEnv(const std::shared_ptr<rocksdb::FileSystem>& beneath);

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_TABLE_CHECK_H_
