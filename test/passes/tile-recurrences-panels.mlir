// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,func.func(linalg-fuse-elementwise-ops),canonicalize,tile-recurrences)' | filecheck %s

// A tile reads its panel of the packed weights, each of the two products its gates; the rows that
// the plain form makes of the panels are gone. The weights exceed the cache: panels are read ahead.
// CHECK: func.func private @recurrent{{.*}}tensor<64x1024x3x16xf32>
// CHECK-NOT: materialize_in_destination
// CHECK: scf.for
// CHECK: scf.for %[[U:[a-z0-9]+]] =
// CHECK: %[[P:[0-9]+]] = arith.divui %[[U]], %{{.*}} : index
// CHECK: tensor.extract_slice %arg1[%[[P]], 0, 0, 0] [1, 1024, 2, 16]
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<8x2x16xf32>) attrs = {aicc.prefetch = ["panel"], aicc.tile = 16 : i64}
// CHECK: tensor.extract_slice %arg1[%{{.*}}, 0, 2, 0] [1, 1024, 1, 16]
// CHECK-NOT: linalg.generic {{.*}}tensor<1024x3x1024xf32>
// CHECK: return
module attributes {aicc.target = "x86-64-v4"} {
  func.func @main(%g: tensor<5x8x3072xf32> {aicc.input = "g"}, %r: tensor<64x1024x3x16xf32> {aicc.weight = "r"}, %h: tensor<8x1024xf32> {aicc.input = "h"}) -> (tensor<5x8x1024xf32> {aicc.output = "y"}, tensor<8x1024xf32> {aicc.output = "yh"}) {
    %0:2 = "graph.gru"(%g, %r, %h) {activations = ["sigmoid", "tanh"], alpha = [0.0, 0.0], beta = [0.0, 0.0], linear_before_reset = false, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, reverse = false} : (tensor<5x8x3072xf32>, tensor<64x1024x3x16xf32>, tensor<8x1024xf32>) -> (tensor<5x8x1024xf32>, tensor<8x1024xf32>)
    return %0#0, %0#1 : tensor<5x8x1024xf32>, tensor<8x1024xf32>
  }
}
