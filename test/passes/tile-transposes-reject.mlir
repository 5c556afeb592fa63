// RUN: aicc-opt %s --tile-transposes | filecheck %s

#id = affine_map<(a, b) -> (a, b)>
#turned = affine_map<(a, b) -> (b, a)>
#row = affine_map<(a, b) -> (a)>

module attributes {aicc.target = "skylake-avx512"} {
  // Everything runs along the same loop.
  // CHECK-LABEL: func.func private @straight
  // CHECK: linalg.generic
  func.func private @straight(%x: memref<64x64xf32>, %y: memref<64x64xf32>) {
    linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<64x64xf32>) outs(%y : memref<64x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    return
  }

  // Rows of three elements fill too little of a tile.
  // CHECK-LABEL: func.func private @narrow
  // CHECK: linalg.generic
  func.func private @narrow(%x: memref<640x3xf32>, %y: memref<3x640xf32>) {
    linalg.generic {indexing_maps = [#turned, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<640x3xf32>) outs(%y : memref<3x640xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    return
  }

  // A sum is no movement.
  // CHECK-LABEL: func.func private @sum
  // CHECK: linalg.generic
  func.func private @sum(%x: memref<64x64xf32>, %y: memref<64xf32>) {
    linalg.generic {indexing_maps = [#turned, #row], iterator_types = ["parallel", "reduction"]} ins(%x : memref<64x64xf32>) outs(%y : memref<64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %b : f32
      linalg.yield %0 : f32
    }
    return
  }

  // Booleans lie bit by bit in a vector.
  // CHECK-LABEL: func.func private @bits
  // CHECK: linalg.generic
  func.func private @bits(%x: memref<64x64xi1>, %y: memref<64x64xi1>) {
    linalg.generic {indexing_maps = [#turned, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<64x64xi1>) outs(%y : memref<64x64xi1>) {
    ^bb0(%a: i1, %b: i1):
      linalg.yield %a : i1
    }
    return
  }

  // The elements of a row lie two apart in memory.
  // CHECK-LABEL: func.func private @gaps
  // CHECK: linalg.generic
  func.func private @gaps(%x: memref<64x64xf32, strided<[128, 2]>>, %y: memref<64x64xf32>) {
    linalg.generic {indexing_maps = [#turned, #id], iterator_types = ["parallel", "parallel"]} ins(%x : memref<64x64xf32, strided<[128, 2]>>) outs(%y : memref<64x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    return
  }
}
