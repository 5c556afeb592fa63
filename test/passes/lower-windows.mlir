// RUN: aicc-opt %s --lower-windows | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(lower-windows,lower-windows)' | filecheck %s

#x = affine_map<(n, h, w, c, y, z) -> (n, h + y, w + z, c)>
#k = affine_map<(n, h, w, c, y, z) -> (y, z, c)>
#y = affine_map<(n, h, w, c, y, z) -> (n, h, w, c)>
#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
#b = affine_map<(n, h, w, c) -> (c)>
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
  // No padded copy: the rows above and below are passed over, columns beyond the edges are left out.
  // Two rows of seven points; a row of the image serves both. Bias and relu stay in registers.
  // CHECK-LABEL: func.func private @padded(
  // CHECK-NOT: memref.alloc
  // CHECK: scf.for
  // CHECK: vector.load %arg1[
  // CHECK: scf.if
  // CHECK: vector.load %arg0[
  // CHECK: vector.fma
  // CHECK: vector.load %arg2[
  // CHECK: arith.maximumf
  // CHECK: vector.store %{{.*}}, %arg3[
  // CHECK-NOT: linalg.generic
  // CHECK: return
  func.func private @padded(%x: memref<1x14x14x32xf32>, %w: memref<3x3x32xf32>, %b: memref<32xf32>, %y: memref<1x14x14x32xf32>) attributes {aicc.kernel = "conv", aicc.windows = {batch = 1 : i64, channels = 32 : i64, columns = 7 : i64, dilation_x = 1 : i64, dilation_y = 1 : i64, height = 14 : i64, kernel_height = 3 : i64, kernel_width = 3 : i64, lanes = 16 : i64, left = 1 : i64, out_height = 14 : i64, out_width = 14 : i64, parallel = false, part = 32 : i64, row_groups = 7 : i64, rows = 2 : i64, start = 0.0 : f64, stride_x = 1 : i64, stride_y = 1 : i64, top = 1 : i64, w = 1 : i64, width = 14 : i64, x = 0 : i64}} {
    %zero = arith.constant 0.0 : f32
    %p = memref.alloc() : memref<1x16x16x32xf32>
    %t = memref.alloc() : memref<1x14x14x32xf32>
    linalg.fill ins(%zero : f32) outs(%p : memref<1x16x16x32xf32>)
    %inner = memref.subview %p[0, 1, 1, 0] [1, 14, 14, 32] [1, 1, 1, 1] : memref<1x16x16x32xf32> to memref<1x14x14x32xf32, strided<[8192, 512, 32, 1], offset: 544>>
    memref.copy %x, %inner : memref<1x14x14x32xf32> to memref<1x14x14x32xf32, strided<[8192, 512, 32, 1], offset: 544>>
    linalg.fill ins(%zero : f32) outs(%t : memref<1x14x14x32xf32>)
    linalg.generic {indexing_maps = [#x, #k, #y], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%p, %w : memref<1x16x16x32xf32>, memref<3x3x32xf32>) outs(%t : memref<1x14x14x32xf32>) {
    ^bb0(%in: f32, %tap: f32, %out: f32):
      %m = arith.mulf %in, %tap : f32
      %s = arith.addf %out, %m : f32
      linalg.yield %s : f32
    }
    linalg.generic {indexing_maps = [#id, #b, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t, %b : memref<1x14x14x32xf32>, memref<32xf32>) outs(%y : memref<1x14x14x32xf32>) {
    ^bb0(%in: f32, %bias: f32, %out: f32):
      %s = arith.addf %in, %bias : f32
      %r = arith.maximumf %s, %zero : f32
      linalg.yield %r : f32
    }
    return
  }

  // A fold without weights, shared by threads; the last channels are masked, the last row is lower.
  // CHECK-LABEL: func.func private @pooled(
  // CHECK-NOT: memref.alloc
  // CHECK: scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) in (2, 1, 3)
  // CHECK: arith.maximumf
  // CHECK: vector.maskedload %arg0[
  // CHECK: vector.maskedstore %arg1[
  // CHECK-NOT: linalg.generic
  // CHECK: return
  func.func private @pooled(%x: memref<2x7x7x24xf32>, %y: memref<2x5x5x24xf32>) attributes {aicc.kernel = "pooling", aicc.windows = {batch = 2 : i64, channels = 24 : i64, columns = 5 : i64, dilation_x = 1 : i64, dilation_y = 1 : i64, height = 7 : i64, kernel_height = 3 : i64, kernel_width = 3 : i64, lanes = 16 : i64, left = 0 : i64, out_height = 5 : i64, out_width = 5 : i64, parallel = true, part = 24 : i64, row_groups = 1 : i64, rows = 2 : i64, start = 0xFF800000 : f64, stride_x = 1 : i64, stride_y = 1 : i64, top = 0 : i64, w = -1 : i64, width = 7 : i64, x = 0 : i64}} {
    %low = arith.constant 0xFF800000 : f32
    %k = memref.alloc() : memref<3x3xf32>
    linalg.fill ins(%low : f32) outs(%y : memref<2x5x5x24xf32>)
    linalg.generic {indexing_maps = [#x, affine_map<(n, h, w, c, y, z) -> (y, z)>, #y], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %k : memref<2x7x7x24xf32>, memref<3x3xf32>) outs(%y : memref<2x5x5x24xf32>) {
    ^bb0(%in: f32, %tap: f32, %out: f32):
      %s = arith.maximumf %out, %in : f32
      linalg.yield %s : f32
    }
    return
  }
}
