// RUN: aicc-opt %s --sink-reshapes | filecheck %s
// RUN: aicc-opt %s --sink-reshapes 2>&1 | filecheck %s --check-prefix=ROUNDS
// RUN: aicc-opt %s --sink-reshapes > %t.once
// RUN: aicc-opt %t.once --sink-reshapes > %t.twice
// RUN: diff %t.once %t.twice

// ROUNDS-NOT: stopped after

// The sum and the activation follow the product; the other summand is seen in the product's shape.
// CHECK-LABEL: func.func @epilogue
// CHECK-NEXT: %[[P:.*]] = "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: %[[Z:.*]] = "graph.reshape"(%arg2) {shape = array<i64: 2, 6>}
// CHECK-NEXT: %[[S:.*]] = "graph.add"(%[[P]], %[[Z]])
// CHECK-NEXT: %[[R:.*]] = "graph.relu"(%[[S]])
// CHECK-NEXT: %[[Y:.*]] = "graph.reshape"(%[[R]]) {shape = array<i64: 2, 3, 2>}
// CHECK-NEXT: return %[[Y]]
func.func @epilogue(%x: tensor<2x4xf32>, %w: tensor<4x6xf32>, %z: tensor<2x3x2xf32>) -> tensor<2x3x2xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<2x4xf32>, tensor<4x6xf32>) -> tensor<2x6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 2, 3, 2>} : (tensor<2x6xf32>) -> tensor<2x3x2xf32>
  %2 = "graph.add"(%1, %z) : (tensor<2x3x2xf32>, tensor<2x3x2xf32>) -> tensor<2x3x2xf32>
  %3 = "graph.relu"(%2) : (tensor<2x3x2xf32>) -> tensor<2x3x2xf32>
  return %3 : tensor<2x3x2xf32>
}

// A factor per element of the last dimension has no place in the other shape.
// CHECK-LABEL: func.func @broadcast
// CHECK-NEXT: "graph.relu"
// CHECK-NEXT: "graph.reshape"
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: return
func.func @broadcast(%x: tensor<2x6xf32>, %s: tensor<2xf32>) -> tensor<2x3x2xf32> {
  %0 = "graph.relu"(%x) : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 2, 3, 2>} : (tensor<2x6xf32>) -> tensor<2x3x2xf32>
  %2 = "graph.mul"(%1, %s) : (tensor<2x3x2xf32>, tensor<2xf32>) -> tensor<2x3x2xf32>
  return %2 : tensor<2x3x2xf32>
}

// The value is read in its own shape, too: it goes through memory anyway.
// CHECK-LABEL: func.func @read_twice
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: "graph.reshape"
// CHECK-NEXT: "graph.exp"
// CHECK-NEXT: return
func.func @read_twice(%x: tensor<2x4xf32>, %w: tensor<4x6xf32>) -> (tensor<12xf32>, tensor<2x6xf32>) {
  %0 = "graph.matmul"(%x, %w) : (tensor<2x4xf32>, tensor<4x6xf32>) -> tensor<2x6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 12>} : (tensor<2x6xf32>) -> tensor<12xf32>
  %2 = "graph.exp"(%1) : (tensor<12xf32>) -> tensor<12xf32>
  return %2, %0 : tensor<12xf32>, tensor<2x6xf32>
}

// Two kernels, each in a shape of its own: one is met, and stays so.
// CHECK-LABEL: func.func @two_shapes
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%arg1)
// CHECK-NEXT: %[[V:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 2, 6>}
// CHECK-NEXT: %[[S:.*]] = "graph.add"(%[[A]], %[[V]])
// CHECK-NEXT: %[[Y:.*]] = "graph.reshape"(%[[S]]) {shape = array<i64: 2, 3, 2>}
// CHECK-NEXT: return %[[Y]]
func.func @two_shapes(%x: tensor<2x6xf32>, %y: tensor<12xf32>) -> tensor<2x3x2xf32> {
  %0 = "graph.relu"(%x) : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %1 = "graph.exp"(%y) : (tensor<12xf32>) -> tensor<12xf32>
  %2 = "graph.reshape"(%0) {shape = array<i64: 2, 3, 2>} : (tensor<2x6xf32>) -> tensor<2x3x2xf32>
  %3 = "graph.reshape"(%1) {shape = array<i64: 2, 3, 2>} : (tensor<12xf32>) -> tensor<2x3x2xf32>
  %4 = "graph.add"(%2, %3) : (tensor<2x3x2xf32>, tensor<2x3x2xf32>) -> tensor<2x3x2xf32>
  return %4 : tensor<2x3x2xf32>
}

// The product is met, although the activation would need no reshape.
// CHECK-LABEL: func.func @heavy_first
// CHECK-DAG: %[[P:.*]] = "graph.matmul"(%arg0, %arg1)
// CHECK-DAG: %[[E:.*]] = "graph.exp"(%arg2)
// CHECK: %[[V:.*]] = "graph.reshape"(%[[E]]) {shape = array<i64: 2, 6>}
// CHECK-NEXT: "graph.add"(%[[V]], %[[P]])
// CHECK-NEXT: "graph.reshape"
// CHECK-NEXT: return
func.func @heavy_first(%x: tensor<2x4xf32>, %w: tensor<4x6xf32>, %y: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<2x4xf32>, tensor<4x6xf32>) -> tensor<2x6xf32>
  %1 = "graph.exp"(%y) : (tensor<12xf32>) -> tensor<12xf32>
  %2 = "graph.reshape"(%0) {shape = array<i64: 12>} : (tensor<2x6xf32>) -> tensor<12xf32>
  %3 = "graph.add"(%1, %2) : (tensor<12xf32>, tensor<12xf32>) -> tensor<12xf32>
  return %3 : tensor<12xf32>
}
