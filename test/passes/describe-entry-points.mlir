// RUN: aicc-opt %s --describe-entry-points | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(describe-entry-points,describe-entry-points)' | filecheck %s

// CHECK: aicc.entry_points = {main = [
// CHECK-SAME: dtype = ui8, kind = "input", name = "x", shape = array<i64: 4>
// CHECK-SAME: kind = "output", name = "y"
// CHECK-SAME: kind = "arena"
// CHECK-LABEL: func.func @main
// CHECK-NOT: llvm.no
func.func @main(%x: memref<4xi8> {aicc.input = "x", aicc.type = ui8}, %y: memref<4xi8> {aicc.output = "y", aicc.type = ui8}, %a: memref<64xi8> {aicc.arena}) {
  call @kernel(%x, %y) : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// CHECK-LABEL: func.func private @kernel
// CHECK-SAME: llvm.noalias
// CHECK-SAME: llvm.noalias
// CHECK-SAME: llvm.no_inline
func.func private @kernel(%x: memref<4xi8>, %y: memref<4xi8>) {
  return
}
