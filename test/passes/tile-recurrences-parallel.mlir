// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,canonicalize,tile-recurrences)' | filecheck %s

// A step of 256 units reads a megabyte of weights: four tiles of 64 for two threads.
// CHECK: func.func private @recurrent{{.*}}aicc.lanes = 16
// CHECK: scf.for
// CHECK: scf.forall (%{{.*}}) in (4) shared_outs
// CHECK: tensor.extract_slice %{{.*}}[0, 0, %{{.*}}] [256, 4, 64]
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<1x4x64xf32>) attrs = {aicc.tile = 16 : i64}
// CHECK: tensor.parallel_insert_slice {{.*}} : tensor<1x64xf32> into tensor<1x256xf32>
// CHECK: tensor.parallel_insert_slice {{.*}} : tensor<1x64xf32> into tensor<1x256xf32>
// CHECK: scf.yield
module attributes {aicc.target = "x86-64-v4", aicc.threads = 2 : i64} {
  func.func @main(%g: tensor<3x1x1024xf32> {aicc.input = "g"}, %r: tensor<256x1024xf32> {aicc.weight = "r"}, %h: tensor<1x256xf32> {aicc.input = "h"}) -> (tensor<3x1x256xf32> {aicc.output = "y"}, tensor<1x256xf32> {aicc.output = "yh"}, tensor<1x256xf32> {aicc.output = "yc"}) {
    %0:3 = "graph.lstm"(%g, %r, %h, %h) {activations = ["sigmoid", "tanh", "tanh"], alpha = [0.0, 0.0, 0.0], beta = [0.0, 0.0, 0.0], input_forget = false, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0>, reverse = false} : (tensor<3x1x1024xf32>, tensor<256x1024xf32>, tensor<1x256xf32>, tensor<1x256xf32>) -> (tensor<3x1x256xf32>, tensor<1x256xf32>, tensor<1x256xf32>)
    return %0#0, %0#1, %0#2 : tensor<3x1x256xf32>, tensor<1x256xf32>, tensor<1x256xf32>
  }
}
