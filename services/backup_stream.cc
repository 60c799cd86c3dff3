#include "services/backup_stream.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "services/backups.h"
#include "services/rpc_error.h"

namespace meritbook {
namespace {

class Stream final : public grpc::ServerWriteReactor<v1::CreateBackupResponse> {
 public:
  // Keeps the stream alive until OnDone, and longer for the backup.
  void Keep(std::shared_ptr<Stream> self) { self_ = std::move(self); }

  void Refuse(const Refused& refused) {
    {
      const std::lock_guard lock(mutex_);
      status_ = RpcError(refused);
    }
    Go();
  }

  // False once the caller is gone.
  bool Progress(uint64_t bytes_done, uint64_t bytes_total) {
    {
      const std::lock_guard lock(mutex_);
      v1::CreateBackupResponse& response = next_.emplace();
      response.set_bytes_done(bytes_done);
      response.set_bytes_total(bytes_total);
    }
    Go();
    return !cancelled_;
  }

  void Succeed(v1::Backup backup) {
    {
      const std::lock_guard lock(mutex_);
      v1::CreateBackupResponse& response = next_.emplace();
      response.set_bytes_done(3 * backup.bytes());
      response.set_bytes_total(3 * backup.bytes());
      *response.mutable_backup() = std::move(backup);
      status_ = grpc::Status::OK;
    }
    Go();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      busy_ = false;
      if (!ok) {
        cancelled_ = true;
        next_.reset();
      }
    }
    Go();
  }

  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { self_.reset(); }

 private:
  // Writes the newest answer if no write is under way, or ends. gRPC is called without the lock,
  // since it may call back at once.
  void Go() {
    bool ends = false;
    grpc::Status status;
    {
      const std::lock_guard lock(mutex_);
      if (busy_ || (!next_ && !status_)) return;
      busy_ = true;  // for ever once it ends
      if (next_) {
        message_ = *std::exchange(next_, std::nullopt);
      } else {
        ends = true;
        status = *status_;
      }
    }
    if (ends) {
      Finish(status);
    } else {
      StartWrite(&message_);
    }
  }

  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;  // guards what follows
  bool busy_ = false;
  std::optional<v1::CreateBackupResponse> next_;
  std::optional<grpc::Status> status_;  // how it ends, once the last answer is written
  v1::CreateBackupResponse message_;    // of the write under way
  std::shared_ptr<Stream> self_;
};

}  // namespace

grpc::ServerWriteReactor<v1::CreateBackupResponse>* CreateBackupFor(
    const Server& server, grpc::CallbackServerContext* context,
    const google::protobuf::MethodDescriptor& method, const v1::CreateBackupRequest& request) {
  const auto stream = std::make_shared<Stream>();
  stream->Keep(stream);
  const auto authorised = Authorise(server, *context, method, "");
  if (const auto* refused = std::get_if<Refused>(&authorised)) {
    stream->Refuse(*refused);
    return stream.get();  // gRPC holds on to it until OnDone
  }
  Backups::Listener listener{
      .progress = [stream](uint64_t done, uint64_t total) { return stream->Progress(done, total); },
      .done =
          [stream](std::variant<v1::Backup, Refused> made) {
            if (const auto* refused = std::get_if<Refused>(&made)) {
              stream->Refuse(*refused);
            } else {
              stream->Succeed(std::get<v1::Backup>(std::move(made)));
            }
          }};
  if (const auto refused = server.backups->Begin(request.keep(), std::move(listener))) {
    stream->Refuse(*refused);
  }
  return stream.get();
}

}  // namespace meritbook
