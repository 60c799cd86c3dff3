// Owns: approved service, added up by group.
// Promises: minutes and points by the day of service; a volunteer of a group once, a person-time
//           once.
// Thread: any while nobody fills the books.
#ifndef MERITBOOK_SERVICES_SERVICE_SUM_H_
#define MERITBOOK_SERVICES_SERVICE_SUM_H_

#include <cstdint>
#include <map>
#include <optional>

#include "absl/functional/function_ref.h"
#include "services/books.h"
#include "services/report_window.h"

namespace meritbook {

struct ServiceSum {
  int64_t credited_minutes = 0;
  int64_t honorary_minutes = 0;
  int64_t units = 0;
  // With a minute in the window.
  int64_t volunteers = 0;
  // A person-time's day is its session's, else the first day of the service.
  int64_t person_times = 0;

  int64_t minutes() const { return credited_minutes + honorary_minutes; }
};

// The group of service at a place on a day by a person (a registration that stands); nothing to
// leave it out.
using GroupOf = absl::FunctionRef<std::optional<uint32_t>(const books::Place& place, DayNumber day,
                                                          uint32_t person)>;

// By group, ascending. Awards have no place and are not in it.
std::map<uint32_t, ServiceSum> SumService(const books::Books& books, const Window& window,
                                          GroupOf group_of);

// All of it.
ServiceSum SumService(const books::Books& books, const Window& window);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SERVICE_SUM_H_
