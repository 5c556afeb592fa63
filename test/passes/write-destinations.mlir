// RUN: aicc-opt %s --write-destinations | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(write-destinations,write-destinations)' | filecheck %s

// The buffer is the result under another shape.
// CHECK-LABEL: func.func private @reshaped
// CHECK-NOT: memref.alloc
// CHECK: %[[T:.*]] = memref.expand_shape %{{.*}} output_shape [4, 1, 8]
// CHECK: linalg.generic
// CHECK-SAME: outs(%[[T]]
// CHECK-NOT: memref.copy
func.func private @reshaped(%x: memref<4x1x8xf32>, %out: memref<4x8xf32>) {
  %t = memref.alloc() : memref<4x1x8xf32>
  linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, b, c)>, affine_map<(a, b, c) -> (a, b, c)>],
                  iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : memref<4x1x8xf32>) outs(%t : memref<4x1x8xf32>) {
  ^bb0(%in: f32, %o: f32):
    %s = arith.addf %in, %in : f32
    linalg.yield %s : f32
  }
  %c = memref.collapse_shape %t [[0], [1, 2]] : memref<4x1x8xf32> into memref<4x8xf32>
  memref.copy %c, %out : memref<4x8xf32> to memref<4x8xf32>
  return
}

// The result is read before it is complete: it has to stay as it is until the copy.
// CHECK-LABEL: func.func private @busy
// CHECK: memref.alloc
// CHECK: memref.copy
func.func private @busy(%x: memref<8xf32>, %out: memref<8xf32>) {
  %t = memref.alloc() : memref<8xf32>
  linalg.add ins(%x, %x : memref<8xf32>, memref<8xf32>) outs(%out : memref<8xf32>)
  linalg.add ins(%x, %out : memref<8xf32>, memref<8xf32>) outs(%t : memref<8xf32>)
  memref.copy %t, %out : memref<8xf32> to memref<8xf32>
  return
}

// Only a part of the buffer is the result.
// CHECK-LABEL: func.func private @part
// CHECK: memref.alloc
// CHECK: memref.copy
func.func private @part(%x: memref<8xf32>, %out: memref<4xf32>) {
  %t = memref.alloc() : memref<8xf32>
  linalg.add ins(%x, %x : memref<8xf32>, memref<8xf32>) outs(%t : memref<8xf32>)
  %p = memref.subview %t[0] [4] [1] : memref<8xf32> to memref<4xf32, strided<[1]>>
  memref.copy %p, %out : memref<4xf32, strided<[1]>> to memref<4xf32>
  return
}
