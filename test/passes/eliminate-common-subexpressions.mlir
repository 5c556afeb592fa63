// RUN: aicc-opt %s --eliminate-common-subexpressions | filecheck %s
// RUN: aicc-opt %s --eliminate-common-subexpressions > %t.once
// RUN: aicc-opt %t.once --eliminate-common-subexpressions > %t.twice
// RUN: diff %t.once %t.twice

// A whole repeated part collapses in one run, operands swapped or not.
// CHECK-LABEL: func.func @repeated_part(
// CHECK-NEXT: %[[C:.*]] = "graph.constant"
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %[[C]])
// CHECK-NEXT: %[[E:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: %[[M:.*]] = "graph.mul"(%[[E]], %arg0)
// CHECK-NEXT: %[[R:.*]] = "graph.sub"(%[[M]], %[[M]])
// CHECK-NEXT: return %[[R]]
func.func @repeated_part(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%x, %c) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = "graph.exp"(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %2 = "graph.mul"(%1, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %d = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.add"(%d, %x) : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = "graph.exp"(%3) : (tensor<4xf32>) -> tensor<4xf32>
  %5 = "graph.mul"(%x, %4) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = "graph.sub"(%2, %5) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %6 : tensor<4xf32>
}

// x < y is y > x.
// CHECK-LABEL: func.func @mirrored(
// CHECK-NEXT: %[[L:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: return %[[L]], %[[L]]
func.func @mirrored(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xi1>, tensor<4xi1>) {
  %0 = "graph.less"(%x, %y) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %1 = "graph.greater"(%y, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %0, %1 : tensor<4xi1>, tensor<4xi1>
}

// CHECK-LABEL: func.func @commutative(
// CHECK-COUNT-1: "graph.maximum"
// CHECK-COUNT-1: "graph.minimum"
// CHECK-COUNT-1: "graph.mul"
// CHECK-COUNT-1: "graph.equal"
// CHECK-NOT: "graph.
func.func @commutative(%x: tensor<4xi32>, %y: tensor<4xi32>) -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi1>, tensor<4xi1>) {
  %0 = "graph.maximum"(%x, %y) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %1 = "graph.maximum"(%y, %x) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %2 = "graph.minimum"(%x, %y) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %3 = "graph.minimum"(%y, %x) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %4 = "graph.mul"(%x, %y) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %5 = "graph.mul"(%y, %x) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %6 = "graph.equal"(%x, %y) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  %7 = "graph.equal"(%y, %x) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  return %0, %1, %2, %3, %4, %5, %6, %7 : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi1>, tensor<4xi1>
}

// Differences and matrix products do not commute.
// CHECK-LABEL: func.func @not_commutative(
// CHECK-COUNT-2: "graph.sub"
// CHECK-COUNT-2: "graph.matmul"
func.func @not_commutative(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  %0 = "graph.sub"(%x, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.sub"(%y, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "graph.matmul"(%x, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = "graph.matmul"(%y, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0, %1, %2, %3 : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}

// Other attributes make another op; zeros of two signs are two constants.
// CHECK-LABEL: func.func @different(
// CHECK-COUNT-2: "graph.leaky_relu"
// CHECK-COUNT-2: "graph.constant"
func.func @different(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>) {
  %0 = "graph.leaky_relu"(%x) {alpha = 0.1 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.leaky_relu"(%x) {alpha = 0.2 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.constant"() {value = dense<-0.0> : tensor<f32>} : () -> tensor<f32>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>
}

// A region merges its ops with those before it; ops with regions stay.
// CHECK-LABEL: func.func @regions(
// CHECK-COUNT-1: "graph.exp"
// CHECK: "graph.if"
// CHECK-NOT: "graph.exp"
// CHECK: "graph.if"
// CHECK-NOT: "graph.exp"
func.func @regions(%c: tensor<i1>, %x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.if"(%c) ({
    %2 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  %3 = "graph.if"(%c) ({
    "graph.region_yield"(%0) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %0, %1, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// What is computed inside a region is not there after it.
// CHECK-LABEL: func.func @after_a_region(
// CHECK-COUNT-2: "graph.exp"
func.func @after_a_region(%c: tensor<i1>, %x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %1 = "graph.if"(%c) ({
    %2 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  %0 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// An op that may have effects, say a random one, is never merged.
// CHECK-LABEL: func.func @effects(
// CHECK-COUNT-2: call @random
func.func private @random() -> tensor<4xf32>
func.func @effects() -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = call @random() : () -> tensor<4xf32>
  %1 = call @random() : () -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// Random numbers of two nodes: their seeds differ, so they stay apart.
// CHECK-LABEL: func.func @random_numbers(
// CHECK-COUNT-2: "graph.random_uniform"
func.func @random_numbers() -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = "graph.random_uniform"() {shape = array<i64: 4>, seed = 1 : i64, stream = 0 : i64, element = f32} : () -> tensor<4xf32>
  %1 = "graph.random_uniform"() {shape = array<i64: 4>, seed = 2 : i64, stream = 0 : i64, element = f32} : () -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
