// Owns: the type of the call by which storage reports what an operator should read.
// Promises: one line a call.
// Thread: called from any, RocksDB's own included.
#ifndef MERITBOOK_STORAGE_WARN_H_
#define MERITBOOK_STORAGE_WARN_H_

#include <functional>
#include <string_view>

namespace meritbook {

using Warn = std::function<void(std::string_view)>;

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_WARN_H_
