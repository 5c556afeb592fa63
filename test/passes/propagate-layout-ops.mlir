// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout,propagate-layout)' | filecheck %s

// Ops along an axis move it.
// CHECK-LABEL: func.func @arg_max(
// CHECK-NOT: layout_cast
// CHECK: "graph.arg_max"(%arg0) {axis = 3
// CHECK-NOT: layout_cast
// CHECK: return
func.func @arg_max(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8xi64> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.arg_max"(%0) {axis = 1 : i64, keepdims = false} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8xi64>
  return %1 : tensor<1x6x8xi64>
}

// -----

// CHECK-LABEL: func.func @softmax(
// CHECK-NOT: layout_cast
// CHECK: "graph.softmax"(%arg0) {axis = 3
// CHECK-NOT: layout_cast
// CHECK: return
func.func @softmax(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.softmax"(%0) {axis = 1 : i64} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @cumsum(
// CHECK-NOT: layout_cast
// CHECK: "graph.cumsum"(%arg0) {axis = 2
// CHECK-NOT: layout_cast
// CHECK: return
func.func @cumsum(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.cumsum"(%0) {axis = -1 : i64} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @interpolate(
// CHECK-NOT: layout_cast
// CHECK: "graph.interpolate"(%arg0, %arg1, %arg2) {axis = 1
// CHECK-NOT: layout_cast
// CHECK: return
func.func @interpolate(%x: tensor<1x6x8x16xf32>, %p: tensor<12x2xi64>, %q: tensor<12x2xf32>) -> tensor<1x12x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.interpolate"(%0, %p, %q) {axis = 2 : i64} : (tensor<1x16x6x8xf32>, tensor<12x2xi64>, tensor<12x2xf32>) -> tensor<1x16x12x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x12x8xf32>) -> tensor<1x12x8x16xf32>
  return %2 : tensor<1x12x8x16xf32>
}

// -----

// Gathered channels stay channels.
// CHECK-LABEL: func.func @gather(
// CHECK-NOT: layout_cast
// CHECK: "graph.gather"(%arg0, %arg1) {axis = 3
// CHECK-NOT: layout_cast
// CHECK: return
func.func @gather(%x: tensor<1x6x8x16xf32>, %i: tensor<16xi64>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.gather"(%0, %i) {axis = 1 : i64} : (tensor<1x16x6x8xf32>, tensor<16xi64>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @expand(
// CHECK-NOT: layout_cast
// CHECK: "graph.expand"(%arg0) {shape = array<i64: 5, 6, 8, 16>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @expand(%x: tensor<1x6x8x16xf32>) -> tensor<5x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.expand"(%0) {shape = array<i64: 5, 16, 6, 8>} : (tensor<1x16x6x8xf32>) -> tensor<5x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<5x16x6x8xf32>) -> tensor<5x6x8x16xf32>
  return %2 : tensor<5x6x8x16xf32>
}

// -----

// Ops with a layout change it.
// CHECK-LABEL: func.func @max_pool(
// CHECK-NOT: layout_cast
// CHECK: "graph.max_pool"(%arg0){{.*}}layout = "NHWC"
// CHECK-NOT: layout_cast
// CHECK: return
func.func @max_pool(%x: tensor<1x6x8x16xf32>) -> tensor<1x3x4x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.max_pool"(%0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x16x6x8xf32>) -> tensor<1x16x3x4xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x3x4xf32>) -> tensor<1x3x4x16xf32>
  return %2 : tensor<1x3x4x16xf32>
}

// -----

// CHECK-LABEL: func.func @average_pool(
// CHECK-NOT: layout_cast
// CHECK: "graph.average_pool"(%arg0){{.*}}layout = "NHWC"
// CHECK-NOT: layout_cast
// CHECK: return
func.func @average_pool(%x: tensor<1x6x8x16xf32>) -> tensor<1x3x4x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.average_pool"(%0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x16x6x8xf32>) -> tensor<1x16x3x4xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x3x4xf32>) -> tensor<1x3x4x16xf32>
  return %2 : tensor<1x3x4x16xf32>
}

// -----

// CHECK-LABEL: func.func @instance_norm(
// CHECK-NOT: layout_cast
// CHECK: "graph.instance_norm"(%arg0, %arg1, %arg1){{.*}}layout = "NHWC"
// CHECK-NOT: layout_cast
// CHECK: return
func.func @instance_norm(%x: tensor<1x6x8x16xf32>, %s: tensor<16xf32>, %t: tensor<16xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.instance_norm"(%0, %s, %s) {} : (tensor<1x16x6x8xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @batch_norm(
// CHECK-NOT: layout_cast
// CHECK: "graph.batch_norm"(%arg0{{.*}}layout = "NHWC"
// CHECK-NOT: layout_cast
// CHECK: return
func.func @batch_norm(%x: tensor<1x6x8x16xf32>, %s: tensor<16xf32>, %a: tensor<16xf32>, %b: tensor<16xf32>, %c: tensor<16xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.batch_norm"(%0, %s, %a, %b, %c) {} : (tensor<1x16x6x8xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// What is counted in NCHW stays there.
// CHECK-LABEL: func.func @max_pool_indices(
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: "graph.max_pool_indices"
// CHECK-NEXT: "graph.layout_cast"
// CHECK: return
func.func @max_pool_indices(%x: tensor<1x6x8x16xf32>) -> tensor<1x3x4x16xi64> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.max_pool_indices"(%0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x16x6x8xf32>) -> tensor<1x16x3x4xi64>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x3x4xi64>) -> tensor<1x3x4x16xi64>
  return %2 : tensor<1x3x4x16xi64>
}

// -----

// A layer norm leaves its own dimensions alone; those before them may move ..
// CHECK-LABEL: func.func @layer_norm(
// CHECK-NEXT: %[[S:.*]] = "graph.layer_norm"(%arg0, %arg1) {axis = 3
// CHECK-NEXT: return %[[S]]
func.func @layer_norm(%x: tensor<2x6x8x16xf32>, %s: tensor<16xf32>) -> tensor<2x6x8x16xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 2, 0, 3>} : (tensor<2x6x8x16xf32>) -> tensor<6x8x2x16xf32>
  %1 = "graph.layer_norm"(%0, %s) {axis = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<6x8x2x16xf32>, tensor<16xf32>) -> tensor<6x8x2x16xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 2, 0, 1, 3>} : (tensor<6x8x2x16xf32>) -> tensor<2x6x8x16xf32>
  return %2 : tensor<2x6x8x16xf32>
}

// -----

// .. so that a norm over the last dimension must have the channels there.
// CHECK-LABEL: func.func @layer_norm_of_channels(
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: "graph.layer_norm"
// CHECK-NEXT: "graph.layout_cast"
// CHECK: return
func.func @layer_norm_of_channels(%x: tensor<1x16x6x8xf32>, %s: tensor<16xf32>) -> tensor<1x16x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.layer_norm"(%0, %s) {axis = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x6x8x16xf32>, tensor<16xf32>) -> tensor<1x6x8x16xf32>
  %2 = "graph.layout_cast"(%1) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  return %2 : tensor<1x16x6x8xf32>
}
