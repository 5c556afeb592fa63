// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,func.func(linalg-fuse-elementwise-ops),canonicalize,tile-recurrences)' | filecheck %s

// Two threads with four sequences each walk through all steps; within a step they do not meet. The
// tile takes all four sequences and two vectors of units.
// CHECK: func.func private @recurrent{{.*}}aicc.lanes = 16
// CHECK: scf.forall (%[[PART:.*]]) in (2) shared_outs
// CHECK: %[[FIRST:.*]] = arith.muli %[[PART]], %c4
// CHECK: tensor.extract_slice %{{.*}}[0, %[[FIRST]], 0] [100, 4, 128]
// CHECK: scf.for
// CHECK: tensor.extract_slice %{{.*}}[%{{.*}}, %[[FIRST]], 0, 0] [1, 4, 3, 128]
// CHECK-NOT: scf.forall
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<4x2x32xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<4x32xf32>) attrs = {aicc.tile = 16 : i64}
// The state scaled by the reset gate is computed once, not by every tile of the second product.
// CHECK: bufferization.materialize_in_destination
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<4x1x{{.*}}xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: tensor.parallel_insert_slice {{.*}}[0, %[[FIRST]], 0] [100, 4, 128]
module attributes {aicc.target = "x86-64-v4", aicc.threads = 2 : i64} {
  func.func @main(%g: tensor<100x8x384xf32> {aicc.input = "g"}, %r: tensor<128x384xf32> {aicc.weight = "r"}, %h: tensor<8x128xf32> {aicc.input = "h"}) -> (tensor<100x8x128xf32> {aicc.output = "y"}, tensor<8x128xf32> {aicc.output = "yh"}) {
    %0:2 = "graph.gru"(%g, %r, %h) {activations = ["sigmoid", "tanh"], alpha = [0.0, 0.0], beta = [0.0, 0.0], linear_before_reset = false, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, reverse = false} : (tensor<100x8x384xf32>, tensor<128x384xf32>, tensor<8x128xf32>) -> (tensor<100x8x128xf32>, tensor<8x128xf32>)
    return %0#0, %0#1 : tensor<100x8x128xf32>, tensor<8x128xf32>
  }
}
