#include "cli/sample/plan.h"

namespace meritbook::sample {

absl::Status PlanCounty(CountyPlan& plan) {
  PlanPeople(plan);
  PlanTraffic(plan);
  absl::Status status = PlanProjects(plan);
  if (status.ok()) status = PlanRoster(plan);
  if (status.ok()) status = PlanMinutes(plan);
  if (!status.ok()) return status;
  PlanHours(plan);
  status = PlanFaults(plan);
  if (!status.ok()) return status;
  PlanMall(plan);
  return PlanOrders(plan);
}

}  // namespace meritbook::sample
