// Owns: one report on its way to its reader.
// Promises: a head with the columns, then all rows in order; a slow reader holds up nobody else.
// Thread: gRPC's, and whoever has the report, one at a time.
#ifndef MERITBOOK_SERVICES_REPORT_STREAM_H_
#define MERITBOOK_SERVICES_REPORT_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>

#include "ledger/refusal.h"
#include "meritbook/v1/report.pb.h"
#include "services/report_table.h"

namespace meritbook {

class ReportStream final : public grpc::ServerWriteReactor<v1::GetReportResponse> {
 public:
  // Lives until the call is done.
  static ReportStream* New();

  // Exactly one of these, once. `head` says what every message says.
  void Send(v1::GetReportResponse head, ReportTable table);
  void Refuse(const Refused& refused);

  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  ReportStream() = default;
  void Write();

  std::unique_ptr<ReportStream> self_;
  std::optional<ReportTable> table_;
  size_t next_ = 0;  // row
  v1::GetReportResponse head_;
  v1::GetReportResponse message_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REPORT_STREAM_H_
