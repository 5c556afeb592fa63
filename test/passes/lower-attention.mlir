// RUN: aicc-opt %s --lower-attention | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(lower-attention,lower-attention)' | filecheck %s
// RUN: sed 's/aicc.threads = 1/aicc.threads = 4/' %s | aicc-opt --lower-attention | filecheck %s --check-prefix=PARALLEL

// The plain form goes; what stays needs panels of keys, the scores of 32 queries and the values of a
// head side by side, no 128 x 128.
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
  // CHECK-LABEL: func.func private @attention(
  // CHECK-NOT: memref.alloc()
  // CHECK: memref.alloca() {alignment = 64 : i64} : memref<4x32x32xf32>
  // CHECK: memref.alloca() {alignment = 64 : i64} : memref<32x128xf32>
  // CHECK: memref.alloca() {alignment = 64 : i64} : memref<32xf32>
  // CHECK: memref.alloca() {alignment = 64 : i64} : memref<128x32xf32>
  // CHECK-NOT: memref.alloca
  // CHECK: scf.for
  // CHECK: vector.shuffle
  // CHECK: vector.fma
  // CHECK-NOT: vector.reduction
  // CHECK-NOT: scf.while
  // CHECK: vector.store %{{.*}}, %arg3[
  // CHECK-NOT: aicc.attention
  // PARALLEL: scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) in (1, 12, 2)
  // PARALLEL: memref.alloca
  func.func private @attention(%q: memref<1x12x128x32xf32>, %k: memref<1x128x12x32xf32>, %v: memref<1x128x12x32xf32>, %y: memref<1x128x12x32xf32>) attributes {aicc.kernel = "attention", aicc.attention = {batch = 1 : i64, depth = 32 : i64, groups = 12 : i64, guard = "none", heads = 12 : i64, k = 1 : i64, keys = 128 : i64, lanes = 16 : i64, layouts = "hsss", mask = -1 : i64, q = 0 : i64, k_first = 0 : i64, q_first = 0 : i64, v_first = 0 : i64, queries = 128 : i64, registers = 32 : i64, scale = 0.25 : f64, v = 2 : i64, width = 32 : i64, y = 3 : i64}} {
    %s = memref.alloc() : memref<1x12x128x128xf32>
    memref.dealloc %s : memref<1x12x128x128xf32>
    return
  }

  // Keys that the mask hides from all queries of a block are left out.
  // CHECK-LABEL: func.func private @masked(
  // CHECK: %[[SEEN:.*]] = scf.while
  // CHECK: vector.reduction <or>
  // CHECK: %[[KEYS:.*]] = scf.if
  // CHECK: scf.for %{{.*}} = %{{.*}} to %[[KEYS]] step
  func.func private @masked(%q: memref<1x1x64x32xf32>, %k: memref<1x1x64x32xf32>, %v: memref<1x1x64x32xf32>, %m: memref<64x64xf32>, %y: memref<1x1x64x32xf32>) attributes {aicc.kernel = "attention", aicc.attention = {batch = 1 : i64, depth = 32 : i64, groups = 1 : i64, guard = "none", heads = 1 : i64, k = 1 : i64, keys = 64 : i64, lanes = 16 : i64, layouts = "hhhh", mask = 3 : i64, q = 0 : i64, k_first = 0 : i64, q_first = 0 : i64, v_first = 0 : i64, queries = 64 : i64, registers = 32 : i64, scale = 0.25 : f64, v = 2 : i64, width = 32 : i64, y = 4 : i64}} {
    return
  }

  // A kernel without a plan stays as it is.
  // CHECK-LABEL: func.func private @other(
  // CHECK-NEXT: return
  func.func private @other(%x: memref<4xf32>) {
    return
  }
}
