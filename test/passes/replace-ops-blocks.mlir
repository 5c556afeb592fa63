// RUN: aicc-opt %s --replace-ops | filecheck %s
// RUN: aicc-opt %s --replace-ops > %t.once
// RUN: aicc-opt %t.once --replace-ops > %t.twice
// RUN: diff %t.once %t.twice

// Phases along the columns outermost: blocks of 2 x 2 pixels.
// CHECK-LABEL: func.func @phases(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 3, 4, 2, 5, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 5, 3, 1, 2, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 12, 4, 5>}
// CHECK-NEXT: return %[[C]]
func.func @phases(%x: tensor<1x3x8x10xf32>) -> tensor<1x12x4x5xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %2 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 0, 1>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %3 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 1, 1>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %4 = "graph.concat"(%0, %1, %2, %3) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>) -> tensor<1x12x4x5xf32>
  return %4 : tensor<1x12x4x5xf32>
}

// One phase twice.
// CHECK-LABEL: func.func @phases_that_miss_one(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 2, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 2, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 0, 1>, steps = array<i64: 1, 1, 2, 2>}
// CHECK-NEXT: %[[D:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 2, 2>}
// CHECK-NEXT: %[[E:.*]] = "graph.concat"(%[[A]], %[[B]], %[[C]], %[[D]]) {axis = 1 : i64, {{operandSegmentSizes = array<i32: [^>]*>}}}
// CHECK-NEXT: return %[[E]]
func.func @phases_that_miss_one(%x: tensor<1x3x8x10xf32>) -> tensor<1x12x4x5xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %2 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 0, 1>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %3 = "graph.slice"(%x) {sizes = array<i64: 1, 3, 4, 5>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 2, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x5xf32>
  %4 = "graph.concat"(%0, %1, %2, %3) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>, tensor<1x3x4x5xf32>) -> tensor<1x12x4x5xf32>
  return %4 : tensor<1x12x4x5xf32>
}

// A convolution of blocks: twice the strides, pads and window.
// CHECK-LABEL: func.func @conv_of_blocks(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 6, 2, 2, 3, 3, 3>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 3, 4, 2, 5, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 6, 3, 6, 6>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%arg0, %[[C]], %arg2) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[D]]
func.func @conv_of_blocks(%x: tensor<1x3x8x10xf32>, %w: tensor<6x12x3x3xf32> {aicc.weight = "w"}, %b: tensor<6xf32> {aicc.weight = "b"}) -> tensor<1x6x4x5xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 3, 4, 2, 5, 2>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x4x2x5x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 5, 3, 1, 2, 4>} : (tensor<1x3x4x2x5x2xf32>) -> tensor<1x2x2x3x4x5xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 12, 4, 5>} : (tensor<1x2x2x3x4x5xf32>) -> tensor<1x12x4x5xf32>
  %3 = "graph.conv"(%2, %w, %b) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x12x4x5xf32>, tensor<6x12x3x3xf32>, tensor<6xf32>) -> tensor<1x6x4x5xf32>
  return %3 : tensor<1x6x4x5xf32>
}

// Channels outermost, uneven pads, a stride.
// CHECK-LABEL: func.func @conv_of_channels_first_blocks(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 4, 2, 2, 2, 2, 3>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 1, 4, 2, 5, 3>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 4, 2, 4, 6>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%arg0, %[[C]]) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 2, 0, 4>, strides = array<i64: 2, 4>}
// CHECK-NEXT: return %[[D]]
func.func @conv_of_channels_first_blocks(%x: tensor<1x2x6x8xf32>, %w: tensor<4x8x2x3xf32> {aicc.weight = "w"}) -> tensor<1x4x2x3xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 3, 2, 4, 2>} : (tensor<1x2x6x8xf32>) -> tensor<1x2x3x2x4x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 1, 3, 5, 2, 4>} : (tensor<1x2x3x2x4x2xf32>) -> tensor<1x2x2x2x3x4xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 8, 3, 4>} : (tensor<1x2x2x2x3x4xf32>) -> tensor<1x8x3x4xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 1, 0, 2>, strides = array<i64: 1, 2>} : (tensor<1x8x3x4xf32>, tensor<4x8x2x3xf32>) -> tensor<1x4x2x3xf32>
  return %3 : tensor<1x4x2x3xf32>
}

// Pixels that lie apart, not in blocks.
// CHECK-LABEL: func.func @conv_of_quarters(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 3, 2, 4, 2, 5>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 4, 2, 1, 3, 5>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 12, 4, 5>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[D]]
func.func @conv_of_quarters(%x: tensor<1x3x8x10xf32>, %w: tensor<6x12x3x3xf32> {aicc.weight = "w"}) -> tensor<1x6x4x5xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 3, 2, 4, 2, 5>} : (tensor<1x3x8x10xf32>) -> tensor<1x3x2x4x2x5xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 4, 2, 1, 3, 5>} : (tensor<1x3x2x4x2x5xf32>) -> tensor<1x2x2x3x4x5xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 12, 4, 5>} : (tensor<1x2x2x3x4x5xf32>) -> tensor<1x12x4x5xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x12x4x5xf32>, tensor<6x12x3x3xf32>) -> tensor<1x6x4x5xf32>
  return %3 : tensor<1x6x4x5xf32>
}
