// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout,propagate-layout)' | filecheck %s

// A transpose of the model is a cast: the two cancel.
// CHECK-LABEL: func.func @transpose_cancels(
// CHECK-NEXT: %[[S:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: return %[[S]]
func.func @transpose_cancels(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// Or they compose.
// CHECK-LABEL: func.func @transpose_composes(
// CHECK-NEXT: %[[S:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: "graph.transpose"(%[[S]]) {permutation = array<i64: 0, 2, 1, 3>}
// CHECK-NEXT: return
func.func @transpose_composes(%x: tensor<1x6x8x16xf32>) -> tensor<1x8x6x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 3, 2, 1>} : (tensor<1x16x6x8xf32>) -> tensor<1x8x6x16xf32>
  return %2 : tensor<1x8x6x16xf32>
}

// -----

// Reshapes that keep the channels apart stay views: pixels in one dimension ..
// CHECK-LABEL: func.func @pixels(
// CHECK-NEXT: %[[S:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 48, 16>}
// CHECK-NEXT: return %[[S]]
func.func @pixels(%x: tensor<1x6x8x16xf32>) -> tensor<1x48x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 16, 48>} : (tensor<1x16x6x8xf32>) -> tensor<1x16x48xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 1>} : (tensor<1x16x48xf32>) -> tensor<1x48x16xf32>
  return %2 : tensor<1x48x16xf32>
}

// -----

// .. groups of channels, here shuffled: one transposition of the channels is left ..
// CHECK-LABEL: func.func @shuffle(
// CHECK-NEXT: "graph.reshape"(%arg0) {shape = array<i64: 1, 6, 8, 2, 8>}
// CHECK-NEXT: "graph.transpose"{{.*}}permutation = array<i64: 0, 1, 2, 4, 3>
// CHECK-NEXT: "graph.reshape"{{.*}}shape = array<i64: 1, 6, 8, 16>
// CHECK-NEXT: return
func.func @shuffle(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 2, 8, 6, 8>} : (tensor<1x16x6x8xf32>) -> tensor<1x2x8x6x8xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 0, 2, 1, 3, 4>} : (tensor<1x2x8x6x8xf32>) -> tensor<1x8x2x6x8xf32>
  %3 = "graph.reshape"(%2) {shape = array<i64: 1, 16, 6, 8>} : (tensor<1x8x2x6x8xf32>) -> tensor<1x16x6x8xf32>
  %4 = "graph.layout_cast"(%3) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %4 : tensor<1x6x8x16xf32>
}

// -----

// .. or split: every other channel ..
// CHECK-LABEL: func.func @shuffle_and_split(
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.layout_cast
// CHECK-COUNT-2: "graph.slice"{{.*}}-> tensor<48x8x1xf32>
// CHECK-NOT: graph.transpose
// CHECK-NOT: graph.layout_cast
// CHECK: return
func.func @shuffle_and_split(%x: tensor<1x6x8x16xf32>) -> (tensor<1x6x8x8xf32>, tensor<1x6x8x8xf32>) {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 8, 2, 48>} : (tensor<1x16x6x8xf32>) -> tensor<8x2x48xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 1, 0, 2>} : (tensor<8x2x48xf32>) -> tensor<2x8x48xf32>
  %30 = "graph.slice"(%2) {starts = array<i64: 0, 0, 0>, sizes = array<i64: 1, 8, 48>, steps = array<i64: 1, 1, 1>} : (tensor<2x8x48xf32>) -> tensor<1x8x48xf32>
  %40 = "graph.reshape"(%30) {shape = array<i64: 1, 8, 6, 8>} : (tensor<1x8x48xf32>) -> tensor<1x8x6x8xf32>
  %50 = "graph.layout_cast"(%40) {source = "NCHW", target = "NHWC"} : (tensor<1x8x6x8xf32>) -> tensor<1x6x8x8xf32>
  %31 = "graph.slice"(%2) {starts = array<i64: 1, 0, 0>, sizes = array<i64: 1, 8, 48>, steps = array<i64: 1, 1, 1>} : (tensor<2x8x48xf32>) -> tensor<1x8x48xf32>
  %41 = "graph.reshape"(%31) {shape = array<i64: 1, 8, 6, 8>} : (tensor<1x8x48xf32>) -> tensor<1x8x6x8xf32>
  %51 = "graph.layout_cast"(%41) {source = "NCHW", target = "NHWC"} : (tensor<1x8x6x8xf32>) -> tensor<1x6x8x8xf32>
  return %50, %51 : tensor<1x6x8x8xf32>, tensor<1x6x8x8xf32>
}

// -----

// .. and what is left of one pixel.
// CHECK-LABEL: func.func @flatten_pixel(
// CHECK-NEXT: "graph.relu"(%arg0){{.*}}tensor<1x1x1x16xf32>
// CHECK-NEXT: "graph.reshape"{{.*}}shape = array<i64: 1, 16>
// CHECK-NEXT: return
func.func @flatten_pixel(%x: tensor<1x1x1x16xf32>) -> tensor<1x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x1x1x16xf32>) -> tensor<1x16x1x1xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x1x1xf32>) -> tensor<1x16x1x1xf32>
  %2 = "graph.reshape"(%1) {shape = array<i64: 1, 16>} : (tensor<1x16x1x1xf32>) -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

// -----

// One that merges channels and pixels needs them in order.
// CHECK-LABEL: func.func @flatten_all(
// CHECK-NEXT: "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.reshape"
// CHECK: return
func.func @flatten_all(%x: tensor<1x6x8x16xf32>) -> tensor<1x768xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 768>} : (tensor<1x16x6x8xf32>) -> tensor<1x768xf32>
  return %1 : tensor<1x768xf32>
}

// -----

// Doubled pixels: reshape, expand, reshape.
// CHECK-LABEL: func.func @upsample(
// CHECK-NEXT: "graph.reshape"(%arg0) {shape = array<i64: 1, 6, 1, 8, 1, 16>}
// CHECK-NEXT: "graph.expand"{{.*}}shape = array<i64: 1, 6, 2, 8, 2, 16>
// CHECK-NEXT: "graph.reshape"{{.*}}shape = array<i64: 1, 12, 16, 16>
// CHECK-NEXT: return
func.func @upsample(%x: tensor<1x6x8x16xf32>) -> tensor<1x12x16x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 16, 6, 1, 8, 1>} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x1x8x1xf32>
  %2 = "graph.expand"(%1) {shape = array<i64: 1, 16, 6, 2, 8, 2>} : (tensor<1x16x6x1x8x1xf32>) -> tensor<1x16x6x2x8x2xf32>
  %3 = "graph.reshape"(%2) {shape = array<i64: 1, 16, 12, 16>} : (tensor<1x16x6x2x8x2xf32>) -> tensor<1x16x12x16xf32>
  %4 = "graph.layout_cast"(%3) {source = "NCHW", target = "NHWC"} : (tensor<1x16x12x16xf32>) -> tensor<1x12x16x16xf32>
  return %4 : tensor<1x12x16x16xf32>
}

// -----

// A cast that two ops read is not doubled: both results are needed in NCHW.
// CHECK-LABEL: func.func @two_readers(
// CHECK-COUNT-1: "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.relu"{{.*}}tensor<1x16x6x8xf32>
// CHECK-NEXT: "graph.neg"{{.*}}tensor<1x16x6x8xf32>
// CHECK: return
func.func @two_readers(%x: tensor<1x6x8x16xf32>) -> (tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>) {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.relu"(%0) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.neg"(%0) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  return %1, %2 : tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>
}

// -----

// It is sunk where the ways meet again.
// CHECK-LABEL: func.func @two_ways(
// CHECK-NEXT: "graph.sigmoid"(%arg0)
// CHECK-NEXT: %[[S:.*]] = "graph.mul"
// CHECK-NEXT: "graph.reduce_sum"(%[[S]])
func.func @two_ways(%x: tensor<1x6x8x16xf32>) -> tensor<1x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.sigmoid"(%0) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.mul"(%0, %1) {} : (tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %3 = "graph.reduce_sum"(%2) {axes = array<i64: 2, 3>, keepdims = false} : (tensor<1x16x6x8xf32>) -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}
