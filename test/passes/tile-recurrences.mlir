// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,canonicalize,tile-recurrences)' | filecheck %s

// 200 units: whole tiles of 64 in a loop, and the eight that are left.
// CHECK: func.func private @recurrent{{.*}}aicc.lanes = 16
// CHECK: scf.for
// CHECK: bufferization.alloc_tensor() : tensor<1x200xf32>
// CHECK: bufferization.alloc_tensor() : tensor<1x200xf32>
// CHECK: scf.for
// CHECK: tensor.extract_slice %{{.*}}[0, 0, %{{.*}}] [200, 4, 64]
// CHECK: tensor.empty() : tensor<1x4x64xf32>
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<1x4x64xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<1x4x64xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<1x64xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: tensor.insert_slice {{.*}} : tensor<1x64xf32> into tensor<1x200xf32>
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<1x64xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: tensor.insert_slice {{.*}} : tensor<1x64xf32> into tensor<1x200xf32>
// CHECK: scf.yield
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 192] [200, 4, 8]
// CHECK: tensor.insert_slice {{.*}}[0, 192] [1, 8]
module attributes {aicc.target = "x86-64-v4"} {
  func.func @main(%g: tensor<3x1x800xf32> {aicc.input = "g"}, %r: tensor<200x800xf32> {aicc.weight = "r"}, %h: tensor<1x200xf32> {aicc.input = "h"}) -> (tensor<3x1x200xf32> {aicc.output = "y"}, tensor<1x200xf32> {aicc.output = "yh"}, tensor<1x200xf32> {aicc.output = "yc"}) {
    %0:3 = "graph.lstm"(%g, %r, %h, %h) {activations = ["sigmoid", "tanh", "tanh"], alpha = [0.0, 0.0, 0.0], beta = [0.0, 0.0, 0.0], input_forget = false, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0>, reverse = false} : (tensor<3x1x800xf32>, tensor<200x800xf32>, tensor<1x200xf32>, tensor<1x200xf32>) -> (tensor<3x1x200xf32>, tensor<1x200xf32>, tensor<1x200xf32>)
    return %0#0, %0#1, %0#2 : tensor<3x1x200xf32>, tensor<1x200xf32>, tensor<1x200xf32>
  }
}
