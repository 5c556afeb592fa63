// Upstream's `cse` and `canonicalize` know that graph ops have no effects.
// RUN: aicc-opt %s --cse | filecheck %s
// RUN: aicc-opt %s --canonicalize | filecheck %s --check-prefix=DEAD

// A whole repeated part of the graph collapses, constants included.
// CHECK-LABEL: func.func @repeated
// CHECK-NEXT: %[[C:.*]] = "graph.constant"
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %[[C]])
// CHECK-NEXT: %[[E:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: %[[M:.*]] = "graph.mul"(%[[E]], %[[E]])
// CHECK-NEXT: return %[[M]]
func.func @repeated(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%x, %c) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = "graph.exp"(%0) : (tensor<4xf32>) -> tensor<4xf32>
  %d = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.add"(%x, %d) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %3 = "graph.exp"(%2) : (tensor<4xf32>) -> tensor<4xf32>
  %4 = "graph.mul"(%1, %3) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

// Other attributes make another op.
// CHECK-LABEL: func.func @different
// CHECK-COUNT-2: "graph.leaky_relu"
func.func @different(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = "graph.leaky_relu"(%x) {alpha = 0.1 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.leaky_relu"(%x) {alpha = 0.2 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// What nothing reads goes away; `canonicalize` also takes what only that reads.
// CHECK-LABEL: func.func @dead
// CHECK-NOT: "graph.relu"
// CHECK: return %arg0
// DEAD-LABEL: func.func @dead
// DEAD-NEXT: return %arg0
func.func @dead(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.relu"(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %x : tensor<4xf32>
}
