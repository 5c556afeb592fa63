// RUN: aicc-opt %s --replace-ops | filecheck %s
// RUN: aicc-opt %s --replace-ops > %t.once
// RUN: aicc-opt %t.once --replace-ops > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @maximum_of_three(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 80, 1>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 80, 1>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 80, 1>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[D:.*]] = "graph.maximum"(%[[A]], %[[B]])
// CHECK-NEXT: %[[E:.*]] = "graph.maximum"(%[[D]], %[[C]])
// CHECK-NEXT: %[[F:.*]] = "graph.reshape"(%[[E]]) {shape = array<i64: 80>}
// CHECK-NEXT: return %[[F]]
func.func @maximum_of_three(%x: tensor<80x3xf32>) -> tensor<80xf32> {
  %0 = "graph.reduce_max"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<80x3xf32>) -> tensor<80xf32>
  return %0 : tensor<80xf32>
}

// CHECK-LABEL: func.func @minimum_of_two(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 8, 10, 1>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 8, 10, 1>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.minimum"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @minimum_of_two(%x: tensor<8x10x2xf32>) -> tensor<8x10x1xf32> {
  %0 = "graph.reduce_min"(%x) {axes = array<i64: -1>, keepdims = true} : (tensor<8x10x2xf32>) -> tensor<8x10x1xf32>
  return %0 : tensor<8x10x1xf32>
}

// CHECK-LABEL: func.func @mean_of_three(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 80, 1>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 80, 1>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 80, 1>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[D:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: %[[E:.*]] = "graph.add"(%[[D]], %[[C]])
// CHECK-NEXT: %[[F:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[G:.*]] = "graph.div"(%[[E]], %[[F]])
// CHECK-NEXT: return %[[G]]
func.func @mean_of_three(%x: tensor<80x3xf32>) -> tensor<80x1xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<80x3xf32>) -> tensor<80x1xf32>
  return %0 : tensor<80x1xf32>
}

// CHECK-LABEL: func.func @softmax_of_two(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 70, 1>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 70, 1>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.maximum"(%[[A]], %[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.sub"(%[[A]], %[[C]])
// CHECK-NEXT: %[[E:.*]] = "graph.exp"(%[[D]])
// CHECK-NEXT: %[[F:.*]] = "graph.sub"(%[[B]], %[[C]])
// CHECK-NEXT: %[[G:.*]] = "graph.exp"(%[[F]])
// CHECK-NEXT: %[[H:.*]] = "graph.add"(%[[E]], %[[G]])
// CHECK-NEXT: %[[I:.*]] = "graph.div"(%[[E]], %[[H]])
// CHECK-NEXT: %[[J:.*]] = "graph.div"(%[[G]], %[[H]])
// CHECK-NEXT: %[[K:.*]] = "graph.concat"(%[[I]], %[[J]]) {axis = 1 : i64, {{operandSegmentSizes = array<i32: [^>]*>}}}
// CHECK-NEXT: return %[[K]]
func.func @softmax_of_two(%x: tensor<70x2xf32>) -> tensor<70x2xf32> {
  %0 = "graph.softmax"(%x) {axis = 1 : i64, log = false} : (tensor<70x2xf32>) -> tensor<70x2xf32>
  return %0 : tensor<70x2xf32>
}

// Rows that fill a vector, few rows, other dimensions.
// CHECK-LABEL: func.func @stay(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%arg1) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%arg2) {axes = array<i64: 0>, keepdims = false}
// CHECK-NEXT: %[[D:.*]] = "graph.softmax"(%arg3) {axis = 1 : i64, log = false}
// CHECK-NEXT: return %[[A]], %[[B]], %[[C]], %[[D]]
func.func @stay(%x: tensor<80x9xf32>, %y: tensor<8x2xf32>, %z: tensor<2x80xf32>, %u: tensor<80x5xf32>) -> (tensor<80xf32>, tensor<8xf32>, tensor<80xf32>, tensor<80x5xf32>) {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<80x9xf32>) -> tensor<80xf32>
  %1 = "graph.reduce_sum"(%y) {axes = array<i64: 1>, keepdims = false} : (tensor<8x2xf32>) -> tensor<8xf32>
  %2 = "graph.reduce_sum"(%z) {axes = array<i64: 0>, keepdims = false} : (tensor<2x80xf32>) -> tensor<80xf32>
  %3 = "graph.softmax"(%u) {axis = 1 : i64, log = false} : (tensor<80x5xf32>) -> tensor<80x5xf32>
  return %0, %1, %2, %3 : tensor<80xf32>, tensor<8xf32>, tensor<80xf32>, tensor<80x5xf32>
}
