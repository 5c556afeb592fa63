// RUN: not aicc-opt %s --split-input-file --verify-diagnostics 2>&1 | FileCheck %s

// CHECK: verify-diagnostics-reject.mlir:8: error: expected error "nothing wrong" on line 8 was not produced
// CHECK: verify-diagnostics-reject.mlir:14: error: unexpected error: custom op 'missing' is unknown
// CHECK: verify-diagnostics-reject.mlir:19: error: cannot read this expected-* directive
// CHECK: verify-diagnostics-reject.mlir:20: error: expected note "elsewhere" on unknown location was not produced

func.func @fine() // expected-error {{nothing wrong}}

// -----

func.func @wrong() {

  missing
}

// -----

// expected-error: nothing
// expected-note @unknown {{elsewhere}}
