// Owns the texts of a county's files, before they are written anywhere.
// Promises RFC 4180 with LF, a header row, no quotes needed, rows ordered by recorded_at.
// Plain values: no sharing between threads.
#ifndef MERITBOOK_CLI_SAMPLE_FILES_H_
#define MERITBOOK_CLI_SAMPLE_FILES_H_

#include <string>
#include <vector>

#include "cli/sample/plan.h"

namespace meritbook::sample {

struct CountyFiles {
  std::string organisations;
  std::string activities;
  std::string sessions;
  std::string merchants;
  std::string items;
  std::string volunteers;
  std::string hours;
  std::string redemptions;
  std::string holds;
  std::string vouchers;
  std::string confirmations;
  std::string cancellations;
  std::string refunds;
  std::string budgets;  // JSON Lines of script_call.h: who allocates what
  std::string rule;     // text format of meritbook.v1.PublishRule
};

CountyFiles RenderCounty(const CountyPlan& plan);

// Of the plan's merchants and items, by index.
struct MallIds {
  const std::vector<std::string>& merchants;
  const std::vector<std::string>& items;
};
// Fills the files about orders and their fates, and the budgets.
void RenderOrders(const CountyPlan& plan, const MallIds& ids, CountyFiles& files);

}  // namespace meritbook::sample

#endif  // MERITBOOK_CLI_SAMPLE_FILES_H_
