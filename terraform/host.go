//go:build wasip1

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"unsafe"

	"github.com/keywarden/keywarden/terraform/internal/evaluate"
)

//go:wasmimport keywarden list
func hostList(path unsafe.Pointer, length uint32) int32

//go:wasmimport keywarden read
func hostRead(path unsafe.Pointer, length uint32, purpose uint32) int32

//go:wasmimport keywarden take
func hostTake(pointer unsafe.Pointer)

// errTooLarge is the error for a file that exceeds the size limit of the host.
var errTooLarge = errors.New("the file is too large")

// host reads files through the functions that the host program imports into the module.
type host struct{}

var _ evaluate.FS = host{}

func (host) List(directory string) ([]evaluate.Entry, error) {
	content, err := takeResult("list", directory, hostList(pointerTo(directory), uint32(len(directory))))
	if err != nil {
		return nil, err
	}
	var entries []evaluate.Entry
	err = json.Unmarshal(content, &entries)
	return entries, err
}

func (host) Read(path string, purpose int) ([]byte, error) {
	return takeResult("read", path, hostRead(pointerTo(path), uint32(len(path)), uint32(purpose)))
}

// takeResult returns the bytes that the host keeps for the last call. A negative size is an error code.
func takeResult(operation, path string, size int32) ([]byte, error) {
	switch {
	case size == -1:
		return nil, &fs.PathError{Op: operation, Path: path, Err: fs.ErrNotExist}
	case size == -2:
		return nil, &fs.PathError{Op: operation, Path: path, Err: fs.ErrPermission}
	case size == -3:
		return nil, &fs.PathError{Op: operation, Path: path, Err: errTooLarge}
	case size < 0:
		return nil, &fs.PathError{Op: operation, Path: path, Err: fs.ErrInvalid}
	case size == 0:
		return []byte{}, nil
	}
	bytes := make([]byte, size)
	hostTake(unsafe.Pointer(unsafe.SliceData(bytes)))
	return bytes, nil
}

func pointerTo(s string) unsafe.Pointer { return unsafe.Pointer(unsafe.StringData(s)) }
