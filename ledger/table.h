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
#include <type_traits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/check.h"

namespace meritbook {

// `Row` has an `id`, a std::string or a RequestKey, which stays as it is once the row stands in a
// table.
template <typename Row>
class Table {
 public:
  // Of a string, a view into the row's own.
  using Key = std::conditional_t<std::is_same_v<decltype(Row::id), std::string>, std::string_view,
                                 decltype(Row::id)>;

  std::optional<uint32_t> IndexOf(const Key& id) const {
    const auto found = index_.find(id);
    if (found == index_.end()) return std::nullopt;
    return found->second;
  }

  const Row* Find(const Key& id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &rows_[found->second];
  }

  const Row& operator[](uint32_t index) const { return rows_[index]; }
  Row& operator[](uint32_t index) { return rows_[index]; }
  uint32_t size() const { return static_cast<uint32_t>(rows_.size()); }

  uint32_t Add(Row row) {
    const uint32_t index = size();
    rows_.push_back(std::move(row));
    // A deque never moves the row's own string.
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
  absl::flat_hash_map<Key, uint32_t> index_;
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_TABLE_H_
