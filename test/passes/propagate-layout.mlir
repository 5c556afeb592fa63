// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(propagate-layout,propagate-layout)' | filecheck %s

// conv - relu - conv needs one cast in and one cast out.
// CHECK-LABEL: func.func @chain(
// CHECK-COUNT-1: "graph.layout_cast"
// CHECK-NEXT: "graph.conv"
// CHECK-NEXT: "graph.relu"{{.*}}tensor<1x6x8x16xf32>
// CHECK-NEXT: "graph.conv"
// CHECK-NEXT: "graph.layout_cast"
// CHECK-NEXT: return
func.func @chain(%x: tensor<1x16x6x8xf32>, %w: tensor<16x16x1x1xf32> {aicc.weight = "w"}) -> tensor<1x16x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.conv"(%0, %w) {group = 1 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x6x8x16xf32>, tensor<16x16x1x1xf32>) -> tensor<1x6x8x16xf32>
  %2 = "graph.layout_cast"(%1) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %3 = "graph.relu"(%2) {} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  %4 = "graph.layout_cast"(%3) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %5 = "graph.conv"(%4, %w) {group = 1 : i64, layout = "NHWC", strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x6x8x16xf32>, tensor<16x16x1x1xf32>) -> tensor<1x6x8x16xf32>
  %6 = "graph.layout_cast"(%5) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  return %6 : tensor<1x16x6x8xf32>
}

// -----

// Elementwise ops follow; operands that broadcast become views with their dimensions moved.
// CHECK-LABEL: func.func @elementwise(
// CHECK-NOT: layout_cast
// CHECK: "graph.reshape"(%arg1){{.*}}tensor<1x1x16xf32>
// CHECK-NEXT: "graph.mul"
// CHECK-NOT: layout_cast
// CHECK: return
func.func @elementwise(%x: tensor<1x6x8x16xf32>, %s: tensor<16x1x1xf32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.mul"(%0, %s) {} : (tensor<1x16x6x8xf32>, tensor<16x1x1xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @where(
// CHECK-NOT: layout_cast
// CHECK: "graph.where"{{.*}}tensor<1x6x8x16xi1>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @where(%x: tensor<1x6x8x16xi1>, %a: tensor<f32>, %b: tensor<f32>) -> tensor<1x6x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xi1>) -> tensor<1x16x6x8xi1>
  %1 = "graph.where"(%0, %a, %b) {} : (tensor<1x16x6x8xi1>, tensor<f32>, tensor<f32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  return %2 : tensor<1x6x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @cast(
// CHECK-NOT: layout_cast
// CHECK: "graph.cast"{{.*}}tensor<1x6x8x16xi32>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @cast(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8x16xi32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.cast"(%0) {to = i32} : (tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xi32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xi32>) -> tensor<1x6x8x16xi32>
  return %2 : tensor<1x6x8x16xi32>
}

// -----

// Two operands of full size in NCHW and a result in NCHW: two casts more would be needed.
// CHECK-LABEL: func.func @elementwise_does_not_pay(
// CHECK-COUNT-1: "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.add"{{.*}}tensor<1x16x6x8xf32>
// CHECK-NEXT: return
func.func @elementwise_does_not_pay(%x: tensor<1x6x8x16xf32>, %y: tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.add"(%0, %y) {} : (tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>) -> tensor<1x16x6x8xf32>
  return %1 : tensor<1x16x6x8xf32>
}

// -----

// A concat moves its axis.
// CHECK-LABEL: func.func @concat(
// CHECK-NEXT: %[[R:.*]] = "graph.concat"(%arg0, %arg1) {axis = 3
// CHECK-NEXT: return %[[R]]
func.func @concat(%x: tensor<1x6x8x16xf32>, %y: tensor<1x6x8x16xf32>) -> tensor<1x6x8x32xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.layout_cast"(%y) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.concat"(%0, %1) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>) -> tensor<1x32x6x8xf32>
  %3 = "graph.layout_cast"(%2) {source = "NCHW", target = "NHWC"} : (tensor<1x32x6x8xf32>) -> tensor<1x6x8x32xf32>
  return %3 : tensor<1x6x8x32xf32>
}

// -----

// One branch of two, and the result in NCHW: the cast stays with the branch.
// CHECK-LABEL: func.func @concat_does_not_pay(
// CHECK-COUNT-1: "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.concat"{{.*}}axis = 1
// CHECK-NEXT: return
func.func @concat_does_not_pay(%x: tensor<1x6x8x16xf32>, %y: tensor<1x16x6x8xf32>) -> tensor<1x32x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %2 = "graph.concat"(%0, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x16x6x8xf32>, tensor<1x16x6x8xf32>) -> tensor<1x32x6x8xf32>
  return %2 : tensor<1x32x6x8xf32>
}

// -----

// A slice permutes its starts, sizes and steps.
// CHECK-LABEL: func.func @slice(
// CHECK-NOT: layout_cast
// CHECK: "graph.slice"(%arg0) {sizes = array<i64: 1, 6, 4, 8>, starts = array<i64: 0, 0, 1, 8>, steps = array<i64: 1, 1, 2, 1>}
// CHECK-NOT: layout_cast
// CHECK: return
func.func @slice(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x4x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.slice"(%0) {starts = array<i64: 0, 8, 0, 1>, sizes = array<i64: 1, 8, 6, 4>, steps = array<i64: 1, 1, 1, 2>} : (tensor<1x16x6x8xf32>) -> tensor<1x8x6x4xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x8x6x4xf32>) -> tensor<1x6x4x8xf32>
  return %2 : tensor<1x6x4x8xf32>
}

// -----

// The cast carries fewer bytes behind a slice.
// CHECK-LABEL: func.func @slice_first(
// CHECK-NEXT: %[[S:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 2, 6, 8>
// CHECK-NEXT: "graph.layout_cast"(%[[S]])
// CHECK: return
func.func @slice_first(%x: tensor<1x16x6x8xf32>) -> tensor<1x6x8x2xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.slice"(%0) {starts = array<i64: 0, 0, 0, 4>, sizes = array<i64: 1, 6, 8, 2>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x6x8x16xf32>) -> tensor<1x6x8x2xf32>
  return %1 : tensor<1x6x8x2xf32>
}

// -----

// Two slices of all there is: one cast before them beats two behind.
// CHECK-LABEL: func.func @slices_of_all(
// CHECK-NEXT: %[[S:.*]] = "graph.layout_cast"(%arg0)
// CHECK-COUNT-2: "graph.slice"(%[[S]])
// CHECK-NOT: layout_cast
// CHECK: return
func.func @slices_of_all(%x: tensor<1x16x6x8xf32>) -> (tensor<1x6x8x8xf32>, tensor<1x6x8x8xf32>) {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.slice"(%0) {starts = array<i64: 0, 0, 0, 0>, sizes = array<i64: 1, 6, 8, 8>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x6x8x16xf32>) -> tensor<1x6x8x8xf32>
  %2 = "graph.slice"(%0) {starts = array<i64: 0, 0, 0, 8>, sizes = array<i64: 1, 6, 8, 8>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x6x8x16xf32>) -> tensor<1x6x8x8xf32>
  return %1, %2 : tensor<1x6x8x8xf32>, tensor<1x6x8x8xf32>
}

// -----

// A pad permutes its widths; the cast before a pad carries fewer bytes.
// CHECK-LABEL: func.func @pad(
// CHECK-NOT: layout_cast
// CHECK: "graph.pad"(%arg0, %arg1) {high = array<i64: 0, 3, 4, 0>, low = array<i64: 0, 1, 2, 0>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @pad(%x: tensor<1x6x8x16xf32>, %v: tensor<f32>) -> tensor<1x10x14x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.pad"(%0, %v) {low = array<i64: 0, 0, 1, 2>, high = array<i64: 0, 0, 3, 4>, mode = "reflect"} : (tensor<1x16x6x8xf32>, tensor<f32>) -> tensor<1x16x10x14xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x10x14xf32>) -> tensor<1x10x14x16xf32>
  return %2 : tensor<1x10x14x16xf32>
}

// -----

// CHECK-LABEL: func.func @pad_last(
// CHECK-NEXT: %[[S:.*]] = "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.pad"(%[[S]], %arg1)
// CHECK: return
func.func @pad_last(%x: tensor<1x16x6x8xf32>, %v: tensor<f32>) -> tensor<1x10x14x16xf32> {
  %0 = "graph.pad"(%x, %v) {low = array<i64: 0, 0, 1, 2>, high = array<i64: 0, 0, 3, 4>, mode = "constant"} : (tensor<1x16x6x8xf32>, tensor<f32>) -> tensor<1x16x10x14xf32>
  %1 = "graph.layout_cast"(%0) {source = "NCHW", target = "NHWC"} : (tensor<1x16x10x14xf32>) -> tensor<1x10x14x16xf32>
  return %1 : tensor<1x10x14x16xf32>
}

// -----

// A reduction moves its axes.
// CHECK-LABEL: func.func @reduce(
// CHECK-NOT: layout_cast
// CHECK: "graph.reduce_mean"(%arg0) {axes = array<i64: 1, 2>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @reduce(%x: tensor<1x6x8x16xf32>) -> tensor<1x1x1x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 2, 3>, keepdims = true} : (tensor<1x16x6x8xf32>) -> tensor<1x16x1x1xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x16x1x1xf32>) -> tensor<1x1x1x16xf32>
  return %2 : tensor<1x1x1x16xf32>
}

// -----

// Without the reduced dimensions nothing is left to cast.
// CHECK-LABEL: func.func @reduce_to_matrix(
// CHECK-NOT: layout_cast
// CHECK: "graph.reduce_max"(%arg0) {axes = array<i64: 1, 2>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @reduce_to_matrix(%x: tensor<1x6x8x16xf32>) -> tensor<1x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: -2, -1>, keepdims = false} : (tensor<1x16x6x8xf32>) -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// -----

// CHECK-LABEL: func.func @reduce_channels(
// CHECK-NOT: layout_cast
// CHECK: "graph.reduce_sum"(%arg0) {axes = array<i64: 3>
// CHECK-NOT: layout_cast
// CHECK: return
func.func @reduce_channels(%x: tensor<1x6x8x16xf32>) -> tensor<1x6x8xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NHWC", target = "NCHW"} : (tensor<1x6x8x16xf32>) -> tensor<1x16x6x8xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = false} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8xf32>
  return %1 : tensor<1x6x8xf32>
}

// -----

// The cast carries fewer bytes behind a reduction ..
// CHECK-LABEL: func.func @reduce_first(
// CHECK-NEXT: %[[S:.*]] = "graph.reduce_max"(%arg0) {axes = array<i64: 2>
// CHECK-NEXT: "graph.layout_cast"(%[[S]])
// CHECK: return
func.func @reduce_first(%x: tensor<1x16x6x8xf32>) -> tensor<1x1x8x16xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: 1>, keepdims = true} : (tensor<1x6x8x16xf32>) -> tensor<1x1x8x16xf32>
  return %1 : tensor<1x1x8x16xf32>
}

// -----

// .. but not if the whole is needed in that order too.
// CHECK-LABEL: func.func @reduce_beside(
// CHECK-NEXT: %[[S:.*]] = "graph.layout_cast"(%arg0)
// CHECK-NEXT: "graph.reduce_max"(%[[S]])
// CHECK: return
func.func @reduce_beside(%x: tensor<1x16x6x8xf32>) -> (tensor<1x6x8x16xf32>, tensor<1x1x8x16xf32>) {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x16x6x8xf32>) -> tensor<1x6x8x16xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: 1>, keepdims = true} : (tensor<1x6x8x16xf32>) -> tensor<1x1x8x16xf32>
  return %0, %1 : tensor<1x6x8x16xf32>, tensor<1x1x8x16xf32>
}
