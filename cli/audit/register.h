// Owns: rows by id, in the order of registration.
// Promises: a row and its id never move; an id is stored once.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_REGISTER_H_
#define MERITBOOK_CLI_AUDIT_REGISTER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

template <typename Row>
class Register {
 public:
  Row* Find(std::string_view id) {
    // One event asks for the same row more than once, and the next event often does, too.
    if (last_ != nullptr && last_->id == id) return last_;
    const auto found = by_id_.find(AbslView(id));
    if (found == by_id_.end()) return nullptr;
    last_ = found->second;
    return last_;
  }
  const Row* Find(std::string_view id) const {
    const auto found = by_id_.find(AbslView(id));
    return found == by_id_.end() ? nullptr : found->second;
  }

  // The row of an id that may be new.
  Row& FindOrAdd(std::string_view id) {
    if (Row* known = Find(id)) return *known;
    Row& row = rows_.emplace_back();
    row.id = Keep(id);
    row.ordinal = rows_.size() - 1;
    by_id_.emplace(AbslView(row.id), &row);
    return row;
  }

  const std::deque<Row>& rows() const { return rows_; }

 private:
  // Ids lie next to each other in blocks: no allocation for each.
  std::string_view Keep(std::string_view id) {
    if (id.size() > block_free_) {
      block_free_ = std::max(kBlockBytes, id.size());
      blocks_.push_back(std::make_unique<char[]>(block_free_));
      block_next_ = blocks_.back().get();
    }
    if (!id.empty()) std::memcpy(block_next_, id.data(), id.size());
    const std::string_view kept(block_next_, id.size());
    block_next_ += id.size();
    block_free_ -= id.size();
    return kept;
  }

  static constexpr size_t kBlockBytes = 64 * 1024;

  std::deque<Row> rows_;
  absl::flat_hash_map<absl::string_view, Row*> by_id_;
  Row* last_ = nullptr;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* block_next_ = nullptr;
  size_t block_free_ = 0;
};

// What every row of a Register starts with.
struct Registered {
  std::string_view id;
  uint64_t ordinal = 0;  // the n-th of its register, from 0
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_REGISTER_H_
