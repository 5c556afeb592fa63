// RUN: aicc-opt %s --split-input-file --pack-recurrences | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(pack-recurrences,pack-recurrences)' | filecheck %s

// All gates of the 64 units of a tile side by side.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @lstm
// CHECK: %[[S:.*]] = "graph.reshape"(%arg1) {{.*}}tensor<256x4x4x64xf32>
// CHECK: %[[P:.*]] = "graph.transpose"(%[[S]]) {permutation = array<i64: 2, 0, 1, 3>}{{.*}} -> tensor<4x256x4x64xf32>
// CHECK: "graph.lstm"(%arg0, %[[P]], %arg2, %arg2)
func.func @lstm(%g: tensor<50x1x1024xf32>, %r: tensor<256x1024xf32> {aicc.weight = "r"}, %h: tensor<1x256xf32>) -> tensor<50x1x256xf32> {
  %0:3 = "graph.lstm"(%g, %r, %h, %h) {activations = ["sigmoid", "tanh", "tanh"], alpha = [0.0, 0.0, 0.0], beta = [0.0, 0.0, 0.0], input_forget = false, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0>, reverse = false} : (tensor<50x1x1024xf32>, tensor<256x1024xf32>, tensor<1x256xf32>, tensor<1x256xf32>) -> (tensor<50x1x256xf32>, tensor<1x256xf32>, tensor<1x256xf32>)
  return %0#0 : tensor<50x1x256xf32>
}
}

// -----

// Tiles of eight sequences hold fewer units; the first product of this layer has two gates.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @gru
// CHECK: "graph.gru"(%arg0, %{{.*}}, %arg2) {{.*}}tensor<8x128x3x16xf32>
func.func @gru(%g: tensor<50x8x384xf32>, %r: tensor<128x384xf32> {aicc.weight = "r"}, %h: tensor<8x128xf32>) -> tensor<50x8x128xf32> {
  %0:2 = "graph.gru"(%g, %r, %h) {activations = ["sigmoid", "tanh"], alpha = [0.0, 0.0], beta = [0.0, 0.0], linear_before_reset = false, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>, reverse = false} : (tensor<50x8x384xf32>, tensor<128x384xf32>, tensor<8x128xf32>) -> (tensor<50x8x128xf32>, tensor<8x128xf32>)
  return %0#0 : tensor<50x8x128xf32>
}
}

// -----

// Units that fill no vectors, and weights that are known at run time only, stay in rows.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @rest
// CHECK-NOT: graph.transpose
// CHECK: "graph.rnn"(%arg0, %arg1, %arg2)
func.func @rest(%g: tensor<50x1x100xf32>, %r: tensor<100x100xf32> {aicc.weight = "r"}, %h: tensor<1x100xf32>) -> tensor<50x1x100xf32> {
  %0:2 = "graph.rnn"(%g, %r, %h) {activations = ["tanh"], alpha = [0.0], beta = [0.0], operandSegmentSizes = array<i32: 1, 1, 1, 0>, reverse = false} : (tensor<50x1x100xf32>, tensor<100x100xf32>, tensor<1x100xf32>) -> (tensor<50x1x100xf32>, tensor<1x100xf32>)
  return %0#0 : tensor<50x1x100xf32>
}

// CHECK-LABEL: func.func @computed
// CHECK-NOT: graph.transpose
// CHECK: "graph.rnn"(%arg0, %arg1, %arg2)
func.func @computed(%g: tensor<50x1x128xf32>, %r: tensor<128x128xf32>, %h: tensor<1x128xf32>) -> tensor<50x1x128xf32> {
  %0:2 = "graph.rnn"(%g, %r, %h) {activations = ["tanh"], alpha = [0.0], beta = [0.0], operandSegmentSizes = array<i32: 1, 1, 1, 0>, reverse = false} : (tensor<50x1x128xf32>, tensor<128x128xf32>, tensor<1x128xf32>) -> (tensor<50x1x128xf32>, tensor<1x128xf32>)
  return %0#0 : tensor<50x1x128xf32>
}
}

// -----

// A single step is a matrix product like others.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @step
// CHECK-NOT: graph.transpose
// CHECK: "graph.rnn"(%arg0, %arg1, %arg2)
func.func @step(%g: tensor<1x1x128xf32>, %r: tensor<128x128xf32> {aicc.weight = "r"}, %h: tensor<1x128xf32>) -> tensor<1x1x128xf32> {
  %0:2 = "graph.rnn"(%g, %r, %h) {activations = ["tanh"], alpha = [0.0], beta = [0.0], operandSegmentSizes = array<i32: 1, 1, 1, 0>, reverse = false} : (tensor<1x1x128xf32>, tensor<128x128xf32>, tensor<1x128xf32>) -> (tensor<1x1x128xf32>, tensor<1x128xf32>)
  return %0#0 : tensor<1x1x128xf32>
}
}
