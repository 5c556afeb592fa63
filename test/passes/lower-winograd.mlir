// RUN: aicc-opt %s --lower-winograd | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(lower-winograd,lower-winograd)' | filecheck %s

module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
  // The plain form goes; V [16][49 tiles x 16], M [16][49 x 32] and a gap. Bias and relu are
  // computed in registers, the result is written where they wrote it.
  // CHECK-LABEL: func.func private @whole(
  // CHECK-NOT: linalg.generic
  // CHECK: memref.alloc() : memref<16x800xf32>
  // CHECK: memref.alloc() : memref<16x1584xf32>
  // CHECK-NOT: memref.alloc()
  // CHECK: scf.if
  // CHECK: vector.load %arg0[
  // CHECK: } else {
  // CHECK: vector.maskedload %arg0[
  // CHECK: vector.load %arg1[
  // CHECK: vector.fma
  // CHECK: vector.load %arg2[
  // CHECK: arith.maximumf
  // CHECK: vector.store %{{.*}}, %arg3[
  // CHECK-NOT: linalg.generic
  // CHECK: return
  func.func private @whole(%x: memref<1x14x14x16xf32>, %u: memref<1x16x16x32xf32>, %b: memref<32xf32>, %y: memref<1x14x14x32xf32>) attributes {aicc.kernel = "winograd", aicc.winograd = {batch = 1 : i64, block = 32 : i64, channels = 16 : i64, chunk = 49 : i64, height = 14 : i64, lanes = 16 : i64, left = 1 : i64, out_channels = 32 : i64, out_height = 14 : i64, out_width = 14 : i64, registers = 32 : i64, rows = 13 : i64, split = "none", streams = false, tile = 2 : i64, top = 1 : i64, w = 1 : i64, width = 14 : i64, x = 0 : i64}} {
    %zero = arith.constant 0.0 : f32
    %m = memref.alloc() : memref<14x14x32x16xf32>
    %t = memref.alloc() : memref<1x14x14x32xf32>
    linalg.fill ins(%zero : f32) outs(%m : memref<14x14x32x16xf32>)
    linalg.fill ins(%zero : f32) outs(%t : memref<1x14x14x32xf32>)
    linalg.generic {indexing_maps = [affine_map<(n, h, w, o, k) -> (h, w, o, k)>, affine_map<(n, h, w, o, k) -> (n, h, w, o)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%m : memref<14x14x32x16xf32>) outs(%t : memref<1x14x14x32xf32>) {
    ^bb0(%in: f32, %out: f32):
      %s = arith.addf %in, %out : f32
      linalg.yield %s : f32
    }
    linalg.generic {indexing_maps = [affine_map<(n, h, w, o) -> (n, h, w, o)>, affine_map<(n, h, w, o) -> (o)>, affine_map<(n, h, w, o) -> (n, h, w, o)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t, %b : memref<1x14x14x32xf32>, memref<32xf32>) outs(%y : memref<1x14x14x32xf32>) {
    ^bb0(%in: f32, %bias: f32, %out: f32):
      %s = arith.addf %in, %bias : f32
      %r = arith.maximumf %s, %zero : f32
      linalg.yield %r : f32
    }
    return
  }

  // What follows is no elementwise operation on the result: it stays behind the kernel.
  // Threads share the chunks; partial tiles at the edges are masked.
  // CHECK-LABEL: func.func private @turned(
  // CHECK: %[[T:.*]] = memref.alloc(){{.*}} : memref<1x13x13x32xf32>
  // CHECK: scf.forall (%{{.*}}) in (2)
  // CHECK: memref.alloca() {alignment = 64 : i64} : memref<16x416xf32>
  // CHECK: memref.prefetch %arg1[
  // CHECK: vector.store %{{.*}}, %[[T]][
  // CHECK: vector.maskedstore %[[T]][
  // CHECK: linalg.generic
  // CHECK-SAME: ins(%[[T]]
  func.func private @turned(%x: memref<1x13x13x16xf32>, %u: memref<1x16x16x32xf32>, %y: memref<1x13x13x32xf32>) attributes {aicc.kernel = "winograd", aicc.winograd = {batch = 1 : i64, block = 32 : i64, channels = 16 : i64, chunk = 25 : i64, height = 13 : i64, lanes = 16 : i64, left = 1 : i64, out_channels = 32 : i64, out_height = 13 : i64, out_width = 13 : i64, registers = 32 : i64, rows = 13 : i64, split = "tiles", streams = true, tile = 2 : i64, top = 1 : i64, w = 1 : i64, width = 13 : i64, x = 0 : i64}} {
    %m = memref.alloc() : memref<13x13x32x16xf32>
    %t = memref.alloc() : memref<1x13x13x32xf32>
    linalg.generic {indexing_maps = [affine_map<(n, h, w, o, k) -> (h, w, o, k)>, affine_map<(n, h, w, o, k) -> (n, h, w, o)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%m : memref<13x13x32x16xf32>) outs(%t : memref<1x13x13x32xf32>) {
    ^bb0(%in: f32, %out: f32):
      %s = arith.addf %in, %out : f32
      linalg.yield %s : f32
    }
    linalg.generic {indexing_maps = [affine_map<(n, h, w, o) -> (n, w, h, o)>, affine_map<(n, h, w, o) -> (n, h, w, o)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : memref<1x13x13x32xf32>) outs(%y : memref<1x13x13x32xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    return
  }

  // The tiles are few and the channels many: the threads share the blocks of channels of one V.
  // CHECK-LABEL: func.func private @shared(
  // CHECK: memref.alloc() : memref<16x144xf32>
  // CHECK-NOT: memref.alloc()
  // CHECK: scf.forall (%{{.*}}) in (2)
  // CHECK: scf.forall (%{{.*}}) in (4)
  // CHECK: memref.alloca() {alignment = 64 : i64} : memref<16x272xf32>
  func.func private @shared(%x: memref<1x4x8x16xf32>, %u: memref<4x16x16x32xf32>, %y: memref<1x4x8x128xf32>) attributes {aicc.kernel = "winograd", aicc.winograd = {batch = 1 : i64, block = 32 : i64, channels = 16 : i64, chunk = 8 : i64, height = 4 : i64, lanes = 16 : i64, left = 1 : i64, out_channels = 128 : i64, out_height = 4 : i64, out_width = 8 : i64, registers = 32 : i64, rows = 8 : i64, split = "channels", streams = true, tile = 2 : i64, top = 1 : i64, w = 1 : i64, width = 8 : i64, x = 0 : i64}} {
    %m = memref.alloc() : memref<4x8x128x16xf32>
    linalg.generic {indexing_maps = [affine_map<(n, h, w, o, k) -> (h, w, o, k)>, affine_map<(n, h, w, o, k) -> (n, h, w, o)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%m : memref<4x8x128x16xf32>) outs(%y : memref<1x4x8x128xf32>) {
    ^bb0(%in: f32, %out: f32):
      %s = arith.addf %in, %out : f32
      linalg.yield %s : f32
    }
    return
  }

  // A volume: the four layers of inputs that two layers of outputs read, the first and the last of
  // them zeros; the sums run over three taps.
  // CHECK-LABEL: func.func private @volume(
  // CHECK: memref.alloc() : memref<16x272xf32>
  // CHECK: memref.alloc() : memref<16x272xf32>
  // CHECK: scf.if
  // CHECK: vector.load %arg0[{{.*}} : memref<1x2x4x4x16xf32>
  // CHECK: } else {
  // CHECK: vector.maskedload %arg0[
  // CHECK: } else {
  // CHECK: vector.store %cst
  // CHECK: scf.for {{.*}} iter_args(
  // CHECK: scf.for {{.*}} iter_args(
  // CHECK: vector.fma
  // CHECK: vector.store %{{.*}}, %arg2[{{.*}} : memref<1x2x4x4x32xf32>
  // CHECK-NOT: linalg.generic
  // CHECK: return
  func.func private @volume(%x: memref<1x2x4x4x16xf32>, %u: memref<1x16x48x32xf32>, %y: memref<1x2x4x4x32xf32>) attributes {aicc.kernel = "winograd", aicc.winograd = {batch = 1 : i64, block = 32 : i64, channels = 16 : i64, chunk = 4 : i64, depth = 2 : i64, depth_dilation = 1 : i64, depth_stride = 1 : i64, front = 1 : i64, height = 4 : i64, lanes = 16 : i64, layers = 2 : i64, left = 1 : i64, out_channels = 32 : i64, out_depth = 2 : i64, out_height = 4 : i64, out_width = 4 : i64, registers = 32 : i64, rows = 8 : i64, split = "none", streams = false, taps = 3 : i64, tile = 2 : i64, top = 1 : i64, w = 1 : i64, width = 4 : i64, x = 0 : i64}} {
    %m = memref.alloc() : memref<2x4x4x32x16xf32>
    linalg.generic {indexing_maps = [affine_map<(n, d, h, w, o, k) -> (d, h, w, o, k)>, affine_map<(n, d, h, w, o, k) -> (n, d, h, w, o)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%m : memref<2x4x4x32x16xf32>) outs(%y : memref<1x2x4x4x32xf32>) {
    ^bb0(%in: f32, %out: f32):
      %s = arith.addf %in, %out : f32
      linalg.yield %s : f32
    }
    return
  }

  // A kernel without a plan stays as it is.
  // CHECK-LABEL: func.func private @other(
  // CHECK: linalg.fill
  func.func private @other(%y: memref<4xf32>) attributes {aicc.kernel = "conv"} {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%y : memref<4xf32>)
    return
  }
}
