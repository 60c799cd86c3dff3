#include "cli/qr_code.h"

#include <qrencode.h>

#include <cstring>
#include <memory>

#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr int kQuiet = 4;
constexpr const char* kBlackOnWhite = "\033[38;5;16;48;5;231m";
constexpr const char* kPlain = "\033[0m";

}  // namespace

absl::StatusOr<QrCode> QrCode::Of(const std::string& text) {
  // Digits alone take the numeric mode by themselves.
  const std::unique_ptr<QRcode, void (*)(QRcode*)> made(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
  if (made == nullptr) {
    return absl::InternalError(Text("no QR code can be made: ", std::strerror(errno)));
  }
  QrCode code;
  code.size_ = made->width;
  const auto modules = static_cast<size_t>(made->width) * static_cast<size_t>(made->width);
  for (size_t i = 0; i < modules; ++i) code.dark_.push_back((made->data[i] & 1U) != 0);
  return code;
}

bool QrCode::dark(int x, int y) const {
  if (x < 0 || y < 0 || x >= size_ || y >= size_) return false;
  return dark_[static_cast<size_t>(y) * static_cast<size_t>(size_) + static_cast<size_t>(x)];
}

std::string QrCode::HalfBlocks(bool colour) const {
  std::string text;
  for (int y = -kQuiet; y < size_ + kQuiet; y += 2) {
    if (colour) text += kBlackOnWhite;
    for (int x = -kQuiet; x < size_ + kQuiet; ++x) {
      const bool upper = dark(x, y) == colour;
      const bool lower = dark(x, y + 1) == colour;
      text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    text += Text(colour ? kPlain : "", "\n");
  }
  return text;
}

std::string QrCode::Svg() const {
  const int side = size_ + 2 * kQuiet;
  std::string path;
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      if (dark(x, y)) path += Text("M", x + kQuiet, " ", y + kQuiet, "h1v1h-1z");
    }
  }
  return Text("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", side, " ", side,
              "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" "
              "fill=\"#fff\"/><path fill=\"#000\" d=\"",
              path, "\"/></svg>");
}

}  // namespace meritbook::cli
