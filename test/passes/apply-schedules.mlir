// RUN: aicc-opt %s --split-input-file --apply-schedules | filecheck %s
// RUN: aicc-opt %s --split-input-file --apply-schedules > %t.once
// RUN: aicc-opt %t.once --split-input-file --apply-schedules > %t.twice
// RUN: diff %t.once %t.twice

// Five rows in tiles of two: two whole tiles in a loop, one peeled row; the result is written in place.
// CHECK-LABEL: func.func private @peeled
// CHECK-SAME: %[[OUT:[a-z0-9]+]]: tensor<5x16xf32> {bufferization.writable = true}
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[OUT]])
// CHECK: linalg.generic {{.*}}aicc.tile = 16 : i64
// CHECK: } -> tensor<2x16xf32>
// CHECK: linalg.generic {{.*}}aicc.tile = 16 : i64
// CHECK: } -> tensor<1x16xf32>
// CHECK-NOT: materialize_in_destination
// CHECK-NOT: aicc.schedule
func.func private @peeled(%a: tensor<5x8xf32>, %b: tensor<8x16xf32>, %o: tensor<5x16xf32> {bufferization.writable = true}) -> tensor<5x16xf32> attributes {aicc.kernel = "matmul"} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<5x16xf32>) -> tensor<5x16xf32>
  %r = linalg.matmul {aicc.schedule = {class = "matmul", lanes = 16 : i64, order = array<i64: 0, 1>, outer = array<i64: 0, 0>, parallel = false, register = array<i64: 2, 16>}} ins(%a, %b : tensor<5x8xf32>, tensor<8x16xf32>) outs(%f : tensor<5x16xf32>) -> tensor<5x16xf32>
  %m = bufferization.materialize_in_destination %r in %o : (tensor<5x16xf32>, tensor<5x16xf32>) -> tensor<5x16xf32>
  return %m : tensor<5x16xf32>
}

// -----

// Outer tiles run in parallel; the padding is written out once, before the loops.
// CHECK-LABEL: func.func private @padded
// CHECK: bufferization.alloc_tensor() : tensor<1x6x6x16xf32>
// CHECK: scf.forall
// CHECK-NOT: tensor.pad
// CHECK: aicc.tile = 16 : i64
func.func private @padded(%x: tensor<1x4x4x16xf32>, %w: tensor<3x3x16xf32>, %o: tensor<1x4x4x16xf32>) -> tensor<1x4x4x16xf32> attributes {aicc.kernel = "depthwise"} {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x4x4x16xf32> to tensor<1x6x6x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<1x4x4x16xf32>) -> tensor<1x4x4x16xf32>
  %r = linalg.depthwise_conv_2d_nhwc_hwc {aicc.schedule = {class = "depthwise", lanes = 16 : i64, order = array<i64: 0, 1, 2, 3>, outer = array<i64: 1, 2, 0, 0>, parallel = true, register = array<i64: 1, 1, 4, 16>}, dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%p, %w : tensor<1x6x6x16xf32>, tensor<3x3x16xf32>) outs(%f : tensor<1x4x4x16xf32>) -> tensor<1x4x4x16xf32>
  return %r : tensor<1x4x4x16xf32>
}

// -----

// A schedule that does not fit leaves the kernel as it is and says why.
// CHECK-LABEL: func.func private @misfit
// CHECK-SAME: aicc.unscheduled = "the outer tiles [2, 0] do not divide [5, 16]"
// CHECK-NOT: scf.for
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK-NOT: aicc.
func.func private @misfit(%a: tensor<5x8xf32>, %b: tensor<8x16xf32>, %o: tensor<5x16xf32>) -> tensor<5x16xf32> attributes {aicc.kernel = "matmul"} {
  %r = linalg.matmul {aicc.schedule = {class = "matmul", lanes = 16 : i64, order = array<i64: 0, 1>, outer = array<i64: 2, 0>, parallel = false, register = array<i64: 2, 16>}} ins(%a, %b : tensor<5x8xf32>, tensor<8x16xf32>) outs(%o : tensor<5x16xf32>) -> tensor<5x16xf32>
  return %r : tensor<5x16xf32>
}
