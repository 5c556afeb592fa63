// RUN: aicc-opt %s --canonicalize-graph | filecheck %s
// RUN: aicc-opt %s --canonicalize-graph > %t.once
// RUN: aicc-opt %t.once --canonicalize-graph > %t.twice
// RUN: diff %t.once %t.twice

// Identities.
// CHECK-LABEL: func.func @reshape_identity(
// CHECK-NEXT: return %arg0
func.func @reshape_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @transpose_identity(
// CHECK-NEXT: return %arg0
func.func @transpose_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @expand_identity(
// CHECK-NEXT: return %arg0
func.func @expand_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 2, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @slice_identity(
// CHECK-NEXT: return %arg0
func.func @slice_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.slice"(%x) {starts = array<i64: 0, 0>, sizes = array<i64: 2, 3>, steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @cast_identity(
// CHECK-NEXT: return %arg0
func.func @cast_identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.cast"(%x) {to = f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @pad_nothing(
// CHECK-NEXT: return %arg0
func.func @pad_nothing(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.pad"(%x, %c) {low = array<i64: 0, 0>, high = array<i64: 0, 0>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @concat_of_one(
// CHECK-NEXT: return %arg0
func.func @concat_of_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.concat"(%x) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// A reversal keeps the shape, too.
// CHECK-LABEL: func.func @slice_reversed(
// CHECK: "graph.slice"
func.func @slice_reversed(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.slice"(%x) {starts = array<i64: 1, 0>, sizes = array<i64: 2, 3>, steps = array<i64: -1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @pad_real(
// CHECK: "graph.pad"
func.func @pad_real(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.pad"(%x, %c) {low = array<i64: 1, -1>, high = array<i64: -1, 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// Pairs compose.
// CHECK-LABEL: func.func @reshape_of_reshape(
// CHECK-NEXT: %[[R:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 3, 2>}
// CHECK-NEXT: return %[[R]]
func.func @reshape_of_reshape(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 6>} : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 3, 2>} : (tensor<6xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @transpose_of_transpose(
// CHECK-NEXT: %[[R:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0, 2>}
// CHECK-NEXT: return %[[R]]
func.func @transpose_of_transpose(%x: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 2, 1>} : (tensor<3x4x2xf32>) -> tensor<3x2x4xf32>
  return %1 : tensor<3x2x4xf32>
}

// CHECK-LABEL: func.func @transpose_there_and_back(
// CHECK-NEXT: return %arg0
func.func @transpose_there_and_back(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0>} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// Moving a dimension of size 1 moves no data.
// CHECK-LABEL: func.func @transpose_of_ones(
// CHECK-NEXT: "graph.reshape"(%arg0) {shape = array<i64: 3, 1, 4>}
func.func @transpose_of_ones(%x: tensor<1x3x4xf32>) -> tensor<3x1x4xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0, 2>} : (tensor<1x3x4xf32>) -> tensor<3x1x4xf32>
  return %0 : tensor<3x1x4xf32>
}

// CHECK-LABEL: func.func @slice_of_slice(
// CHECK-NEXT: %[[R:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 3>, starts = array<i64: 16>, steps = array<i64: -6>}
// CHECK-NEXT: return %[[R]]
func.func @slice_of_slice(%x: tensor<20xf32>) -> tensor<3xf32> {
  %0 = "graph.slice"(%x) {starts = array<i64: 2>, sizes = array<i64: 8>, steps = array<i64: 2>} : (tensor<20xf32>) -> tensor<8xf32>
  %1 = "graph.slice"(%0) {starts = array<i64: 7>, sizes = array<i64: 3>, steps = array<i64: -3>} : (tensor<8xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// CHECK-LABEL: func.func @expand_of_expand(
// CHECK-NEXT: %[[R:.*]] = "graph.expand"(%arg0) {shape = array<i64: 4, 2, 3>}
// CHECK-NEXT: return %[[R]]
func.func @expand_of_expand(%x: tensor<1x3xf32>) -> tensor<4x2x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 2, 3>} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.expand"(%0) {shape = array<i64: 4, 2, 3>} : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  return %1 : tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @layout_casts(
// CHECK-NEXT: return %arg0
func.func @layout_casts(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.layout_cast"(%0) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x4xf32>) -> tensor<1x4x6x8xf32>
  return %1 : tensor<1x4x6x8xf32>
}

// CHECK-LABEL: func.func @layout_cast_alone(
// CHECK-NEXT: "graph.layout_cast"
func.func @layout_cast_alone(%x: tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  return %0 : tensor<1x6x8x4xf32>
}

// CHECK-LABEL: func.func @layout_cast_of_pixels(
// CHECK-NEXT: "graph.reshape"
func.func @layout_cast_of_pixels(%x: tensor<1x4x1x1xf32>) -> tensor<1x1x1x4xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x1x1xf32>) -> tensor<1x1x1x4xf32>
  return %0 : tensor<1x1x1x4xf32>
}

// CHECK-LABEL: func.func @reduce_one_element(
// CHECK-NEXT: "graph.reshape"(%arg0) {shape = array<i64: 2, 3>}
func.func @reduce_one_element(%x: tensor<2x1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<2x1x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reduce_more(
// CHECK-NEXT: "graph.reduce_mean"
func.func @reduce_more(%x: tensor<2x2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<2x2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
