#include "services/report_stream.h"

#include <algorithm>
#include <utility>

#include "services/rpc_error.h"

namespace meritbook {
namespace {

// Some 64 kB; the message limit is far off.
constexpr size_t kRowsMax = 512;

}  // namespace

ReportStream* ReportStream::New() {
  std::unique_ptr<ReportStream> stream(new ReportStream());
  ReportStream* const reactor = stream.get();
  reactor->self_ = std::move(stream);
  return reactor;
}

void ReportStream::Send(v1::GetReportResponse head, ReportTable table) {
  head_ = std::move(head);
  table_.emplace(std::move(table));
  Write();
}

void ReportStream::Refuse(const Refused& refused) { Finish(RpcError(refused)); }

void ReportStream::Write() {
  message_ = head_;
  if (next_ == 0) {
    for (const v1::ReportColumn& column : table_->columns) *message_.add_columns() = column;
  }
  const size_t end = std::min(table_->rows.size(), next_ + kRowsMax);
  for (; next_ < end; ++next_) *message_.add_rows() = std::move(table_->rows[next_]);
  StartWrite(&message_);
}

void ReportStream::OnWriteDone(bool ok) {
  if (!ok) {
    Finish(grpc::Status::CANCELLED);
  } else if (next_ < table_->rows.size()) {
    Write();
  } else {
    Finish(grpc::Status::OK);
  }
}

void ReportStream::OnDone() { self_.reset(); }

}  // namespace meritbook
