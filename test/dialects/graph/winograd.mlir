// RUN: aicc-opt %s --split-input-file --verify-diagnostics | filecheck %s

// CHECK-LABEL: func.func @ops
// CHECK: "graph.winograd_conv"{{.*}} -> tensor<2x7x9x40xf32>
// CHECK: "graph.winograd_conv"{{.*}} -> tensor<2x6x7x40xf32>
func.func @ops(%x: tensor<2x7x9x8xf32>, %u: tensor<2x36x8x32xf32>, %v: tensor<2x16x8x32xf32>, %b: tensor<40xf32>) -> (tensor<2x7x9x40xf32>, tensor<2x6x7x40xf32>) {
  %0 = "graph.winograd_conv"(%x, %u, %b) {pads = array<i64: 1, 1, 1, 1>, tile = 4 : i64, out_channels = 40 : i64, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<2x7x9x8xf32>, tensor<2x36x8x32xf32>, tensor<40xf32>) -> tensor<2x7x9x40xf32>
  %1 = "graph.winograd_conv"(%x, %v) {pads = array<i64: 0, 0, 1, 0>, tile = 2 : i64, out_channels = 40 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<2x7x9x8xf32>, tensor<2x16x8x32xf32>) -> tensor<2x6x7x40xf32>
  return %0, %1 : tensor<2x7x9x40xf32>, tensor<2x6x7x40xf32>
}

// -----

func.func @tile(%x: tensor<1x7x9x8xf32>, %u: tensor<1x25x8x32xf32>) -> tensor<1x5x7x32xf32> {
  // expected-error @below {{'graph.winograd_conv' op has tile 3, expected one of 2, 4}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 0, 0, 0, 0>, tile = 3 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x7x9x8xf32>, tensor<1x25x8x32xf32>) -> tensor<1x5x7x32xf32>
  return %0 : tensor<1x5x7x32xf32>
}

// -----

func.func @filter(%x: tensor<1x7x9x8xf32>, %u: tensor<1x16x8x32xf32>) -> tensor<1x5x7x32xf32> {
  // expected-error @below {{'graph.winograd_conv' op expects a transformed filter [.., 36, 8, ..], got tensor<1x16x8x32xf32>}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 0, 0, 0, 0>, tile = 4 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x7x9x8xf32>, tensor<1x16x8x32xf32>) -> tensor<1x5x7x32xf32>
  return %0 : tensor<1x5x7x32xf32>
}

// -----

func.func @channels(%x: tensor<1x7x9x8xf32>, %u: tensor<1x36x8x32xf32>) -> tensor<1x5x7x33xf32> {
  // expected-error @below {{'graph.winograd_conv' op has 33 output channels in 1 blocks of 32}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 0, 0, 0, 0>, tile = 4 : i64, out_channels = 33 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x7x9x8xf32>, tensor<1x36x8x32xf32>) -> tensor<1x5x7x33xf32>
  return %0 : tensor<1x5x7x33xf32>
}

// -----

func.func @empty(%x: tensor<1x2x9x8xf32>, %u: tensor<1x36x8x32xf32>) -> tensor<1x0x7x32xf32> {
  // expected-error @below {{'graph.winograd_conv' op has an image of 2x9 and pads [0, 0, 0, 0]: no output}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 0, 0, 0, 0>, tile = 4 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x2x9x8xf32>, tensor<1x36x8x32xf32>) -> tensor<1x0x7x32xf32>
  return %0 : tensor<1x0x7x32xf32>
}

// -----

// Volumes: three taps with a stride of two and a dilation of three along the depth.
// CHECK-LABEL: func.func @volume
// CHECK: "graph.winograd_conv"{{.*}} -> tensor<1x3x7x9x32xf32>
func.func @volume(%x: tensor<1x8x7x9x8xf32>, %u: tensor<1x36x24x32xf32>) -> tensor<1x3x7x9x32xf32> {
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 1, 1, 1, 2, 1, 1>, depth = array<i64: 3, 2, 3>, tile = 4 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x7x9x8xf32>, tensor<1x36x24x32xf32>) -> tensor<1x3x7x9x32xf32>
  return %0 : tensor<1x3x7x9x32xf32>
}

// -----

func.func @taps(%x: tensor<1x8x7x9x8xf32>, %u: tensor<1x36x8x32xf32>) -> tensor<1x8x7x9x32xf32> {
  // expected-error @below {{'graph.winograd_conv' op expects a transformed filter [.., 36, 24, ..], got tensor<1x36x8x32xf32>}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 1, 1, 1, 1, 1, 1>, depth = array<i64: 3, 1, 1>, tile = 4 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x7x9x8xf32>, tensor<1x36x8x32xf32>) -> tensor<1x8x7x9x32xf32>
  return %0 : tensor<1x8x7x9x32xf32>
}

// -----

func.func @no_volume(%x: tensor<1x7x9x8xf32>, %u: tensor<1x36x24x32xf32>) -> tensor<1x5x7x32xf32> {
  // expected-error @below {{'graph.winograd_conv' op has a depth of [3, 1, 1], but no volume: tensor<1x7x9x8xf32>}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 0, 0, 0, 0>, depth = array<i64: 3, 1, 1>, tile = 4 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x7x9x8xf32>, tensor<1x36x24x32xf32>) -> tensor<1x5x7x32xf32>
  return %0 : tensor<1x5x7x32xf32>
}

// -----

func.func @pads(%x: tensor<1x8x7x9x8xf32>, %u: tensor<1x36x8x32xf32>) -> tensor<1x8x5x7x32xf32> {
  // expected-error @below {{'graph.winograd_conv' op expects 6 pads, none negative, got [0, 0, 0, 0]}}
  %0 = "graph.winograd_conv"(%x, %u) {pads = array<i64: 0, 0, 0, 0>, tile = 4 : i64, out_channels = 32 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x8x7x9x8xf32>, tensor<1x36x8x32xf32>) -> tensor<1x8x5x7x32xf32>
  return %0 : tensor<1x8x5x7x32xf32>
}
