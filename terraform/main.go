//go:build wasip1

// Command terraform is the WebAssembly module bundles/terraform.wasm, which evaluates Terraform source.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"unsafe"

	"github.com/keywarden/keywarden/terraform/internal/evaluate"
	"github.com/keywarden/keywarden/terraform/internal/outline"
)

// The garbage collector keeps its default settings. Less frequent collection saves no time, because the runtime
// allocates more pages instead, and needs four times the memory.
func main() {}

// request and result keep the memory alive that the host has pointers to.
var request, result []byte

// allocate returns memory for a request of the given size.
//
//lint:ignore U1000 The host calls it; staticcheck does not know go:wasmexport.
//go:wasmexport allocate
func allocate(size uint32) unsafe.Pointer {
	request = make([]byte, size)
	return unsafe.Pointer(unsafe.SliceData(request))
}

// scan returns the modules that a directory calls.
//
//lint:ignore U1000 The host calls it; staticcheck does not know go:wasmexport.
//go:wasmexport scan
func scan(unsafe.Pointer, uint32) uint64 {
	return respond(func(directory struct {
		Directory string `json:"directory"`
	}) any {
		return evaluate.ScanDirectory(host{}, directory.Directory)
	})
}

// run evaluates a root module.
//
//lint:ignore U1000 The host calls it; staticcheck does not know go:wasmexport.
//go:wasmexport evaluate
func run(unsafe.Pointer, uint32) uint64 {
	return respond(func(request evaluate.Request) any { return evaluate.Run(host{}, request) })
}

// outlineOf returns the comments and top-level blocks of a file.
//
//lint:ignore U1000 The host calls it; staticcheck does not know go:wasmexport.
//go:wasmexport outline
func outlineOf(unsafe.Pointer, uint32) uint64 {
	return respond(func(file struct {
		Text string `json:"text"`
	}) any {
		return outline.Parse(file.Text)
	})
}

// respond handles the request in the memory from allocate and returns the location of the result.
func respond[T any](handle func(T) any) uint64 {
	message := request
	request = nil
	result = resultOf(message, handle)
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(result))))<<32 | uint64(len(result))
}

// resultOf returns the result of a request as JSON. If handle panics, the result has only a problem.
func resultOf[T any](message []byte, handle func(T) any) (out []byte) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Fprintf(os.Stderr, "panic: %v\n%s", reason, debug.Stack())
			out = failure(message)
		}
	}()
	var request T
	if err := json.Unmarshal(message, &request); err != nil {
		panic(err)
	}
	out, err := json.Marshal(handle(request))
	if err != nil {
		panic(err)
	}
	return out
}

func failure(message []byte) []byte {
	var request struct {
		Directory string `json:"directory"`
	}
	_ = json.Unmarshal(message, &request)
	out, _ := json.Marshal(map[string]any{"problems": []evaluate.Problem{{
		File:    request.Directory,
		Message: "Keywarden failed with an internal error.",
		Remedy:  "Report this as a bug, with a minimal input that reproduces it.",
	}}})
	return out
}
