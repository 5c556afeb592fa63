// RUN: aicc-opt %s --split-input-file --vectorise-elementwise | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(vectorise-elementwise,vectorise-elementwise)' | filecheck %s

#id = affine_map<(a, b) -> (a, b)>
#row = affine_map<(a, b) -> (b)>
#column = affine_map<(a, b) -> (a)>
#turned = affine_map<(a, b) -> (b, a)>

// A whole tensor is one row: strips of four vectors, then what is left under a mask.
module attributes {aicc.target = "skylake-avx512"} {
  // CHECK-LABEL: func.func private @row
  // CHECK: memref.reinterpret_cast {{.*}} memref<f32> to memref<201xf32, strided<[1], offset: ?>>
  // CHECK: scf.for %{{.*}} = %c0 to %c192 step %c64 {
  // CHECK-COUNT-4: vector.load
  // CHECK-COUNT-4: math.exp
  // CHECK-COUNT-4: vector.store
  // CHECK: }
  // CHECK: vector.maskedload
  // CHECK: vector.maskedstore
  func.func private @row(%x: memref<3x67xf32>, %y: memref<3x67xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<3x67xf32>) outs(%y : memref<3x67xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = math.exp %a : f32
      linalg.yield %0 : f32
    }
    return
  }

  // An operand along the rows and one along the columns keep two loops: two vectors and a part of
  // a third fill a strip.
  // CHECK-LABEL: func.func private @broadcast
  // CHECK: scf.for %[[I:.*]] = %c0{{.*}} to %c5{{.*}} step %c1{{.*}} {
  // CHECK: %[[AT:.*]] = arith.muli %[[I]], %c33
  // CHECK: vector.load %{{.*}}[%[[AT]]]
  // CHECK: vector.load %{{.*}}[%c0{{.*}}]
  // CHECK: memref.load %{{.*}}[%[[I]]]
  // CHECK-COUNT-3: math.tanh
  func.func private @broadcast(%x: memref<5x33xf32>, %r: memref<33xf32>, %c: memref<5xf32>, %y: memref<5x33xf32>) {
    linalg.generic {indexing_maps = [#id, #row, #column, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %r, %c : memref<5x33xf32>, memref<33xf32>, memref<5xf32>) outs(%y : memref<5x33xf32>) {
    ^bb0(%a: f32, %b: f32, %d: f32, %e: f32):
      %0 = arith.addf %a, %b : f32
      %1 = arith.mulf %0, %d : f32
      %2 = math.tanh %1 : f32
      linalg.yield %2 : f32
    }
    return
  }

  // Rows of one vector go four at a time, the last one by itself.
  // CHECK-LABEL: func.func private @short
  // CHECK: scf.for %{{.*}} = %c0 to %c8 step %c4 {
  // CHECK-COUNT-4: math.log
  // CHECK: }
  // CHECK-COUNT-1: math.log
  // CHECK-NOT: math.log
  func.func private @short(%x: memref<9x16xf32, strided<[40, 1], offset: ?>>, %y: memref<9x16xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<9x16xf32, strided<[40, 1], offset: ?>>) outs(%y : memref<9x16xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = math.log %a : f32
      linalg.yield %0 : f32
    }
    return
  }

  // Nothing to compute but what LLVM's vectoriser is good at.
  // CHECK-LABEL: func.func private @plain
  // CHECK: linalg.generic
  func.func private @plain(%x: memref<3x64xf32>, %y: memref<3x64xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<3x64xf32>) outs(%y : memref<3x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %a : f32
      linalg.yield %0 : f32
    }
    return
  }

  // Not contiguous along the innermost loop.
  // CHECK-LABEL: func.func private @transposed
  // CHECK: linalg.generic
  func.func private @transposed(%x: memref<64x32xf32>, %y: memref<32x64xf32>) {
    linalg.generic {indexing_maps = [#turned, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<64x32xf32>) outs(%y : memref<32x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = math.exp %a : f32
      linalg.yield %0 : f32
    }
    return
  }

  // f64 is left to the library.
  // CHECK-LABEL: func.func private @double
  // CHECK: linalg.generic
  func.func private @double(%x: memref<3x64xf64>, %y: memref<3x64xf64>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<3x64xf64>) outs(%y : memref<3x64xf64>) {
    ^bb0(%a: f64, %b: f64):
      %0 = math.exp %a : f64
      linalg.yield %0 : f64
    }
    return
  }
}
