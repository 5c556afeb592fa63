// RUN: aicc-opt %s --eliminate-redundancy | filecheck %s
// RUN: aicc-opt %s --eliminate-redundancy > %t.once
// RUN: aicc-opt %t.once --eliminate-redundancy > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @single_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @single_concat(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.concat"(%x) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @empty_concat_operand(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg2) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[A]]
func.func @empty_concat_operand(%x: tensor<2x3xf32>, %y: tensor<2x0xf32>, %z: tensor<2x4xf32>) -> tensor<2x7xf32> {
  %0 = "graph.concat"(%x, %y, %z) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  return %0 : tensor<2x7xf32>
}

// CHECK-LABEL: func.func @concat_of_two(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg1) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[A]]
func.func @concat_of_two(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x7xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  return %0 : tensor<2x7xf32>
}

// CHECK-LABEL: func.func @concat_of_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg1, %arg0, %arg1, %arg0) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[A]]
func.func @concat_of_concat(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x17xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.concat"(%y, %x) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x4xf32>, tensor<2x3xf32>) -> tensor<2x7xf32>
  %2 = "graph.concat"(%0, %x, %1) {axis = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x7xf32>, tensor<2x3xf32>, tensor<2x7xf32>) -> tensor<2x17xf32>
  return %2 : tensor<2x17xf32>
}

// CHECK-LABEL: func.func @concat_of_read_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg1) {{.*}}axis = 1 : i64
// CHECK-NEXT: %[[B:.*]] = "graph.concat"(%[[A]], %arg0) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @concat_of_read_concat(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> (tensor<2x7xf32>, tensor<2x10xf32>) {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.concat"(%0, %x) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x7xf32>, tensor<2x3xf32>) -> tensor<2x10xf32>
  return %0, %1 : tensor<2x7xf32>, tensor<2x10xf32>
}

// CHECK-LABEL: func.func @concat_of_concat_along_another_axis(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg0) {{.*}}axis = 0 : i64
// CHECK-NEXT: %[[B:.*]] = "graph.concat"(%arg0, %arg0) {{.*}}axis = 0 : i64
// CHECK-NEXT: %[[C:.*]] = "graph.concat"(%[[A]], %[[B]]) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[C]]
func.func @concat_of_concat_along_another_axis(%x: tensor<2x3xf32>) -> tensor<4x6xf32> {
  %0 = "graph.concat"(%x, %x) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %1 = "graph.concat"(%x, %x) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %2 = "graph.concat"(%0, %1) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x6xf32>
  return %2 : tensor<4x6xf32>
}

// CHECK-LABEL: func.func @concat_of_all_slices(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @concat_of_all_slices(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x3xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 3>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %2 = "graph.slice"(%x) {sizes = array<i64: 2, 4>, starts = array<i64: 0, 4>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %3 = "graph.concat"(%0, %1, %2) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %4 = "graph.abs"(%3) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %4 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @concat_of_neighbours(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 4>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @concat_of_neighbours(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x2xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 3>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x2xf32>
  %2 = "graph.concat"(%0, %1) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @concat_of_single_positions(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 6>, steps = array<i64: 1, -2>}
// CHECK-NEXT: return %[[A]]
func.func @concat_of_single_positions(%x: tensor<2x8xf32>) -> tensor<2x3xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 6>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 4>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %2 = "graph.slice"(%x) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  %3 = "graph.concat"(%0, %1, %2) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x1xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @concat_of_distant_slices(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 4>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.concat"(%[[A]], %[[B]]) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[C]]
func.func @concat_of_distant_slices(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x2xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 4>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x2xf32>
  %2 = "graph.concat"(%0, %1) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @concat_of_different_rows(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3>, starts = array<i64: 1, 3>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.concat"(%[[A]], %[[B]]) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[C]]
func.func @concat_of_different_rows(%x: tensor<2x8xf32>) -> tensor<1x6xf32> {
  %0 = "graph.slice"(%x) {sizes = array<i64: 1, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<1x3xf32>
  %1 = "graph.slice"(%x) {sizes = array<i64: 1, 3>, starts = array<i64: 1, 3>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<1x3xf32>
  %2 = "graph.concat"(%0, %1) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x6xf32>
  return %2 : tensor<1x6xf32>
}

// CHECK-LABEL: func.func @slice_of_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @slice_of_concat(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x2xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 4>, steps = array<i64: 1, 1>} : (tensor<2x7xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_of_concat_whole_operand(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg1)
// CHECK-NEXT: return %[[A]]
func.func @slice_of_concat_whole_operand(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 4>, starts = array<i64: 0, 3>, steps = array<i64: 1, 1>} : (tensor<2x7xf32>) -> tensor<2x4xf32>
  %2 = "graph.abs"(%1) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @slice_of_concat_reversed(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, -2>}
// CHECK-NEXT: return %[[A]]
func.func @slice_of_concat_reversed(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x2xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, -2>} : (tensor<2x7xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_across_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg1) {{.*}}axis = 1 : i64
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[B]]
func.func @slice_across_concat(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x2xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>} : (tensor<2x7xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @gather_neighbours(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @gather_neighbours(%x: tensor<2x8xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[2, 3, 4]> : tensor<3xi64>} : () -> tensor<3xi64>
  %1 = "graph.gather"(%x, %0) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_backwards(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 4>, starts = array<i64: 0, 7>, steps = array<i64: 1, -2>}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 2, 2, 2>}
// CHECK-NEXT: return %[[B]]
func.func @gather_backwards(%x: tensor<2x8xf32>) -> tensor<2x2x2xf32> {
  %0 = "graph.constant"() {value = dense<[[-1, 5], [3, 1]]> : tensor<2x2xi64>} : () -> tensor<2x2xi64>
  %1 = "graph.gather"(%x, %0) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<2x2xi64>) -> tensor<2x2x2xf32>
  return %1 : tensor<2x2x2xf32>
}

// CHECK-LABEL: func.func @gather_one(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 6>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 2>}
// CHECK-NEXT: return %[[B]]
func.func @gather_one(%x: tensor<2x8xf32>) -> tensor<2xf32> {
  %0 = "graph.constant"() {value = dense<-2> : tensor<i64>} : () -> tensor<i64>
  %1 = "graph.gather"(%x, %0) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<i64>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @gather_everything(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @gather_everything(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = "graph.constant"() {value = dense<[0, 1]> : tensor<2xi32>} : () -> tensor<2xi32>
  %1 = "graph.gather"(%x, %0) {axis = 0 : i64} : (tensor<2x8xf32>, tensor<2xi32>) -> tensor<2x8xf32>
  %2 = "graph.abs"(%1) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  return %2 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @gather_irregular(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.gather"(%arg0, %[[A]]) {axis = 1 : i64}
// CHECK-NEXT: return %[[B]]
func.func @gather_irregular(%x: tensor<2x8xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[0, 1, 3]> : tensor<3xi64>} : () -> tensor<3xi64>
  %1 = "graph.gather"(%x, %0) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_repeated(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1> : tensor<3xi64>}
// CHECK-NEXT: %[[B:.*]] = "graph.gather"(%arg0, %[[A]]) {axis = 1 : i64}
// CHECK-NEXT: return %[[B]]
func.func @gather_repeated(%x: tensor<2x8xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<1> : tensor<3xi64>} : () -> tensor<3xi64>
  %1 = "graph.gather"(%x, %0) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_nd_one(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 1>, starts = array<i64: 1, 5>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 1>}
// CHECK-NEXT: return %[[B]]
func.func @gather_nd_one(%x: tensor<2x8xf32>) -> tensor<1xf32> {
  %0 = "graph.constant"() {value = dense<[[1, -3]]> : tensor<1x2xi64>} : () -> tensor<1x2xi64>
  %1 = "graph.gather_nd"(%x, %0) {batch_dims = 0 : i64} : (tensor<2x8xf32>, tensor<1x2xi64>) -> tensor<1xf32>
  return %1 : tensor<1xf32>
}

// CHECK-LABEL: func.func @gather_nd_two(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.gather_nd"(%arg0, %[[A]]) {batch_dims = 0 : i64}
// CHECK-NEXT: return %[[B]]
func.func @gather_nd_two(%x: tensor<2x8xf32>) -> tensor<2xf32> {
  %0 = "graph.constant"() {value = dense<[[1, 2], [0, 2]]> : tensor<2x2xi64>} : () -> tensor<2x2xi64>
  %1 = "graph.gather_nd"(%x, %0) {batch_dims = 0 : i64} : (tensor<2x8xf32>, tensor<2x2xi64>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func.func @gather_in_place(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @gather_in_place(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0, 1, 2], [0, 1, 2]]> : tensor<2x3xi64>} : () -> tensor<2x3xi64>
  %1 = "graph.gather_elements"(%x, %0) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xi64>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_out_of_place(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.gather_elements"(%arg0, %[[A]]) {axis = 1 : i64}
// CHECK-NEXT: return %[[B]]
func.func @gather_out_of_place(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0, 1, 2], [0, 2, 1]]> : tensor<2x3xi64>} : () -> tensor<2x3xi64>
  %1 = "graph.gather_elements"(%x, %0) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scatter_of_nothing(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @scatter_of_nothing(%x: tensor<2x3xf32>, %y: tensor<0x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<> : tensor<0x1xi64>} : () -> tensor<0x1xi64>
  %1 = "graph.scatter_nd"(%x, %0, %y) {reduction = "none"} : (tensor<2x3xf32>, tensor<0x1xi64>, tensor<0x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scatter_of_everything(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg1)
// CHECK-NEXT: return %[[A]]
func.func @scatter_of_everything(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0], [1]]> : tensor<2x1xi64>} : () -> tensor<2x1xi64>
  %1 = "graph.scatter_nd"(%x, %0, %y) {reduction = "none"} : (tensor<2x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scatter_elements_of_everything(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg1)
// CHECK-NEXT: return %[[A]]
func.func @scatter_elements_of_everything(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0, 0, 0], [1, 1, 1]]> : tensor<2x3xi64>} : () -> tensor<2x3xi64>
  %1 = "graph.scatter_elements"(%x, %0, %y) {axis = 0 : i64, reduction = "none"} : (tensor<2x3xf32>, tensor<2x3xi64>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scatter_of_sums(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.scatter_nd"(%arg0, %[[A]], %arg1) {reduction = "add"}
// CHECK-NEXT: return %[[B]]
func.func @scatter_of_sums(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0], [1]]> : tensor<2x1xi64>} : () -> tensor<2x1xi64>
  %1 = "graph.scatter_nd"(%x, %0, %y) {reduction = "add"} : (tensor<2x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scatter_out_of_order(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.scatter_nd"(%arg0, %[[A]], %arg1) {reduction = "none"}
// CHECK-NEXT: return %[[B]]
func.func @scatter_out_of_order(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[1], [0]]> : tensor<2x1xi64>} : () -> tensor<2x1xi64>
  %1 = "graph.scatter_nd"(%x, %0, %y) {reduction = "none"} : (tensor<2x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}
