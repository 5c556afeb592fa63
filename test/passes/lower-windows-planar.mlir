// RUN: aicc-opt %s --lower-windows | filecheck %s

#x = affine_map<(n, c, o, h, w, i, y, z) -> (n, c, i, h * 2 + y, w * 2 + z)>
#k = affine_map<(n, c, o, h, w, i, y, z) -> (c, o, i, y, z)>
#y = affine_map<(n, c, o, h, w, i, y, z) -> (n, c, o, h, w)>
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
  // Channels first, a stride of two: no padded copy; the taps of a channel stand in registers, and of
  // two vectors of columns every other lane is taken. All vectors are full: of twenty columns, the
  // second vector begins at the fourth.
  // CHECK-LABEL: func.func private @planar(
  // CHECK-NOT: memref.alloc
  // CHECK-COUNT-9: memref.load %arg1[
  // CHECK: scf.if
  // CHECK: %[[A:.*]] = vector.load %arg0[{{.*}}] : memref<1x8x40x40xf32>, vector<16xf32>
  // CHECK-NEXT: %[[B:.*]] = vector.load %arg0[{{.*}}] : memref<1x8x40x40xf32>, vector<16xf32>
  // CHECK-NEXT: %[[S:.*]] = vector.shuffle %[[A]], %[[B]] [0, 1, 3, 5, 7,
  // CHECK-NEXT: vector.shuffle %[[S]], %{{.*}} [16, 1, 2, 3,
  // CHECK: vector.fma
  // CHECK-NOT: maskedload
  // CHECK: vector.store %{{.*}}, %{{.*}}[{{.*}}, %c0{{.*}}] : memref<1x8x1x20x20xf32>
  // CHECK: vector.store %{{.*}}, %{{.*}}[{{.*}}, %c4{{.*}}] : memref<1x8x1x20x20xf32>
  // CHECK-NOT: linalg.generic
  // CHECK: return
  func.func private @planar(%x: memref<1x8x40x40xf32>, %w: memref<8x1x3x3xf32>, %y: memref<1x8x20x20xf32>) attributes {aicc.kernel = "conv", aicc.windows = {batch = 1 : i64, channels = 8 : i64, columns = 16 : i64, dilation_x = 1 : i64, dilation_y = 1 : i64, height = 40 : i64, kernel_height = 3 : i64, kernel_width = 3 : i64, lanes = 16 : i64, left = 1 : i64, out_height = 20 : i64, out_width = 20 : i64, parallel = false, part = 1 : i64, planar = true, row_groups = 10 : i64, rows = 2 : i64, start = 0.0 : f64, stride_x = 2 : i64, stride_y = 2 : i64, top = 1 : i64, w = 1 : i64, width = 40 : i64, x = 0 : i64}} {
    %zero = arith.constant 0.0 : f32
    %p = memref.alloc() : memref<1x8x42x42xf32>
    linalg.fill ins(%zero : f32) outs(%p : memref<1x8x42x42xf32>)
    %inner = memref.subview %p[0, 0, 1, 1] [1, 8, 40, 40] [1, 1, 1, 1] : memref<1x8x42x42xf32> to memref<1x8x40x40xf32, strided<[14112, 1764, 42, 1], offset: 43>>
    memref.copy %x, %inner : memref<1x8x40x40xf32> to memref<1x8x40x40xf32, strided<[14112, 1764, 42, 1], offset: 43>>
    %e = memref.expand_shape %p [[0], [1], [2, 3], [4]] output_shape [1, 8, 1, 42, 42] : memref<1x8x42x42xf32> into memref<1x8x1x42x42xf32>
    %f = memref.expand_shape %w [[0], [1], [2, 3], [4]] output_shape [8, 1, 1, 3, 3] : memref<8x1x3x3xf32> into memref<8x1x1x3x3xf32>
    %t = memref.expand_shape %y [[0], [1], [2, 3], [4]] output_shape [1, 8, 1, 20, 20] : memref<1x8x20x20xf32> into memref<1x8x1x20x20xf32>
    linalg.fill ins(%zero : f32) outs(%t : memref<1x8x1x20x20xf32>)
    linalg.generic {indexing_maps = [#x, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]} ins(%e, %f : memref<1x8x1x42x42xf32>, memref<8x1x1x3x3xf32>) outs(%t : memref<1x8x1x20x20xf32>) {
    ^bb0(%in: f32, %tap: f32, %out: f32):
      %m = arith.mulf %in, %tap : f32
      %s = arith.addf %out, %m : f32
      linalg.yield %s : f32
    }
    return
  }
}
