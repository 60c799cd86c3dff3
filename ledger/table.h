// Owns: rows of one kind, by id and by a small stable index.
// Promises: a row's index and address never change; indexes are given out in order of arrival.
// Thread: one at a time, the sequencer's.
#ifndef MERITBOOK_LEDGER_TABLE_H_
#define MERITBOOK_LEDGER_TABLE_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/check.h"

namespace meritbook {

// `Row` has a std::string `id`, which stays as it is once the row stands in a table.
template <typename Row>
class Table {
 public:
  std::optional<uint32_t> IndexOf(std::string_view id) const {
    const auto found = index_.find(id);
    if (found == index_.end()) return std::nullopt;
    return found->second;
  }

  const Row* Find(std::string_view id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &rows_[found->second];
  }

  const Row& operator[](uint32_t index) const { return rows_[index]; }
  Row& operator[](uint32_t index) { return rows_[index]; }
  uint32_t size() const { return static_cast<uint32_t>(rows_.size()); }

  uint32_t Add(Row row) {
    const uint32_t index = size();
    rows_.push_back(std::move(row));
    // Keyed by the row's own string, which a deque never moves.
    MB_CHECK(index_.emplace(rows_.back().id, index).second);
    return index;
  }

  // Undoes the last Add.
  void RemoveLast() {
    index_.erase(rows_.back().id);
    rows_.pop_back();
  }

 private:
  std::deque<Row> rows_;
  absl::flat_hash_map<std::string_view, uint32_t> index_;
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_TABLE_H_
