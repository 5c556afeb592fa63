// RUN: aicc-opt %s --split-input-file --verify-diagnostics | aicc-opt --split-input-file | filecheck %s

// CHECK-LABEL: func.func @matmul
// CHECK: "graph.matmul"{{.*}} -> tensor<2x3x5xf32>
// CHECK: "graph.matmul"{{.*}}rhs_layout = "packed"{{.*}} -> tensor<2x3x20xf32>
func.func @matmul(%a: tensor<2x3x4xf32>, %b: tensor<1x4x5xf32>, %p: tensor<2x4x16xf32>) {
  %0 = "graph.matmul"(%a, %b) : (tensor<2x3x4xf32>, tensor<1x4x5xf32>) -> tensor<2x3x5xf32>
  %1 = "graph.matmul"(%a, %p) {rhs_layout = "packed", columns = 20 : i64} : (tensor<2x3x4xf32>, tensor<2x4x16xf32>) -> tensor<2x3x20xf32>
  return
}

// -----

// CHECK-LABEL: func.func @conv
// CHECK: "graph.conv"{{.*}} -> tensor<1x8x4x4xf32>
// CHECK: "graph.conv"{{.*}} -> tensor<1x8x6xf32>
// CHECK: "graph.conv_transpose"{{.*}} -> tensor<1x4x17x17xf32>
func.func @conv(%x: tensor<1x4x8x8xf32>, %w: tensor<8x2x3x3xf32>, %b: tensor<8xf32>, %l: tensor<1x4x8xf32>, %v: tensor<8x4x3xf32>, %t: tensor<4x4x3x3xf32>) {
  %0 = "graph.conv"(%x, %w, %b) {strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<8x2x3x3xf32>, tensor<8xf32>) -> tensor<1x8x4x4xf32>
  %1 = "graph.conv"(%l, %v) {strides = array<i64: 1>, pads = array<i64: 0, 0>, dilations = array<i64: 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8xf32>, tensor<8x4x3xf32>) -> tensor<1x8x6xf32>
  %2 = "graph.conv_transpose"(%x, %t) {strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, output_padding = array<i64: 0, 0>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x17x17xf32>
  return
}

// -----

func.func @contraction(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error @below {{'graph.matmul' op contracts 3 columns with 4 rows}}
  %0 = "graph.matmul"(%a, %b) : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @channels(%x: tensor<1x4x8x8xf32>, %w: tensor<8x3x3x3xf32>) {
  // expected-error @below {{'graph.conv' op 4 input channels, filter tensor<8x3x3x3xf32>, group 1 do not fit}}
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x6x6xf32>
  return
}

// -----

func.func @window(%x: tensor<1x4x8x8xf32>, %w: tensor<8x4x3x3xf32>) {
  // expected-error @below {{'graph.conv' op expects 2 strides, got 1}}
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<8x4x3x3xf32>) -> tensor<1x8x6x6xf32>
  return
}

// -----

func.func @segments(%x: tensor<1x4x8x8xf32>, %w: tensor<8x4x3x3xf32>) {
  // expected-error @below {{'graph.conv' op has operandSegmentSizes [9, 9, 0] for 2 operands}}
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 9, 9, 0>} : (tensor<1x4x8x8xf32>, tensor<8x4x3x3xf32>) -> tensor<1x8x6x6xf32>
  return
}
