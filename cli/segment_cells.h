// Owns: how the parts of a record are shown.
// Promises: minutes and points of all parts together, in the cells of a receipt; each part in a
// table. Thread: one.
#ifndef MERITBOOK_CLI_SEGMENT_CELLS_H_
#define MERITBOOK_CLI_SEGMENT_CELLS_H_

#include <vector>

#include "cli/receipt_table.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {

using SegmentList = google::protobuf::RepeatedPtrField<v1::CreditSegment>;

// Adds credited and honorary time and points to a receipt's cells; nothing when there is no
// segment.
void AddSegmentCells(const Session& session, const SegmentList& segments,
                     std::vector<NamedCell>& cells);

Table SegmentTable(const Session& session, const SegmentList& segments);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_SEGMENT_CELLS_H_
