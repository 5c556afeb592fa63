// Pieces are independent: a broken one is reported with its line in the file, the others are printed.

// RUN: not aicc-opt %s --split-input-file 2>&1 | FileCheck %s
// CHECK-DAG: aicc-opt-split.mlir:12:3: error: custom op 'missing' is unknown
// CHECK-DAG: @first
// CHECK-DAG: // -----
// CHECK-DAG: @last
func.func private @first()
// -----
func.func @broken() {

  missing
}
// -----
func.func private @last()
