// Owns: the exit codes by which a program that runs an audit tells what was found.
// Promises: 0 to 3 mean what they mean for every command of merit; the others are the audit's own.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_EXIT_CODE_H_
#define MERITBOOK_CLI_AUDIT_EXIT_CODE_H_

#include <cstdint>

#include "cli/audit/checkpoint.h"
#include "cli/audit/kept_checkpoint.h"
#include "cli/audit/tree_audit.h"

namespace meritbook::audit {

// Scripts rest on them. Never renumber. Where several things were found, the first of this list is
// told: what stands above leaves nothing to be said about what stands below.
enum class AuditExit : int {
  kClean = 0,
  kFound = 1,        // an audit without a tree: whatever it found
  kUsage = 2,        // the command line or a file of yours; nothing was audited
  kUnreachable = 3,  // could not be read now: the same again may work

  kMalformed = 10,     // a checkpoint or proof is not what it should be at all
  kBadSignature = 11,  // no trusted key of the log verifies the checkpoint, or a signature is bad
  kShorter = 12,       // the log is shorter than the kept checkpoint
  kOtherRoot = 13,     // of the kept checkpoint's size, with another root
  kEntryDiffers = 14,  // an entry and a tile differ; which of them is not the signed one is named
  kTileMissing = 15,   // a tile or an entry bundle is missing
  kRootDiffers = 16,   // entries and tiles agree with each other, but not with what was signed
  kInconsistent = 17,  // longer than the kept checkpoint, and does not begin with its events
  kNotIncluded = 18,   // a receipt: the entry is not in the signed tree
  kRuleBroken = 19,    // an event breaks an invariant; both are named
  kStateDiffers = 20,  // a balance or state commitment is not what the events come to
  kQuorumUnmet = 21,   // all is well but for the number of witnesses
};

inline AuditExit ExitOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kGood:
      return AuditExit::kClean;
    case Verdict::kMalformed:
      return AuditExit::kMalformed;
    case Verdict::kBadSignature:
      return AuditExit::kBadSignature;
    case Verdict::kNotIncluded:
      return AuditExit::kNotIncluded;
    case Verdict::kQuorumUnmet:
      return AuditExit::kQuorumUnmet;
  }
  return AuditExit::kFound;
}

inline AuditExit ExitOf(TreeRelation relation) {
  switch (relation) {
    case TreeRelation::kSame:
    case TreeRelation::kGrown:
      return AuditExit::kClean;
    case TreeRelation::kShorter:
      return AuditExit::kShorter;
    case TreeRelation::kOtherRoot:
      return AuditExit::kOtherRoot;
  }
  return AuditExit::kFound;
}

inline AuditExit ExitOf(TreeProblem problem) {
  switch (problem) {
    case TreeProblem::kBundleMissing:
    case TreeProblem::kTileMissing:
      return AuditExit::kTileMissing;
    case TreeProblem::kEntryDiffers:
    case TreeProblem::kTileDiffers:
    case TreeProblem::kBothDiffer:
      return AuditExit::kEntryDiffers;
    case TreeProblem::kRootDiffers:
      return AuditExit::kRootDiffers;
    case TreeProblem::kInconsistent:
      return AuditExit::kInconsistent;
  }
  return AuditExit::kFound;
}

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_EXIT_CODE_H_
