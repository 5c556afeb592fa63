// RUN: aicc-opt %s --fuse | filecheck %s
// RUN: aicc-opt %s --fuse=max-ops=2 | filecheck %s --check-prefix=SMALL
// RUN: aicc-opt %s --fuse=explain 2>&1 | filecheck %s --check-prefix=WHY
// RUN: aicc-opt %s --pass-pipeline='builtin.module(fuse,outline-kernels,graph-to-linalg,func.func(linalg-fuse-elementwise-ops))' | filecheck %s --check-prefix=KERNELS
// RUN: aicc-opt %s --fuse > %t.once
// RUN: aicc-opt %t.once --fuse > %t.twice
// RUN: diff %t.once %t.twice

// A residual addition and an activation follow the heavy op into its kernel.
// CHECK-LABEL: func.func @matmul_epilogue
// CHECK: %[[G:.*]] = "graph.group"() ({
// CHECK-NEXT: %[[P:.*]] = "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[P]], %arg2)
// CHECK-NEXT: %[[R:.*]] = "graph.add"(%[[B]], %arg3)
// CHECK-NEXT: %[[Y:.*]] = "graph.relu"(%[[R]])
// CHECK-NEXT: "graph.yield"(%[[Y]])
// CHECK-NEXT: })
// CHECK-NEXT: return %[[G]]
// SMALL-LABEL: func.func @matmul_epilogue
// SMALL: "graph.group"
// SMALL-NEXT: "graph.matmul"
// SMALL-NEXT: "graph.add"
// SMALL-NEXT: "graph.yield"
// SMALL: "graph.group"
// SMALL-NEXT: "graph.add"
// SMALL-NEXT: "graph.relu"
// SMALL-NEXT: "graph.yield"
// One call in @matmul_epilogue, and one loop after the product in its kernel.
// KERNELS-LABEL: func.func @matmul_epilogue
// KERNELS: call @matmul_2x4_
// KERNELS-NOT: call
// KERNELS: return
func.func @matmul_epilogue(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %b: tensor<4xf32>, %z: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %1 = "graph.add"(%0, %b) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %2 = "graph.add"(%1, %z) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = "graph.relu"(%2) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}

// All users of the root are in the group.
// CHECK-LABEL: func.func @diamond
// CHECK: %[[G:.*]] = "graph.group"
// CHECK-NEXT: "graph.add"
// CHECK-NEXT: "graph.sigmoid"
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: "graph.yield"
// CHECK: return %[[G]]
func.func @diamond(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %0 = "graph.add"(%x, %y) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = "graph.sigmoid"(%0) : (tensor<8xf32>) -> tensor<8xf32>
  %2 = "graph.mul"(%0, %1) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// The second product takes the sum along, the first one is ready by then.
// CHECK-LABEL: func.func @two_heavy_ops
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: %[[G:.*]] = "graph.group"
// CHECK-NEXT: %[[B:.*]] = "graph.matmul"(%arg1, %arg0)
// CHECK-NEXT: "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: "graph.yield"
// WHY: 'graph.matmul' op not fused into its users: the group has graph.matmul already
func.func @two_heavy_ops(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = "graph.matmul"(%x, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.matmul"(%y, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "graph.add"(%0, %1) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}

// A value with a second user stays in memory.
// CHECK-LABEL: func.func @two_users
// CHECK-NOT: graph.group
// CHECK: return
func.func @two_users(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %0 = "graph.matmul"(%x, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.relu"(%0) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0, %1 : tensor<4x4xf32>, tensor<4x4xf32>
}

// A heavy op would compute its elementwise producer once per window.
// CHECK-LABEL: func.func @producer_of_heavy_op
// CHECK-NOT: graph.group
// CHECK: return
func.func @producer_of_heavy_op(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = "graph.relu"(%x) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.matmul"(%0, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}

// The reduced value is read by every element of a row.
// CHECK-LABEL: func.func @other_shape
// CHECK-NOT: graph.group
// CHECK: return
func.func @other_shape(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = "graph.reduce_max"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<4x8xf32>) -> tensor<4x1xf32>
  %1 = "graph.sub"(%x, %0) : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// A consumer of the reduction's own shape joins it.
// CHECK-LABEL: func.func @reduction_epilogue
// CHECK: "graph.group"
// CHECK-NEXT: "graph.reduce_sum"
// CHECK-NEXT: "graph.sqrt"
// CHECK-NEXT: "graph.yield"
func.func @reduction_epilogue(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<4x8xf32>) -> tensor<4xf32>
  %1 = "graph.sqrt"(%0) : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Data movement is a barrier.
// CHECK-LABEL: func.func @barrier
// CHECK-NOT: graph.group
// CHECK: return
func.func @barrier(%x: tensor<4x8xf32>) -> tensor<8x4xf32> {
  %0 = "graph.exp"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0>} : (tensor<4x8xf32>) -> tensor<8x4xf32>
  %2 = "graph.relu"(%1) : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return %2 : tensor<8x4xf32>
}

// %0 also goes the long way round to the sum: fusing it would not be possible without a cycle.
// CHECK-LABEL: func.func @no_cycle
// CHECK-NEXT: %[[R:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[P:.*]] = "graph.matmul"(%[[R]], %[[R]])
// CHECK-NEXT: %[[T:.*]] = "graph.transpose"(%[[P]])
// CHECK-NEXT: %[[S:.*]] = "graph.add"(%[[R]], %[[T]])
// CHECK-NEXT: return %[[S]]
func.func @no_cycle(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = "graph.relu"(%x) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.matmul"(%0, %0) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 1, 0>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = "graph.add"(%0, %2) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %3 : tensor<4x4xf32>
}

// A cast of what is in memory anyway is done in both kernels.
// CHECK-LABEL: func.func @cheap_copies
// CHECK-NEXT: %[[A:.*]] = "graph.group"
// CHECK-NEXT: "graph.cast"(%arg0)
// CHECK-NEXT: "graph.add"
// CHECK-NEXT: "graph.yield"
// CHECK-NEXT: })
// CHECK-NEXT: %[[B:.*]] = "graph.group"
// CHECK-NEXT: "graph.cast"(%arg0)
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: "graph.yield"
// CHECK-NEXT: })
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @cheap_copies(%x: tensor<8xi8>, %y: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %0 = "graph.cast"(%x) {to = f32} : (tensor<8xi8>) -> tensor<8xf32>
  %1 = "graph.add"(%0, %y) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %2 = "graph.mul"(%0, %y) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %1, %2 : tensor<8xf32>, tensor<8xf32>
}

// The product is stored once in any case: with the activation, not without.
// CHECK-LABEL: func.func @activation_for_two
// CHECK-NEXT: %[[G:.*]] = "graph.group"
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: "graph.relu"
// CHECK-NEXT: "graph.yield"
// CHECK: "graph.add"(%[[G]], %arg1)
// CHECK: "graph.mul"(%[[G]], %arg1)
func.func @activation_for_two(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %0 = "graph.matmul"(%x, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.relu"(%0) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "graph.add"(%1, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = "graph.mul"(%1, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2, %3 : tensor<4x4xf32>, tensor<4x4xf32>
}

// A cut is a view in the kernel of its reader, beside a residual sum and in a concatenation.
// CHECK-LABEL: func.func @cut
// CHECK-NEXT: %[[G:.*]] = "graph.group"
// CHECK-NEXT: "graph.slice"(%arg0)
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: "graph.add"
// CHECK-NEXT: "graph.yield"
// CHECK-NEXT: })
// CHECK-NEXT: %[[H:.*]] = "graph.group"
// CHECK-NEXT: "graph.slice"(%arg0)
// CHECK-NEXT: "graph.concat"
// CHECK-NEXT: "graph.yield"
// CHECK-NEXT: })
// CHECK-NEXT: return %[[G]], %[[H]]
func.func @cut(%x: tensor<4x8xf32>, %y: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x8xf32>) {
  %0 = "graph.slice"(%x) {starts = array<i64: 0, 2>, sizes = array<i64: 4, 4>, steps = array<i64: 1, 1>} : (tensor<4x8xf32>) -> tensor<4x4xf32>
  %1 = "graph.matmul"(%y, %y) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "graph.add"(%1, %0) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = "graph.slice"(%x) {starts = array<i64: 0, 0>, sizes = array<i64: 4, 4>, steps = array<i64: 1, 2>} : (tensor<4x8xf32>) -> tensor<4x4xf32>
  %4 = "graph.concat"(%3, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x8xf32>
  return %2, %4 : tensor<4x4xf32>, tensor<4x8xf32>
}

// Rows side by side are a view without any kernel; elements backwards are not one.
// CHECK-LABEL: func.func @no_cut
// CHECK-NOT: graph.group
// CHECK: return
func.func @no_cut(%x: tensor<4x8xf32>, %y: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<2x8xf32>) {
  %0 = "graph.slice"(%x) {starts = array<i64: 1, 0>, sizes = array<i64: 2, 8>, steps = array<i64: 1, 1>} : (tensor<4x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.add"(%0, %y) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = "graph.slice"(%y) {starts = array<i64: 0, 7>, sizes = array<i64: 2, 8>, steps = array<i64: 1, -1>} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %3 = "graph.mul"(%2, %y) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return %1, %3 : tensor<2x8xf32>, tensor<2x8xf32>
}

// Either order of a residual sum; an activation that reads its operand twice, a slope per channel.
// CHECK-LABEL: func.func @epilogues
// CHECK: %[[G:.*]] = "graph.group"
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: "graph.add"(%arg0,
// CHECK-NEXT: "graph.sigmoid"
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: "graph.yield"
// CHECK-NEXT: })
// CHECK: "graph.group"
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: "graph.maximum"
// CHECK-NEXT: "graph.minimum"
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: "graph.add"
// CHECK-NEXT: "graph.hard_swish"
// CHECK-NEXT: "graph.yield"
func.func @epilogues(%x: tensor<4x4xf32>, %s: tensor<4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %zero = "graph.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.matmul"(%x, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "graph.add"(%x, %0) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "graph.sigmoid"(%1) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %3 = "graph.mul"(%1, %2) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %4 = "graph.matmul"(%3, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %5 = "graph.maximum"(%4, %zero) : (tensor<4x4xf32>, tensor<f32>) -> tensor<4x4xf32>
  %6 = "graph.minimum"(%4, %zero) : (tensor<4x4xf32>, tensor<f32>) -> tensor<4x4xf32>
  %7 = "graph.mul"(%6, %s) : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %8 = "graph.add"(%5, %7) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %9 = "graph.hard_swish"(%8) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return %3, %9 : tensor<4x4xf32>, tensor<4x4xf32>
}

// An op that reads a copied value twice reads the same copy twice.
// CHECK-LABEL: func.func @read_twice
// CHECK: "graph.group"
// CHECK-NEXT: %[[SUM:.*]] = "graph.add"
// CHECK-NEXT: "graph.equal"(%[[SUM]], %[[SUM]])
// CHECK: "graph.group"
// CHECK-NEXT: %[[TWIN:.*]] = "graph.add"
// CHECK-NEXT: "graph.tanh"(%[[TWIN]])
func.func @read_twice(%x: tensor<5x40xf32>) -> (tensor<5x40xi1>, tensor<5x40xf32>) {
  %c = "graph.constant"() {value = dense<1.5> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.add"(%x, %c) : (tensor<5x40xf32>, tensor<f32>) -> tensor<5x40xf32>
  %1 = "graph.equal"(%0, %0) : (tensor<5x40xf32>, tensor<5x40xf32>) -> tensor<5x40xi1>
  %2 = "graph.tanh"(%0) : (tensor<5x40xf32>) -> tensor<5x40xf32>
  return %1, %2 : tensor<5x40xi1>, tensor<5x40xf32>
}

// @prepare runs once: its chains become one kernel each, whatever they do.
// CHECK-LABEL: func.func @prepare
// CHECK-NEXT: %[[G:.*]] = "graph.group"
// CHECK-NEXT: "graph.neg"
// CHECK-NEXT: "graph.reshape"
// CHECK-NEXT: "graph.transpose"
// CHECK-NEXT: "graph.yield"
// CHECK: return %[[G]]
func.func @prepare(%w: tensor<4x6xf32>) -> tensor<3x4x2xf32> {
  %0 = "graph.neg"(%w) : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 4, 2, 3>} : (tensor<4x6xf32>) -> tensor<4x2x3xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 2, 0, 1>} : (tensor<4x2x3xf32>) -> tensor<3x4x2xf32>
  return %2 : tensor<3x4x2xf32>
}
