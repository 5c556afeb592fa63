// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg,graph-to-linalg)' | filecheck %s

// Unsigned types become signless; the kernel writes into its destination; no graph op is left.
// CHECK-LABEL: func.func @main
// CHECK-SAME: tensor<4xi8>
// CHECK-SAME: aicc.type = ui8
// CHECK: func.func private @elementwise_4
// CHECK: linalg.generic
// CHECK: arith.maxui
// CHECK: bufferization.materialize_in_destination
// CHECK-NOT: "graph.
func.func @main(%x: tensor<4xui8> {aicc.input = "x"}) -> (tensor<4xui8> {aicc.output = "y"}) {
  %0 = "graph.maximum"(%x, %x) : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// -----

// Broadcast operands are read through maps with constants.
// CHECK: affine_map<(d0, d1) -> (d1)>
// CHECK: linalg.generic
// CHECK: arith.addf
func.func @main(%x: tensor<4x8xf32> {aicc.input = "x"}, %b: tensor<8xf32> {aicc.weight = "b"}) -> (tensor<4x8xf32> {aicc.output = "y"}) {
  %0 = "graph.add"(%x, %b) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// A convolution pads, then contracts.
// CHECK: func.func private @conv_1x4x8x8
// CHECK: tensor.pad
// CHECK: linalg.fill
// CHECK: linalg.generic
// CHECK: arith.mulf
func.func @main(%x: tensor<1x3x8x8xf32> {aicc.input = "x"}, %w: tensor<4x3x3x3xf32> {aicc.weight = "w"}) -> (tensor<1x4x8x8xf32> {aicc.output = "y"}) {
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x8x8xf32>
  return %0 : tensor<1x4x8x8xf32>
}
