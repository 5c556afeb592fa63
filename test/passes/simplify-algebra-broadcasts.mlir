// RUN: aicc-opt %s --simplify-algebra | filecheck %s
// RUN: aicc-opt %s --simplify-algebra > %t.once
// RUN: aicc-opt %t.once --simplify-algebra > %t.twice
// RUN: diff %t.once %t.twice

// (M + s) + t -> M + (s + t), where s and t broadcast to less than M; also mul.
// CHECK-LABEL: func.func @small_operands_first(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @small_operands_first(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%0, %arg2) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @small_operands_first_2(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg2, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @small_operands_first_2(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.mul"(%arg2, %arg0) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg1, %0) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @small_operands_first_3(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @small_operands_first_3(%arg0: tensor<2x3xi32>, %arg1: tensor<3xi32>, %arg2: tensor<1xi32>) -> tensor<2x3xi32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
  %1 = "graph.add"(%0, %arg2) : (tensor<2x3xi32>, tensor<1xi32>) -> tensor<2x3xi32>
  return %1 : tensor<2x3xi32>
}

// Together they are as large.
// CHECK-LABEL: func.func @small_operands_first_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg2)
// CHECK-NEXT: return %[[B]]
func.func @small_operands_first_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<2x1xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%0, %arg2) : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @small_operands_first_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg2)
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @small_operands_first_reject_2(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<1x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = "graph.add"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%0, %arg2) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// max(max(M, s), t) -> max(M, max(s, t)) for small s and t; also min, and, or.
// CHECK-LABEL: func.func @small_bounds_first(
// CHECK-NEXT: %[[A:.*]] = "graph.maximum"(%arg1, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%arg0, %[[A]])
// CHECK-NEXT: return %[[B]]
func.func @small_bounds_first(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.maximum"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.maximum"(%0, %arg2) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @small_bounds_first_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.minimum"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.maximum"(%[[A]], %arg2)
// CHECK-NEXT: return %[[B]]
func.func @small_bounds_first_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>, %arg2: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.minimum"(%arg0, %arg1) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.maximum"(%0, %arg2) : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// (M + s) + (N + t) -> (M + N) + (s + t), where s and t broadcast to less; also mul.
// CHECK-LABEL: func.func @small_pairs_first(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg2, %arg3)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @small_pairs_first(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<3xf32>, %arg3: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg2) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%arg3, %arg1) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// The square of a sum is as small as the sum.
// CHECK-LABEL: func.func @small_pairs_first_2(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg2) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[A]])
// CHECK-NEXT: %[[D:.*]] = "graph.mul"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @small_pairs_first_2(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reduce_sum"(%arg2) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %1 = "graph.mul"(%arg0, %0) : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>
  %2 = "graph.mul"(%0, %arg1) : (tensor<2x1xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = "graph.mul"(%1, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @small_pairs_first_reject(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg2)
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg3, %arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @small_pairs_first_reject(%arg0: tensor<2x3xf32>, %arg1: tensor<2x3xf32>, %arg2: tensor<3xf32>, %arg3: tensor<1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.add"(%arg0, %arg2) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "graph.mul"(%arg3, %arg1) : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%0, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// The matrix product takes its bias along.
// CHECK-LABEL: func.func @small_pairs_first_reject_2(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg3)
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%arg2, %arg4)
// CHECK-NEXT: %[[D:.*]] = "graph.add"(%[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
func.func @small_pairs_first_reject_2(%arg0: tensor<2x4xf32>, %arg1: tensor<4x3xf32>, %arg2: tensor<2x3xf32>, %arg3: tensor<3xf32>, %arg4: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"} : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.add"(%0, %arg3) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%arg2, %arg4) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %3 = "graph.add"(%1, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}
