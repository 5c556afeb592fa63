// RUN: aicc-opt %s --reduce-work | filecheck %s
// RUN: aicc-opt %s --reduce-work > %t.once
// RUN: aicc-opt %t.once --reduce-work > %t.twice
// RUN: diff %t.once %t.twice

// Fewer channels are interleaved.
// CHECK-LABEL: func.func @before_blocks(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 2, 6, 3, 4>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 3, 4, 5, 1, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 6, 3, 16>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[E:.*]] = "graph.reshape"(%[[D]]) {shape = array<i64: 1, 4, 3, 4, 2, 2>}
// CHECK-NEXT: %[[F:.*]] = "graph.transpose"(%[[E]]) {permutation = array<i64: 0, 1, 2, 4, 3, 5>}
// CHECK-NEXT: %[[G:.*]] = "graph.reshape"(%[[F]]) {shape = array<i64: 1, 4, 6, 8>}
// CHECK-NEXT: return %[[G]]
func.func @before_blocks(%x: tensor<1x24x3x4xf32>, %w: tensor<4x6x1x1xf32> {aicc.weight = "w"}) -> tensor<1x4x6x8xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 2, 6, 3, 4>} : (tensor<1x24x3x4xf32>) -> tensor<1x2x2x6x3x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 3, 4, 1, 5, 2>} : (tensor<1x2x2x6x3x4xf32>) -> tensor<1x6x3x2x4x2xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 6, 6, 8>} : (tensor<1x6x3x2x4x2xf32>) -> tensor<1x6x6x8xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x6x6x8xf32>, tensor<4x6x1x1xf32>) -> tensor<1x4x6x8xf32>
  return %3 : tensor<1x4x6x8xf32>
}

// Rows and columns change places.
// CHECK-LABEL: func.func @before_a_turn(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 0, 1, 2, 3>}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 1, 6, 3, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.conv"(%[[B]], %arg1) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[D:.*]] = "graph.reshape"(%[[C]]) {shape = array<i64: 1, 6, 3, 4>}
// CHECK-NEXT: %[[E:.*]] = "graph.transpose"(%[[D]]) {permutation = array<i64: 0, 1, 3, 2>}
// CHECK-NEXT: return %[[E]]
func.func @before_a_turn(%x: tensor<1x6x3x4xf32>, %w: tensor<6x6x1x1xf32> {aicc.weight = "w"}) -> tensor<1x6x4x3xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 1, 3, 2>} : (tensor<1x6x3x4xf32>) -> tensor<1x6x4x3xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x6x4x3xf32>, tensor<6x6x1x1xf32>) -> tensor<1x6x4x3xf32>
  return %1 : tensor<1x6x4x3xf32>
}

// More channels would be interleaved.
// CHECK-LABEL: func.func @more_channels(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 2, 6, 3, 4>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 6, 6, 8>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[D]]
func.func @more_channels(%x: tensor<1x24x3x4xf32>, %w: tensor<8x6x1x1xf32> {aicc.weight = "w"}) -> tensor<1x8x6x8xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 2, 6, 3, 4>} : (tensor<1x24x3x4xf32>) -> tensor<1x2x2x6x3x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 3, 4, 1, 5, 2>} : (tensor<1x2x2x6x3x4xf32>) -> tensor<1x6x3x2x4x2xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 6, 6, 8>} : (tensor<1x6x3x2x4x2xf32>) -> tensor<1x6x6x8xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x6x6x8xf32>, tensor<8x6x1x1xf32>) -> tensor<1x8x6x8xf32>
  return %3 : tensor<1x8x6x8xf32>
}

// Windows see their neighbours.
// CHECK-LABEL: func.func @a_window(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 2, 6, 3, 4>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 6, 6, 8>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 1, 0, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[D]]
func.func @a_window(%x: tensor<1x24x3x4xf32>, %w: tensor<4x6x1x3xf32> {aicc.weight = "w"}) -> tensor<1x4x6x8xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 2, 6, 3, 4>} : (tensor<1x24x3x4xf32>) -> tensor<1x2x2x6x3x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 3, 4, 1, 5, 2>} : (tensor<1x2x2x6x3x4xf32>) -> tensor<1x6x3x2x4x2xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 6, 6, 8>} : (tensor<1x6x3x2x4x2xf32>) -> tensor<1x6x6x8xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 1, 0, 1>, strides = array<i64: 1, 1>} : (tensor<1x6x6x8xf32>, tensor<4x6x1x3xf32>) -> tensor<1x4x6x8xf32>
  return %3 : tensor<1x4x6x8xf32>
}

// An activation behind the moves joins the convolution before them.
// CHECK-LABEL: func.func @activation_behind_blocks(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 2, 2, 6, 3, 4>}
// CHECK-NEXT: %[[D:.*]] = "graph.transpose"(%[[C]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[E:.*]] = "graph.reshape"(%[[D]]) {shape = array<i64: 1, 6, 6, 8>}
// CHECK-NEXT: return %[[E]]
func.func @activation_behind_blocks(%x: tensor<1x5x3x4xf32>, %w: tensor<24x5x1x1xf32> {aicc.weight = "w"}) -> tensor<1x6x6x8xf32> {
  %c = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x5x3x4xf32>, tensor<24x5x1x1xf32>) -> tensor<1x24x3x4xf32>
  %0 = "graph.reshape"(%c) {shape = array<i64: 1, 2, 2, 6, 3, 4>} : (tensor<1x24x3x4xf32>) -> tensor<1x2x2x6x3x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 3, 4, 1, 5, 2>} : (tensor<1x2x2x6x3x4xf32>) -> tensor<1x6x3x2x4x2xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 6, 6, 8>} : (tensor<1x6x3x2x4x2xf32>) -> tensor<1x6x6x8xf32>
  %3 = "graph.relu"(%2) : (tensor<1x6x6x8xf32>) -> tensor<1x6x6x8xf32>
  return %3 : tensor<1x6x6x8xf32>
}
