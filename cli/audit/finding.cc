#include "cli/audit/finding.h"

#include <utility>

namespace meritbook::audit {

std::string_view InvariantName(Invariant invariant) {
  switch (invariant) {
#define MERITBOOK_AUDIT_VALUE(name, sentence) \
  case Invariant::name:                       \
    return #name;
    MERITBOOK_AUDIT_INVARIANTS(MERITBOOK_AUDIT_VALUE)
#undef MERITBOOK_AUDIT_VALUE
  }
  return "UNKNOWN";
}

std::string_view InvariantSentence(Invariant invariant) {
  switch (invariant) {
#define MERITBOOK_AUDIT_VALUE(name, sentence) \
  case Invariant::name:                       \
    return sentence;
    MERITBOOK_AUDIT_INVARIANTS(MERITBOOK_AUDIT_VALUE)
#undef MERITBOOK_AUDIT_VALUE
  }
  return "";
}

void FindingList::Add(Finding finding) {
  ++total_;
  if (kept_.size() < kFindingsMax) kept_.push_back(std::move(finding));
}

}  // namespace meritbook::audit
