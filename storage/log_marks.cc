#include "storage/log_marks.h"

#include <algorithm>

namespace meritbook {
namespace {

// A full record has more, so that each of those is marked: reading one of its events needs no
// other.
constexpr size_t kMarkIntervalBytes = 64 << 10;

}  // namespace

void LogMarks::Add(const LogMark& record, size_t bytes) {
  bytes_since_ += bytes;
  if (bytes_since_ < kMarkIntervalBytes) return;
  bytes_since_ = 0;
  marks_.push_back(record);
}

void LogMarks::Join(LogMarks next) {
  marks_.insert(marks_.end(), next.marks_.begin(), next.marks_.end());
  bytes_since_ = next.marks_.empty() ? bytes_since_ + next.bytes_since_ : next.bytes_since_;
}

const LogMark* LogMarks::At(uint64_t sequence) const {
  const auto found =
      std::lower_bound(marks_.begin(), marks_.end(), sequence,
                       [](const LogMark& mark, uint64_t wanted) { return mark.sequence < wanted; });
  return found == marks_.end() ? nullptr : &*found;
}

}  // namespace meritbook
