// Checks our log with the Go checksum database's own code: tree PROOFS FOLDER
//
// The root is recomputed from the entries, and proofs end in CheckRecord and CheckTree. TileHashReader is not used: that
// of golang.org/x/mod 0.7.0, for one, accepts forged tiles.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type told struct {
	Vkey  string
	Trees []struct {
		Checkpoint string
		Inclusion  []struct {
			Index  int64
			Entry  []byte
			Hashes [][]byte
		}
		Consistency []struct {
			Old    int64
			Root   []byte
			Hashes [][]byte
		}
	}
}

var answer = struct {
	Notes, Inclusion, Consistency, Entries, Tiles, Differed int
	Version, Vkey, Note                                     string
}{Version: runtime.Version()}

func expect(right bool, counter *int, what string, place any) {
	if right {
		*counter++
	} else {
		answer.Differed++
		fmt.Fprintln(os.Stderr, what, place)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(path ...string) []byte {
	data, err := os.ReadFile(filepath.Join(path...))
	must(err)
	return data
}

func hash(data []byte) (found tlog.Hash) {
	copy(found[:], data)
	return found
}

func hashes(list [][]byte) (found []tlog.Hash) {
	for _, data := range list {
		found = append(found, hash(data))
	}
	return found
}

// opened is the size and root of a signed checkpoint.
func opened(verifier note.Verifier, text string) (int64, tlog.Hash) {
	signed, err := note.Open([]byte(text), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return size, root
}

// groups is the path of a tile's number.
func groups(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

func width(w int) string {
	if w == 256 {
		return ""
	}
	return fmt.Sprintf(".p/%d", w)
}

func main() {
	var given told
	must(json.Unmarshal(read(os.Args[1]), &given))
	verifier, err := note.NewVerifier(given.Vkey)
	must(err)

	for _, tree := range given.Trees {
		size, root := opened(verifier, tree.Checkpoint)
		changed := []byte(tree.Checkpoint)
		changed[len(changed)-20] ^= 1
		_, err := note.Open(changed, note.VerifierList(verifier))
		expect(err != nil, &answer.Notes, "a changed note was opened", size)
		for _, each := range tree.Inclusion {
			proof, leaf := hashes(each.Hashes), tlog.RecordHash(each.Entry)
			right := tlog.CheckRecord(proof, size, root, each.Index, leaf) == nil
			leaf[each.Index%32] ^= 1
			right = right && tlog.CheckRecord(proof, size, root, each.Index, leaf) != nil
			expect(right, &answer.Inclusion, "inclusion", each.Index)
		}
		for _, each := range tree.Consistency {
			proof, old := hashes(each.Hashes), hash(each.Root)
			right := tlog.CheckTree(proof, size, root, each.Old, old) == nil
			old[each.Old%32] ^= 1
			right = right && tlog.CheckTree(proof, size, root, each.Old, old) != nil
			expect(right, &answer.Consistency, "consistency", each.Old)
		}
	}

	folder := os.Args[2]
	size, root := opened(verifier, string(read(folder, "checkpoint")))
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (found []tlog.Hash, err error) {
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	var n int64
	for n < size {
		count := int(size - n)
		if count > 256 {
			count = 256
		}
		bundle := read(folder, "tile", "entries", groups(n/256)+width(count))
		for ; count > 0; count-- {
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			added, err := tlog.StoredHashes(n, bundle[2:end], reader)
			must(err)
			stored = append(stored, added...)
			bundle = bundle[end:]
			n++
		}
		if len(bundle) != 0 {
			must(fmt.Errorf("a bundle is too long"))
		}
	}
	recomputed, err := tlog.TreeHash(size, reader)
	must(err)
	if recomputed == root {
		answer.Entries = int(size)
	} else {
		expect(false, &answer.Entries, "the root over all entries is another:", recomputed)
	}
	for _, tile := range tlog.NewTiles(8, 0, size) {
		if tile.W < 256 && int64(tile.W) != size>>(8*tile.L)%256 {
			continue // the partial tile of an older tree
		}
		ours := read(folder, "tile", strconv.Itoa(tile.L), groups(tile.N)+width(tile.W))
		theirs, err := tlog.ReadTileData(tile, reader)
		must(err)
		expect(string(ours) == string(theirs), &answer.Tiles, "tile", tile.Path())
	}

	if answer.Differed > 0 {
		os.Exit(1)
	}

	// The other way round: a checkpoint of the same tree, signed here, for Werdegang to open.
	secret, vkey, err := note.GenerateKey(nil, "go.example/log")
	must(err)
	signer, err := note.NewSigner(secret)
	must(err)
	text := fmt.Sprintf("go.example/log\n%d\n%v\n", size, recomputed)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	must(err)
	answer.Vkey, answer.Note = vkey, string(signed)
	must(json.NewEncoder(os.Stdout).Encode(answer))
}
