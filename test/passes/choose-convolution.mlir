// RUN: aicc-opt %s --split-input-file --choose-convolution | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(choose-convolution,choose-convolution)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --choose-convolution=winograd=off | filecheck %s --check-prefix=OFF
// RUN: aicc-opt %s --split-input-file --choose-convolution=winograd=2 | filecheck %s --check-prefix=TWO
// RUN: aicc-opt %s --split-input-file --choose-convolution=explain 2>&1 | filecheck %s --check-prefix=WHY
// OFF-NOT: winograd_conv

// The filter becomes G w G^T in panels of 32 output channels, computed in f64.
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
// CHECK-LABEL: func.func @large
// CHECK: %[[G:.*]] = "graph.constant"() {{.*}}tensor<6x3xf64>
// CHECK: "graph.matmul"(%[[G]],
// CHECK: "graph.matmul"(%[[G]],
// CHECK: %[[U:.*]] = "graph.reshape"{{.*}} -> tensor<2x36x64x32xf32>
// CHECK: "graph.winograd_conv"(%arg0, %[[U]])
// CHECK-SAME: out_channels = 64 : i64
// CHECK-SAME: pads = array<i64: 1, 1, 1, 1>
// CHECK-SAME: tile = 4 : i64
// TWO-LABEL: func.func @large
// TWO: "graph.winograd_conv"{{.*}}tile = 2 : i64
func.func @large(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

// Few tiles read a large filter: the smaller one of tiles of 2.
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
// CHECK-LABEL: func.func @few_tiles
// CHECK: "graph.winograd_conv"{{.*}}tile = 2 : i64
func.func @few_tiles(%x: tensor<1x14x14x256xf32>, %w: tensor<256x256x3x3xf32> {aicc.weight = "w"}) -> tensor<1x14x14x256xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x14x14x256xf32>, tensor<256x256x3x3xf32>) -> tensor<1x14x14x256xf32>
  return %0 : tensor<1x14x14x256xf32>
}
}

// -----

// Output channels that fill no panel are zeros in the filter.
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
// CHECK-LABEL: func.func @padded
// CHECK: "graph.pad"
// CHECK: "graph.winograd_conv"{{.*}}out_channels = 100
func.func @padded(%x: tensor<1x56x56x64xf32>, %w: tensor<100x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x100xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<100x64x3x3xf32>) -> tensor<1x56x56x100xf32>
  return %0 : tensor<1x56x56x100xf32>
}
}

// -----

// The window of a volume: three filters of 3x3, one after the other along the input channels.
module attributes {aicc.target = "x86-64-v4", aicc.threads = 1 : i64} {
// CHECK-LABEL: func.func @volume
// CHECK: %[[T:.*]] = "graph.transpose"(%arg1) {{.*}}tensor<64x3x64x3x3xf32>
// CHECK: "graph.reshape"(%[[T]]) {{.*}}tensor<64x192x3x3xf32>
// CHECK: %[[U:.*]] = "graph.reshape"{{.*}} -> tensor<2x36x192x32xf32>
// CHECK: "graph.winograd_conv"(%arg0, %[[U]])
// CHECK-SAME: depth = array<i64: 3, 1, 2>
// CHECK-SAME: pads = array<i64: 2, 1, 1, 2, 1, 1>
func.func @volume(%x: tensor<1x8x28x28x64xf32>, %w: tensor<64x64x3x3x3xf32> {aicc.weight = "w"}) -> tensor<1x8x28x28x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1, 1>, pads = array<i64: 2, 1, 1, 2, 1, 1>, dilations = array<i64: 2, 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x28x28x64xf32>, tensor<64x64x3x3x3xf32>) -> tensor<1x8x28x28x64xf32>
  return %0 : tensor<1x8x28x28x64xf32>
}
}

// -----

// Rows and columns of a volume must have no stride.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @strided_volume
// CHECK-NOT: winograd_conv
// WHY: stays direct: it has a stride or a dilation
func.func @strided_volume(%x: tensor<1x8x28x28x64xf32>, %w: tensor<64x64x3x3x3xf32> {aicc.weight = "w"}) -> tensor<1x8x14x14x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 2, 2>, pads = array<i64: 1, 1, 1, 1, 1, 1>, dilations = array<i64: 1, 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x28x28x64xf32>, tensor<64x64x3x3x3xf32>) -> tensor<1x8x14x14x64xf32>
  return %0 : tensor<1x8x14x14x64xf32>
}
}

// -----

// One tile, whose transforms cost more than they save.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @small
// CHECK-NOT: winograd_conv
// WHY: stays direct: it is faster
func.func @small(%x: tensor<1x4x4x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x4x4x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x4x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x4x4x64xf32>
  return %0 : tensor<1x4x4x64xf32>
}
}

// -----

// A stride skips most of what a tile would share.
module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @strided
// CHECK-NOT: winograd_conv
// WHY: stays direct: it has a stride or a dilation
func.func @strided(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x28x28x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x28x28x64xf32>
  return %0 : tensor<1x28x28x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @dilated
// CHECK-NOT: winograd_conv
// WHY: stays direct: it has a stride or a dilation
func.func @dilated(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 2, 2, 2, 2>, dilations = array<i64: 2, 2>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @groups
// CHECK-NOT: winograd_conv
// WHY: stays direct: its window is not 3x3 on all channels
func.func @groups(%x: tensor<1x56x56x64xf32>, %w: tensor<64x32x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {group = 2 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x32x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @window
// CHECK-NOT: winograd_conv
// WHY: stays direct: its window is not 3x3 on all channels
func.func @window(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x5x5xf32> {aicc.weight = "w"}) -> tensor<1x54x54x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x5x5xf32>) -> tensor<1x54x54x64xf32>
  return %0 : tensor<1x54x54x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @doubles
// CHECK-NOT: winograd_conv
// WHY: stays direct: it is not f32
func.func @doubles(%x: tensor<1x56x56x64xf64>, %w: tensor<64x64x3x3xf64> {aicc.weight = "w"}) -> tensor<1x56x56x64xf64> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf64>, tensor<64x64x3x3xf64>) -> tensor<1x56x56x64xf64>
  return %0 : tensor<1x56x56x64xf64>
}
}

// -----

module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @activations
// CHECK-NOT: winograd_conv
// WHY: stays direct: its filter is computed at run time
func.func @activations(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @channels_first
// CHECK-NOT: winograd_conv
// WHY: stays direct: it is not channels-last
func.func @channels_first(%x: tensor<1x64x56x56xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x64x56x56xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NCHW", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x56x56xf32>, tensor<64x64x3x3xf32>) -> tensor<1x64x56x56xf32>
  return %0 : tensor<1x64x56x56xf32>
}
}

// -----

// What the module says; strict floating point never.
module attributes {aicc.target = "x86-64-v4", aicc.winograd = "off"} {
// CHECK-LABEL: func.func @off
// CHECK-NOT: winograd_conv
func.func @off(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4", aicc.strict_fp} {
// CHECK-LABEL: func.func @strict
// CHECK-NOT: winograd_conv
func.func @strict(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

module attributes {aicc.target = "x86-64-v4", aicc.winograd = "2"} {
// CHECK-LABEL: func.func @two
// CHECK: "graph.winograd_conv"{{.*}}tile = 2 : i64
func.func @two(%x: tensor<1x56x56x64xf32>, %w: tensor<64x64x3x3xf32> {aicc.weight = "w"}) -> tensor<1x56x56x64xf32> {
  %0 = "graph.conv"(%x, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x3x3xf32>) -> tensor<1x56x56x64xf32>
  return %0 : tensor<1x56x56x64xf32>
}
}

// -----

// One pixel at a time with channels first: a matrix product of the filter and the image as it is.
// CHECK-LABEL: func.func @pointwise
// CHECK-DAG: %[[X:.*]] = "graph.reshape"(%arg0) {{.*}}-> tensor<1x64x3136xf32>
// CHECK-DAG: %[[W:.*]] = "graph.reshape"(%arg1) {{.*}}-> tensor<256x64xf32>
// CHECK: %[[Y:.*]] = "graph.matmul"(%[[W]], %[[X]])
// CHECK: %[[B:.*]] = "graph.reshape"(%arg2) {{.*}}-> tensor<256x1xf32>
// CHECK: %[[S:.*]] = "graph.add"(%[[Y]], %[[B]])
// CHECK: "graph.reshape"(%[[S]]) {{.*}}-> tensor<1x256x56x56xf32>
func.func @pointwise(%x: tensor<1x64x56x56xf32>, %w: tensor<256x64x1x1xf32> {aicc.weight = "w"}, %b: tensor<256xf32> {aicc.weight = "b"}) -> tensor<1x256x56x56xf32> {
  %0 = "graph.conv"(%x, %w, %b) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x64x56x56xf32>, tensor<256x64x1x1xf32>, tensor<256xf32>) -> tensor<1x256x56x56xf32>
  return %0 : tensor<1x256x56x56xf32>
}

// -----

// A stride leaves pixels out; with channels last packed weights do better.
// CHECK-LABEL: func.func @no_product
// CHECK-NOT: graph.matmul
func.func @no_product(%x: tensor<1x64x56x56xf32>, %w: tensor<64x64x1x1xf32> {aicc.weight = "w"}, %z: tensor<1x56x56x64xf32>) -> (tensor<1x64x28x28xf32>, tensor<1x56x56x64xf32>) {
  %0 = "graph.conv"(%x, %w) {strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x64x56x56xf32>, tensor<64x64x1x1xf32>) -> tensor<1x64x28x28xf32>
  %1 = "graph.conv"(%z, %w) {layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x56x56x64xf32>, tensor<64x64x1x1xf32>) -> tensor<1x56x56x64xf32>
  return %0, %1 : tensor<1x64x28x28xf32>, tensor<1x56x56x64xf32>
}
