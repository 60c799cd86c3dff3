#include "cli/import/merge_order.h"

#include <algorithm>
#include <utility>

#include "cli/import/row_encoder.h"

namespace meritbook::cli {
namespace {

bool RecordedBefore(const MergeOrder::Entry& a, const MergeOrder::Entry& b) {
  return a.recorded_us < b.recorded_us;
}

}  // namespace

MergeOrder::MergeOrder(const std::vector<InputFile>& files) {
  for (const InputFile& file : files) AddFile(file);
  // Entries stand by kind and row, so a stable sort keeps ties in that order.
  if (!std::is_sorted(entries_.begin(), entries_.end(), RecordedBefore)) {
    std::stable_sort(entries_.begin(), entries_.end(), RecordedBefore);
  }
}

void MergeOrder::AddFile(const InputFile& file) {
  CsvRow row;
  uint32_t line = file.first_line();
  for (size_t offset = file.first_offset(); offset < file.text().size();) {
    RowPlace place{offset, line, file.kind(), false};
    RowFault fault;
    offset = file.Split(offset, &row, &fault);
    line += row.lines;
    if (row.fields.size() == 1 && row.fields[0].empty()) continue;  // an empty line
    ++rows_;
    if (fault) {
      refused_.push_back({place, std::move(fault)});
      continue;
    }
    const RowTimes times = TimesOf(file, row, &fault);
    if (fault) {
      refused_.push_back({place, std::move(fault)});
      continue;
    }
    entries_.push_back({times.recorded_us, place});
    if (times.frozen_us) {
      place.freezes = true;
      entries_.push_back({*times.frozen_us, place});
    }
  }
}

}  // namespace meritbook::cli
