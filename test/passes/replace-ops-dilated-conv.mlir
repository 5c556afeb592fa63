// RUN: aicc-opt %s --replace-ops | filecheck %s
// RUN: aicc-opt %s --replace-ops > %t.once
// RUN: aicc-opt %t.once --replace-ops > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @space_to_batch(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}dilations = array<i64: 2, 2>{{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 1, 3, 3, 2, 2, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 3, 6, 4>}
// CHECK-NEXT: return %[[C]]
func.func @space_to_batch(%x: tensor<1x2x8x6xf32>, %w: tensor<3x2x2x2xf32>) -> tensor<1x3x6x4xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 4, 2, 3, 2>} : (tensor<1x2x8x6xf32>) -> tensor<1x2x4x2x3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 3, 5, 0, 1, 2, 4>} : (tensor<1x2x4x2x3x2xf32>) -> tensor<2x2x1x2x4x3xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 4, 2, 4, 3>} : (tensor<2x2x1x2x4x3xf32>) -> tensor<4x2x4x3xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<4x2x4x3xf32>, tensor<3x2x2x2xf32>) -> tensor<4x3x3x2xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 2, 2, 1, 3, 3, 2>} : (tensor<4x3x3x2xf32>) -> tensor<2x2x1x3x3x2xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 2, 3, 4, 0, 5, 1>} : (tensor<2x2x1x3x3x2xf32>) -> tensor<1x3x3x2x2x2xf32>
  %6 = "graph.reshape"(%5) {shape = array<i64: 1, 3, 6, 4>} : (tensor<1x3x3x2x2x2xf32>) -> tensor<1x3x6x4xf32>
  return %6 : tensor<1x3x6x4xf32>
}

// CHECK-LABEL: func.func @space_to_batch_with_pads(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}dilations = array<i64: 2, 2>{{.*}}pads = array<i64: 2, 2, 2, 2>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 1, 3, 5, 2, 4, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 3, 10, 8>}
// CHECK-NEXT: return %[[C]]
func.func @space_to_batch_with_pads(%x: tensor<1x2x8x6xf32>, %w: tensor<3x2x2x2xf32>) -> tensor<1x3x10x8xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 4, 2, 3, 2>} : (tensor<1x2x8x6xf32>) -> tensor<1x2x4x2x3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 3, 5, 0, 1, 2, 4>} : (tensor<1x2x4x2x3x2xf32>) -> tensor<2x2x1x2x4x3xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 4, 2, 4, 3>} : (tensor<2x2x1x2x4x3xf32>) -> tensor<4x2x4x3xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<4x2x4x3xf32>, tensor<3x2x2x2xf32>) -> tensor<4x3x5x4xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 2, 2, 1, 3, 5, 4>} : (tensor<4x3x5x4xf32>) -> tensor<2x2x1x3x5x4xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 2, 3, 4, 0, 5, 1>} : (tensor<2x2x1x3x5x4xf32>) -> tensor<1x3x5x2x4x2xf32>
  %6 = "graph.reshape"(%5) {shape = array<i64: 1, 3, 10, 8>} : (tensor<1x3x5x2x4x2xf32>) -> tensor<1x3x10x8xf32>
  return %6 : tensor<1x3x10x8xf32>
}

// CHECK-LABEL: func.func @rows_only(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}dilations = array<i64: 2, 1>{{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 2, 3, 3, 2, 5>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 2, 3, 6, 5>}
// CHECK-NEXT: return %[[C]]
func.func @rows_only(%x: tensor<2x2x8x6xf32>, %w: tensor<3x2x2x2xf32>) -> tensor<2x3x6x5xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 2, 2, 4, 2, 6>} : (tensor<2x2x8x6xf32>) -> tensor<2x2x4x2x6xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 3, 0, 1, 2, 4>} : (tensor<2x2x4x2x6xf32>) -> tensor<2x2x2x4x6xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 4, 2, 4, 6>} : (tensor<2x2x2x4x6xf32>) -> tensor<4x2x4x6xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<4x2x4x6xf32>, tensor<3x2x2x2xf32>) -> tensor<4x3x3x5xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 2, 2, 3, 3, 5>} : (tensor<4x3x3x5xf32>) -> tensor<2x2x3x3x5xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 1, 2, 3, 0, 4>} : (tensor<2x2x3x3x5xf32>) -> tensor<2x3x3x2x5xf32>
  %6 = "graph.reshape"(%5) {shape = array<i64: 2, 3, 6, 5>} : (tensor<2x3x3x2x5xf32>) -> tensor<2x3x6x5xf32>
  return %6 : tensor<2x3x6x5xf32>
}

// Rows and columns of the blocks have changed places.
// CHECK-LABEL: func.func @phases_exchanged(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 4, 2, 3, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 3, 5, 0, 1, 2, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 4, 2, 4, 3>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {{.*}}dilations = array<i64: 1, 1>{{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[E:.*]] = "graph.reshape"(%[[D]]) {shape = array<i64: 2, 2, 1, 3, 3, 2>}
// CHECK-NEXT: %[[F:.*]] = "graph.transpose"(%[[E]]) {permutation = array<i64: 2, 3, 4, 1, 5, 0>}
// CHECK-NEXT: %[[G:.*]] = "graph.reshape"(%[[F]]) {shape = array<i64: 1, 3, 6, 4>}
// CHECK-NEXT: return %[[G]]
func.func @phases_exchanged(%x: tensor<1x2x8x6xf32>, %w: tensor<3x2x2x2xf32>) -> tensor<1x3x6x4xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 4, 2, 3, 2>} : (tensor<1x2x8x6xf32>) -> tensor<1x2x4x2x3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 3, 5, 0, 1, 2, 4>} : (tensor<1x2x4x2x3x2xf32>) -> tensor<2x2x1x2x4x3xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 4, 2, 4, 3>} : (tensor<2x2x1x2x4x3xf32>) -> tensor<4x2x4x3xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<4x2x4x3xf32>, tensor<3x2x2x2xf32>) -> tensor<4x3x3x2xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 2, 2, 1, 3, 3, 2>} : (tensor<4x3x3x2xf32>) -> tensor<2x2x1x3x3x2xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 2, 3, 4, 1, 5, 0>} : (tensor<2x2x1x3x3x2xf32>) -> tensor<1x3x3x2x2x2xf32>
  %6 = "graph.reshape"(%5) {shape = array<i64: 1, 3, 6, 4>} : (tensor<1x3x3x2x2x2xf32>) -> tensor<1x3x6x4xf32>
  return %6 : tensor<1x3x6x4xf32>
}

// CHECK-LABEL: func.func @strides_between_phases(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 4, 2, 3, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 3, 5, 0, 1, 2, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 4, 2, 4, 3>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {{.*}}dilations = array<i64: 1, 1>{{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 2, 2>
// CHECK-NEXT: %[[E:.*]] = "graph.reshape"(%[[D]]) {shape = array<i64: 2, 2, 1, 3, 2, 1>}
// CHECK-NEXT: %[[F:.*]] = "graph.transpose"(%[[E]]) {permutation = array<i64: 2, 3, 4, 0, 5, 1>}
// CHECK-NEXT: %[[G:.*]] = "graph.reshape"(%[[F]]) {shape = array<i64: 1, 3, 4, 2>}
// CHECK-NEXT: return %[[G]]
func.func @strides_between_phases(%x: tensor<1x2x8x6xf32>, %w: tensor<3x2x2x2xf32>) -> tensor<1x3x4x2xf32> {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 4, 2, 3, 2>} : (tensor<1x2x8x6xf32>) -> tensor<1x2x4x2x3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 3, 5, 0, 1, 2, 4>} : (tensor<1x2x4x2x3x2xf32>) -> tensor<2x2x1x2x4x3xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 4, 2, 4, 3>} : (tensor<2x2x1x2x4x3xf32>) -> tensor<4x2x4x3xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<4x2x4x3xf32>, tensor<3x2x2x2xf32>) -> tensor<4x3x2x1xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 2, 2, 1, 3, 2, 1>} : (tensor<4x3x2x1xf32>) -> tensor<2x2x1x3x2x1xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 2, 3, 4, 0, 5, 1>} : (tensor<2x2x1x3x2x1xf32>) -> tensor<1x3x2x2x1x2xf32>
  %6 = "graph.reshape"(%5) {shape = array<i64: 1, 3, 4, 2>} : (tensor<1x3x2x2x1x2xf32>) -> tensor<1x3x4x2xf32>
  return %6 : tensor<1x3x4x2xf32>
}

// CHECK-LABEL: func.func @read_phases(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 4, 2, 3, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 3, 5, 0, 1, 2, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 4, 2, 4, 3>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%[[C]], %arg1) {{.*}}dilations = array<i64: 1, 1>{{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[E:.*]] = "graph.reshape"(%[[D]]) {shape = array<i64: 2, 2, 1, 3, 3, 2>}
// CHECK-NEXT: %[[F:.*]] = "graph.transpose"(%[[E]]) {permutation = array<i64: 2, 3, 4, 0, 5, 1>}
// CHECK-NEXT: %[[G:.*]] = "graph.reshape"(%[[F]]) {shape = array<i64: 1, 3, 6, 4>}
// CHECK-NEXT: return %[[D]], %[[G]]
func.func @read_phases(%x: tensor<1x2x8x6xf32>, %w: tensor<3x2x2x2xf32>) -> (tensor<4x3x3x2xf32>, tensor<1x3x6x4xf32>) {
  %0 = "graph.reshape"(%x) {shape = array<i64: 1, 2, 4, 2, 3, 2>} : (tensor<1x2x8x6xf32>) -> tensor<1x2x4x2x3x2xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 3, 5, 0, 1, 2, 4>} : (tensor<1x2x4x2x3x2xf32>) -> tensor<2x2x1x2x4x3xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 4, 2, 4, 3>} : (tensor<2x2x1x2x4x3xf32>) -> tensor<4x2x4x3xf32>
  %3 = "graph.conv"(%2, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<4x2x4x3xf32>, tensor<3x2x2x2xf32>) -> tensor<4x3x3x2xf32>
  %4 = "graph.reshape"(%3) {shape = array<i64: 2, 2, 1, 3, 3, 2>} : (tensor<4x3x3x2xf32>) -> tensor<2x2x1x3x3x2xf32>
  %5 = "graph.transpose"(%4) {permutation = array<i64: 2, 3, 4, 0, 5, 1>} : (tensor<2x2x1x3x3x2xf32>) -> tensor<1x3x3x2x2x2xf32>
  %6 = "graph.reshape"(%5) {shape = array<i64: 1, 3, 6, 4>} : (tensor<1x3x3x2x2x2xf32>) -> tensor<1x3x6x4xf32>
  return %3, %6 : tensor<4x3x3x2xf32>, tensor<1x3x6x4xf32>
}
