// verify checks a log with golang.org/x/mod's note and tlog, which know nothing of Meritbook: the
// checkpoint's signature, the inclusion of the first, the last and some random entries, and that
// the log only grew since older checkpoints.
//
//	verify -log URL|FOLDER -vkey KEY [-bearer KEY] [-entries N] [-seed N] [OLDER-CHECKPOINT…]
//
// Exit codes: 0 all verified; 2 usage; 3 something could not be fetched; 4 the checkpoint or an
// older one is malformed or not signed by the key; 5 a tile or an entry is not what the checkpoint
// says; 6 the log is inconsistent with an older checkpoint.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	exitUsage        = 2
	exitNotFetched   = 3
	exitCheckpoint   = 4
	exitTree         = 5
	exitInconsistent = 6

	bundleWidth   = 256
	resourceBytes = 64 << 20
)

type fetchError struct{ cause error }

func (e *fetchError) Error() string { return e.cause.Error() }

// place is where a log is read from: a server's URL or an export's folder.
type place struct {
	root   string
	bearer string
}

func (p place) isURL() bool { return strings.Contains(p.root, "://") }

// read fetches one resource. The checkpoint is asked for without a key, since it is public.
func (p place) read(path string) ([]byte, error) {
	data, err := p.readAny(path)
	if err != nil {
		return nil, &fetchError{fmt.Errorf("%s: %w", path, err)}
	}
	return data, nil
}

func (p place) readAny(path string) ([]byte, error) {
	if !p.isURL() {
		return os.ReadFile(filepath.Join(p.root, filepath.FromSlash(path)))
	}
	request, err := http.NewRequest("GET", strings.TrimSuffix(p.root, "/")+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	if p.bearer != "" && path != "checkpoint" {
		request.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, errors.New(response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, resourceBytes))
}

// ourPath maps tlog's path of a tile of height 8 to that of tlog-tiles, which leaves the height out.
func ourPath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

// tiles is a tlog.TileReader.
type tiles struct {
	from place
	read map[string]bool
}

func (t *tiles) Height() int { return 8 }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := t.from.read(ourPath(tile))
		if err != nil {
			return nil, err
		}
		found[i] = data
		t.read[ourPath(tile)] = true
	}
	return found, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// openCheckpoint verifies a checkpoint's signature and takes its body apart.
func openCheckpoint(text []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	return parseBody(opened.Text, verifier.Name())
}

func parseBody(body, origin string) (tlog.Tree, error) {
	lines := strings.Split(body, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return tlog.Tree{}, fmt.Errorf("the body has %d lines, not three", len(lines)-1)
	}
	for _, line := range lines[:len(lines)-1] {
		if line == "" {
			return tlog.Tree{}, errors.New("the body has an empty line")
		}
	}
	if lines[0] != origin {
		return tlog.Tree{}, fmt.Errorf("the origin is %q, the key's name %q", lines[0], origin)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("%q is not a size", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("%q is not a root", lines[2])
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

// bundlePath is that of the bundle which holds the entry, as wide as the tree has it.
func bundlePath(index, size int64) (path string, first, width int64) {
	number := index / bundleWidth
	first = number * bundleWidth
	width = size - first
	if width > bundleWidth {
		width = bundleWidth
	}
	tile := tlog.Tile{H: 8, L: 0, N: number, W: int(width)}
	return "tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/"), first, width
}

func parseBundle(data []byte, width int64) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, errors.New("the bundle ends inside a length")
		}
		length := int(binary.BigEndian.Uint16(data))
		data = data[2:]
		if len(data) < length {
			return nil, errors.New("the bundle ends inside an entry")
		}
		entries = append(entries, data[:length])
		data = data[length:]
	}
	if int64(len(entries)) != width {
		return nil, fmt.Errorf("the bundle has %d entries, not %d", len(entries), width)
	}
	return entries, nil
}

// checkBundle compares every entry of a bundle with the leaf tile.
func checkBundle(entries [][]byte, first int64, reader tlog.HashReader) error {
	indexes := make([]int64, len(entries))
	for i := range entries {
		indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
	}
	hashes, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		if tlog.RecordHash(entry) != hashes[i] {
			return fmt.Errorf("entry %d is not what its tile says", first+int64(i))
		}
	}
	return nil
}

func checkEntry(from place, tree tlog.Tree, index int64, reader tlog.HashReader) error {
	path, first, width := bundlePath(index, tree.N)
	data, err := from.read(path)
	if err != nil {
		return err
	}
	entries, err := parseBundle(data, width)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := checkBundle(entries, first, reader); err != nil {
		return err
	}
	proof, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil {
		return err
	}
	leaf := tlog.RecordHash(entries[index-first])
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
		return fmt.Errorf("entry %d: %w", index, err)
	}
	return nil
}

func checkConsistency(older, tree tlog.Tree, reader tlog.HashReader) error {
	if older.N > tree.N {
		return fmt.Errorf("the log is shorter than before: %d, once %d", tree.N, older.N)
	}
	if older.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, older.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash)
}

// chosen are the entries to look at: the first, the last and some between.
func chosen(size int64, count int, seed int64) []int64 {
	random := rand.New(rand.NewSource(seed))
	indexes := []int64{0, size - 1}
	for i := 0; i < count; i++ {
		indexes = append(indexes, random.Int63n(size))
	}
	return indexes
}

// exitOn ends the program with the code, or with that of something not fetched if that was why.
func exitOn(err error, code int) {
	if err == nil {
		return
	}
	var unfetched *fetchError
	if errors.As(err, &unfetched) {
		code = exitNotFetched
	}
	fmt.Fprintln(os.Stderr, "verify:", err)
	os.Exit(code)
}

func main() {
	var from place
	flag.StringVar(&from.root, "log", "", "URL of a server's ledger, or folder of an export")
	flag.StringVar(&from.bearer, "bearer", "", "an auditor's key")
	vkey := flag.String("vkey", "", "the log's verifier key")
	count := flag.Int("entries", 8, "how many random entries to look at")
	seed := flag.Int64("seed", time.Now().UnixNano(), "of the random entries")
	flag.Parse()
	if from.root == "" || *vkey == "" || *count < 0 {
		flag.Usage()
		os.Exit(exitUsage)
	}
	verifier, err := note.NewVerifier(*vkey)
	exitOn(err, exitUsage)

	text, err := from.read("checkpoint")
	exitOn(err, exitNotFetched)
	tree, err := openCheckpoint(text, verifier)
	exitOn(err, exitCheckpoint)

	tileReader := &tiles{from: from, read: map[string]bool{}}
	reader := tlog.TileHashReader(tree, tileReader)
	var indexes []int64
	if tree.N > 0 {
		indexes = chosen(tree.N, *count, *seed)
	}
	for _, index := range indexes {
		exitOn(checkEntry(from, tree, index, reader), exitTree)
	}
	for _, path := range flag.Args() {
		text, err := os.ReadFile(path)
		exitOn(err, exitUsage)
		older, err := openCheckpoint(text, verifier)
		exitOn(err, exitCheckpoint)
		exitOn(checkConsistency(older, tree, reader), exitInconsistent)
	}
	fmt.Printf("size %d: signature, %d inclusions, %d consistencies, %d tiles; seed %d\n",
		tree.N, len(indexes), flag.NArg(), len(tileReader.read), *seed)
}
