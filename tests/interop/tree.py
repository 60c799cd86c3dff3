"""RFC 6962's tree, tlog-tiles' tiles and bundles, in plain Python from the specifications."""

import hashlib
import re

WIDTH = 256
TILE_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})"
                       r"(?:\.p/([1-9][0-9]{0,2}))?")


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_point(size):
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    def __init__(self):
        self.levels = [[]]

    @property
    def size(self):
        return len(self.levels[0])

    def append(self, entry):
        self.levels[0].append(leaf_hash(entry))
        level = 0
        while len(self.levels[level]) % 2 == 0:
            if level + 1 == len(self.levels):
                self.levels.append([])
            self.levels[level + 1].append(node_hash(*self.levels[level][-2:]))
            level += 1

    def range_hash(self, first, end):
        """The hash of D[first:end], where first is a multiple of the next power of two."""
        size = end - first
        if size & (size - 1) == 0:
            return self.levels[size.bit_length() - 1][first // size]
        middle = first + split_point(size)
        return node_hash(self.range_hash(first, middle), self.range_hash(middle, end))

    def root(self, size):
        return self.range_hash(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion(self, index, size):
        """RFC 6962 2.1.1, the leaf's sibling first."""
        first, end, path = 0, size, []
        while end - first > 1:
            middle = first + split_point(end - first)
            if index < middle:
                path.append(self.range_hash(middle, end))
                end = middle
            else:
                path.append(self.range_hash(first, middle))
                first = middle
        return path[::-1]

    def consistency(self, old_size, size):
        """RFC 6962 2.1.2; from nothing, and to itself, the proof is empty."""
        if old_size in (0, size):
            return []
        first, end, whole, path = 0, size, True, []
        while old_size != end:
            middle = first + split_point(end - first)
            if old_size <= middle:
                path.append(self.range_hash(middle, end))
                end = middle
            else:
                path.append(self.range_hash(first, middle))
                first, whole = middle, False
        if not whole:
            path.append(self.range_hash(first, end))
        return path[::-1]

    def tile(self, level, index, width):
        hashes = self.levels[8 * level][WIDTH * index:WIDTH * index + width]
        return b"".join(hashes)


def bundle(entries):
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(data):
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at:at + 2], "big")
        assert at + 2 + length <= len(data), "the bundle ends inside an entry"
        entries.append(data[at + 2:at + 2 + length])
        at += 2 + length
    return entries


def tile_path(level, index, width):
    """`level` is a number or "entries"."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at:at + 3] for at in range(0, len(digits), 3)]
    number = "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])
    return f"tile/{level}/{number}" + ("" if width == WIDTH else f".p/{width}")


def parse_tile_path(path):
    """(level or "entries", index, width), or None if it is no path of a tile."""
    match = TILE_PATH.fullmatch(path)
    if match is None:
        return None
    level = match[1] if match[1] == "entries" else int(match[1])
    parsed = level, int(re.sub("[x/]", "", match[2])), int(match[3] or WIDTH)
    return parsed if tile_path(*parsed) == path else None


def width_at(level, index, size):
    """How many hashes or entries a tree of that size has in a tile; 0 if it has no such tile."""
    height = 0 if level == "entries" else 8 * level
    return max(0, min(WIDTH, (size >> height) - WIDTH * index))


def tiles_of(size):
    """(level, index, width) of all tiles and bundles of a tree."""
    found = []
    for level in ["entries"] + list(range(8)):
        index = 0
        while width_at(level, index, size):
            found.append((level, index, width_at(level, index, size)))
            index += 1
    return found
