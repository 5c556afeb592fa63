// RUN: aicc-opt %s --split-input-file --distribute-loops | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(distribute-loops,distribute-loops)' | filecheck %s

#id = affine_map<(a, b, c) -> (a, b, c)>

// The unit dimension is passed over; 56 rows are handed out four at a time.
module attributes {aicc.threads = 2 : i64} {
  // CHECK-LABEL: func.func private @large
  // CHECK: scf.forall {{.*}} in (14)
  // CHECK: linalg.generic
  func.func private @large(%x: memref<1x56x1024xf32>, %y: memref<1x56x1024xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : memref<1x56x1024xf32>) outs(%y : memref<1x56x1024xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %a : f32
      linalg.yield %0 : f32
    }
    return
  }

  // CHECK-LABEL: func.func private @small
  // CHECK-NOT: scf.forall
  func.func private @small(%x: memref<1x4x16xf32>, %y: memref<1x4x16xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : memref<1x4x16xf32>) outs(%y : memref<1x4x16xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %a : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#id = affine_map<(a, b, c) -> (a, b, c)>

// One thread: nothing to split.
module attributes {aicc.threads = 1 : i64} {
  // CHECK-LABEL: func.func private @serial
  // CHECK-NOT: scf.forall
  func.func private @serial(%x: memref<1x56x1024xf32>, %y: memref<1x56x1024xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : memref<1x56x1024xf32>) outs(%y : memref<1x56x1024xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %a : f32
      linalg.yield %0 : f32
    }
    return
  }
}
