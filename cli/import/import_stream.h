// Owns: the stream to AdminService.Import, with several requests under way.
// Promises: hands every answer on in the order of the requests; once an answer says that a retry
// can help, nothing more is sent. Thread: one fills and sends; a thread of its own takes the
// answers.
#ifndef MERITBOOK_CLI_IMPORT_IMPORT_STREAM_H_
#define MERITBOOK_CLI_IMPORT_IMPORT_STREAM_H_

#include <google/protobuf/arena.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "cli/client.h"
#include "cli/import/merge_order.h"
#include "meritbook/v1/admin.grpc.pb.h"

namespace meritbook::cli {

inline constexpr size_t kImportItemsMax = 8'192;  // the API's limit
inline constexpr size_t kImportInFlightMax = 64;

// One request with the rows that its items stand for.
struct ImportBatch {
  std::unique_ptr<google::protobuf::Arena> arena;
  v1::ImportRequest* request = nullptr;
  std::vector<RowPlace> rows;       // of the items
  std::vector<RefusedRow> refused;  // here already, among the items' rows
};

class ImportStream {
 public:
  // Called in the order of the batches, by the stream's thread. `response` is null when the batch
  // had no items. Not OK: stop, for that reason.
  using TakeAnswers =
      std::function<absl::Status(const ImportBatch& batch, const v1::ImportResponse* response)>;

  ImportStream(const Client& client, size_t in_flight_max, TakeAnswers take);
  // After Finish.
  ~ImportStream();

  // An empty batch to fill, as soon as fewer than `in_flight_max` are under way. Null when the
  // stream is broken or was told to stop.
  ImportBatch* Begin();
  // The batch that Begin gave last.
  void Send();
  // Waits for all answers.
  absl::Status Finish();

 private:
  void ReadAnswers();
  bool Waiting() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Client& client_;
  const TakeAnswers take_;
  const std::unique_ptr<v1::AdminService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>> stream_;
  std::vector<ImportBatch> batches_;  // a ring: batch n is batches_[n % size]

  absl::Mutex mutex_;
  uint64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  bool all_sent_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status stop_status_ ABSL_GUARDED_BY(mutex_);
  std::thread reader_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_IMPORT_STREAM_H_
