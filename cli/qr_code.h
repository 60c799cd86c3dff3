// Owns: QR codes, made by libqrencode, as a terminal or a page shows them.
// Promises: dark on light with the quiet zone that ISO/IEC 18004 wants, four modules wide.
// Thread: any.
#ifndef MERITBOOK_CLI_QR_CODE_H_
#define MERITBOOK_CLI_QR_CODE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace meritbook::cli {

class QrCode {
 public:
  // Error correction level M: a slip in a pocket loses up to 15 %.
  static absl::StatusOr<QrCode> Of(const std::string& text);

  // Modules on a side, without the quiet zone.
  int size() const { return size_; }
  // False outside.
  bool dark(int x, int y) const;

  // Two modules a character, a line break after each line. With colour black on white; without,
  // light modules are drawn, since terminals are mostly dark.
  std::string HalfBlocks(bool colour) const;
  // An <svg> element, one unit a module, without a size of its own.
  std::string Svg() const;

 private:
  int size_ = 0;
  std::vector<bool> dark_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_QR_CODE_H_
