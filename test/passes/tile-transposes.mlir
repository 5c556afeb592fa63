// RUN: aicc-opt %s --split-input-file --tile-transposes | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(tile-transposes,tile-transposes)' | filecheck %s

#turned = affine_map<(a, b) -> (b, a)>
#id = affine_map<(a, b) -> (a, b)>

module attributes {aicc.target = "skylake-avx512"} {
  // 40 = 2 x 16 + 8 rows; 37 = 2 x 16 + 5 lanes.
  // CHECK-LABEL: func.func private @turned
  // CHECK-NOT: linalg
  // CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step
  // CHECK: scf.for
  // CHECK-COUNT-16: vector.load {{.*}} vector<16xf32>
  // CHECK-COUNT-64: vector.shuffle
  // CHECK-COUNT-16: vector.store
  // CHECK-COUNT-5: vector.load
  // CHECK: vector.maskedstore
  // CHECK: vector.maskedload
  func.func private @turned(%x: memref<37x40xf32>, %y: memref<40x37xf32>) {
    linalg.generic {indexing_maps = [#turned, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<37x40xf32>) outs(%y : memref<40x37xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    return
  }

  // The body is computed on the lanes of the result; doubles make tiles of eight.
  // CHECK-LABEL: func.func private @with_arithmetic
  // CHECK-COUNT-8: vector.load {{.*}} vector<8xf64>
  // CHECK: vector.shuffle
  // CHECK: arith.addf {{.*}} vector<8xf64>
  func.func private @with_arithmetic(%x: memref<32x32xf64>, %z: memref<32x32xf64>, %y: memref<32x32xf64>) {
    linalg.generic {indexing_maps = [#turned, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %z : memref<32x32xf64>, memref<32x32xf64>) outs(%y : memref<32x32xf64>) {
    ^bb0(%a: f64, %c: f64, %b: f64):
      %0 = arith.addf %a, %c : f64
      linalg.yield %0 : f64
    }
    return
  }
}

// -----

#last = affine_map<(n, c, h, w) -> (n, h, w, c)>
#id = affine_map<(n, c, h, w) -> (n, c, h, w)>

// Seven rows of seven pixels are one loop of 49: three whole tiles and one lane.
module attributes {aicc.target = "skylake-avx512"} {
  // CHECK-LABEL: func.func private @merged
  // CHECK: arith.constant 48 : index
  // CHECK-NOT: linalg
  func.func private @merged(%x: memref<1x7x7x64xf32>, %y: memref<1x64x7x7xf32>) {
    linalg.generic {indexing_maps = [#last, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x : memref<1x7x7x64xf32>) outs(%y : memref<1x64x7x7xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    return
  }
}
