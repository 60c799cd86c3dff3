// Owns: every record of service and every award, whatever became of it.
// Promises: a record never moves; its number is its place in the order of the log.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_RECORD_BOOK_H_
#define MERITBOOK_CLI_AUDIT_RECORD_BOOK_H_

#include <cstdint>
#include <deque>

#include "absl/container/inlined_vector.h"
#include "cli/audit/lot_book.h"
#include "cli/audit/volunteer.h"

namespace meritbook::audit {

struct Actor;

// The part of a record that falls on one day.
struct Segment {
  int32_t day = 0;
  uint32_t rule_version = 0;
  uint32_t credited = 0;
  uint32_t honorary = 0;
  Lot lot;  // with its units
};

enum class RecordState : uint8_t { kWaiting, kApproved, kRejected, kRevoked, kCorrected };

struct Record {
  Volunteer* volunteer = nullptr;       // as posted; see Survivor()
  const Activity* activity = nullptr;   // nothing for an award
  const Session* session = nullptr;     // nothing where there is none
  const Award* award = nullptr;         // nothing for service
  const Actor* submitted_by = nullptr;  // who brought it in
  int64_t start_us = 0;                 // 0 where only the length is known
  int32_t first_day = 0;                // of an award its day
  uint32_t minutes = 0;
  uint32_t award_points = 0;
  int32_t credited_day = 0;  // on which it was approved
  RecordState state = RecordState::kWaiting;
  bool disputed = false;
  const Actor* disputed_by = nullptr;
  bool backfilled = false;
  absl::InlinedVector<Segment, 1> segments;  // while approved

  int64_t Units() const {
    int64_t units = 0;
    for (const Segment& segment : segments) units += segment.lot.units;
    return units;
  }
};

using RecordBook = std::deque<Record>;

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_RECORD_BOOK_H_
