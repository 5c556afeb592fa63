// RUN: aicc-opt %s --mark-kernels --split-input-file | filecheck %s
// RUN: aicc-opt %s --mark-kernels --mark-kernels --split-input-file | filecheck %s

// One interval per call, between two marks.
// CHECK: module attributes
// CHECK-SAME: class = "elementwise", kernel = "k", nodes = ["relu"], work = {bytes = 32 : i64, flops = 4 : i64}
// CHECK-SAME: class = "elementwise", kernel = "k", nodes = []
// CHECK: func.func @main(%[[A:.*]]: memref<4xf32>, %[[M:.*]]: memref<3xi64> {aicc.marks})
// CHECK: %[[T:.*]] = llvm.call_intrinsic "llvm.readcyclecounter"()
// CHECK: memref.store %[[T]], %[[M]][%c0
// CHECK: call @k
// CHECK: llvm.call_intrinsic
// CHECK: call @k
// CHECK: llvm.call_intrinsic
// CHECK: return
module attributes {aicc.profile} {
  func.func private @k(%x: memref<4xf32>) attributes {aicc.kernel = "elementwise", aicc.work = {flops = 4 : i64, bytes = 32 : i64}} { return }
  func.func @main(%a: memref<4xf32>) {
    call @k(%a) : (memref<4xf32>) -> () loc("relu")
    call @k(%a) : (memref<4xf32>) -> () loc(unknown)
    return
  }
}

// -----

// Without the attribute nothing is measured.
// CHECK: // -----
// CHECK-NOT: llvm.call_intrinsic
func.func private @k(%x: memref<4xf32>) attributes {aicc.kernel = "elementwise"} { return }
func.func @main(%a: memref<4xf32>) {
  call @k(%a) : (memref<4xf32>) -> ()
  return
}
