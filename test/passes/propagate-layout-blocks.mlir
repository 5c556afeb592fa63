// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout,propagate-layout)' | filecheck %s

// A residual block: the sum is taken where the branches are.
// CHECK-LABEL: func.func @residual(
// CHECK-COUNT-1: "graph.layout_cast"
// CHECK-NOT: graph.layout_cast
// CHECK: "graph.add"{{.*}}tensor<1x6x8x16xf32>
// CHECK-NEXT: "graph.relu"
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: return
func.func @residual(%x: tensor<1x16x6x8xf32>, %w: tensor<16x16x3x3xf32> {aicc.weight = "w"}) -> tensor<1x16x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.conv"(%0, %w) {group = 1 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x6x8x16xf32>, tensor<16x16x3x3xf32>) -> tensor<1x6x8x16xf32>
  %2 = "graph.layout_cast"(%1) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %3 = "graph.relu"(%2) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %4 = "graph.layout_cast"(%3) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %5 = "graph.conv"(%4, %w) {group = 1 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x6x8x16xf32>, tensor<16x16x3x3xf32>) -> tensor<1x6x8x16xf32>
  %6 = "graph.layout_cast"(%5) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %7 = "graph.add"(%6, %x) {} : (tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %8 = "graph.relu"(%7) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  return %8 : tensor<1x16x6x8xf32>
}

// -----

// A squeeze-and-excitation block: the gates of one pixel never need a cast.
// CHECK-LABEL: func.func @gate(
// CHECK-NOT: graph.layout_cast
// CHECK: "graph.reduce_mean"(%arg0)
// CHECK-NEXT: "graph.conv"
// CHECK-NEXT: "graph.sigmoid"
// CHECK-NEXT: "graph.mul"(%arg0
// CHECK-NEXT: return
func.func @gate(%x: tensor<1x6x8x16xf32>, %w: tensor<16x16x1x1xf32> {aicc.weight = "w"}) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x16x6x8xf32>) -> tensor<1x16x1x1xf32>
  %3 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x1x1xf32>) -> tensor<1x1x1x16xf32>
  %4 = "graph.conv"(%3, %w) {group = 1 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x1x1x16xf32>, tensor<16x16x1x1xf32>) -> tensor<1x1x1x16xf32>
  %5 = "graph.layout_cast"(%4) {source = "NHWC", target = "NCHW"} : (tensor<1x1x1x16xf32>) -> tensor<1x16x1x1xf32>
  %6 = "graph.sigmoid"(%5) {} : (tensor<1x16x1x1xf32>) -> tensor<1x16x1x1xf32>
  %7 = "graph.mul"(%0, %6) {} : (tensor<1x16x6x8xf32>, tensor<1x16x1x1xf32>) -> tensor<1x16x6x8xf32>
  %8 = "graph.layout_cast"(%7) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %8 : tensor<1x6x8x16xf32>
}

// -----

// A detection head: scales side by side, one row per pixel.
// CHECK-LABEL: func.func @head(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 48, 16>}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 1, 12, 16>}
// CHECK-NEXT: %[[R:.*]] = "graph.concat"(%[[A]], %[[B]]) {axis = 1
// CHECK-NEXT: return %[[R]]
func.func @head(%x: tensor<1x6x8x16xf32>, %y: tensor<1x3x4x16xf32>) -> tensor<1x60x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.layout_cast"(%y) {source = "NHWC", target = "NCHW"} : (tensor<1x3x4x16xf32>) -> tensor<1x16x3x4xf32>
  %2 = "graph.reshape"(%0) {shape = array<i64: 1, 16, 48>} : (tensor<1x16x6x8xf32>) -> tensor<1x16x48xf32>
  %3 = "graph.reshape"(%1) {shape = array<i64: 1, 16, 12>} : (tensor<1x16x3x4xf32>) -> tensor<1x16x12xf32>
  %4 = "graph.concat"(%2, %3) {axis = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x16x48xf32>, tensor<1x16x12xf32>) -> tensor<1x16x60xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 0, 2, 1>} : (tensor<1x16x60xf32>) -> tensor<1x60x16xf32>
  return %5 : tensor<1x60x16xf32>
}

// -----

// Sequences and volumes.
// CHECK-LABEL: func.func @sequence(
// CHECK-NEXT: "graph.relu"(%arg0)
// CHECK-NEXT: return
func.func @sequence(%x: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x8x16xf32>) -> tensor<1x16x8xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x8xf32>) -> tensor<1x16x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x8xf32>) -> tensor<1x8x16xf32>
  return %2 : tensor<1x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @volume(
// CHECK-NEXT: "graph.relu"(%arg0)
// CHECK-NEXT: return
func.func @volume(%x: tensor<1x4x6x8x16xf32>) -> tensor<1x4x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x4x6x8x16xf32>) -> tensor<1x16x4x6x8xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x4x6x8xf32>) -> tensor<1x16x4x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x4x6x8xf32>) -> tensor<1x4x6x8x16xf32>
  return %2 : tensor<1x4x6x8x16xf32>
}

// -----

// Between matrix products transposes stay.
// CHECK-LABEL: func.func @attention(
// CHECK-NEXT: "graph.transpose"(%arg0)
// CHECK-NEXT: "graph.transpose"(%arg0)
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: return
func.func @attention(%x: tensor<1x8x2x4xf32>) -> tensor<1x2x8x8xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x8x2x4xf32>) -> tensor<1x2x8x4xf32>
  %1 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x8x2x4xf32>) -> tensor<1x2x4x8xf32>
  %2 = "graph.matmul"(%0, %1) : (tensor<1x2x8x4xf32>, tensor<1x2x4x8xf32>) -> tensor<1x2x8x8xf32>
  return %2 : tensor<1x2x8x8xf32>
}

// -----

// What a region reads from around it stays in the order that it knows.
// CHECK-LABEL: func.func @region(
// CHECK-NEXT: %[[R:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[S:.*]] = "graph.layout_cast"(%[[R]])
// CHECK-NEXT: %[[I:.*]] = "graph.if"
// CHECK-NEXT: "graph.neg"(%[[S]])
// CHECK: return %[[R]], %[[I]]
func.func @region(%x: tensor<1x6x8x16xf32>, %c: tensor<i1>) -> (tensor<1x6x8x16xf32>, tensor<1x16x6x8xf32>) {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %3 = "graph.if"(%c) ({
    %4 = "graph.neg"(%1) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
    "graph.region_yield"(%4) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<1x16x6x8xf32>) -> ()
  }, {
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<1x16x6x8xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i1>) -> tensor<1x16x6x8xf32>
  return %2, %3 : tensor<1x6x8x16xf32>, tensor<1x16x6x8xf32>
}
