// RUN: aicc-opt %s --split-input-file --pack-weights | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(pack-weights,pack-weights)' | filecheck %s
// The column block depends on the vector width.
// REQUIRES: avx512

// CHECK-LABEL: func.func @matmul
// CHECK: %[[P:.*]] = "graph.transpose"{{.*}}permutation = array<i64: 1, 0, 2>
// CHECK: "graph.matmul"(%arg0, %[[P]]) {columns = 64 : i64, rhs_layout = "packed"}
func.func @matmul(%x: tensor<12x8xf32>, %w: tensor<8x64xf32> {aicc.weight = "w"}) -> tensor<12x64xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<12x8xf32>, tensor<8x64xf32>) -> tensor<12x64xf32>
  return %0 : tensor<12x64xf32>
}

// -----

// Columns that fill no block are zeros.
// CHECK-LABEL: func.func @padded
// CHECK: "graph.pad"
// CHECK: "graph.matmul"{{.*}}columns = 300
func.func @padded(%x: tensor<12x8xf32>, %w: tensor<8x300xf32> {aicc.weight = "w"}) -> tensor<12x300xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<12x8xf32>, tensor<8x300xf32>) -> tensor<12x300xf32>
  return %0 : tensor<12x300xf32>
}

// -----

// A few columns that fill no vectors are one block, of a matrix product and of a convolution.
// CHECK-LABEL: func.func @uneven
// CHECK-NOT: "graph.pad"
// CHECK: "graph.matmul"{{.*}}columns = 100{{.*}}tensor<1x8x100xf32>
// CHECK: "graph.conv"{{.*}}out_channels = 24{{.*}}tensor<1x1x1x16x24xf32>
func.func @uneven(%x: tensor<12x8xf32>, %w: tensor<8x100xf32> {aicc.weight = "w"}, %i: tensor<1x8x8x16xf32>, %f: tensor<24x16x1x1xf32> {aicc.weight = "f"}) -> (tensor<12x100xf32>, tensor<1x8x8x24xf32>) {
  %0 = "graph.matmul"(%x, %w) : (tensor<12x8xf32>, tensor<8x100xf32>) -> tensor<12x100xf32>
  %1 = "graph.conv"(%i, %f) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x8x16xf32>, tensor<24x16x1x1xf32>) -> tensor<1x8x8x24xf32>
  return %0, %1 : tensor<12x100xf32>, tensor<1x8x8x24xf32>
}

// -----

// CHECK-LABEL: func.func @depthwise
// CHECK: "graph.conv"
// CHECK-SAME: filter_layout = "depthwise"
// CHECK-SAME: tensor<3x3x32xf32>
func.func @depthwise(%x: tensor<1x10x10x32xf32>, %w: tensor<32x1x3x3xf32> {aicc.weight = "w"}) -> tensor<1x8x8x32xf32> {
  %0 = "graph.conv"(%x, %w) {group = 32 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x10x10x32xf32>, tensor<32x1x3x3xf32>) -> tensor<1x8x8x32xf32>
  return %0 : tensor<1x8x8x32xf32>
}

// -----

// An activation is no weight; a convolution in NCHW keeps its filter.
// CHECK-LABEL: func.func @negative
// CHECK-NOT: packed
func.func @negative(%x: tensor<12x8xf32>, %w: tensor<8x64xf32>, %i: tensor<1x4x8x8xf32>, %f: tensor<16x4x1x1xf32> {aicc.weight = "f"}) -> (tensor<12x64xf32>, tensor<1x16x8x8xf32>) {
  %0 = "graph.matmul"(%x, %w) : (tensor<12x8xf32>, tensor<8x64xf32>) -> tensor<12x64xf32>
  %1 = "graph.conv"(%i, %f) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<16x4x1x1xf32>) -> tensor<1x16x8x8xf32>
  return %0, %1 : tensor<12x64xf32>, tensor<1x16x8x8xf32>
}
