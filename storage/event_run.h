// Owns: a run of consecutive events, back to back in one string.
// Promises: event i is exactly the bytes that were added as the i-th; at most 4 GiB in all.
// Thread: a value, like std::string.
#ifndef MERITBOOK_STORAGE_EVENT_RUN_H_
#define MERITBOOK_STORAGE_EVENT_RUN_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/check.h"

namespace meritbook {

struct EventRun {
  std::string bytes;           // the events' exact bytes, concatenated
  std::vector<uint32_t> ends;  // end offset of each event in `bytes`

  size_t size() const { return ends.size(); }
  bool empty() const { return ends.empty(); }

  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }

  void Add(std::string_view event) {
    bytes.append(event);
    MB_CHECK(bytes.size() <= std::numeric_limits<uint32_t>::max());
    ends.push_back(static_cast<uint32_t>(bytes.size()));
  }

  void clear() {
    bytes.clear();
    ends.clear();
  }

  friend bool operator==(const EventRun&, const EventRun&) = default;
};

}  // namespace meritbook

#endif  // MERITBOOK_STORAGE_EVENT_RUN_H_
