//go:build wasip1

// Command terraform is the module bundles/terraform.wasm: it evaluates Terraform configurations.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"unsafe"

	"github.com/keywarden/keywarden/terraform/internal/evaluate"
)

// The collector is left as it is: to let it run later takes as much time, for the pages, and four times the memory.
func main() {}

// What the caller holds pointers to.
var request, result []byte

//
//lint:ignore U1000 The host calls it: staticcheck does not know go:wasmexport.
//go:wasmexport allocate
func allocate(size uint32) unsafe.Pointer {
	request = make([]byte, size)
	return unsafe.Pointer(unsafe.SliceData(request))
}

//
//lint:ignore U1000 The host calls it: staticcheck does not know go:wasmexport.
//go:wasmexport scan
func scan(unsafe.Pointer, uint32) uint64 {
	return answer(func(text []byte) any {
		var call struct {
			Directory string `json:"directory"`
		}
		if err := json.Unmarshal(text, &call); err != nil {
			panic(err)
		}
		return evaluate.ScanDirectory(host{}, call.Directory)
	})
}

//
//lint:ignore U1000 The host calls it: staticcheck does not know go:wasmexport.
//go:wasmexport evaluate
func run(unsafe.Pointer, uint32) uint64 {
	return answer(func(text []byte) any {
		var call evaluate.Request
		if err := json.Unmarshal(text, &call); err != nil {
			panic(err)
		}
		return evaluate.Run(host{}, call)
	})
}

// answer is the result of a call whose request is what allocate gave room for.
func answer(call func(text []byte) any) uint64 {
	text := request
	request = nil
	result = attempt(text, call)
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(result))))<<32 | uint64(len(result))
}

// attempt is a call's result as JSON, of a call that fails the problem alone.
func attempt(text []byte, call func([]byte) any) (out []byte) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Fprintf(os.Stderr, "panic: %v\n%s", reason, debug.Stack())
			out = failure(text, reason)
		}
	}()
	out, err := json.Marshal(call(text))
	if err != nil {
		panic(err)
	}
	return out
}

func failure(text []byte, reason any) []byte {
	var at struct {
		Directory string `json:"directory"`
	}
	_ = json.Unmarshal(text, &at)
	out, _ := json.Marshal(map[string]any{"problems": []evaluate.Problem{{
		File:    at.Directory,
		Message: fmt.Sprintf("Keywarden failed with an internal error: %v", reason),
		Remedy:  "Please report it, with the smallest input that shows it.",
	}}})
	return out
}
