// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,canonicalize,tile-recurrences)' | filecheck %s

// The reset gate scales the state before the second product, which needs all of it: two walks.
// CHECK: func.func private @recurrent
// CHECK: tensor.extract_slice %{{.*}} [24, 2, 24]
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<2x2x24xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<2x1x24xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK-NOT: aicc.root
module attributes {aicc.target = "x86-64-v4"} {
  func.func @main(%g: tensor<3x2x72xf32> {aicc.input = "g"}, %r: tensor<24x72xf32> {aicc.weight = "r"}, %h: tensor<2x24xf32> {aicc.input = "h"}) -> (tensor<3x2x24xf32> {aicc.output = "y"}, tensor<2x24xf32> {aicc.output = "yh"}) {
    %0:2 = "graph.gru"(%g, %r, %h) {activations = ["sigmoid", "tanh"], alpha = [0.0, 0.0], beta = [0.0, 0.0], linear_before_reset = false, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, reverse = false} : (tensor<3x2x72xf32>, tensor<24x72xf32>, tensor<2x24xf32>) -> (tensor<3x2x24xf32>, tensor<2x24xf32>)
    return %0#0, %0#1 : tensor<3x2x24xf32>, tensor<2x24xf32>
  }
}
