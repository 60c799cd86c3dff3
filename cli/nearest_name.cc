// What somebody may have meant who mistyped a name.
#include <algorithm>
#include <numeric>

#include "cli/command_node.h"

namespace meritbook::cli {
namespace {

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<size_t> row(b.size() + 1);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last.back();
}

}  // namespace

std::string Nearest(std::string_view typed, const std::vector<std::string>& names) {
  std::string nearest;
  // A third of the letters wrong is a guess; more is another word.
  size_t distance_max = std::max<size_t>(1, typed.size() / 3);
  for (const std::string& name : names) {
    const size_t distance = EditDistance(typed, name);
    if (distance > distance_max || (distance == distance_max && !nearest.empty())) continue;
    nearest = name;
    distance_max = distance;
  }
  return nearest;
}

}  // namespace meritbook::cli
