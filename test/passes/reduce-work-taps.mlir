// RUN: aicc-opt %s --reduce-work | filecheck %s
// RUN: aicc-opt %s --reduce-work > %t.once
// RUN: aicc-opt %t.once --reduce-work > %t.twice
// RUN: diff %t.once %t.twice

// The rate is larger than the image: the centre is left.
// CHECK-LABEL: func.func @centre(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 4, 3, 1, 1>, starts = array<i64: 0, 0, 1, 1>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]], %arg2) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[Y]]
func.func @centre(%x: tensor<1x3x6x5xf32>, %w: tensor<4x3x3x3xf32> {aicc.weight = "w"}, %b: tensor<4xf32> {aicc.weight = "b"}) -> tensor<1x4x6x5xf32> {
  %0 = "graph.conv"(%x, %w, %b) {dilations = array<i64: 8, 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 1>, pads = array<i64: 8, 8, 8, 8>, strides = array<i64: 1, 1>} : (tensor<1x3x6x5xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x6x5xf32>
  return %0 : tensor<1x4x6x5xf32>
}

// Each channel by itself; one of five taps on either side reaches too far.
// CHECK-LABEL: func.func @depthwise_row(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 4, 1, 3>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 2>, filter_layout = "OIHW", group = 4 : i64, layout = "NCHW", {{.*}}pads = array<i64: 2, 2>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @depthwise_row(%x: tensor<1x4x3xf32>, %w: tensor<4x1x5xf32> {aicc.weight = "w"}) -> tensor<1x4x3xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 2>, filter_layout = "OIHW", group = 4 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 4, 4>, strides = array<i64: 1>} : (tensor<1x4x3xf32>, tensor<4x1x5xf32>) -> tensor<1x4x3xf32>
  return %0 : tensor<1x4x3xf32>
}

// Only the rows are few.
// CHECK-LABEL: func.func @few_rows(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 6, 2, 1, 3>, starts = array<i64: 0, 0, 1, 0>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 1, 3>, filter_layout = "OIHW", group = 2 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 3, 0, 3>, strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[Y]]
func.func @few_rows(%x: tensor<1x4x2x9xf32>, %w: tensor<6x2x3x3xf32> {aicc.weight = "w"}) -> tensor<1x6x2x9xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 3, 3>, filter_layout = "OIHW", group = 2 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 3, 3, 3, 3>, strides = array<i64: 1, 1>} : (tensor<1x4x2x9xf32>, tensor<6x2x3x3xf32>) -> tensor<1x6x2x9xf32>
  return %0 : tensor<1x6x2x9xf32>
}

// The last window ends before the padding does.
// CHECK-LABEL: func.func @steps(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2, 1>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0>, strides = array<i64: 2>
// CHECK-NEXT: return %[[Y]]
func.func @steps(%x: tensor<1x2x6xf32>, %w: tensor<3x2x3xf32> {aicc.weight = "w"}) -> tensor<1x3x3xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 7>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 7, 7>, strides = array<i64: 2>} : (tensor<1x2x6xf32>, tensor<3x2x3xf32>) -> tensor<1x3x3xf32>
  return %0 : tensor<1x3x3xf32>
}

// What does not reach the image is at one end.
// CHECK-LABEL: func.func @one_end(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2, 2>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 2>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 2>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @one_end(%x: tensor<1x2x4xf32>, %w: tensor<3x2x3xf32> {aicc.weight = "w"}) -> tensor<1x3x4xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 2>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 4>, strides = array<i64: 1>} : (tensor<1x2x4xf32>, tensor<3x2x3xf32>) -> tensor<1x3x4xf32>
  return %0 : tensor<1x3x4xf32>
}

// Three dimensions; in the last one every tap meets the image.
// CHECK-LABEL: func.func @volume(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 2, 2, 1, 1, 3>, starts = array<i64: 0, 0, 1, 1, 0>, steps = array<i64: 1, 1, 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 1, 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0, 1, 0, 0, 1>, strides = array<i64: 1, 1, 1>
// CHECK-NEXT: return %[[Y]]
func.func @volume(%x: tensor<1x2x2x3x4xf32>, %w: tensor<2x2x3x3x3xf32> {aicc.weight = "w"}) -> tensor<1x2x2x3x4xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 2, 3, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 2, 3, 1, 2, 3, 1>, strides = array<i64: 1, 1, 1>} : (tensor<1x2x2x3x4xf32>, tensor<2x2x3x3x3xf32>) -> tensor<1x2x2x3x4xf32>
  return %0 : tensor<1x2x2x3x4xf32>
}

// The outer taps meet the outermost pixels.
// CHECK-LABEL: func.func @outermost(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 5>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 5, 5>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @outermost(%x: tensor<1x2x6xf32>, %w: tensor<3x2x3xf32> {aicc.weight = "w"}) -> tensor<1x3x6xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 5>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 5, 5>, strides = array<i64: 1>} : (tensor<1x2x6xf32>, tensor<3x2x3xf32>) -> tensor<1x3x6xf32>
  return %0 : tensor<1x3x6xf32>
}

// The last tap alone would have to leave the front of the image out.
// CHECK-LABEL: func.func @crop(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 5>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 1, 0>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @crop(%x: tensor<1x2x6xf32>, %w: tensor<3x2x2xf32> {aicc.weight = "w"}) -> tensor<1x3x2xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 5>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 1, 0>, strides = array<i64: 1>} : (tensor<1x2x6xf32>, tensor<3x2x2xf32>) -> tensor<1x3x2xf32>
  return %0 : tensor<1x3x2xf32>
}

// The first one reads padding: what is left leaves a part of the image out at the end.
// CHECK-LABEL: func.func @crop_behind(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 5>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 1>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @crop_behind(%x: tensor<1x2x6xf32>, %w: tensor<3x2x2xf32> {aicc.weight = "w"}) -> tensor<1x3x2xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 5>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 1>, strides = array<i64: 1>} : (tensor<1x2x6xf32>, tensor<3x2x2xf32>) -> tensor<1x3x2xf32>
  return %0 : tensor<1x3x2xf32>
}

// No tap meets the image.
// CHECK-LABEL: func.func @only_padding(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 4>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 1, 2>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @only_padding(%x: tensor<1x2x2xf32>, %w: tensor<3x2x2xf32> {aicc.weight = "w"}) -> tensor<1x3x1xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 4>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 1, 2>, strides = array<i64: 1>} : (tensor<1x2x2xf32>, tensor<3x2x2xf32>) -> tensor<1x3x1xf32>
  return %0 : tensor<1x3x1xf32>
}

// The filter would be cut in every run.
// CHECK-LABEL: func.func @computed_filter(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 8, 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 8, 8, 8, 8>, strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[Y]]
func.func @computed_filter(%x: tensor<1x3x6x5xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x6x5xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 8, 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 8, 8, 8, 8>, strides = array<i64: 1, 1>} : (tensor<1x3x6x5xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x5xf32>
  return %0 : tensor<1x4x6x5xf32>
}

// The padding stands for a number that is not zero.
// CHECK-LABEL: func.func @zero_point(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 8, 8>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @zero_point(%x: tensor<1x3x6xui8>, %w: tensor<4x3x3xi8> {aicc.weight = "w"}) -> tensor<1x4x6xi32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 8, 8>, strides = array<i64: 1>, padding = 7 : i64, to = i32} : (tensor<1x3x6xui8>, tensor<4x3x3xi8>) -> tensor<1x4x6xi32>
  return %0 : tensor<1x4x6xi32>
}

// Zero is added to integers as well.
// CHECK-LABEL: func.func @integers(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 4, 3, 1>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", {{.*}}pads = array<i64: 0, 0>, strides = array<i64: 1>
// CHECK-NEXT: return %[[Y]]
func.func @integers(%x: tensor<1x3x6xui8>, %w: tensor<4x3x3xi8> {aicc.weight = "w"}) -> tensor<1x4x6xi32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 8, 8>, strides = array<i64: 1>, padding = 0 : i64, to = i32} : (tensor<1x3x6xui8>, tensor<4x3x3xi8>) -> tensor<1x4x6xi32>
  return %0 : tensor<1x4x6xi32>
}
