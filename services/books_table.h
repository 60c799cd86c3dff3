// Owns: how the books keep rows and names: only ever added, numbered in order of arrival.
// Promises: growing copies no row and leaves no half of the memory empty; a name is kept once.
// Thread: any for const use.
#ifndef MERITBOOK_SERVICES_BOOKS_TABLE_H_
#define MERITBOOK_SERVICES_BOOKS_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace meritbook::books {

inline constexpr uint32_t kNoRow = std::numeric_limits<uint32_t>::max();

// Rows in pieces: a vector would copy millions of them each time it doubles.
template <typename Row>
class Table {
 public:
  uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Row& operator[](uint32_t index) { return pieces_[index / kPiece][index % kPiece]; }
  const Row& operator[](uint32_t index) const { return pieces_[index / kPiece][index % kPiece]; }
  Row& back() { return (*this)[size_ - 1]; }

  uint32_t Add(Row row) {
    if (size_ % kPiece == 0) pieces_.push_back(std::make_unique<Row[]>(kPiece));
    (*this)[size_] = std::move(row);
    return size_++;
  }

  class Iterator {
   public:
    Iterator(const Table* table, uint32_t index) : table_(table), index_(index) {}
    const Row& operator*() const { return (*table_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const Table* table_;
    uint32_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

 private:
  static constexpr uint32_t kPiece = 1024;
  std::vector<std::unique_ptr<Row[]>> pieces_;
  uint32_t size_ = 0;
};

class Names {
 public:
  uint32_t size() const { return static_cast<uint32_t>(names_.size()); }
  std::string_view operator[](uint32_t index) const { return names_[index]; }

  std::optional<uint32_t> Of(std::string_view name) const {
    const auto found = index_.find(absl::string_view(name.data(), name.size()));
    if (found == index_.end()) return std::nullopt;
    return found->second;
  }

  // Its number, a new one if it is new.
  uint32_t Intern(std::string_view name) {
    if (const auto known = Of(name)) return *known;
    const std::string_view kept = Keep(name);
    index_.emplace(absl::string_view(kept.data(), kept.size()), size());
    names_.push_back(kept);
    return size() - 1;
  }

 private:
  // A name is at most 64 bytes, of a malformed log perhaps more.
  std::string_view Keep(std::string_view name) {
    if (left_ < name.size()) {
      left_ = name.size() > kBlock ? name.size() : kBlock;
      blocks_.push_back(std::make_unique<char[]>(left_));
      next_ = blocks_.back().get();
    }
    if (!name.empty()) std::memcpy(next_, name.data(), name.size());
    const std::string_view kept(next_, name.size());
    next_ += name.size();
    left_ -= name.size();
    return kept;
  }

  static constexpr size_t kBlock = 16 * 1024;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  std::vector<std::string_view> names_;
  absl::flat_hash_map<absl::string_view, uint32_t> index_;
};

}  // namespace meritbook::books

#endif  // MERITBOOK_SERVICES_BOOKS_TABLE_H_
