#include "storage/log_rows.h"

namespace meritbook {

LogCursor::~LogCursor() = default;

LogRows::~LogRows() = default;

}  // namespace meritbook
