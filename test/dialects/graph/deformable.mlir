// RUN: aicc-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @columns
func.func @columns(%x: tensor<1x4x5x6xf32>, %o: tensor<1x16x4x5xf32>, %m: tensor<1x8x4x5xf32>) {
  // CHECK: "graph.deform_columns"{{.*}} -> tensor<1x4x4x4x5xf32>
  %0 = "graph.deform_columns"(%x, %o, %m) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x5x6xf32>, tensor<1x16x4x5xf32>, tensor<1x8x4x5xf32>) -> tensor<1x4x4x4x5xf32>
  return
}

// -----

func.func @offset(%x: tensor<1x4x5x6xf32>, %o: tensor<1x8x4x5xf32>) {
  // expected-error @below {{expects shape [1, 16, 4, 5] of the offset, got tensor<1x8x4x5xf32>}}
  %0 = "graph.deform_columns"(%x, %o) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x5x6xf32>, tensor<1x8x4x5xf32>) -> tensor<1x4x4x4x5xf32>
  return
}

// -----

func.func @groups(%x: tensor<1x4x5x6xf32>, %o: tensor<1x24x4x5xf32>) {
  // expected-error @below {{4 channels are not 3 equal groups}}
  %0 = "graph.deform_columns"(%x, %o) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 3 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x5x6xf32>, tensor<1x24x4x5xf32>) -> tensor<1x4x4x4x5xf32>
  return
}
