// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(assign-layout,canonicalize)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(assign-layout,canonicalize,assign-layout,canonicalize)' | filecheck %s

// conv - relu - conv needs one cast in and one cast out.
// CHECK-LABEL: func.func @chain
// CHECK-COUNT-1: "graph.layout_cast"
// CHECK: "graph.conv"
// CHECK-SAME: layout = "NHWC"
// CHECK-NOT: layout_cast
// CHECK: "graph.relu"{{.*}}tensor<1x8x8x16xf32>
// CHECK: "graph.conv"
// CHECK-SAME: layout = "NHWC"
// CHECK-COUNT-1: "graph.layout_cast"
// CHECK-NOT: layout_cast
func.func @chain(%x: tensor<1x16x8x8xf32>, %w: tensor<16x16x1x1xf32> {aicc.weight = "w"}) -> tensor<1x16x8x8xf32> {
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x16x8x8xf32>, tensor<16x16x1x1xf32>) -> tensor<1x16x8x8xf32>
  %1 = "graph.relu"(%0) : (tensor<1x16x8x8xf32>) -> tensor<1x16x8x8xf32>
  %2 = "graph.conv"(%1, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x16x8x8xf32>, tensor<16x16x1x1xf32>) -> tensor<1x16x8x8xf32>
  return %2 : tensor<1x16x8x8xf32>
}

// -----

// A concat along the channels moves its axis; a global mean its axes; a per-channel operand is a view.
// CHECK-LABEL: func.func @followers
// CHECK: "graph.conv"
// CHECK: "graph.reshape"{{.*}}shape = array<i64: 1, 1, 1, 8>
// CHECK: "graph.mul"{{.*}}tensor<1x4x4x8xf32>
// CHECK: "graph.concat"{{.*}}axis = 3
// CHECK: "graph.reduce_mean"{{.*}}axes = array<i64: 1, 2>
func.func @followers(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x1x1xf32> {aicc.weight = "w"}, %s: tensor<8x1x1xf32> {aicc.weight = "s"}) -> tensor<1x16x1x1xf32> {
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x4x4xf32>, tensor<8x4x1x1xf32>) -> tensor<1x8x4x4xf32>
  %1 = "graph.mul"(%0, %s) : (tensor<1x8x4x4xf32>, tensor<8x1x1xf32>) -> tensor<1x8x4x4xf32>
  %2 = "graph.concat"(%0, %1) {axis = 1 : i64, operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<1x8x4x4xf32>, tensor<1x8x4x4xf32>) -> tensor<1x16x4x4xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x16x4x4xf32>) -> tensor<1x16x1x1xf32>
  return %3 : tensor<1x16x1x1xf32>
}

// -----

// Weights that are computed from an input cannot be packed: the convolution stays as it is.
// CHECK-LABEL: func.func @negative
// CHECK-NOT: layout_cast
// CHECK: "graph.conv"
// CHECK-SAME: layout = "NCHW"
func.func @negative(%x: tensor<1x16x8x8xf32>, %w: tensor<16x16x1x1xf32>) -> tensor<1x16x8x8xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x16x8x8xf32>, tensor<16x16x1x1xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}
